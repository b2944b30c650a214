import Diagnostics
import JSON
import Testing

@Suite("Diagnostics as SARIF")
struct SARIFTests {
    private func run(_ diagnostics: [Diagnostic]) throws -> JSONValue {
        let tool = DiagnosticTool(version: "1.2.3") { code in SampleCode(rawValue: code)?.explanation }
        let text = DiagnosticRenderer(.sarif, tool: tool).render(diagnostics)
        let log = try JSONValue(parsing: Array(text.utf8))
        // 3.13: version and runs are required.
        #expect(log["version"] == "2.1.0")
        #expect(log["$schema"]?.string?.hasSuffix("sarif-2.1.0.json") == true)
        #expect(log["runs"]?.array?.count == 1)
        return try #require(log["runs"]?[0])
    }

    private let samples = [
        Diagnostic(
            .error, SampleCode.odd, "100% \"odd\"\nreally",
            at: [
                SourceSpan(file: "a b/ü:c.yaml", line: 2, column: 3, length: 4),
                SourceSpan(file: "d.yaml", line: 1, column: 1),
            ], remedy: "see this"),
        Diagnostic(.warning, SampleCode.plain, "plain", at: SourceSpan(file: "d.yaml", line: 7, column: 1)),
        Diagnostic(.note, SampleCode.plain, "nowhere", at: nil),
    ]

    @Test("a run has what the specification requires of tools, rules, results and places")
    func required() throws {
        let run = try run(samples)
        let driver = try #require(run["tool"]?["driver"])
        // 3.19.8: name is required; 3.19.12: a semantic version.
        #expect(driver["name"] == "gatewright")
        #expect(driver["semanticVersion"] == "1.2.3")
        let rules = try #require(driver["rules"]?.array)
        // 3.49.3: a rule has an id; 3.52.3: ids are unique.
        #expect(rules.map { $0["id"] } == ["sample.odd", "sample.plain"])
        #expect(rules.allSatisfy { $0["shortDescription"]?["text"]?.string?.isEmpty == false })
        #expect(rules.allSatisfy { $0["help"]?["text"]?.string?.isEmpty == false })
        let results = try #require(run["results"]?.array)
        #expect(results.count == samples.count)
        for (result, sample) in zip(results, samples) {
            // 3.27.11: a message with text is required; 3.27.10: the level is one of the words.
            #expect(result["message"]?["text"]?.string?.hasPrefix(sample.message) == true)
            #expect(result["level"] == .string(sample.severity.rawValue))
            let index = try #require(result["ruleIndex"]?.int)
            #expect(rules[index]["id"] == result["ruleId"])
            #expect(result["locations"]?.array?.count == min(1, sample.spans.count))
        }
    }

    @Test("places are relative to the root of the repository, their columns those of Unicode scalars")
    func places() throws {
        let run = try run(samples)
        #expect(run["columnKind"] == "unicodeCodePoints")
        #expect(run["originalUriBaseIds"]?["SRCROOT"] != nil)
        let place = try #require(run["results"]?[0]?["locations"]?[0]?["physicalLocation"])
        // RFC 3986: a relative reference has no scheme, no blank and no character outside of ASCII.
        #expect(place["artifactLocation"] == ["uri": "a%20b/%C3%BC%3Ac.yaml", "uriBaseId": "SRCROOT"])
        // 3.30.8: the end column is the one behind the last.
        #expect(place["region"] == ["startLine": 2, "startColumn": 3, "endColumn": 7])
        let related = try #require(run["results"]?[0]?["relatedLocations"]?[0])
        #expect(related["id"] == 1)
        #expect(related["physicalLocation"]?["artifactLocation"]?["uri"] == "d.yaml")
    }

    @Test("nothing wrong is a whole run without results")
    func nothing() throws {
        let run = try run([])
        #expect(run["results"] == [])
        #expect(run["tool"]?["driver"]?["rules"] == [])
    }

    @Test("an unknown code is a rule without words, and any text stays text")
    func unknown() throws {
        var diagnostic = Diagnostic(.error, SampleCode.odd, "\u{0}\u{1F}\"\\\u{2028}</script>", at: nil)
        diagnostic.code = "other.code"
        let run = try run([diagnostic])
        #expect(run["tool"]?["driver"]?["rules"] == [["id": "other.code", "name": "OtherCode"]])
        #expect(run["results"]?[0]?["message"]?["text"] == "\u{0}\u{1F}\"\\\u{2028}</script>.")
    }
}
