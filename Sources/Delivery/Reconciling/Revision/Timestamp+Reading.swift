import Diagnostics

extension Timestamp {
    /// Reads a moment as people write it: `2026-11-22T18:00Z`, with seconds and a fraction if wanted, and with an offset
    /// such as `+01:00` in place of `Z`. Nil for anything else, a day without its time among it, and before 1970.
    ///
    /// - Note: Source: RFC 3339, section 5.6, with optional seconds.
    package init?(text: String) {
        let halves = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, let day = Self.day(halves[0]),
            let (time, offsetMinutes) = Self.splitOffset(halves[1]), let milliseconds = Self.time(time)
        else { return nil }
        let moment = Int64(day) * 86_400_000 + milliseconds - Int64(offsetMinutes) * 60_000
        guard moment >= 0 else { return nil }
        self.init(milliseconds: moment)
    }

    /// Days since 1970.
    private static func day(_ text: Substring) -> Int? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let year = number(parts[0], digits: 4), let month = number(parts[1], digits: 2),
            let day = number(parts[2], digits: 2), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let date = CivilDate(year: year, month: month, day: day)
        // There and back: the 31st of April becomes another day.
        return CivilDate(daysSince1970: date.daysSince1970) == date ? date.daysSince1970 : nil
    }

    private static func splitOffset(_ text: Substring) -> (time: Substring, offsetMinutes: Int)? {
        if text.hasSuffix("Z") { return (text.dropLast(), 0) }
        guard let sign = text.lastIndex(where: { $0 == "+" || $0 == "-" }) else { return nil }
        let parts = text[text.index(after: sign)...].split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let hours = number(parts[0], digits: 2), let minutes = number(parts[1], digits: 2),
            hours < 24, minutes < 60
        else { return nil }
        let offset = hours * 60 + minutes
        return (text[..<sign], text[sign] == "-" ? -offset : offset)
    }

    /// Milliseconds since midnight.
    private static func time(_ text: Substring) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, let hours = number(parts[0], digits: 2),
            let minutes = number(parts[1], digits: 2), hours < 24, minutes < 60
        else { return nil }
        var milliseconds = 0
        if parts.count == 3 {
            let halves = parts[2].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            guard let seconds = number(halves[0], digits: 2), seconds < 60 else { return nil }
            milliseconds = seconds * 1000
            if halves.count == 2 {
                guard (1...9).contains(halves[1].count) else { return nil }
                let padded = halves[1].prefix(3) + String(repeating: "0", count: max(0, 3 - halves[1].count))
                guard number(halves[1], digits: halves[1].count) != nil, let fraction = number(padded, digits: 3) else {
                    return nil
                }
                milliseconds += fraction
            }
        }
        return Int64(hours * 3_600_000 + minutes * 60_000 + milliseconds)
    }

    private static func number(_ text: some StringProtocol, digits: Int) -> Int? {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }
}
