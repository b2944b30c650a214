import Diagnostics
import JSON
import Resources
import Testing

@testable import Planning

@Suite("Plans for people and machines")
struct RenderingTests {
    private static let plan: Plan = {
        var settings = ApplySettings()
        settings.protect = ["Method/*"]
        return Planner.plan(desired: PetStore.next.with(settings), recorded: PetStore.graph.recorded)
    }()

    /// A plan with `count` new routes of which each says `text`.
    private func plan(count: Int, text: String) -> Plan {
        let changes = (0..<count).map { number in
            Change(
                .create, Address(.method, in: "api", "GET /\(text)\(number)"), before: nil,
                after: ["authorizationType": .string(text), "uri": .string("http://x/\(text)")], visibility: .hidden,
                reason: text)
        }
        return Plan(
            environment: text, target: [:], settings: ApplySettings(), changes: changes,
            findings: (0..<count).map { _ in
                Diagnostic(.error, PlanFinding.undeclared, text, at: nil, remedy: text)
            }, digest: PlanDigest.of(environment: text, target: [:], changes: changes))
    }

    @Test("the text of a change of the pet store is as kept") func text() throws {
        try expectGolden(Self.plan.text(colour: false), "petstore-change.txt")
    }

    @Test("the text of a new pet store is as kept") func newText() throws {
        try expectGolden(Planner.plan(desired: PetStore.graph, recorded: []).text(colour: false), "petstore-new.txt")
    }

    @Test("the Markdown of a change of the pet store is as kept") func markdown() throws {
        try expectGolden(Self.plan.markdown, "petstore-change.md")
    }

    @Test("the JSON of a change of the pet store is as kept") func json() throws {
        try expectGolden(Self.plan.json.text(.pretty) + "\n", "petstore-change.json")
    }

    @Test("a plan without changes says so in one line") func empty() {
        let plan = Planner.plan(desired: PetStore.graph, recorded: PetStore.graph.recorded)
        #expect(plan.text(colour: true) == "dev: no changes\n")
        #expect(plan.markdown == "<!-- gatewright:dev -->\n### Plan for `dev`: no changes\n\n")
    }

