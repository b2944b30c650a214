import Diagnostics
import JSON
import Resources

/// `spec.apply.probes`, read.
struct ProbeReading {
    private(set) var rules: [ProbeRule] = []
    private(set) var diagnostics: [Diagnostic] = []

    /// - Parameters:
    ///   - values: What of it has the form that the table wants.
    ///   - node: As it was written.
    init(_ values: JSONValue?, _ node: Node?) {
        let elements = node?.elements ?? []
        let values = values?.array ?? []
        // Elements of a wrong form are left out of the values: they have been named already.
        guard values.count == elements.count else { return }
        for (position, value) in values.enumerated() {
            read(value, elements[position], at: "spec.apply.probes[\(position)]")
        }
    }

    private mutating func read(_ values: JSONValue, _ node: Node, at path: String) {
        var rule = ProbeRule()
        if let stage = values["stage"]?.string { rule.stage = stage }
        if let seconds = values["timeoutSeconds"]?.int { rule.timeout = .seconds(seconds) }
        if let attempts = values["attempts"]?.int { rule.attempts = attempts }
        if let seconds = values["intervalSeconds"]?.int { rule.interval = .seconds(seconds) }
        if let seconds = values["bakeSeconds"]?.int { rule.bake = .seconds(seconds) }
        rule.request = request(values, node, at: path)
        rules.append(rule)
    }

    private mutating func request(_ values: JSONValue, _ node: Node, at path: String) -> ProbeRule.Request? {
        guard let target = values["path"]?.string else {
            for name in ["method", "headers", "expect"] {
                guard let stray = node[name] else { continue }
                error(
                    "`\(path).\(name)` says how a path is asked, and there is none", stray, "add a `path`, or remove it"
                )
            }
            return nil
        }
        if let flaw = ProbePath.flaw(target) {
            error(
                "`\(path).path` cannot be `\(target.shortened)`: \(flaw)", node["path"],
                "write it as in `/pets?limit=1`")
        }
        var request = ProbeRule.Request(path: target)
        if let method = values["method"]?.string { request.method = method }
        for (name, value) in values["headers"]?.object ?? [:] {
            guard let value = value.string else { continue }
            if let flaw = ProbePath.flaw(ofHeader: name, value) {
                error("`\(path).headers` cannot have `\(name.shortened)`: \(flaw)", node["headers"], "remove it")
            }
            request.headers.append(ProbeRule.Header(name, value))
        }
        if let expected = values["expect"]?.array?.compactMap(\.string) {
            let ranges = expected.compactMap(Self.range)
            for text in expected where Self.range(text) == nil {
                error(
                    "`\(path).expect` cannot have `\(text)`", node["expect"], "write a status or a class: `200`, `2xx`")
            }
            if !ranges.isEmpty { request.expect = ranges.sorted { $0.lowerBound < $1.lowerBound } }
        }
        return request
    }

    /// `200` or `2xx`.
    static func range(_ text: String) -> ClosedRange<Int>? {
        if let status = Int(text), (100...599).contains(status) { return status...status }
        guard text.hasSuffix("xx"), text.utf8.count == 3, let hundreds = text.first?.wholeNumberValue,
            (1...5).contains(hundreds)
        else { return nil }
        return hundreds * 100...hundreds * 100 + 99
    }

    private mutating func error(_ message: String, _ node: Node?, _ remedy: String) {
        diagnostics.append(Diagnostic(.error, ManifestCode.badPattern, message, at: node?.span, remedy: remedy))
    }
}

/// What a probe may ask: nothing that leads anywhere but below its stage.
enum ProbePath {
    /// Why a path and query cannot be asked; nil for one that can.
    static func flaw(_ path: String) -> String? {
        let bytes = Array(path.utf8)
        guard bytes.first == UInt8(ascii: "/") else { return "it does not start with `/`" }
        for (position, byte) in bytes.enumerated() {
            guard (0x21...0x7E).contains(byte) else { return "blanks and characters beyond ASCII are percent-encoded" }
            guard !##""#<>\^`{|}"##.utf8.contains(byte) else {
                return "`\(Character(Unicode.Scalar(byte)))` is percent-encoded"
            }
            guard byte == UInt8(ascii: "%") else { continue }
            guard position + 2 < bytes.count, isHex(bytes[position + 1]), isHex(bytes[position + 2]) else {
                return "two hex digits follow a `%`"
            }
        }
        let only = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)[0].lowercased()
        if only.contains("//") { return "it has an empty segment" }
        for encoded in ["%2e", "%2f", "%5c"] where only.contains(encoded) {
            return "`\(encoded)` may lead out of the stage"
        }
        if only.split(separator: "/").contains(where: { $0 == "." || $0 == ".." }) {
            return "`.` and `..` lead out of the stage"
        }
        return nil
    }

    /// Why a field cannot be sent; nil for one that can.
    static func flaw(ofHeader name: String, _ value: String) -> String? {
        let isToken =
            !name.isEmpty && name.utf8.allSatisfy { isAlphanumeric($0) || "!#$%&'*+-.^_`|~".utf8.contains($0) }
        guard isToken, name.utf8.count <= 256 else { return "it is no name of a header" }
        guard !reserved.contains(name.lowercased()) else { return "it is set by what sends the request" }
        guard value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { return "its value is not printable ASCII" }
        return nil
    }

    /// They say where a request goes and how it is framed.
    private static let reserved: Set<String> = [
        "host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "trailer", "expect",
        "proxy-connection", "proxy-authorization", "forwarded", "x-forwarded-host",
    ]

    private static func isHex(_ byte: UInt8) -> Bool { Character(Unicode.Scalar(byte)).isHexDigit }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: false
        }
    }
}
