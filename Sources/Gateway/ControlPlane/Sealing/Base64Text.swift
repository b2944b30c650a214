import FoundationEssentials

/// Base64 of RFC 4648, with padding, and its URL form without.
enum Base64Text {
    static func encoded(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    static func decoded(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { Array($0) } }

    /// As JSON Web Tokens have it.
    static func decodedURL(_ text: some StringProtocol) -> [UInt8]? {
        var standard = String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        guard !text.contains(where: { $0 == "+" || $0 == "/" || $0 == "=" }) else { return nil }
        standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        return decoded(standard)
    }
}
