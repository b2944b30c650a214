package import Diagnostics
package import JSON

/// What a CORS rule says, held against what browsers accept.
///
/// That members are known and of the right type, methods and numbers too, is checked by who asks: by the document's reading for the extension, by
/// the kind's table for manifests. What is of a wrong type is passed over here.
package struct CORSReading: Sendable {
    /// Nil when it is wrong, or says nothing.
    package private(set) var rule: CORSRule?
    package private(set) var diagnostics: [Diagnostic] = []
    private let name: String
    private let span: SourceSpan

    /// - Parameters:
    ///   - name: Of the member, for messages: `spec.cors`.
    ///   - span: Where that name is written.
    ///   - mayBeEmpty: A rule without a member is none; else it is an error.
    package init(_ node: Node, named name: String, at span: SourceSpan, mayBeEmpty: Bool) {
        self.name = name
        self.span = span
        let isEmpty = !CORSRule.memberNames.contains { node[$0].map { !$0.isNull } ?? false }
        if isEmpty, mayBeEmpty { return }
        let origins = texts("allowOrigins", of: node)
        let methods = texts("allowMethods", of: node)
        let headers = texts("allowHeaders", of: node)
        let exposed = texts("exposeHeaders", of: node)
        check(origins: origins, of: node)
        for (member, list) in [("allowHeaders", headers), ("exposeHeaders", exposed)] { check(headers: list, member) }
        let allowsCredentials = node["allowCredentials"].map { $0.bool ?? ($0.string == "true") } ?? false
        if allowsCredentials, let place = node.member("allowCredentials")?.nameSpan {
            checkCredentials(
                at: place, ["allowOrigins": origins, "allowHeaders": headers, "exposeHeaders": exposed])
        }
        guard diagnostics.isEmpty else { return }
        rule = CORSRule(
            origins: origins.map(\.text),
            methods: methods.isEmpty ? nil : Self.expanded(methods.map { $0.text.uppercased() }),
            headers: headers.map(\.text), exposedHeaders: exposed.map(\.text),
            maxAgeSeconds: node["maxAge"].flatMap { $0.number?.int ?? $0.string.flatMap { Int($0) } },
            allowsCredentials: allowsCredentials, span: span)
    }

    private typealias Element = (text: String, span: SourceSpan)

    private mutating func texts(_ member: String, of node: Node) -> [Element] {
        let elements = node[member]?.elements ?? []
        if elements.count > Limits.corsElementsMax {
            problem(
                .invalidCORS, "`\(name).\(member)` has \(elements.count) elements",
                at: [node.member(member)?.nameSpan ?? span],
                "write at most \(Limits.corsElementsMax)")
            return []
        }
        let texts: [Element] = elements.compactMap { element in element.scalarText.map { ($0, element.span) } }
        let bytes = texts.reduce(0) { $0 + $1.text.utf8.count + 1 }
        if bytes > Limits.corsListBytesMax {
            problem(
                .invalidCORS, "`\(name).\(member)` has \(bytes) bytes together, which no response header should have",
                at: [node.member(member)?.nameSpan ?? span],
                "write at most \(Limits.corsListBytesMax)")
            return []
        }
        checkRepeats(texts, member)
        return texts
    }

    private mutating func checkRepeats(_ elements: [Element], _ member: String) {
        var seen: [String: SourceSpan] = [:]
        for (text, span) in elements {
            if let earlier = seen.updateValue(span, forKey: text.lowercased()) {
                problem(
                    .duplicate, "`\(name).\(member)` lists `\(text.clippedForCORS)` twice", at: [span, earlier],
                    "keep one of them")
            }
        }
        if elements.count > 1, let all = elements.first(where: { $0.text == "*" }) {
            problem(
                .invalidCORS, "`\(name).\(member)` lists `*`, which is all, beside others", at: [all.span],
                "remove the others, or `*`")
        }
    }

    private mutating func check(origins: [Element], of node: Node) {
        // Of what is no list has been said that it must be one.
        if node["allowOrigins"].map({ $0.isNull || $0.elements?.isEmpty == true }) ?? true {
            problem(
                .missingMember, "`\(name)` lists no origin",
                at: [node.member("allowOrigins")?.nameSpan ?? span],
                "list in `allowOrigins` the sites that may call the API, or `*` for all of them")
        }
        for (text, span) in origins {
            guard let fault = CORSOrigin.fault(text) else { continue }
            problem(
                .invalidCORS, "the origin `\(text.clippedForCORS)` \(fault.message)", at: [span], fault.remedy)
        }
    }

    private mutating func check(headers: [Element], _ member: String) {
        for (text, span) in headers where !Self.isToken(text) {
            problem(
                .invalidCORS, "`\(text.clippedForCORS)` in `\(name).\(member)` is no name of a header", at: [span],
                "write one name for each element, without the value")
        }
    }

    /// With credentials browsers take `*` as a name like any other, or refuse the response.
    private mutating func checkCredentials(at place: SourceSpan, _ lists: [String: [Element]]) {
        for (member, elements) in lists.sorted(by: { $0.key < $1.key }) {
            for (text, span) in elements where member == "allowOrigins" ? CORSRule.isPattern(text) : text == "*" {
                problem(
                    .invalidCORS, "`\(name)` allows credentials, with which browsers take no `\(text)` in `\(member)`",
                    at: [span, place],
                    member == "allowOrigins"
                        ? "list the origins that may send cookies and keys" : "list the headers by their names")
            }
        }
    }

    private mutating func problem(_ code: OpenAPICode, _ message: String, at spans: [SourceSpan], _ remedy: String) {
        diagnostics.append(Diagnostic(.error, code, message, at: spans, remedy: remedy))
    }

    private static func expanded(_ methods: [String]) -> [String] {
        methods == ["*"] ? CORSRule.allMethods : methods
    }

    /// Source: RFC 9110 section 5.6.2.
    private static func isToken(_ text: String) -> Bool {
        // No quote, which is one there: it would end the literal that the header is written as.
        let marks = Array("!#$%&*+-.^_`|~".utf8)
        return !text.isEmpty && text.utf8.allSatisfy { DocumentReading.isAlphanumeric($0) || marks.contains($0) }
    }
}
