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
