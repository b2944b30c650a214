import Diagnostics
import Testing

enum SampleCode: String, StableCode {
    case odd = "sample.odd"
    case plain = "sample.plain"

    var explanation: Explanation {
        switch self {
        case .odd: Explanation(meaning: "it is odd", cause: "habit", remedy: "stop", example: "a: 1")
        case .plain: Explanation(meaning: "It is plain.", cause: "none", remedy: "nothing")
        }
    }
}

@Suite("Diagnostics as text")
struct TextRenderingTests {
    private func render(
        _ source: String, line: Int = 1, column: Int, length: Int = 1, usesColour: Bool = false
    ) -> [String] {
        let span = SourceSpan(file: "a.yaml", line: line, column: column, length: length)
        let diagnostic = Diagnostic(.error, SampleCode.odd, "this is odd", at: span, remedy: "make it even")
        let renderer = DiagnosticRenderer(usesColour: usesColour) { $0 == "a.yaml" ? Array(source.utf8) : nil }
        return renderer.render([diagnostic]).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test("a diagnostic shows its code, place, line, caret and remedy")
    func whole() {
        #expect(
            render("kind: Api\nstage: 1\n", line: 2, column: 1, length: 5) == [
                "error[sample.odd]: this is odd", " --> a.yaml:2:1", "  |", "2 | stage: 1", "  | ^^^^^",
                "  = help: make it even", "",
            ])
    }

    @Test("without the source the place is still said")
    func noSource() {
        let span = SourceSpan(file: "b.yaml", line: 12, column: 3)
        let text = DiagnosticRenderer().render([Diagnostic(.warning, SampleCode.odd, "odd", at: span)])
        #expect(text == "warning[sample.odd]: odd\n  --> b.yaml:12:3\n")
        #expect(
            DiagnosticRenderer().render([Diagnostic(.note, SampleCode.odd, "odd", at: nil)])
                == "note[sample.odd]: odd\n")
    }

    @Test("a tab before the place moves the caret by what the tab is shown as")
    func tabs() {
        let lines = render("\tx: 1", column: 2)
        #expect(lines[3] == "1 |     x: 1")
        #expect(lines[4] == "  |     ^")
    }

    @Test("wide characters take two columns, combining ones none")
    func widths() {
        #expect(render("猫: x", column: 4)[4] == "  |     ^")
        #expect(render("e\u{301}: x", column: 5)[4] == "  |    ^")
        #expect(render("a: 猫犬", column: 4, length: 2)[4] == "  |    ^^^^")
    }

    @Test(
        "places outside of the file or the line do not crash",
        arguments: [(0, 1, 1), (-3, -3, -3), (99, 1, 1), (1, 99, 4), (1, .max, .max), (.max, .max, .max), (1, 3, .max)])
    func outside(_ line: Int, _ column: Int, _ length: Int) {
        #expect(render("abc", line: line, column: column, length: length)[0] == "error[sample.odd]: this is odd")
    }

    @Test("a caret past the end of the line stands just behind it")
    func pastTheEnd() { #expect(render("abc", column: 50)[4] == "  |    ^") }

    @Test("of a long line only the part around the place is shown")
    func longLine() {
        let lines = render(
            String(repeating: "a", count: 5000) + "!" + String(repeating: "b", count: 5000), column: 5001)
        #expect(lines[3].unicodeScalars.count < 130)
        let caret = lines[4].firstIndex(of: "^").map { lines[4].distance(from: lines[4].startIndex, to: $0) }
        let mark = lines[3].firstIndex(of: "!").map { lines[3].distance(from: lines[3].startIndex, to: $0) }
        #expect(caret != nil && caret == mark)
    }

    @Test("bytes that are no text, escapes of terminals and Windows line ends are shown harmlessly")
    func hostile() {
        let renderer = DiagnosticRenderer { _ in [0xFF, 0x1B, 0x5B, 0x61, 0x0D, 0x0A] }
        let text = renderer.render([
            Diagnostic(.error, SampleCode.odd, "a\u{1B}[31m\nb", at: SourceSpan(file: "x\u{7}", line: 1, column: 3))
        ])
        #expect(!text.unicodeScalars.contains("\u{1B}"))
        #expect(!text.unicodeScalars.contains("\r"))
        #expect(!text.unicodeScalars.contains("\u{7}"))
        #expect(text.hasPrefix("error[sample.odd]: a\u{FFFD}[31m b\n"))
    }

    @Test("colours only if told")
    func colours() {
        #expect(!render("abc", column: 1).joined().contains("\u{1B}"))
        #expect(render("abc", column: 1, usesColour: true).joined().contains("\u{1B}[1;31m"))
    }

    @Test("further places follow the first")
    func secondSpan() {
        let spans = [SourceSpan(file: "a", line: 2, column: 1), SourceSpan(file: "a", line: 10, column: 1)]
        let renderer = DiagnosticRenderer { _ in Array("1\n2\n\n\n\n\n\n\n\n0\n".utf8) }
        let text = renderer.render([Diagnostic(.error, SampleCode.odd, "twice", at: spans)])
        #expect(
            text == """
                error[sample.odd]: twice
                  --> a:2:1
                   |
                 2 | 2
                   | ^
                  ::: a:10:1
                   |
                10 | 0
                   | -

                """)
    }
}
