import Diagnostics

/// A moment, to the second, as signatures write it: `20150830T123600Z`.
package struct SigningDate: Sendable, Hashable {
    /// Seconds since 1970-01-01T00:00:00Z; between the years 0 and 9999.
    package let secondsSince1970: Int

    /// The years 0 to 9999, all that the text form can write.
    private static let secondsRange = -62_167_219_200...253_402_300_799

    /// A moment outside the years 0 to 9999 becomes the nearest one inside.
    package init(secondsSince1970: Int) {
        self.secondsSince1970 = min(
            max(secondsSince1970, Self.secondsRange.lowerBound), Self.secondsRange.upperBound)
    }

    /// `20150830T123600Z`; nil for any other text, days that no calendar has included.
    package init?(text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z"),
            let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[4..<6]),
            let day = Self.number(bytes[6..<8]), let hour = Self.number(bytes[9..<11]),
            let minute = Self.number(bytes[11..<13]), let second = Self.number(bytes[13..<15])
        else { return nil }
        self.init(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    }

    /// The form of the `Date` header: `Sun, 30 Aug 2015 12:36:00 GMT` (RFC 9110, section 5.6.7); nil for any other.
    package init?(httpDate: String) {
        let bytes = Array(httpDate.utf8)
        guard bytes.count == 29, bytes[3] == UInt8(ascii: ","), bytes[25...].elementsEqual(" GMT".utf8),
            bytes[19] == UInt8(ascii: ":"), bytes[22] == UInt8(ascii: ":"),
            [4, 7, 11, 16].allSatisfy({ bytes[$0] == UInt8(ascii: " ") }),
            let day = Self.number(bytes[5..<7]),
            let month = Self.months.firstIndex(where: { bytes[8..<11].elementsEqual($0.utf8) }),
            let year = Self.number(bytes[12..<16]), let hour = Self.number(bytes[17..<19]),
            let minute = Self.number(bytes[20..<22]), let second = Self.number(bytes[23..<25])
        else { return nil }
        self.init(year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60 else { return nil }
        let date = CivilDate(year: year, month: month, day: day)
        let days = date.daysSince1970
        guard CivilDate(daysSince1970: days) == date else { return nil }
        self.init(secondsSince1970: days * 86_400 + hour * 3_600 + minute * 60 + second)
    }

    /// `20150830T123600Z`
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// `20150830`, the first part of a credential scope.
    package var day: String { String(decoding: bytes[0..<8], as: UTF8.self) }

    /// This moment and some seconds more, or fewer when they are negative.
    package func advanced(bySeconds seconds: Int) -> SigningDate {
        let (sum, overflow) = secondsSince1970.addingReportingOverflow(seconds)
        return SigningDate(secondsSince1970: overflow ? (seconds < 0 ? .min : .max) : sum)
    }

    private var bytes: [UInt8] {
        let days = (secondsSince1970 >= 0 ? secondsSince1970 : secondsSince1970 - 86_399) / 86_400
        let date = CivilDate(daysSince1970: days)
        let rest = secondsSince1970 - days * 86_400
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        Self.append(date.year, digits: 4, to: &bytes)
        Self.append(date.month, digits: 2, to: &bytes)
        Self.append(date.day, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        Self.append(rest / 3_600, digits: 2, to: &bytes)
        Self.append(rest / 60 % 60, digits: 2, to: &bytes)
        Self.append(rest % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
        return bytes
    }

    private static func append(_ number: Int, digits: Int, to bytes: inout [UInt8]) {
        var divisor = digits == 4 ? 1_000 : 10
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return value
    }
}

extension SigningDate: Comparable, CustomStringConvertible {
    package static func < (left: Self, right: Self) -> Bool { left.secondsSince1970 < right.secondsSince1970 }
    package var description: String { text }
}
