/// Base64 of RFC 4648: one coder for keys, digests, tokens and payloads of up to 10 MB.
package enum Base64 {
    /// What a text may be beside the alphabet of section 4 with whole groups of four.
    package enum Form: Sendable {
        /// Padded, and the bits that are left over are zero: two texts are never the same bytes.
        case strict
        /// Padding may be left out, but not half of it; line ends at the end are passed over, as tools write them.
        case unpadded
        /// Section 5, without padding, as JSON Web Tokens have it.
        case url
        /// Both alphabets, white space anywhere, padding of any length: as template functions take it.
        case lenient
    }

    /// The text's bytes, padded.
    package static func encoded(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var position = 0
        while position < bytes.count {
            let left = bytes.count - position
            let group =
                UInt32(bytes[position]) << 16 | (left > 1 ? UInt32(bytes[position + 1]) << 8 : 0)
                | (left > 2 ? UInt32(bytes[position + 2]) : 0)
            text.append(alphabet[Int(group >> 18)])
            text.append(alphabet[Int(group >> 12 & 63)])
            text.append(left > 1 ? alphabet[Int(group >> 6 & 63)] : UInt8(ascii: "="))
            text.append(left > 2 ? alphabet[Int(group & 63)] : UInt8(ascii: "="))
            position += 3
        }
        return text
    }

    /// As ``encoded(_:)``, as a string.
    package static func text(of bytes: [UInt8]) -> String { String(decoding: encoded(bytes), as: UTF8.self) }

    /// Nil for a text that is not Base64 of that form.
    package static func decoded(_ text: some StringProtocol, _ form: Form = .strict) -> [UInt8]? {
        decoded(Array(text.utf8), form)
    }

    /// Nil for a text that is not Base64 of that form.
    package static func decoded(_ text: [UInt8], _ form: Form = .strict) -> [UInt8]? {
        var end = text.count
        if form == .unpadded { while end > 0, text[end - 1] == 0x0A || text[end - 1] == 0x0D { end -= 1 } }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(end / 4 * 3 + 2)
        var group: UInt32 = 0
        var bits: UInt32 = 0
        var (digits, padding) = (0, 0)
        for character in text[..<end] {
            if character == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            if form == .lenient, isSpace(character) { continue }
            let value = value(of: character, form)
            guard padding == 0, value != none else { return nil }
            digits += 1
            group = group << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: group >> bits))
            }
        }
        guard digits % 4 != 1 else { return nil }
        let missing = (4 - digits % 4) % 4
        let isWhole =
            switch form {
            case .strict: padding == missing && group & ((1 << bits) - 1) == 0
            case .unpadded: padding == 0 || padding == missing
            case .url: padding == 0
            case .lenient: true
            }
        return isWhole ? bytes : nil
    }

    private static func value(of character: UInt8, _ form: Form) -> UInt8 {
        switch (form, character) {
        case (.url, UInt8(ascii: "-")), (.lenient, UInt8(ascii: "-")): 62
        case (.url, UInt8(ascii: "_")), (.lenient, UInt8(ascii: "_")): 63
        case (.url, UInt8(ascii: "+")), (.url, UInt8(ascii: "/")): none
        default: values[Int(character)]
        }
    }

    private static func isSpace(_ character: UInt8) -> Bool { character == 0x20 || (0x09...0x0D).contains(character) }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let none: UInt8 = 0xFF
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: none, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()
}
