import JSON

/// A number as its digits, so that comparing and dividing never round.
struct Decimal: Sendable {
    private let isNegative: Bool
    /// Without zeros at either end; empty for zero.
    private let digits: [UInt8]
    /// The value is `0.DIGITS` times ten to the power of this.
    private let point: Int
    /// As written.
    let text: String

    init(_ number: JSONNumber) {
        text = number.text
        let bytes = Array(number.text.utf8)
        isNegative = bytes.first == UInt8(ascii: "-")
        let mantissa = bytes.prefix { $0 | 0x20 != UInt8(ascii: "e") }
        let exponent = bytes.dropFirst(mantissa.count + 1)
        var whole = 0
        var digits: [UInt8] = []
        var isFraction = false
        for byte in mantissa where byte != UInt8(ascii: "-") {
            if byte == UInt8(ascii: ".") {
                isFraction = true
                continue
            }
            digits.append(byte &- 0x30)
            if !isFraction { whole += 1 }
        }
        let zeros = digits.prefix { $0 == 0 }.count
        digits.removeFirst(zeros)
        while digits.last == 0 { digits.removeLast() }
        self.digits = digits
        // LIMIT: an exponent of more than 15 digits counts as one of 15 nines.
        let magnitude = exponent.drop { $0 == 0x2B || $0 == 0x2D || $0 == 0x30 }
        let size = magnitude.count > 15 ? 999_999_999_999_999 : magnitude.reduce(0) { $0 * 10 + Int($1 &- 0x30) }
        point = digits.isEmpty ? 0 : whole - zeros + (exponent.first == UInt8(ascii: "-") ? -size : size)
    }

    var isPositive: Bool { !isNegative && !digits.isEmpty }

    static func < (left: Self, right: Self) -> Bool {
        if left.digits.isEmpty { return right.isPositive }
        if right.digits.isEmpty { return left.isNegative }
        guard left.isNegative == right.isNegative else { return left.isNegative }
        return left.isNegative ? right.isShorter(than: left) : left.isShorter(than: right)
    }

    /// True if the magnitude is the smaller one.
    private func isShorter(than other: Self) -> Bool {
        point == other.point ? digits.lexicographicallyPrecedes(other.digits) : point < other.point
    }

    /// Digits of a divisor that are worked with.
    static let divisorDigitsMax = 18
    var isDivisor: Bool { isPositive && digits.count <= Self.divisorDigitsMax }

    /// True if the number is a whole multiple of `divisor`.
    ///
    /// - Precondition: `divisor` is one: ``isDivisor``.
    func isMultiple(of divisor: Self) -> Bool {
        guard !digits.isEmpty else { return true }
        // Both as whole numbers times a power of ten. The last digit is not zero, so a divisor with the higher power
        // divides nothing.
        let shift = (point - digits.count) - (divisor.point - divisor.digits.count)
        guard shift >= 0 else { return false }
        let modulus = divisor.digits.reduce(UInt64(0)) { $0 * 10 + UInt64($1) }
        var rest = digits.reduce(UInt64(0)) { Self.product($0, 10, modulo: modulus, plus: UInt64($1)) }
        var (power, left) = (10 % modulus, shift)
        while left > 0 {
            if left & 1 == 1 { rest = Self.product(rest, power, modulo: modulus) }
            power = Self.product(power, power, modulo: modulus)
            left >>= 1
        }
        return rest == 0
    }

    private static func product(_ left: UInt64, _ right: UInt64, modulo: UInt64, plus: UInt64 = 0) -> UInt64 {
        let (high, low) = left.multipliedFullWidth(by: right)
        let rest = modulo.dividingFullWidth((high % modulo, low)).remainder
        return (rest + plus % modulo) % modulo
    }
}
