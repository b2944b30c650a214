/// Diagnostics for people.
///
///     error[manifest.unknown-field]: `stage` is no field of `spec`
///       --> apis/petstore.yaml:6:3
///        |
///      6 |   stage:
///        |   ^^^^^
///       = help: did you mean `stages`?
struct TextRendering {
    let colours: Colours
    let sources: DiagnosticRenderer.Sources
    private var files: [String: SourceLines?] = [:]

    init(colours: Colours, sources: @escaping DiagnosticRenderer.Sources) {
        self.colours = colours
        self.sources = sources
    }

    mutating func render(_ diagnostics: [Diagnostic]) -> String {
        var output = ""
        for (position, diagnostic) in diagnostics.enumerated() {
            if position > 0 { output += "\n" }
            render(diagnostic, to: &output)
        }
        return output
    }

    private mutating func render(_ diagnostic: Diagnostic, to output: inout String) {
        let head = "\(diagnostic.severity.rawValue)[\(diagnostic.code)]"
        let message = Printable.line(diagnostic.message)
        output += "\(colours.severity(diagnostic.severity, head))\(colours.bold(": " + message))\n"
        let margin = diagnostic.spans.map { String($0.line).utf8.count }.max() ?? 1
        let indent = String(repeating: " ", count: margin)
        for (position, span) in diagnostic.spans.enumerated() {
            let arrow = position == 0 ? "-->" : ":::"
            output += "\(indent)\(colours.faint(arrow)) \(Printable.line(span.description))\n"
            excerpt(span, margin: margin, isFirst: position == 0, diagnostic.severity, to: &output)
        }
        if let remedy = diagnostic.remedy {
            output += "\(indent) \(colours.faint("=")) \(colours.help("help")): \(Printable.line(remedy))\n"
        }
    }

    private mutating func excerpt(
        _ span: SourceSpan, margin: Int, isFirst: Bool, _ severity: Diagnostic.Severity, to output: inout String
    ) {
        guard let line = lines(of: span.file)?.line(span.line) else { return }
        let excerpt = Excerpt(line: line, column: span.column, length: span.length)
        let number = String(span.line)
        let padding = String(repeating: " ", count: margin - number.utf8.count)
        let empty = String(repeating: " ", count: margin)
        let marks = String(repeating: isFirst ? "^" : "-", count: excerpt.markWidth)
        output += "\(empty) \(colours.faint("|"))\n"
        output += "\(padding)\(colours.faint(number + " |")) \(excerpt.text)\n"
        output += "\(empty) \(colours.faint("|")) \(String(repeating: " ", count: excerpt.markOffset))"
        output += "\(colours.severity(isFirst ? severity : .note, marks))\n"
    }

    private mutating func lines(of file: String) -> SourceLines? {
        if let known = files[file] { return known }
        let lines = sources(file).map(SourceLines.init)
        files[file] = .some(lines)
        return lines
    }
}

/// The lines of a file, found once.
private struct SourceLines {
    private let bytes: [UInt8]
    private let starts: [Int]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var starts = [0]
        for (position, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(position + 1) }
        self.starts = starts
    }

    /// Without its line break; nil past the end. Counted from 1.
    func line(_ number: Int) -> Substring? {
        guard number >= 1, number <= starts.count else { return nil }
        let start = starts[number - 1]
        var end = number < starts.count ? starts[number] - 1 : bytes.count
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self)[...]
    }
}
