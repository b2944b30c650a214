/// A pattern of actions or resources, with `*` for any text and `?` for one character.
struct PatternCover {
    private let pattern: [UInt8]
    private let ignoresCase: Bool

    init(_ pattern: String, ignoringCase: Bool) {
        self.pattern = Array((ignoringCase ? pattern.lowercased() : pattern).utf8)
        ignoresCase = ignoringCase
    }

    /// True if it is certain that everything that `other` matches is matched.
    ///
    /// Variables (`${aws:username}`) are compared as they are written. Takes time linear in the product of the lengths.
    func covers(_ other: String) -> Bool {
        let text = Array((ignoresCase ? other.lowercased() : other).utf8)
        guard pattern != text else { return true }
        // `${*}` is a star and no pattern.
        guard !Self.hasEscape(pattern), !Self.hasEscape(text) else { return false }
        var (p, t) = (0, 0)
        var resume: (pattern: Int, text: Int)?
        while t < text.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                resume = (p + 1, t)
                p += 1
            } else if p < pattern.count, Self.matches(pattern[p], text[t]) {
                p += 1
                t += 1
            } else if let last = resume {
                resume = (last.pattern, last.text + 1)
                (p, t) = (last.pattern, last.text + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    private static func hasEscape(_ text: [UInt8]) -> Bool {
        ["${*}", "${?}", "${$}"].contains { text.firstRange(of: Array($0.utf8)) != nil }
    }

    /// A `?` stands for one character: not for what may be any text, nor for a part of a longer character.
    private static func matches(_ pattern: UInt8, _ byte: UInt8) -> Bool {
        guard pattern == UInt8(ascii: "?") else { return pattern == byte }
        return byte < 0x80 && byte != UInt8(ascii: "*") && byte != UInt8(ascii: "$")
    }
}
