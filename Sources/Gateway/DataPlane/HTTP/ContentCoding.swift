/// How a body is packed for its way: the codings that the service documents besides `identity`.
enum ContentCoding: String, Sendable {
    case gzip, deflate

    /// What zlib is told: gzip with its own head and sum, deflate within the zlib format, as RFC 9110 has it.
    var windowBits: Int32 { self == .gzip ? 15 + 16 : 15 }

    private init?(token: Substring) {
        switch token.lowercased() {
        // RFC 9110, section 8.4.1.3: the old name means the same.
        case "gzip", "x-gzip": self = .gzip
        case "deflate": self = .deflate
        default: return nil
        }
    }

    /// What `Content-Encoding` of a request says; nil: not packed.
    ///
    /// - Throws: The coding is unknown, or there is more than one: 415, as documented.
    static func declared(by headers: HeaderFields) throws(GatewayError) -> ContentCoding? {
        let tokens = Self.elements(headers.values("Content-Encoding")).filter { $0.lowercased() != "identity" }
        guard let token = tokens.first else { return nil }
        guard tokens.count == 1, let coding = ContentCoding(token: token) else { throw .unsupportedMediaType }
        return coding
    }

    /// The coding that a client likes best; nil: none, or the body as it is. gzip wins a tie.
    static func accepted(by headers: HeaderFields) -> ContentCoding? {
        var weights: [String: Int] = [:]
        for element in Self.elements(headers.values("Accept-Encoding")) {
            let parts = element.split(separator: ";", omittingEmptySubsequences: false).map(Self.trimmed)
            guard let name = parts.first, !name.isEmpty else { continue }
            let key = name.lowercased() == "x-gzip" ? "gzip" : name.lowercased()
            guard let weight = Self.weight(parts.dropFirst()) else { continue }
            weights[key] = weight
        }
        let other = weights["*"] ?? 0
        let (gzip, deflate) = (weights["gzip"] ?? other, weights["deflate"] ?? other)
        let best = max(gzip, deflate)
        // Named and liked better, the plain body wins; unnamed it is the last resort.
        guard best > 0, best >= weights["identity"] ?? 0 else { return nil }
        return gzip == best ? .gzip : .deflate
    }

    private static func elements(_ values: [String]) -> [Substring] {
        values.flatMap { $0.split(separator: ",") }.map(trimmed).filter { !$0.isEmpty }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }

    /// Thousandths: `q=0.5` is 500, and 1000 where nothing is said. Nil: no weight as RFC 9110 writes it.
    private static func weight(_ parameters: ArraySlice<Substring>) -> Int? {
        guard let parameter = parameters.first(where: { $0.lowercased().hasPrefix("q=") }) else { return 1000 }
        let digits = Array(parameter.utf8.dropFirst(2))
        guard let whole = digits.first, whole == UInt8(ascii: "0") || whole == UInt8(ascii: "1"), digits.count <= 5,
            digits.count == 1 || digits[1] == UInt8(ascii: ".")
        else { return nil }
        var result = Int(whole - UInt8(ascii: "0"))
        for position in 2..<5 {
            let digit = position < digits.count ? digits[position] : UInt8(ascii: "0")
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            result = result * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return result <= 1000 ? result : nil
    }
}
