/// A place in a document.
///
/// SOURCE: RFC 6901, sections 3 and 4.
struct JSONPointer: Sendable, Hashable {
    /// Unescaped; none is the whole document.
    let tokens: [String]

    init(tokens: [String]) { self.tokens = tokens }

    /// Nil for what is neither empty nor starts with `/`, and for a `~` before anything but `0` and `1`.
    init?(_ text: String) {
        guard !text.isEmpty else {
            tokens = []
            return
        }
        guard text.hasPrefix("/") else { return nil }
        var tokens: [String] = []
        for part in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let token = Self.unescaped(part) else { return nil }
            tokens.append(token)
        }
        self.tokens = tokens
    }

    private static func unescaped(_ part: Substring) -> String? {
        var token = ""
        var rest = part[...]
        while let tilde = rest.firstIndex(of: "~") {
            token += rest[..<tilde]
            let after = rest.index(after: tilde)
            guard after < rest.endIndex else { return nil }
            switch rest[after] {
            case "0": token += "~"
            case "1": token += "/"
            default: return nil
            }
            rest = rest[rest.index(after: after)...]
        }
        return token + rest
    }

    /// True if the place is inside of, and not at, `other`.
    func isInside(_ other: JSONPointer) -> Bool {
        tokens.count > other.tokens.count && Array(tokens.prefix(other.tokens.count)) == other.tokens
    }
}

extension JSONPointer: CustomStringConvertible {
    var description: String {
        tokens.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
    }
}
