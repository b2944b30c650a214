import Diagnostics
import JSON
import Resources
import Testing

@testable import Planning

@Suite("Classes of visibility")
struct VisibilityTests {
    private func plan(_ before: [DesiredResource], _ after: [DesiredResource]) -> Plan {
        Planner.plan(desired: .of(after), recorded: DesiredGraph.of(before).recorded, kinds: TestKinds.lookup)
    }

    private func stage(_ document: JSONValue) -> (inout [DesiredResource]) -> Void {
        { $0["Stage/petstore test"] = document }
    }

    private func stageClass(from before: JSONValue, to after: JSONValue) -> Change.Visibility? {
        let graph = PetStore.graph
        let plan = Planner.plan(desired: graph.with(stage(after)), recorded: graph.with(stage(before)).recorded)
        #expect(plan.changes.count == 1)
        return plan.changes.first?.visibility
    }

    private func throttle(_ rate: JSONValue, burst: JSONValue = 5) -> JSONValue {
        ["methodSettings": ["*/*": ["throttlingRateLimit": rate, "throttlingBurstLimit": burst]]]
    }

    @Test("a limit of a stage that rises grants, one that falls takes away, both at once flip")
    func throttles() {
        #expect(stageClass(from: throttle(1), to: throttle(2)) == .grant)
        #expect(stageClass(from: throttle(2), to: throttle(1)) == .revoke)
        #expect(stageClass(from: throttle(1, burst: 2), to: throttle(2, burst: 1)) == .flip)
    }

    @Test("variables, caches and certificates of a stage are seen at once, its description never")
    func stageFields() {
        #expect(stageClass(from: [:], to: ["variables": ["a": "b"]]) == .flip)
        #expect(stageClass(from: [:], to: ["clientCertificateId": "c"]) == .flip)
        #expect(stageClass(from: [:], to: ["methodSettings": ["*/*": ["cachingEnabled": true]]]) == .flip)
        #expect(stageClass(from: [:], to: ["description": "x", "tags": ["a": "b"]]) == .hidden)
    }

    @Test("a policy of an API is prepared unseen and seen with the flip")
    func resourcePolicy() {
        let graph = PetStore.graph
        let policy: JSONValue = ["Statement": [["Effect": "Deny", "Principal": "*", "Action": ["*"]]]]
        let plan = Planner.plan(
            desired: graph.with { $0["RestApi/petstore"] = changed($0["RestApi/petstore"], "policy", to: policy) },
            recorded: graph.recorded)
        #expect(plan.changes.map(\.visibility) == [.hidden, .hidden, .flip])
        #expect(plan.findings.map(\.code) == ["planning.access-narrows"])
    }

    @Test("an edit that widens and narrows becomes two changes, the union first, the final document last")
    func split() throws {
        func user(_ action: String, _ arn: String) -> DesiredResource {
            DesiredResource(
                address: Address(TestKinds.user, "u"),
                document: [
                    "name": "u", "managedPolicyArns": [.string(arn)],
                    "inlinePolicies": [
                        "p": ["Statement": [["Effect": "Allow", "Action": [.string(action)], "Resource": ["*"]]]]
                    ],
                ])
        }
        let link = Address(TestKinds.link, "l")
        let plan = plan(
            [user("a:b", "x"), DesiredResource(address: link, document: ["to": "x"])],
            [user("c:d", "y"), DesiredResource(address: link, document: ["to": "y"])])
        #expect(plan.changes.map(\.visibility) == [.grant, .flip, .revoke])
        #expect(plan.changes.map(\.address.name) == ["u", "l", "u"])
        #expect(plan.changes[0].after == plan.changes[2].before)
        #expect(plan.changes[2].dependencies == [Address(TestKinds.user, "u")])
        let union = try #require(plan.changes[0].after)
        #expect(union["managedPolicyArns"] == ["x", "y"])
        #expect(union["inlinePolicies"]?["p"]?["Statement"]?.array?.count == 2)
        #expect(plan.phases.map(\.wait) == [.propagation, .probe, nil])
        #expect(Set(plan.findings.map(\.code)) == ["planning.access-widens", "planning.access-narrows"])
        #expect(try Plan.read(Array(plan.json.text(.canonical).utf8)).changes.count == 3)
    }

