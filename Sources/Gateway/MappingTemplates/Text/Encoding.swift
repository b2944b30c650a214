/// What `$util` does to texts.
enum Encoding {
    /// As `URLEncoder` of Java: letters, digits and `.-*_` stay, a blank becomes `+`.
    static func urlEncode(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case _ where byte.isLetter || byte.isDigit: bytes.append(byte)
            case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "_"): bytes.append(byte)
            case UInt8(ascii: " "): bytes.append(UInt8(ascii: "+"))
            default:
                bytes.append(UInt8(ascii: "%"))
                bytes.append(Hex.upper(byte >> 4))
                bytes.append(Hex.upper(byte & 15))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Nil if a `%` is not followed by two hex digits.
    static func urlDecode(_ text: String) -> String? {
        let source = Array(text.utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(source.count)
        var position = 0
        while position < source.count {
            switch source[position] {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard position + 2 < source.count, let high = Hex.digit(source[position + 1]),
                    let low = Hex.digit(source[position + 2])
                else { return nil }
                bytes.append(high << 4 | low)
                position += 2
            case let byte: bytes.append(byte)
            }
            position += 1
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// JavaScript's string rules: quotes of both kinds, control characters, and all that is not ASCII.
    static func escapeJavaScript(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for unit in text.utf16 {
            switch unit {
            case 0x22, 0x27, 0x5C:
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(UInt8(unit))
            case 0x08: bytes.append(contentsOf: "\\b".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0C: bytes.append(contentsOf: "\\f".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0x20...0x7E: bytes.append(UInt8(unit))
            default: JSONText.appendUnit(unit, to: &bytes)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Base64 of RFC 4648, section 4.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ text: String) -> String {
        let source = Array(text.utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity((source.count + 2) / 3 * 4)
        for start in stride(from: 0, to: source.count, by: 3) {
            let rest = source.count - start
            let bits =
                UInt32(source[start]) << 16 | (rest > 1 ? UInt32(source[start + 1]) << 8 : 0)
                | (rest > 2 ? UInt32(source[start + 2]) : 0)
            bytes.append(alphabet[Int(bits >> 18)])
            bytes.append(alphabet[Int(bits >> 12 & 63)])
            bytes.append(rest > 1 ? alphabet[Int(bits >> 6 & 63)] : UInt8(ascii: "="))
            bytes.append(rest > 2 ? alphabet[Int(bits & 63)] : UInt8(ascii: "="))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Both alphabets, with or without padding, line breaks left out; nil for anything else.
    static func decode(_ text: String) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count * 3 / 4)
        var bits: UInt32 = 0
        var count = 0
        var isPadded = false
        for byte in text.utf8 where !byte.isSpace {
            if byte == UInt8(ascii: "=") {
                isPadded = true
                continue
            }
            guard !isPadded, let value = value(of: byte) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return count == 6 ? nil : String(decoding: bytes, as: UTF8.self)
    }

    private static func value(of byte: UInt8) -> UInt8? {
        switch byte {
        case 0x41...0x5A: byte - 0x41
        case 0x61...0x7A: byte - 0x61 + 26
        case 0x30...0x39: byte - 0x30 + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
