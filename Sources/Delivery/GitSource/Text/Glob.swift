/// Patterns with `*`, `?` and `**`.
enum Glob {
    enum Star {
        /// `*` stands for any bytes.
        case anything
        /// `*` and `?` stop at a slash; `**` does not.
        case withinPart
    }

    /// True if the whole text fits. The time is at most the product of the lengths.
    static func matches(_ pattern: [UInt8], _ text: [UInt8], star: Star) -> Bool {
        let (asterisk, slash) = (UInt8(ascii: "*"), UInt8(ascii: "/"))
        // fits[i]: the pattern read so far can stand for the first i bytes of the text.
        var fits = [Bool](repeating: false, count: text.count + 1)
        fits[0] = true
        var position = 0
        while position < pattern.count {
            var next = [Bool](repeating: false, count: text.count + 1)
            let byte = pattern[position]
            if byte == asterisk {
                let isDouble = position + 1 < pattern.count && pattern[position + 1] == asterisk
                position += isDouble ? 2 : 1
                let crosses = star == .anything || isDouble
                // `a/**/b` is also `a/b`.
                let skipsSlash =
                    isDouble && star == .withinPart && position < pattern.count && pattern[position] == slash
                for i in 0...text.count {
                    next[i] = fits[i] || (i > 0 && next[i - 1] && (crosses || text[i - 1] != slash))
                }
                if skipsSlash {
                    position += 1
                    var behind = [Bool](repeating: false, count: text.count + 1)
                    for i in 0...text.count { behind[i] = fits[i] || (i > 0 && next[i - 1] && text[i - 1] == slash) }
                    next = behind
                }
            } else {
                position += 1
                for i in 1..<max(1, text.count + 1) where fits[i - 1] {
                    let isWild = byte == UInt8(ascii: "?") && (star == .anything || text[i - 1] != slash)
                    next[i] = isWild || byte == text[i - 1]
                }
            }
            fits = next
        }
        return fits[text.count]
    }
}