    @Test("an edit that only narrows has one change, after the flips")
    func revoke() {
        func user(_ arns: [JSONValue]) -> DesiredResource {
            DesiredResource(
                address: Address(TestKinds.user, "u"), document: ["name": "u", "managedPolicyArns": .array(arns)])
        }
        #expect(plan([user(["x", "y"])], [user(["x"])]).changes.map(\.visibility) == [.revoke])
        #expect(plan([user(["x"])], [user(["x", "y"])]).changes.map(\.visibility) == [.grant])
        #expect(plan([], [user(["x"])]).changes.map(\.visibility) == [.grant])
        #expect(plan([user(["x"])], []).changes.map(\.visibility) == [.delete])
    }

    @Test("an object that may stand beside its successor is replaced without an interruption")
    func replacementBeside() {
        func graph(_ value: JSONValue) -> [DesiredResource] {
            [
                DesiredResource(address: Address(TestKinds.key, "k"), document: ["value": value]),
                DesiredResource(
                    address: Address(TestKinds.link, "l"), document: ["to": "${TestKey/k.id}"],
                    dependencies: [Address(TestKinds.key, "k")]),
            ]
        }
        let plan = plan(graph("1"), graph("2"))
        #expect(
            plan.changes.map { "\($0.action) \($0.address) \($0.visibility)" } == [
                "replace TestKey/k hidden", "update TestLink/l flip", "delete TestKey/k (replaced) delete",
            ])
        #expect(plan.changes.map(\.isReversible) == [true, true, false])
        #expect(
            plan.changes[2].dependencies == [Address(TestKinds.key, "k"), Address(TestKinds.link, "l")])
        #expect(plan.needsConsent.isEmpty)
        #expect(plan.changes[1].reason == "`TestKey/k` is replaced")
    }

    @Test("a replacement that was cut off before its last delete is finished by the next plan")
    func leftOver() {
        let graph = DesiredGraph.of([DesiredResource(address: Address(TestKinds.key, "k"), document: ["value": "2"])])
        let old = Address(TestKinds.key, "k").displaced(besides: [])
        let left = RecordedObject(address: old, identity: Identity(physicalID: "1"), document: ["value": "1"])
        let finished = Planner.plan(desired: graph, recorded: graph.recorded + [left], kinds: TestKinds.lookup)
        #expect(finished.changes.map { "\($0.action) \($0.address)" } == ["delete TestKey/k (replaced)"])
        let next = graph.with { $0["TestKey/k"] = ["value": "3"] }
        let again = Planner.plan(desired: next, recorded: graph.recorded + [left], kinds: TestKinds.lookup)
        #expect(
            Set(again.changes.map { "\($0.action) \($0.address)" }) == [
                "replace TestKey/k", "delete TestKey/k (replaced)", "delete TestKey/k (replaced 2)",
            ])
    }

    @Test("a replacement whose name is taken comes last with all that follows it, and needs consent")
    func replacementInPlace() {
        func graph(_ path: JSONValue) -> [DesiredResource] {
            [
                DesiredResource(address: Address(TestKinds.user, "u"), document: ["name": "u", "path": path]),
                DesiredResource(
                    address: Address(TestKinds.link, "l"), document: ["to": "${TestUser/u.arn}"],
                    dependencies: [Address(TestKinds.user, "u")]),
                DesiredResource(address: Address(TestKinds.key, "k"), document: ["label": path]),
            ]
        }
        let plan = plan(graph("/a/"), graph("/b/"))
        #expect(
            plan.changes.map { "\($0.action) \($0.address)" } == [
                "update TestKey/k", "replace TestUser/u", "update TestLink/l",
            ])
        #expect(plan.changes.map(\.isReversible) == [true, false, false])
        #expect(plan.needsConsent == [.interruption(Address(TestKinds.user, "u"))])
        #expect(plan.findings.contains { $0.code == "planning.interruption" })
    }

    @Test("a field that can change keeps its object, whatever its name says")
    func nameChange() {
        func user(_ name: JSONValue) -> DesiredResource {
            DesiredResource(address: Address(TestKinds.user, "u"), document: ["name": name])
        }
        // Another name is free, so the new one is made beside the old one.
        let plan = plan([user("a")], [user("b")])
        #expect(plan.changes.map(\.action) == [.replace, .delete])
        #expect(plan.needsConsent.isEmpty)
    }
}
