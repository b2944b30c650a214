import Diagnostics

/// A cron expression of five fields, in UTC: minute, hour, day of the month, month, weekday.
///
/// SOURCE: crontab(5): numbers, `*`, ranges, lists, steps, and the first three letters of months and weekdays; where days
/// of the month and weekdays are both named, either is enough.
package struct CronSchedule: Sendable, Hashable {
    /// As it was written.
    package let text: String
    /// Bit n is set where the number n is meant.
    private let minutes: UInt64
    private let hours: UInt64
    private let days: UInt64
    private let months: UInt64
    private let weekdays: UInt64
    /// Days of the month and weekdays are both named.
    private let isEitherDay: Bool

    /// Why a text is no schedule, as the end of a sentence.
    struct Fault: Error {
        let reason: String
    }

    init(parsing text: String) throws(Fault) {
        self.text = text
        let fields = text.split(separator: " ")
        guard fields.count == Field.all.count else {
            throw Fault(reason: "it has \(fields.count) field\(fields.count == 1 ? "" : "s") and not 5")
        }
        minutes = try Field.minute.bits(fields[0])
        hours = try Field.hour.bits(fields[1])
        days = try Field.day.bits(fields[2])
        months = try Field.month.bits(fields[3])
        // Sunday is 0, and 7 as well.
        let named = try Field.weekday.bits(fields[4])
        weekdays = (named | named >> 7) & 0x7F
        isEitherDay = !fields[2].hasPrefix("*") && !fields[4].hasPrefix("*")
        guard isEitherDay || hasDay else { throw Fault(reason: "none of its months has such a day") }
    }

    private init(text: String, minutes: UInt64) {
        self.text = text
        self.minutes = minutes
        (hours, days, months, weekdays) = (.max, .max, .max, .max)
        isEitherDay = false
    }

    package static let everyQuarterHour = CronSchedule(
        text: "*/15 * * * *", minutes: 1 << 0 | 1 << 15 | 1 << 30 | 1 << 45)

    /// The first tick after a moment.
    ///
    /// - Parameter milliseconds: Since 1970-01-01T00:00:00Z.
    /// - Returns: In the same unit; nil if none comes in the next 40 years.
    package func next(after milliseconds: Int64) -> Int64? {
        let minute: Int64 = 60_000
        // Far outside of any clock: a date of more digits could not be worked out.
        guard (-(1 << 53)...(1 << 53)).contains(milliseconds) else { return nil }
        var from = Int((milliseconds >= 0 ? milliseconds : milliseconds - minute + 1) / minute) + 1
        var day = (from >= 0 ? from : from - 1439) / 1440
        from -= day * 1440
        for _ in 0..<Self.daysAhead {
            if isOn(CivilDate(daysSince1970: day), day) {
                while from < 1440 {
                    if hours >> UInt64(from / 60) & 1 == 0 {
                        from = (from / 60 + 1) * 60
                    } else if minutes >> UInt64(from % 60) & 1 == 0 {
                        from += 1
                    } else {
                        return Int64(day * 1440 + from) * minute
                    }
                }
            }
            day += 1
            from = 0
        }
        return nil
    }

    /// LIMIT: a weekday on 29 February comes every 40 years at the latest.
    private static let daysAhead = 41 * 366

    private func isOn(_ date: CivilDate, _ day: Int) -> Bool {
        guard months >> UInt64(date.month) & 1 == 1 else { return false }
        // 1970-01-01 was a Thursday.
        let weekday = ((day + 4) % 7 + 7) % 7
        let isDay = days >> UInt64(date.day) & 1 == 1
        let isWeekday = weekdays >> UInt64(weekday) & 1 == 1
        return isEitherDay ? isDay || isWeekday : isDay && isWeekday
    }

    private var hasDay: Bool {
        let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return lengths.enumerated().contains { month, length in
            months >> UInt64(month + 1) & 1 == 1 && (1...length).contains { days >> UInt64($0) & 1 == 1 }
        }
    }
}

/// One of the five.
private struct Field {
    let name: String
    let range: ClosedRange<Int>
    /// Words for the numbers from the range's first on.
    var words: [String] = []

    static let minute = Field(name: "minute", range: 0...59)
    static let hour = Field(name: "hour", range: 0...23)
    static let day = Field(name: "day of the month", range: 1...31)
    static let month = Field(
        name: "month", range: 1...12,
        words: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
    static let weekday = Field(
        name: "weekday", range: 0...7, words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"])
    static let all = [minute, hour, day, month, weekday]

    func bits(_ text: Substring) throws(CronSchedule.Fault) -> UInt64 {
        var bits: UInt64 = 0
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            var step = 1
            if halves.count == 2 {
                guard let given = Self.number(halves[1]), (1...range.upperBound).contains(given) else {
                    throw fault("the step `\(String(halves[1]).shortened)` is no number from 1 to \(range.upperBound)")
                }
                step = given
            }
            let span = try numbers(halves[0], hasStep: halves.count == 2)
            for number in stride(from: span.lowerBound, through: span.upperBound, by: step) {
                bits |= 1 << UInt64(number)
            }
        }
        return bits
    }

    private func numbers(_ text: Substring, hasStep: Bool) throws(CronSchedule.Fault) -> ClosedRange<Int> {
        if text == "*" { return range.lowerBound...(words.count == 7 ? 6 : range.upperBound) }
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let first = try value(ends[0])
        guard ends.count == 2 else { return first...(hasStep ? range.upperBound : first) }
        let last = try value(ends[1])
        guard first <= last else { throw fault("`\(text)` is a range that ends before it begins") }
        return first...last
    }

    private func value(_ text: Substring) throws(CronSchedule.Fault) -> Int {
        if let number = Self.number(text), range.contains(number) { return number }
        if let position = words.firstIndex(of: text.lowercased()) { return range.lowerBound + position }
        let orWord = words.isEmpty ? "" : ", nor one of `\(words[0])` to `\(words[words.count - 1])`"
        throw fault("`\(String(text).shortened)` is no number from \(range.lowerBound) to \(range.upperBound)\(orWord)")
    }

    private func fault(_ what: String) -> CronSchedule.Fault { CronSchedule.Fault(reason: "in the \(name), \(what)") }

    private static func number(_ text: Substring) -> Int? {
        guard (1...2).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}
