import Diagnostics
import Testing

@testable import Manifests

@Suite("Schedules")
struct CronScheduleTests {
    /// Minutes since 1970-01-01T00:00Z, a Thursday, of the ticks after a moment.
    private func ticks(_ text: String, _ count: Int) throws -> [Int64] {
        let schedule = try CronSchedule(parsing: text)
        var found: [Int64] = []
        var last: Int64 = -1
        for _ in 0..<count {
            guard let next = schedule.next(after: last) else { break }
            found.append(next / 60_000)
            last = next
        }
        return found
    }

    struct Case: Sendable {
        let text: String
        /// In minutes since 1970-01-01T00:00Z.
        let ticks: [Int64]
        init(_ text: String, _ ticks: [Int64]) { (self.text, self.ticks) = (text, ticks) }
    }

    @Test(
        "the next ticks are those that the fields name",
        arguments: [
            Case("*/15 * * * *", [0, 15, 30]), Case("5 * * * *", [5, 65, 125]), Case("0 3 * * *", [180, 1620, 3060]),
            Case("50-59/5 1,2 * * *", [110, 115, 170]), Case("0 0 1 1 *", [0, 525_600, 1_051_200]),
            // The first Monday is 5 January, the first Sunday the day before.
            Case("0 12 * * 1", [6480, 16560, 26640]), Case("0 12 * * mon", [6480, 16560, 26640]),
            Case("0 0 * * 7", [4320, 14400, 24480]), Case("0 0 * * SUN", [4320, 14400, 24480]),
            // Either is enough where both are named, and both are needed where one begins with a star.
            Case("0 0 2 * mon", [1440, 5760, 15840]), Case("0 0 1-31/31 * *", [0, 44640, 84960]),
            Case("0 0 1 feb,MAR *", [44640, 84960, 570_240]), Case("10/20 0 1 1 *", [10, 30, 50]),
        ])
    func next(_ test: Case) throws {
        #expect(try ticks(test.text, test.ticks.count) == test.ticks)
    }

    @Test("29 February comes in leap years only, also over a century without one")
    func leapDay() throws {
        let leap = try CronSchedule(parsing: "0 0 29 2 *")
        // 2096-02-29, after which 2104 is the next.
        let (last, next) = (CivilDate(year: 2096, month: 2, day: 29), CivilDate(year: 2104, month: 2, day: 29))
        #expect(leap.next(after: Int64(last.daysSince1970) * 86_400_000) == Int64(next.daysSince1970) * 86_400_000)
    }

    @Test("a tick is after the moment, never at it, and moments before 1970 and beyond any clock are no trap")
    func edges() throws {
        let schedule = CronSchedule.everyQuarterHour
        #expect(schedule.next(after: 0) == 900_000)
        #expect(schedule.next(after: 899_999) == 900_000)
        #expect(schedule.next(after: -1) == 0)
        #expect(schedule.next(after: -900_000) == 0)
        #expect(schedule.next(after: -900_001) == -900_000)
        #expect(schedule.next(after: .max) == nil)
        #expect(schedule.next(after: .min) == nil)
        #expect(try CronSchedule(parsing: "*/15 * * * *").next(after: 0) == schedule.next(after: 0))
    }

    @Test(
        "what is no schedule says why",
        arguments: [
            ("", "it has 0 fields and not 5"), ("* * * *", "it has 4 fields and not 5"),
            ("* * * * * *", "it has 6 fields and not 5"), ("@hourly", "it has 1 field and not 5"),
            ("60 * * * *", "in the minute, `60` is no number from 0 to 59"),
            ("* 24 * * *", "in the hour, `24` is no number from 0 to 23"),
            ("* * 0 * *", "in the day of the month, `0` is no number from 1 to 31"),
            ("* * * 13 *", "in the month, `13` is no number from 1 to 12, nor one of `jan` to `dec`"),
            ("* * * * 8", "in the weekday, `8` is no number from 0 to 7, nor one of `sun` to `sat`"),
            ("* * * janu *", "in the month, `janu` is no number from 1 to 12, nor one of `jan` to `dec`"),
            ("5-1 * * * *", "in the minute, `5-1` is a range that ends before it begins"),
            ("*/0 * * * *", "in the minute, the step `0` is no number from 1 to 59"),
            ("*/60 * * * *", "in the minute, the step `60` is no number from 1 to 59"),
            ("*/ * * * *", "in the minute, the step `` is no number from 1 to 59"),
            ("1, * * * *", "in the minute, `` is no number from 0 to 59"),
            ("-1 * * * *", "in the minute, `` is no number from 0 to 59"),
            ("99999999999999999999 * * * *", "in the minute, `99999999999999999999` is no number from 0 to 59"),
            ("0 0 31 2 *", "none of its months has such a day"),
            ("0 0 30,31 feb *", "none of its months has such a day"),
            ("0 0 31 4,6,9,11 *", "none of its months has such a day"),
        ])
    func faults(_ text: String, _ reason: String) {
        #expect { try CronSchedule(parsing: text) } throws: { ($0 as? CronSchedule.Fault)?.reason == reason }
    }

    @Test("a day that there is not is no fault beside a weekday, which comes")
    func eitherDay() throws {
        // 2 February 1970 is a Monday.
        #expect(try ticks("0 0 31 2 mon", 1) == [46080])
    }
}
