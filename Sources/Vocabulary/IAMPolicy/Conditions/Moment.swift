import Diagnostics

/// A moment of a date condition.
///
/// SOURCE: W3C note "Date and Time Formats" (1997), or a count of seconds since 1970.
struct Moment: Sendable, Hashable {
    private let seconds: Int
    /// Digits behind the point, without trailing zeros.
    private let fraction: [UInt8]

    /// `2027`, `2027-01`, `2027-01-31`, `2027-01-31T12:00Z`, `2027-01-31T12:00:00.5+02:00`, `1798761600`.
    ///
    /// Four digits are a year; any other count of digits is seconds.
    init?(_ text: some StringProtocol) {
        var scanner = Scanner(rest: Array(text.utf8)[...])
        if let moment = scanner.moment(), scanner.rest.isEmpty {
            self = moment
            return
        }
        let bytes = Array(text.utf8)
        guard 1...Limits.epochDigitsMax ~= bytes.count, bytes.count != 4, bytes.allSatisfy(DecimalText.isDigit),
            let seconds = Int(String(decoding: bytes, as: UTF8.self))
        else { return nil }
        self.init(seconds: seconds, fraction: [])
    }

    fileprivate init(seconds: Int, fraction: [UInt8]) {
        self.seconds = seconds
        var fraction = fraction
        while fraction.last == UInt8(ascii: "0") { fraction.removeLast() }
        self.fraction = fraction
    }
}

extension Moment: Comparable {
    static func < (left: Self, right: Self) -> Bool {
        left.seconds == right.seconds
            ? left.fraction.lexicographicallyPrecedes(right.fraction) : left.seconds < right.seconds
    }
}

private struct Scanner {
    var rest: ArraySlice<UInt8>

    mutating func moment() -> Moment? {
        guard let year = number(digits: 4) else { return nil }
        var (month, day) = (1, 1)
        if take("-") {
            guard let value = number(digits: 2), 1...12 ~= value else { return nil }
            month = value
            if take("-") {
                guard let value = number(digits: 2), value >= 1 else { return nil }
                day = value
            }
        }
        let date = CivilDate(year: year, month: month, day: day)
        guard CivilDate(daysSince1970: date.daysSince1970) == date else { return nil }
        guard take("T") else { return Moment(seconds: date.daysSince1970 * 86_400, fraction: []) }
        guard let hour = number(digits: 2), hour < 24, take(":"), let minute = number(digits: 2), minute < 60 else {
            return nil
        }
        var second = 0
        var fraction: [UInt8] = []
        if take(":") {
            guard let value = number(digits: 2), value < 60 else { return nil }
            second = value
            if take(".") {
                fraction = Array(rest.prefix(while: DecimalText.isDigit))
                guard 1...Limits.numberDigitsMax ~= fraction.count else { return nil }
                rest = rest.dropFirst(fraction.count)
            }
        }
        guard let zone = zoneSeconds() else { return nil }
        let local = date.daysSince1970 * 86_400 + hour * 3_600 + minute * 60 + second
        return Moment(seconds: local - zone, fraction: fraction)
    }

    /// East of Greenwich is positive.
    private mutating func zoneSeconds() -> Int? {
        if take("Z") { return 0 }
        let isWest = rest.first == UInt8(ascii: "-")
        guard take("+") || take("-"), let hours = number(digits: 2), hours < 24, take(":"),
            let minutes = number(digits: 2), minutes < 60
        else { return nil }
        return (hours * 3_600 + minutes * 60) * (isWest ? -1 : 1)
    }

    private mutating func number(digits: Int) -> Int? {
        let text = rest.prefix(digits)
        guard text.count == digits, text.allSatisfy(DecimalText.isDigit) else { return nil }
        rest = rest.dropFirst(digits)
        return text.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }
}
