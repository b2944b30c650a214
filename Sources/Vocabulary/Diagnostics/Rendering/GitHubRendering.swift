/// Workflow commands of GitHub Actions: `::error file=...,line=...,col=...,title=...::message`.
///
/// SOURCE: actions/toolkit, `core/src/command.ts`: what is escaped in messages and, with `:` and `,`, in properties.
enum GitHubRendering {
    /// LIMIT: columns of a line that can be marked.
    private static let columnsMax = 1_000_000

    static func line(_ diagnostic: Diagnostic) -> String {
        var properties: [String] = []
        if let span = diagnostic.spans.first {
            // Columns of GitHub are those of one line; the end is the last column that is marked.
            properties.append("file=\(escaped(span.file, inProperty: true))")
            properties.append("line=\(span.line)")
            let column = min(max(1, span.column), Self.columnsMax)
            properties.append("col=\(column)")
            properties.append("endColumn=\(column + min(max(1, span.length), Self.columnsMax) - 1)")
        }
        properties.append("title=\(escaped(diagnostic.code, inProperty: true))")
        var message = diagnostic.message
        for span in diagnostic.spans.dropFirst() { message += "\nsee \(span)" }
        if let remedy = diagnostic.remedy { message += "\nhelp: \(remedy)" }
        return "::\(command(diagnostic.severity)) \(properties.joined(separator: ","))::\(escaped(message))\n"
    }

    private static func command(_ severity: Diagnostic.Severity) -> String {
        switch severity {
        case .error: "error"
        case .warning: "warning"
        case .note: "notice"
        }
    }

    private static func escaped(_ text: String, inProperty: Bool = false) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": result += "%25"
            case "\r": result += "%0D"
            case "\n": result += "%0A"
            case ":" where inProperty: result += "%3A"
            case "," where inProperty: result += "%2C"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
