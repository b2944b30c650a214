/// A decimal number of any length, compared exactly.
struct DecimalText: Sendable, Hashable {
    private let isNegative: Bool
    /// Without leading zeros.
    private let whole: [UInt8]
    /// Without trailing zeros.
    private let fraction: [UInt8]

    /// `-12.50`, `.5`, `+3`; nil for anything else, and for more than ``Limits/numberDigitsMax`` digits.
    init?(_ text: some StringProtocol) {
        var rest = Array(text.utf8)[...]
        let sign = rest.first
        if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest.removeFirst() }
        let point = rest.firstIndex(of: UInt8(ascii: ".")) ?? rest.endIndex
        let (before, behind) = (rest[..<point], rest[point...].dropFirst())
        guard 1...Limits.numberDigitsMax ~= before.count + behind.count, (before + behind).allSatisfy(Self.isDigit)
        else { return nil }
        whole = Array(before.drop { $0 == UInt8(ascii: "0") })
        var fraction = Array(behind)
        while fraction.last == UInt8(ascii: "0") { fraction.removeLast() }
        self.fraction = fraction
        isNegative = sign == UInt8(ascii: "-") && !(whole.isEmpty && fraction.isEmpty)
    }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private func isSmallerInSize(than other: Self) -> Bool {
        guard whole.count == other.whole.count else { return whole.count < other.whole.count }
        guard whole == other.whole else { return whole.lexicographicallyPrecedes(other.whole) }
        return fraction.lexicographicallyPrecedes(other.fraction)
    }
}

extension DecimalText: Comparable {
    static func < (left: Self, right: Self) -> Bool {
        switch (left.isNegative, right.isNegative) {
        case (false, false): left.isSmallerInSize(than: right)
        case (true, true): right.isSmallerInSize(than: left)
        case (let isNegative, _): isNegative
        }
    }
}
