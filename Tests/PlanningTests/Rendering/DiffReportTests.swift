import Diagnostics
import JSON
import Resources
import Testing

@testable import Planning

@Suite("Reports of what a pull request would do")
struct DiffReportTests {
    private func report(
        _ sections: [DiffReport.Section], range: String = "main...feature", environment: String? = nil
    ) -> DiffReport {
        DiffReport(
            range: range, base: "aa", head: "bb", isMerge: true, environment: environment, sections: sections)
    }

    private func section(_ name: String, _ outcome: DiffReport.Outcome?) throws -> DiffReport.Section {
        DiffReport.Section(environment: name, outcome: try #require(outcome))
    }

    private func giant(_ name: String, count: Int, text: String) -> DiffReport.Section {
        let changes = (0..<count).map { number in
            Change(
                .create, Address(.method, in: "api", "GET /\(text)\(number)"), before: nil,
                after: ["authorizationType": .string(text), "uri": .string("http://x/\(text)")], visibility: .hidden,
                reason: text)
        }
        let plan = Plan(
            environment: name, target: [:], settings: ApplySettings(), changes: changes,
            findings: (0..<count).map { _ in Diagnostic(.warning, PlanFinding.accessWidens, text, at: nil) },
            digest: PlanDigest.of(environment: name, target: [:], changes: changes))
        return DiffReport.Section(environment: name, outcome: .plan(plan))
    }

    @Test("one environment has the plan that the base and the result give")
    func plan() throws {
        let outcome = DiffReport.outcome(from: PetStore.graph, to: PetStore.next)
        let section = try section("dev", outcome)
        let plan = Planner.plan(desired: PetStore.next, recorded: PetStore.graph.recorded)
        #expect(section.plan?.digest == plan.digest)
        let report = report([section], environment: "dev")
        #expect(report.hasChanges)
        #expect(report.markdown.hasPrefix("<!-- gatewright:dev -->\n### Plan for `dev`: "))
        #expect(report.text(colour: false) == plan.text(colour: false))
        #expect(report.json["environments"]?[0]?["plan"]?["digest"] == .string(plan.digest))
    }

    @Test("an environment that comes is new, one that goes deletes nothing, one that neither has is none")
    func comesAndGoes() throws {
        let comes = try section("dev", DiffReport.outcome(from: nil, to: PetStore.graph))
        #expect(comes.plan?.changes.allSatisfy { $0.action == .create } == true)
        let goes = try section("old", DiffReport.outcome(from: PetStore.graph, to: nil))
        #expect(goes.plan == nil)
        #expect(goes.hasChanges)
        #expect(DiffReport.outcome(from: nil, to: nil) == nil)
        let report = report([goes, comes])
        #expect(report.sections.map(\.environment) == ["dev", "old"])
        #expect(report.text(colour: false).contains("environment dev is new\n"))
        #expect(report.text(colour: false).contains("old: the environment is not there any more; nothing"))
        #expect(report.json["environments"]?[1]?["outcome"] == "removed")
        #expect(report.markdown.hasPrefix("<!-- gatewright:all -->\n### Plans for `main...feature`\n"))
    }

    @Test("a base with errors gives no plan, and counts as a change")
    func badBase() throws {
        let wrong = Diagnostic(.error, PlanFinding.undeclared, "`x` is wrong", at: nil)
        let report = report([try section("dev", .baseInvalid([wrong]))])
        #expect(report.hasChanges)
        #expect(
            report.text(colour: false)
                == "dev: no plan: the base has errors in 1 place, so what it wants is not known\n")
        #expect(report.json["environments"]?[0]?["outcome"] == "base-invalid")
        #expect(report.json["environments"]?[0]?["diagnostics"]?[0]?["message"] == "`x` is wrong")
    }

    @Test("environments without changes share a line")
    func nothing() throws {
        func same(_ names: [String]) throws -> [DiffReport.Section] {
            try names.map { try section($0, DiffReport.outcome(from: PetStore.graph, to: PetStore.graph)) }
        }
        let two = report(try same(["a", "b"]))
        #expect(!two.hasChanges)
        #expect(two.markdown == "<!-- gatewright:all -->\n### Plans for `main...feature`\n\n- no changes: `a`, `b`\n\n")
        #expect(two.text(colour: false) == "no changes: a, b\n")
        #expect(report(try same(["a"])).text(colour: false) == "dev: no changes\n")
        let many = report(try same((0..<200).map { "e\($0)" }))
        #expect(many.text(colour: false).hasSuffix(" and 180 more\n"))
        #expect(many.markdown.contains(" and 180 more\n"))
    }

    @Test(
        "the comment stays under the limit, says what it leaves out, and every digest that fits stands in it",
        arguments: [1, 3, 40, 200, 2000],
        ["a", String(repeating: "é", count: 300), String(repeating: "`", count: 90), "</details>|@all <b>"])
    func limit(environments: Int, text: String) throws {
        let sections = (0..<environments).map { giant("env\($0)", count: 2000 / environments + 2, text: text) }
        let markdown = report(sections, range: "main...\(text)").markdown
        #expect(markdown.utf8.count <= 65_000)
        #expect(markdown.hasPrefix("<!-- gatewright:all -->\n"))
        if environments <= 200 {
            for section in sections { #expect(markdown.contains("`\(try #require(section.plan).digest)`")) }
        } else {
            #expect(markdown.contains("more environments"))
        }
        if environments >= 200 { #expect(markdown.contains("environments do not fit here: ")) }
        if environments <= 40, !text.hasPrefix("`") { #expect(markdown.contains("more changes: gatewright diff")) }
        try expectClosed(markdown)
    }

    /// Fences and foldings end where they should, and text of the repository stands in code only.
    private func expectClosed(_ markdown: String) throws {
        var fence: String?
        var open = 0
        for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
            if let end = fence {
                if line == end { fence = nil }
            } else if line.hasPrefix("```") {
                fence = String(line.prefix { $0 == "`" })
            } else if line.hasPrefix("<details>") {
                open += 1
            } else if line == "</details>" {
                open -= 1
            }
        }
        #expect(fence == nil)
        #expect(open == 0)
    }
}