    @Test("who may call what stands first in what a plan means") func accessFirst() throws {
        let next = PetStore.graph.with { resources in
            resources["RestApi/petstore"] = changed(
                resources["RestApi/petstore"], "disableExecuteApiEndpoint", to: true)
            resources["Method/petstore POST /pets"] = changed(
                resources["Method/petstore POST /pets"], "authorizationType", to: "AWS_IAM")
            resources["Method/petstore GET /"] = changed(
                resources["Method/petstore GET /"], "operationName", to: "home")
        }
        let forth = Planner.plan(desired: next, recorded: PetStore.graph.recorded)
        let api = try #require(PlanMeaning(forth).apis.first)
        #expect(api.lines.map(\.subject) == ["the API", "POST /pets", "GET /", "stage test"])
        #expect(api.lines.map(\.isAccess) == [true, true, false, false])
        #expect(api.lines[0].note == "disableExecuteApiEndpoint narrows")
        #expect(forth.findings.map(\.severity) == [.note, .note])
        let back = Planner.plan(desired: PetStore.graph, recorded: next.recorded)
        #expect(back.markdown.contains("**access** `becomes public: AWS_IAM → no authorization`"))
        #expect(back.findings.map(\.severity) == [.warning, .warning])
        #expect(
            back.findings.map(\.message).contains(
                "route `POST /pets` of `petstore` becomes public: AWS_IAM → no authorization"))
    }

    @Test("many changes of access are counted past a limit") func manyAccessChanges() {
        let changes = (0..<120).map { number in
            Change(
                .update, Address(.method, in: "api", "GET /\(number)"), before: ["authorizationType": "AWS_IAM"],
                after: ["authorizationType": "NONE"], visibility: .hidden)
        }
        let findings = AccessFindings(changes).diagnostics
        #expect(findings.count == Limits.accessFindingsMax + 1)
        #expect(findings.last?.message == "70 more changes widen access")
        let new = changes.map { Change(.create, $0.address, before: nil, after: $0.after, visibility: .hidden) }
        #expect(
            AccessFindings(new).diagnostics.map(\.message) == [
                "120 new routes of `api` may be called by everybody: `GET /0`, `GET /1`, `GET /2`, `GET /3` and 116 more"
            ])
    }

    @Test("colours mark the signs and nothing else") func colour() {
        let plain = Self.plan.text(colour: false)
        let coloured = Self.plan.text(colour: true)
        #expect(!plain.contains("\u{1B}"))
        #expect(coloured.contains("\u{1B}[32m+\u{1B}[0m"))
        var stripped = coloured
        for code in ["31", "32", "33", "35", "36", "0"] { stripped = stripped.replacing("\u{1B}[\(code)m", with: "") }
        #expect(stripped == plain)
    }

    @Test(
        "Markdown stays under the limit whatever the size of the plan",
        arguments: [
            "a", String(repeating: "é", count: 300), String(repeating: "`", count: 3),
            String(repeating: "`", count: 500),
        ])
    func markdownLimit(text: String) {
        let markdown = plan(count: text == "a" ? 10_000 : 1_000, text: text).markdown
        #expect(markdown.utf8.count <= 65_000)
        #expect(markdown.contains("more changes"))
        #expect(markdown.contains("Digest: `sha256:"))
        #expect(markdown.contains("</details>"))
    }

    @Test("many APIs still leave room for the changes") func manyAPIs() {
        let changes = (0..<3000).map { number in
            Change(
                .create, Address(.restAPI, "api\(number)"), before: nil, after: ["name": "x"], visibility: .hidden)
        }
        let plan = Plan(
            environment: "dev", target: [:], settings: ApplySettings(), changes: changes, digest: "sha256:0")
        #expect(plan.markdown.utf8.count <= 65_000)
        #expect(plan.markdown.contains("more APIs: see the changes"))
        #expect(plan.markdown.contains("+ RestApi/api0"))
    }

    @Test(
        "text of the repository cannot break out of the comment",
        arguments: [
            "x</details><script>", "```\n</details>\n# owned", "`` ` ``", "-->\n# owned", "@everyone [x](http://evil)",
            "\u{202E}reversed",
        ])
    func markdownEscaping(text: String) {
        let markdown = plan(count: 3, text: text).markdown
        var fence: String?
        var inside = 0
        for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
            if let open = fence {
                if line == open { fence = nil }
                inside += 1
                continue
            }
            if line.hasPrefix("```") {
                fence = String(line.prefix { $0 == "`" })
                continue
            }
            // Outside of code blocks the text stands in code spans only.
            #expect(!line.hasPrefix("# "), "\(line)")
            let allowed = [
                "<!-- gatewright:", "<details><summary>Changes, in this order (3)</summary>", "</details>",
            ]
            if line.contains("details>") && !line.hasPrefix("- ") && !line.hasPrefix("###") && !line.hasPrefix("**") {
                #expect(allowed.contains { line == $0 || line.hasPrefix($0) }, "\(line)")
            }
        }
        #expect(fence == nil)
        #expect(inside > 0)
        #expect(markdown.split(separator: "\n").first?.hasSuffix("-->") == true)
        #expect(markdown.split(separator: "\n").first?.dropLast(3).contains("-->") == false)
        #expect(!markdown.contains("\u{202E}"))
    }

    @Test("nothing in a plan controls the terminal") func terminalEscaping() {
        let text = plan(count: 2, text: "a\u{1B}[2J\u{07}\u{9B}\nb").text(colour: false)
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || (0x7F..<0xA0).contains($0.value) })
        #expect(text.contains("\\u{1b}[2J"))
    }

    @Test("long values and long lists of properties are cut") func cut() {
        var object = JSONObject()
        for number in 0..<100 { object["p\(number)"] = .string(String(repeating: "x", count: 1000)) }
        let change = Change(.create, Address(.restAPI, "a"), before: nil, after: .object(object), visibility: .hidden)
        let lines = ChangeLines(change).details
        #expect(lines.count == Limits.propertiesShownMax + 1)
        #expect(lines.last == "… 76 more properties")
        #expect(lines.allSatisfy { $0.count < 100 })
    }

    @Test("a long difference of a text is cut") func longDifference() {
        let old = (0..<200).map { "a\($0)" }.joined(separator: "\n")
        let new = (0..<200).map { "b\($0)" }.joined(separator: "\n")
        let change = Change(
            .update, Address(.restAPI, "a"), before: ["t": .string(old)], after: ["t": .string(new)],
            visibility: .hidden)
        let lines = ChangeLines(change).details
        #expect(lines.count == Limits.differenceLinesMax + 2)
        #expect(lines.last == "  … 376 more lines")
    }
}
