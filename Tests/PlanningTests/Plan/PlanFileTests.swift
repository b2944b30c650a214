import Diagnostics
import JSON
import Resources
import Testing

@testable import Planning

@Suite("Plan files")
struct PlanFileTests {
    private let plan: Plan = {
        var settings = ApplySettings()
        settings.maxDeletes = 0
        settings.protect = ["Method/*"]
        return Planner.plan(desired: PetStore.next.with(settings), recorded: PetStore.graph.recorded)
    }()

    private func code(_ value: JSONValue) -> PlanningFailure.Code? { code(value.bytes(.compact)) }

    private func code(_ bytes: [UInt8]) -> PlanningFailure.Code? {
        do {
            _ = try Plan.read(bytes)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("a plan with consent and findings reads back")
    func readsBack() throws {
        let read = try Plan.read(plan.json)
        #expect(read.needsConsent == plan.needsConsent)
        #expect(!plan.needsConsent.isEmpty)
        #expect(read.findings == plan.findings)
        #expect(read.settings == plan.settings)
        #expect(read.digest == plan.digest)
    }

    @Test("an estimate reads back, is shown, and is not in the digest")
    func estimate() throws {
        var estimated = plan
        estimated.estimate = Estimate(calls: 14, duration: .milliseconds(2500))
        #expect(try Plan.read(estimated.json).estimate == estimated.estimate)
        #expect(try Plan.read(plan.json).estimate == nil)
        #expect(estimated.json["digest"] == plan.json["digest"])
        #expect(estimated.text(colour: false).contains("about 14 calls, 3 s to apply it\n"))
        #expect(estimated.markdown.contains("; about 14 calls, 3 s to apply it\n"))
        estimated.estimate = Estimate(calls: 1, duration: .seconds(600))
        #expect(estimated.text(colour: false).contains("about 1 call, 10 min to apply it\n"))
    }

    @Test("an estimate that is none is refused")
    func badEstimate() {
        let none: [JSONValue] = [["calls": 1], ["calls": -1, "milliseconds": 1], "soon"]
        for estimate in none { #expect(code(changed(plan.json, "estimate", to: estimate)) == .fileIncomplete) }
    }

    @Test("a file past the limit is refused before it is parsed")
    func tooLarge() throws {
        let bytes = plan.json.bytes(.compact)
        #expect(try Plan.read(bytes, bytesMax: bytes.count).digest == plan.digest)
        let failure = try #require(throws: PlanningFailure.self) {
            _ = try Plan.read(bytes, bytesMax: bytes.count - 1)
        }
        #expect(failure.code == .fileTooLarge)
    }

    @Test("every reason for consent reads back")
    func consent() throws {
        var plan = plan
        plan.needsConsent = [
            .tooManyDeletes(count: 3, limit: 2), .protected(Address(.restAPI, "a"), pattern: "*"),
            .deletesEvery(.stage, count: 9), .interruption(Address(.restAPI, "b")),
        ]
        #expect(try Plan.read(plan.json).needsConsent == plan.needsConsent)
    }

    @Test("what is no plan of ours is refused by what is wrong with it")
    func badFiles() {
        #expect(code(Array("no".utf8)) == .fileUnreadable)
        #expect(code([0xFF, 0xFE]) == .fileUnreadable)
        #expect(code([]) == .fileUnreadable)
        #expect(code([:]) == .fileVersion)
        #expect(code([]) == .fileUnreadable)
        #expect(code(JSONValue.array([])) == .fileVersion)
        #expect(code(["format": "gatewright.plan/v9"]) == .fileVersion)
        #expect(code(["format": "gatewright.plan/v1"]) == .fileIncomplete)
    }

    @Test(
        "a member that is missing or of the wrong type is named",
        arguments: [
            "environment", "target", "digest", "settings", "changes", "findings", "needsConsent",
        ])
    func missing(name: String) throws {
        #expect(code(changed(plan.json, name, to: nil)) == .fileIncomplete)
        if name != "target" {
            let failure = try #require(throws: PlanningFailure.self) {
                _ = try Plan.read(changed(plan.json, name, to: true))
            }
            #expect(failure.code == .fileIncomplete)
            #expect(failure.message.contains("`/\(name)`"))
        }
    }

    @Test(
        "every member of a change is checked",
        arguments: ["action", "address", "visibility", "reversible", "dependencies"])
    func badChange(name: String) {
        let changes = plan.json["changes"]?.array ?? []
        let bad = changes.map { changed($0, name, to: 7) }
        #expect(code(changed(plan.json, "changes", to: .array(bad))) == .fileIncomplete)
    }

    @Test("a change of what the digest covers is found out")
    func altered() {
        #expect(code(changed(plan.json, "environment", to: "prod")) == .fileAltered)
        #expect(code(changed(plan.json, "target", to: ["aws": [:]])) == .fileAltered)
        var changes = plan.json["changes"]?.array ?? []
        changes.removeLast()
        #expect(code(changed(plan.json, "changes", to: .array(changes))) == .fileAltered)
        let undone = (plan.json["changes"]?.array ?? []).map { changed($0, "after", to: .null) }
        #expect(code(changed(plan.json, "changes", to: .array(undone))) == .fileAltered)
    }

    @Test("each member of a change counts in the digest")
    func digest() throws {
        let change = try #require(plan.changes.first { $0.action == .update })
        var digests: Set<String> = []
        func add(_ edit: (inout Change) -> Void) {
            var changed = change
            edit(&changed)
            digests.insert(PlanDigest.of(environment: "dev", target: [:], changes: [changed]))
        }
        add { _ in }
        add { $0.action = .forget }
        add { $0.before = nil }
        add { $0.before = .null }
        add { $0.after = "x" }
        add { $0.visibility = .revoke }
        #expect(digests.count == 6)
        #expect(digests.allSatisfy { $0.hasPrefix("sha256:") && $0.utf8.count == 71 })
    }
}
