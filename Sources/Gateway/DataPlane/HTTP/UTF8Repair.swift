/// Reads bytes as UTF-8 in pieces, each bad sequence replaced by U+FFFD: what the gateway does to text bodies.
struct UTF8Repair {
    /// The beginning of a character whose end has not come yet; at most three bytes.
    private var held: [UInt8] = []

    /// The text so far, except for a character that is not complete.
    mutating func repair(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var all = held
        all.append(contentsOf: bytes)
        let kept = Self.incompleteSuffix(all)
        held = Array(all.suffix(kept))
        all.removeLast(kept)
        return Self.repaired(all)
    }

    /// What is left when no more bytes come.
    mutating func finish() -> [UInt8] {
        defer { held = [] }
        return Self.repaired(held)
    }

    static func repaired(_ bytes: [UInt8]) -> [UInt8] {
        isValid(bytes) ? bytes : Array(String(decoding: bytes, as: UTF8.self).utf8)
    }

    private static func isValid(_ bytes: [UInt8]) -> Bool {
        if bytes.allSatisfy({ $0 < 0x80 }) { return true }
        return String(validating: bytes, as: UTF8.self) != nil
    }

    /// How many bytes at the end begin a character that may still become whole.
    private static func incompleteSuffix(_ bytes: [UInt8]) -> Int {
        for length in 1...3 where bytes.count >= length {
            let lead = bytes[bytes.count - length]
            if lead & 0xC0 == 0x80 { continue }
            let wanted = lead >= 0xF0 && lead <= 0xF4 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1
            return lead < 0xF5 && wanted > length ? length : 0
        }
        return 0
    }
}
