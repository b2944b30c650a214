import Diagnostics
import Manifests
import Resources
import Testing

@Suite("spec.drift")
struct DriftSettingsTests {
    private static let rule = """
        target: { kind: Stage, name: "pets *" }, paths: [/tags/owner, "/variables/a~1b"], owner: Ann, \
        reason: the billing job labels it, expires: 2027-01-31
        """

    private func load(_ drift: String, today: CivilDate? = nil) async throws -> LoadResult {
        try await ManifestLoader(today: { today }).load(
            environment: nil, from: Repository.environment("  drift: \(drift)").tree)
    }

    @Test("an action holds for all classes, or each class has its own, and what is not named is reported")
    func actions() async throws {
        let all = try await load("{ action: correct }").drift
        #expect(DriftClass.allCases.allSatisfy { all.action(for: $0) == .correct })
        let some = try await load("{ action: { cosmetic: report, accessWidening: correct } }").drift
        #expect(DriftClass.allCases.map(some.action) == [.report, .report, .correct])
        #expect(!some.isOff)
        let off = try await load("{ action: off }").drift
        #expect(off.isOff)
        #expect(off.action(for: .functional) == .report)
        #expect(try await load("{}").drift == DriftSettings())
    }

    @Test("a rule arrives as it is written")
    func rules() async throws {
        let result = try await load("{ ignore: [{ \(Self.rule) }, { \(Self.rule), classes: [accessWidening] }] }")
        #expect(result.diagnostics.isEmpty)
        let rules = result.drift.ignore
        #expect(rules.count == 2)
        #expect(rules[0].target == "Stage/pets *")
        #expect(rules[0].paths == [["tags", "owner"], ["variables", "a/b"]])
        #expect(rules[0].owner == "Ann")
        #expect(rules[0].reason == "the billing job labels it")
        #expect(rules[0].expires == CivilDate(year: 2027, month: 1, day: 31))
        #expect(rules[0].classes == [.cosmetic, .functional])
        #expect(rules[0].span?.file == "gatewright.yaml")
        #expect(rules[1].classes == [.accessWidening])
    }

    @Test(
        "owner, reason, expiry, target and paths must be there and must be right",
        arguments: [
            ("owner: Ann, ", "", "manifest.missing-field"),
            ("reason: the billing job labels it, ", "", "manifest.missing-field"),
            (", expires: 2027-01-31", "", "manifest.missing-field"),
            ("paths: [/tags/owner, \"/variables/a~1b\"], ", "", "manifest.missing-field"),
            ("target: { kind: Stage, name: \"pets *\" }, ", "", "manifest.missing-field"),
            ("2027-01-31", "2027-02-31", "manifest.bad-date"), ("2027-01-31", "31.01.2027", "manifest.bad-date"),
            ("2027-01-31", "tomorrow", "manifest.out-of-range"), ("/tags/owner", "tags/owner", "manifest.bad-pointer"),
            ("a~1b", "a~2b", "manifest.bad-pointer"), ("kind: Stage", "kind: Stagge", "manifest.unknown-value"),
            ("[/tags/owner, \"/variables/a~1b\"]", "[]", "manifest.out-of-range"),
            ("owner: Ann", "owner: Ann, until: never", "manifest.unknown-field"),
            ("owner: Ann", "owner: Ann, classes: [all]", "manifest.unknown-value"),
        ])
    func refusals(_ old: String, _ new: String, _ code: String) async throws {
        let result = try await load("{ ignore: [{ \(Self.rule.replacing(old, with: new)) }] }")
        #expect(result.diagnostics.map(\.code) == [code])
        #expect(result.graph == nil)
    }

    @Test(
        "an action that there is not is refused",
        arguments: ["ignore", "{ cosmetic: off }", "{ harmless: report }", "[report]"])
    func badAction(_ action: String) async throws {
        #expect(try await load("{ action: \(action) }").graph == nil)
    }

    @Test("a rule is a warning from the day after its last one on, and none before")
    func expired() async throws {
        let drift = "{ ignore: [{ \(Self.rule) }] }"
        let last = CivilDate(year: 2027, month: 1, day: 31)
        #expect(try await load(drift, today: last).diagnostics.isEmpty)
        let result = try await load(drift, today: CivilDate(year: 2027, month: 2, day: 1))
        #expect(result.diagnostics.map(\.code) == ["manifest.rule-expired"])
        #expect(result.diagnostics.first?.severity == .warning)
        #expect(result.diagnostics.first?.message.contains("Ann") == true)
        #expect(result.diagnostics.first?.spans.first?.file == "gatewright.yaml")
        #expect(result.graph != nil)
    }

    @Test("an impossible date in a schedule says so")
    func impossible() async throws {
        let problem = try #require(try await load("{ schedule: \"0 0 31 2 *\" }").diagnostics.first)
        #expect(problem.code == "manifest.bad-schedule")
        #expect(problem.message.hasSuffix("none of its months has such a day"))
    }
}
