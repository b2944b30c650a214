/// The shortest decimal digits that give a number back, which is what Java rounds.
struct JavaDigits {
    private var digits: [Int]
    /// The power of ten of the first digit; 0 for zero.
    private(set) var exponent: Int

    /// - Parameter value: Finite and not negative.
    init(_ value: Double) {
        let (text, exponent) = JavaNumber.digits(value)
        digits = text.utf8.map { Int($0 - UInt8(ascii: "0")) }
        self.exponent = value == 0 ? 0 : exponent
    }

    /// The digit of a power of ten.
    subscript(power: Int) -> Int {
        let position = exponent - power
        return digits.indices.contains(position) ? digits[position] : 0
    }

    /// Rounds to so many places behind the point, halves away from zero; negative for places before it.
    mutating func round(toPlaces places: Int) {
        let kept = exponent + 1 + places
        guard kept < digits.count else { return }
        guard kept >= 0 else {
            (digits, exponent) = ([0], 0)
            return
        }
        let isUp = digits[kept] >= 5
        digits.removeSubrange(kept...)
        if isUp {
            var position = kept - 1
            while position >= 0, digits[position] == 9 {
                digits[position] = 0
                position -= 1
            }
            if position >= 0 {
                digits[position] += 1
            } else {
                digits.insert(1, at: 0)
                exponent += 1
            }
        }
        if digits.allSatisfy({ $0 == 0 }) { (digits, exponent) = ([0], 0) }
    }
}
