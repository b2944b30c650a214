/// `date-time`: RFC 3339, section 5.6.
enum DateTimeFormat {
    static func fits(_ text: [UInt8]) -> Bool {
        guard text.count >= 20, text[4] == 0x2D, text[7] == 0x2D, text[10] | 0x20 == 0x74, text[13] == 0x3A,
            text[16] == 0x3A, let year = number(text[0..<4]), let month = number(text[5..<7]),
            let day = number(text[8..<10]), let hour = number(text[11..<13]), let minute = number(text[14..<16]),
            let second = number(text[17..<19]), (1...12).contains(month), day >= 1, day <= days(month, year),
            hour <= 23, minute <= 59, second <= 60
        else { return false }
        var rest = text[19...]
        if rest.first == 0x2E {
            let digits = rest.dropFirst().prefix { $0.isDigit }
            guard !digits.isEmpty else { return false }
            rest = rest.dropFirst(1 + digits.count)
        }
        guard let offset = minutes(rest) else { return false }
        // A leap second ends a day in universal time.
        let minutes = (hour * 60 + minute - offset + 2880) % 1440
        return second < 60 || minutes == 1439
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        digits.allSatisfy(\.isDigit) ? digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } : nil
    }

    private static func days(_ month: Int, _ year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// `Z`, `+hh:mm` or `-hh:mm`, as minutes.
    private static func minutes(_ text: ArraySlice<UInt8>) -> Int? {
        guard let sign = text.first else { return nil }
        if sign | 0x20 == 0x7A { return text.count == 1 ? 0 : nil }
        let digits = text.dropFirst()
        guard sign == 0x2B || sign == 0x2D, digits.count == 5, digits[digits.startIndex + 2] == 0x3A,
            let hours = number(digits.prefix(2)), let minutes = number(digits.suffix(2)), hours <= 23, minutes <= 59
        else { return nil }
        return (sign == 0x2D ? -1 : 1) * (hours * 60 + minutes)
    }
}
