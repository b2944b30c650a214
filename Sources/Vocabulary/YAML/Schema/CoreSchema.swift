/// What a plain scalar is.
///
/// SOURCE: YAML 1.2.2, section 10.3.2. One difference: an integer with leading zeros is a string, so that account ids
/// keep them.
enum CoreSchema {
    static let prefix = "tag:yaml.org,2002:"
    static let tags = Set(["str", "int", "float", "bool", "null", "seq", "map"].map { prefix + $0 })

    /// `!!int` for the core schema's own tags, others as they are.
    static func display(_ tag: String) -> String {
        tag.hasPrefix(prefix) ? "!!" + tag.dropFirst(prefix.count) : tag
    }

    enum Scalar: Equatable {
        case null
        case bool(Bool)
        /// JSON's text for the number; nil if it is the source text.
        case integer(String?)
        case float(String?)
        /// A number, but none of JSON's.
        case unsupported
        case string
    }

    static func resolve(_ text: UnsafeBufferPointer<UInt8>) -> Scalar {
        guard let first = text.first else { return .null }
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            return number(text)
        case UInt8(ascii: "~"): return text.count == 1 ? .null : .string
        case UInt8(ascii: "n"), UInt8(ascii: "N"): return isWord(text, "null") ? .null : .string
        case UInt8(ascii: "t"), UInt8(ascii: "T"): return isWord(text, "true") ? .bool(true) : .string
        case UInt8(ascii: "f"), UInt8(ascii: "F"): return isWord(text, "false") ? .bool(false) : .string
        default: return .string
        }
    }

    /// `word`, `Word` or `WORD`.
    private static func isWord(_ text: UnsafeBufferPointer<UInt8>, _ word: StaticString) -> Bool {
        guard text.count == word.utf8CodeUnitCount else { return false }
        let lower = UnsafeBufferPointer(start: word.utf8Start, count: text.count)
        let isUpper = zip(text, lower).allSatisfy { $0 == $1 & 0xDF }
        let hasFirst = text[0] | 0x20 == lower[0]
        return isUpper || (hasFirst && zip(text, lower).dropFirst().allSatisfy { $0 == $1 })
    }

    private static func number(_ text: UnsafeBufferPointer<UInt8>) -> Scalar {
        if text.count > 2, text[0] == UInt8(ascii: "0") {
            if text[1] == UInt8(ascii: "x") { return radix(16, text) }
            if text[1] == UInt8(ascii: "o") { return radix(8, text) }
        }
        var start = 0
        if text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+") { start = 1 }
        let wholeEnd = digits(text, from: start)
        if wholeEnd == text.count, wholeEnd > start {
            if wholeEnd - start > 1, text[start] == UInt8(ascii: "0") { return .string }
            return .integer(text[0] == UInt8(ascii: "+") ? string(text[1...]) : nil)
        }
        if wholeEnd == start, isSpecial(text, from: start) { return .unsupported }

        var end = wholeEnd
        var fractionEnd = end
        if end < text.count, text[end] == UInt8(ascii: ".") {
            fractionEnd = digits(text, from: end + 1)
            end = fractionEnd
        }
        let fraction = fractionEnd > wholeEnd ? text[wholeEnd + 1..<fractionEnd] : text[wholeEnd..<wholeEnd]
        guard wholeEnd > start || !fraction.isEmpty else { return .string }
        let exponentStart = end
        if end < text.count, text[end] | 0x20 == UInt8(ascii: "e") {
            end += 1
            if end < text.count, text[end] == UInt8(ascii: "+") || text[end] == UInt8(ascii: "-") { end += 1 }
            let exponentEnd = digits(text, from: end)
            guard exponentEnd > end else { return .string }
            end = exponentEnd
        }
        guard end == text.count else { return .string }

        // JSON wants a digit before and behind the point, no plus sign and no leading zero.
        var whole = text[start..<wholeEnd]
        while whole.count > 1, whole.first == UInt8(ascii: "0") { whole = whole.dropFirst() }
        let isJSON =
            text[0] != UInt8(ascii: "+") && !whole.isEmpty && whole.count == wholeEnd - start
            && (fractionEnd == wholeEnd || !fraction.isEmpty)
        if isJSON { return .float(nil) }
        let sign = text[0] == UInt8(ascii: "-") ? "-" : ""
        let point = fraction.isEmpty ? "" : "." + string(fraction)
        return .float(sign + (whole.isEmpty ? "0" : string(whole)) + point + string(text[exponentStart...]))
    }

    private static func digits(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var end = start
        while end < text.count, text[end] &- UInt8(ascii: "0") <= 9 { end += 1 }
        return end
    }

    private static func radix(_ radix: Int, _ text: UnsafeBufferPointer<UInt8>) -> Scalar {
        let digits = text[2...]
        let isNumber = digits.allSatisfy { byte in
            radix == 8
                ? byte &- UInt8(ascii: "0") <= 7
                : byte &- UInt8(ascii: "0") <= 9 || (byte | 0x20) &- UInt8(ascii: "a") <= 5
        }
        guard isNumber else { return .string }
        guard let value = UInt64(string(digits), radix: radix) else { return .unsupported }
        return .integer(String(value))
    }

    /// `.inf` (a sign may be before), `.nan`, each in three spellings.
    private static func isSpecial(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Bool {
        guard text.count == start + 4, text[start] == UInt8(ascii: ".") else { return false }
        let word = string(text[(start + 1)...])
        return ["inf", "Inf", "INF"].contains(word) || (start == 0 && ["nan", "NaN", "NAN"].contains(word))
    }

    private static func string(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
