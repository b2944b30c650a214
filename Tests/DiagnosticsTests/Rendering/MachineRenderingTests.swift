import Diagnostics
import Testing

@Suite("Diagnostics for programs")
struct MachineRenderingTests {
    private let diagnostics = [
        Diagnostic(
            .error, SampleCode.odd, "100% \"odd\"\nreally",
            at: [
                SourceSpan(file: "a,b:c.yaml", line: 2, column: 3, length: 4),
                SourceSpan(file: "d", line: 1, column: 1),
            ],
            remedy: "see: this"),
        Diagnostic(.note, SampleCode.plain, "plain", at: nil),
    ]

    @Test("workflow commands escape what would end them")
    func github() {
        let text = DiagnosticRenderer(.github).render(diagnostics)
        let first = "::error file=a%2Cb%3Ac.yaml,line=2,col=3,endColumn=6,title=sample.odd::"
        #expect(
            text == first + "100%25 \"odd\"%0Areally%0Asee d:1:1%0Ahelp: see: this\n"
                + "::notice title=sample.plain::plain\n")
    }

    @Test("places of any size do not crash")
    func hugePlaces() {
        let span = SourceSpan(file: "a", line: .max, column: .max, length: .max)
        for format in DiagnosticFormat.allCases {
            #expect(!DiagnosticRenderer(format).render([Diagnostic(.error, SampleCode.odd, "odd", at: span)]).isEmpty)
        }
    }

    @Test("JSON has the same members for every diagnostic")
    func json() {
        #expect(
            DiagnosticRenderer(.json).render(diagnostics) == """
                {"version":"gatewright.diagnostics/v1","diagnostics":[
                {"severity":"error","code":"sample.odd","message":"100% \\"odd\\"\\nreally","remedy":"see: this",\
                "spans":[{"file":"a,b:c.yaml","line":2,"column":3,"length":4},\
                {"file":"d","line":1,"column":1,"length":1}]},
                {"severity":"note","code":"sample.plain","message":"plain","remedy":null,"spans":[]}
                ],"errors":1,"warnings":0,"notes":1}

                """)
        #expect(
            DiagnosticRenderer(.json).render([])
                == "{\"version\":\"gatewright.diagnostics/v1\",\"diagnostics\":[],\"errors\":0,\"warnings\":0,\"notes\":0}\n"
        )
    }

    @Test("JSON escapes controls")
    func controls() {
        let text = DiagnosticRenderer(.json).render([Diagnostic(.error, SampleCode.odd, "\u{1}\t\u{2028}", at: nil)])
        #expect(text.contains("\"\\u0001\\u0009\\u2028\""))
    }

    @Test("nothing to say prints nothing", arguments: [DiagnosticFormat.text, .github])
    func nothing(_ format: DiagnosticFormat) { #expect(DiagnosticRenderer(format).render([]).isEmpty) }
}

@Suite("Suggestions")
struct SuggestionTests {
    private let names = ["stages", "definition", "description", "policy", "tags"]

    @Test(
        "a slip of the keyboard is understood",
        arguments: [
            ("stage", "stages"), ("Stages", "stages"), ("stgaes", "stages"), ("defintion", "definition"),
            ("descripton", "description"), ("polcy", "policy"),
        ])
    func near(_ name: String, _ wanted: String) { #expect(Suggestion.nearest(to: name, among: names) == wanted) }

    @Test(
        "what is far from everything has no suggestion",
        arguments: ["", "x", "zebra", "de", "tag-name-of-another-world"])
    func far(_ name: String) { #expect(Suggestion.nearest(to: name, among: names) == nil) }

    @Test("of equally near names the first in order is taken")
    func ties() {
        #expect(Suggestion.nearest(to: "cat", among: ["rat", "bat", "hat"]) == "bat")
        #expect(Suggestion.nearest(to: "rest", among: [String]()) == nil)
    }

    @Test("a name of megabytes costs nothing")
    func huge() { #expect(Suggestion.nearest(to: String(repeating: "a", count: 5_000_000), among: names) == nil) }
}

@Suite("Catalogue")
struct CatalogueTests {
    private let catalogue = Catalogue([SampleCode.self])

    @Test("a code is found by its text, a mistyped one suggested")
    func lookup() {
        #expect(catalogue["sample.odd"]?.explanation.cause == "habit")
        #expect(catalogue["sample.od"] == nil)
        #expect(catalogue.suggestion(for: "sample.od") == "sample.odd")
        #expect(catalogue.entries.map(\.code) == ["sample.odd", "sample.plain"])
    }

    @Test("a page has sentences, and the example when there is one")
    func page() {
        #expect(
            catalogue["sample.odd"]?.markdown == """
                # `sample.odd`

                It is odd.

                **Cause.** Habit.

                **Remedy.** Stop.

                ```
                a: 1
                ```

                """)
        #expect(catalogue["sample.plain"]?.markdown.contains("```") == false)
    }
}
