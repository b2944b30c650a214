/// Matching of patterns with `*` (any text, also none) and `?` (exactly one character).
///
/// A pattern is UTF-8 in which the two wildcards are bytes that UTF-8 does not have, so that a literal `*` stays itself.
enum Glob {
    static let any: UInt8 = 0xFF
    static let one: UInt8 = 0xFE

    /// The bytes of a text in which `*` and `?` are wildcards.
    static func pattern(_ text: some StringProtocol) -> [UInt8] { text.utf8.map(wildcard) }

    static func wildcard(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "*"): any
        case UInt8(ascii: "?"): one
        default: byte
        }
    }

    /// True if the pattern matches the whole text.
    ///
    /// What stands between two `*` is looked for once, from left to right: the first place is as good as any other. That
    /// takes time linear in the text for pieces without `?`, at most the product of the lengths else; nothing is tried
    /// twice.
    static func matches(_ pattern: Span<UInt8>, _ text: Span<UInt8>) -> Bool {
        var (p, t) = (0, 0)
        // The part before the first `*` is tied to the start.
        while p < pattern.count, pattern[p] != any {
            guard let next = step(pattern[p], text, t) else { return false }
            (p, t) = (p + 1, next)
        }
        guard p < pattern.count else { return t == text.count }
        // The part behind the last `*` is tied to the end.
        var (pEnd, tEnd) = (pattern.count, text.count)
        while pattern[pEnd - 1] != any {
            guard let next = stepBack(pattern[pEnd - 1], text, tEnd, notBefore: t) else { return false }
            (pEnd, tEnd) = (pEnd - 1, next)
        }
        // pattern[p] and pattern[pEnd - 1] are `*`; between them pieces, each between two of them.
        while true {
            while p < pEnd, pattern[p] == any { p += 1 }
            guard p < pEnd else { return true }
            var end = p
            while pattern[end] != any { end += 1 }
            guard let behind = Piece(pattern, p, end).find(pattern, text, t, tEnd) else { return false }
            (p, t) = (end, behind)
        }
    }

    /// The place behind what one byte of the pattern matches at `t`.
    fileprivate static func step(_ byte: UInt8, _ text: Span<UInt8>, _ t: Int) -> Int? {
        guard t < text.count else { return nil }
        guard byte == one else { return text[t] == byte ? t + 1 : nil }
        var next = t + 1
        while next < text.count, text[next] & 0xC0 == 0x80 { next += 1 }
        return next
    }

    private static func stepBack(
        _ byte: UInt8, _ text: Span<UInt8>, _ t: Int, notBefore start: Int
    ) -> Int? {
        guard t > start else { return nil }
        guard byte == one else { return text[t - 1] == byte ? t - 1 : nil }
        var next = t - 1
        while next > start, text[next] & 0xC0 == 0x80 { next -= 1 }
        return text[next] & 0xC0 == 0x80 ? nil : next
    }
}

/// What stands between two `*`: `pattern[p..<pEnd]`.
private struct Piece {
    let p: Int
    let pEnd: Int
    private let hasOne: Bool

    /// LIMIT: from this product of lengths on, the table that makes the search linear is worth its making.
    private static let tableFrom = 4_096

    init(_ pattern: Span<UInt8>, _ start: Int, _ end: Int) {
        (p, pEnd) = (start, end)
        var hasOne = false
        for position in start..<end where pattern[position] == Glob.one { hasOne = true }
        self.hasOne = hasOne
    }

    /// The place behind the first match in `text[start..<end]`.
    func find(_ pattern: Span<UInt8>, _ text: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
        if !hasOne, (pEnd - p) * (end - start) > Self.tableFrom { return findByTable(pattern, text, start, end) }
        var from = start
        while from < end {
            // A `?` begins at the beginning of a character.
            if !(hasOne && text[from] & 0xC0 == 0x80), let behind = match(pattern, text, from, end) { return behind }
            from += 1
        }
        return nil
    }

    private func match(_ pattern: Span<UInt8>, _ text: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
        var t = start
        for position in p..<pEnd {
            guard let next = Glob.step(pattern[position], text, t), next <= end else { return nil }
            t = next
        }
        return t
    }

    /// Knuth, Morris and Pratt.
    private func findByTable(_ pattern: Span<UInt8>, _ text: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
        var borders = [0]
        borders.reserveCapacity(pEnd - p)
        var length = 0
        for position in (p + 1)..<max(p + 1, pEnd) {
            while length > 0, pattern[position] != pattern[p + length] { length = borders[length - 1] }
            if pattern[position] == pattern[p + length] { length += 1 }
            borders.append(length)
        }
        length = 0
        for t in start..<end {
            while length > 0, text[t] != pattern[p + length] { length = borders[length - 1] }
            if text[t] == pattern[p + length] { length += 1 }
            if length == pEnd - p { return t + 1 }
        }
        return nil
    }
}
