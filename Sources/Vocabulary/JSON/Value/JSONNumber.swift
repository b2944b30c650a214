/// A JSON number, kept as it was written and compared by value: `100`, `100.0` and `1e2` are equal.
package struct JSONNumber: Sendable {
    /// The text as written; matches the number grammar of RFC 8259, section 6.
    package let text: String

    /// - Precondition: `text` matches the JSON number grammar; parsers check before they call.
    package init(text: String) { self.text = text }

    package init(_ value: Int) { text = String(value) }
    package init(_ value: Double) {
        precondition(value.isFinite, "a JSON number is finite")
        let rounded = Int(exactly: value)
        text = rounded.map(String.init) ?? "\(value)"
    }

    /// The value if it is a whole number that fits, however it is written.
    package var int: Int? { Int(text) ?? Int(canonicalText) }
    /// The nearest double; infinite for a number past its range.
    package var double: Double { Double(text) ?? .nan }
}

extension JSONNumber: Hashable {
    package static func == (left: Self, right: Self) -> Bool {
        if left.text == right.text { return true }
        if left.isPlain && right.isPlain { return false }
        return left.canonicalText == right.canonicalText
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(canonicalText) }
}

extension JSONNumber: CustomStringConvertible {
    package var description: String { text }
}

extension JSONNumber {
    /// Whole numbers of up to this many digits, and fractions down to ``plainZerosMax``, have no exponent.
    private static let plainDigitsMax = 21
    /// Zeros between the point and the first digit, at most, of a canonical text without exponent.
    private static let plainZerosMax = 5
    /// LIMIT: an exponent of more digits is not worked with; such a number equals only its own text.
    private static let exponentDigitsMax = 15

    /// True if the text is its own canonical form: a whole number without point, exponent, or too many digits.
    private var isPlain: Bool {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        guard digits.count <= Self.plainDigitsMax else { return false }
        guard digits.first != UInt8(ascii: "0") else { return text == "0" }
        return digits.allSatisfy { $0 &- UInt8(ascii: "0") <= 9 }
    }

    /// One text for each value: no sign, zeros, point or exponent more than needed.
    ///
    /// `100`, `-1.5`, `0.000001`; `1e21` and `1.5e-7` outside the range where plain digits are legible.
    package var canonicalText: String {
        if isPlain { return text }
        var rest = text.utf8[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest = rest.dropFirst() }
        let mantissa = rest.prefix { $0 | 0x20 != UInt8(ascii: "e") }
        var digits = Array(mantissa.drop { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".") })
        let leading = mantissa.count - digits.count
        // Digits before the point, counted from the first that is not zero; negative for zeros behind the point.
        let wholeCount = mantissa.prefix { $0 != UInt8(ascii: ".") }.count
        var point = wholeCount - leading + (leading > wholeCount ? 1 : 0)
        digits.removeAll { $0 == UInt8(ascii: ".") }
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        guard !digits.isEmpty else { return "0" }
        guard let exponent = Self.exponent(rest.dropFirst(mantissa.count + 1)) else { return text }
        point += exponent
        return (isNegative ? "-" : "") + Self.plainOrScientific(digits, point)
    }

    /// Nil past ``exponentDigitsMax`` digits; no text is 0.
    private static func exponent(_ text: Substring.UTF8View) -> Int? {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = text.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "0") }
        guard digits.count <= exponentDigitsMax else { return nil }
        let magnitude = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return isNegative ? -magnitude : magnitude
    }

    /// The number `0.DIGITS` times ten to the power of `point`; the first and last digit are not zero.
    private static func plainOrScientific(_ digits: [UInt8], _ point: Int) -> String {
        var text: [UInt8] = []
        let zero = UInt8(ascii: "0")
        switch point {
        case digits.count...max(digits.count, plainDigitsMax) where point <= plainDigitsMax:
            text = digits + repeatElement(zero, count: point - digits.count)
        case 1...plainDigitsMax:
            text = digits[..<point] + [UInt8(ascii: ".")] + digits[point...]
        case -plainZerosMax...0:
            text = [zero, UInt8(ascii: ".")] + repeatElement(zero, count: -point) + digits
        default:
            text = [digits[0]]
            if digits.count > 1 { text += [UInt8(ascii: ".")] + digits[1...] }
            text += Array("e\(point - 1)".utf8)
        }
        return String(decoding: text, as: UTF8.self)
    }
}
