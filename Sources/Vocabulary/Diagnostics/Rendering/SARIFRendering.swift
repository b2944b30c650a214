/// Diagnostics as SARIF 2.1.0, which code scanning of forges reads.
///
/// SOURCE: OASIS, Static Analysis Results Interchange Format 2.1.0 (2020-03-27): sections 3.13 (log), 3.14 (run), 3.18
/// and 3.19 (tool), 3.49 (rules), 3.27 (results), 3.30 (regions). Diagnostics imports nothing, so the JSON is written here.
enum SARIFRendering {
    /// LIMIT: results of a run; forges refuse more (GitHub: 25,000), and people read the first.
    private static let resultsMax = 20_000

    static func render(_ diagnostics: [Diagnostic], tool: DiagnosticTool) -> String {
        let results = diagnostics.prefix(resultsMax)
        // Rules are those that have a result, in the order of their codes; a result names its rule by position.
        let codes = Set(results.map(\.code)).sorted()
        var positions: [String: Int] = [:]
        for (position, code) in codes.enumerated() { positions[code] = position }
        let rules = codes.map { rule($0, tool.explanation($0)) }
        let lines = results.map { result($0, rule: positions[$0.code] ?? 0) }
        return """
            {"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{
            "tool":{"driver":{"name":"gatewright","semanticVersion":\(quoted(tool.version)),"rules":[
            \(rules.joined(separator: ",\n"))
            ]}},
            "columnKind":"unicodeCodePoints",
            "originalUriBaseIds":{"SRCROOT":{"description":{"text":"The root of the repository."}}},
            "results":[
            \(lines.joined(separator: ",\n"))
            ]}]}

            """
    }

    private static func rule(_ code: String, _ explanation: Explanation?) -> String {
        var rule = "{\"id\":\(quoted(code)),\"name\":\(quoted(name(code)))"
        if let explanation {
            rule += ",\"shortDescription\":\(message(sentence(explanation.meaning)))"
            rule += ",\"fullDescription\":\(message(sentence(explanation.cause)))"
            rule += ",\"help\":\(message(sentence(explanation.remedy)))"
        }
        return rule + "}"
    }

    private static func result(_ diagnostic: Diagnostic, rule: Int) -> String {
        let remedy = diagnostic.remedy.map { "; \($0)" } ?? ""
        var result = "{\"ruleId\":\(quoted(diagnostic.code)),\"ruleIndex\":\(rule)"
        result += ",\"level\":\"\(diagnostic.severity.rawValue)\""
        result += ",\"message\":\(message(sentence(diagnostic.message + remedy)))"
        result += ",\"locations\":[\(diagnostic.spans.prefix(1).map { location($0) }.joined())]"
        let related = diagnostic.spans.dropFirst().enumerated().map { location($1, id: $0 + 1) }
        if !related.isEmpty { result += ",\"relatedLocations\":[\(related.joined(separator: ","))]" }
        return result + "}"
    }

    private static func location(_ span: SourceSpan, id: Int? = nil) -> String {
        let column = max(1, span.column)
        // The end column is the one behind the last that is meant.
        let end = column.addingReportingOverflow(max(1, span.length))
        var region = "{\"startLine\":\(max(1, span.line)),\"startColumn\":\(column)"
        if !end.overflow { region += ",\"endColumn\":\(end.partialValue)" }
        let file = "{\"uri\":\(quoted(uri(span.file))),\"uriBaseId\":\"SRCROOT\"}"
        return "{" + (id.map { "\"id\":\($0)," } ?? "")
            + "\"physicalLocation\":{\"artifactLocation\":\(file),\"region\":\(region)}}}"
    }

    /// A relative reference: what is no unreserved character of a path is written as its code.
    ///
    /// SOURCE: RFC 3986, sections 2.3 and 4.2; a colon in the first part would start a scheme.
    private static func uri(_ path: String) -> String {
        var uri = ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                uri.unicodeScalars.append(UnicodeScalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                uri += "%" + (digits.utf8.count < 2 ? "0" : "") + digits
            }
        }
        return uri
    }

    /// `manifest.unknown-field` as `ManifestUnknownField`: a name is an identifier.
    private static func name(_ code: String) -> String {
        code.split { $0 == "." || $0 == "-" }.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    private static func sentence(_ text: String) -> String {
        text.last.map { ".!?".contains($0) } ?? true ? text : text + "."
    }

    private static func message(_ text: String) -> String { "{\"text\":\(quoted(text))}" }

    private static func quoted(_ text: String) -> String { JSONRendering.quoted(text) }
}

/// The program that found the diagnostics, for formats that name it.
package struct DiagnosticTool: Sendable {
    package let version: String
    /// What a code means; nil for one that is unknown.
    package let explanation: @Sendable (_ code: String) -> Explanation?

    package init(version: String, explanation: @escaping @Sendable (_ code: String) -> Explanation? = { _ in nil }) {
        self.version = version
        self.explanation = explanation
    }
}
