/// Query strings: decoding, encoding.
enum QueryText {
    /// `+` and `%20` are blanks; a sequence that is no UTF-8 is repaired; a pair without `=` has an empty value.
    static func parameters(_ query: ArraySlice<UInt8>) -> [(name: String, value: String)] {
        guard !query.isEmpty else { return [] }
        return query.split(separator: UInt8(ascii: "&")).map { pair in
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            return (decoded(pair[..<equals]), equals < pair.endIndex ? decoded(pair[(equals + 1)...]) : "")
        }
    }

    static func decoded(_ text: ArraySlice<UInt8>) -> String {
        guard text.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return String(decoding: text, as: UTF8.self)
        }
        return String(decoding: percentDecoded(text, blank: UInt8(ascii: "+")), as: UTF8.self)
    }

    /// - Parameter blank: What stands for a blank, if anything does.
    static func percentDecoded(_ text: ArraySlice<UInt8>, blank: UInt8? = nil) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var position = text.startIndex
        while position < text.endIndex {
            let byte = text[position]
            position += 1
            if byte == blank {
                bytes.append(0x20)
            } else if byte == UInt8(ascii: "%"), position + 1 < text.endIndex, let high = hex(text[position]),
                let low = hex(text[position + 1])
            {
                bytes.append(high << 4 | low)
                position += 2
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }

    /// Percent-encodes all but the unreserved characters of RFC 3986.
    static func encoded(_ text: String) -> String {
        percentEncoded(text) { isUnreserved($0) }
    }

    /// For values put into a path: what a path may hold stays, percent-encoded bytes among it. A `%` that begins none
    /// is one that is meant.
    static func encodedForPath(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return percentEncoded(text, keeping: isPathCharacter) }
        let pieces = text.split(separator: "%", omittingEmptySubsequences: false)
        return pieces.dropFirst().reduce(percentEncoded(String(pieces[0]), keeping: isPathCharacter)) { done, piece in
            let isEncoded = piece.utf8.count >= 2 && piece.utf8.prefix(2).allSatisfy { isHexDigit($0) }
            return done + (isEncoded ? "%" : "%25") + percentEncoded(String(piece), keeping: isPathCharacter)
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }

    static func isPathCharacter(_ byte: UInt8) -> Bool {
        if isUnreserved(byte) { return true }
        switch byte {
        case UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("),
            UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"),
            UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "/"):
            return true
        default: return false
        }
    }

    private static func percentEncoded(_ text: String, keeping isKept: (UInt8) -> Bool) -> String {
        guard !text.utf8.allSatisfy(isKept) else { return text }
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if isKept(byte) {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let digits = Array("0123456789ABCDEF".utf8)

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
