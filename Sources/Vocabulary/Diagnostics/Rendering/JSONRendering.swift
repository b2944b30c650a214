/// Diagnostics for programs. Members are stable: new ones may come, none goes or changes its meaning.
///
/// Diagnostics imports nothing, so the few lines of JSON are written here.
enum JSONRendering {
    static func render(_ diagnostics: [Diagnostic]) -> String {
        var output = "{\"version\":\"gatewright.diagnostics/v1\",\"diagnostics\":["
        for (position, diagnostic) in diagnostics.enumerated() {
            output += position > 0 ? ",\n" : "\n"
            write(diagnostic, to: &output)
        }
        output += diagnostics.isEmpty ? "]" : "\n]"
        for severity in Diagnostic.Severity.allCases.reversed() {
            output += ",\"\(severity.rawValue)s\":\(diagnostics.count { $0.severity == severity })"
        }
        return output + "}\n"
    }

    private static func write(_ diagnostic: Diagnostic, to output: inout String) {
        output += "{\"severity\":\"\(diagnostic.severity.rawValue)\",\"code\":\(quoted(diagnostic.code))"
        output += ",\"message\":\(quoted(diagnostic.message)),\"remedy\":"
        output += diagnostic.remedy.map(quoted) ?? "null"
        output += ",\"spans\":["
        output += diagnostic.spans.map(member).joined(separator: ",")
        output += "]}"
    }

    private static func member(_ span: SourceSpan) -> String {
        "{\"file\":\(quoted(span.file)),\"line\":\(span.line),\"column\":\(span.column),\"length\":\(span.length)}"
    }

    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\u{0}"..<" ", "\u{7F}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
