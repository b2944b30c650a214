/// A text with its first five colons found: the six parts of an ARN, if it has them.
struct ARNText: Sendable, Hashable {
    let bytes: [UInt8]
    /// Five, or empty for a text with fewer.
    let colons: [Int]

    static let partsCount = 6

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var colons: [Int] = []
        for (position, byte) in bytes.enumerated() where byte == UInt8(ascii: ":") {
            colons.append(position)
            if colons.count == Self.partsCount - 1 { break }
        }
        self.colons = colons.count == Self.partsCount - 1 ? colons : []
    }

    var hasSixParts: Bool { !colons.isEmpty }

    /// - Precondition: The text has six parts.
    func range(ofPart part: Int) -> Range<Int> {
        let start = part == 0 ? 0 : colons[part - 1] + 1
        return start..<(part == Self.partsCount - 1 ? bytes.count : colons[part])
    }

    /// The fifth part, if it is the twelve digits of an account.
    var account: String? {
        guard hasSixParts else { return nil }
        let part = bytes[range(ofPart: 4)]
        guard part.count == 12, part.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return String(decoding: part, as: UTF8.self)
    }

    /// True if each part is matched by the same part of the pattern; wildcards do not cross the first five colons.
    func matches(_ pattern: ARNText) -> Bool {
        guard hasSixParts, pattern.hasSixParts else { return false }
        // The last part tells most patterns of an account apart.
        for part in (0..<Self.partsCount).reversed() where !matches(pattern, part: part) { return false }
        return true
    }

    func matches(_ pattern: ARNText, part: Int) -> Bool {
        let wanted = pattern.bytes.span.extracting(pattern.range(ofPart: part))
        if wanted.count == 1, wanted[0] == Glob.any { return true }
        return Glob.matches(wanted, bytes.span.extracting(range(ofPart: part)))
    }
}
