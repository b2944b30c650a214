import Diagnostics
import Testing

@Suite("days of the calendar")
struct CivilDateTests {
    @Test(
        "known days",
        arguments: [
            (0, 1970, 1, 1), (-1, 1969, 12, 31), (59, 1970, 3, 1), (11_016, 2000, 2, 29), (-719_468, 0, 3, 1),
            (-719_528, 0, 1, 1), (20_779, 2026, 11, 22), (2_932_896, 9999, 12, 31), (-719_529, -1, 12, 31),
        ])
    func known(_ days: Int, _ year: Int, _ month: Int, _ day: Int) {
        let date = CivilDate(year: year, month: month, day: day)
        #expect(CivilDate(daysSince1970: days) == date)
        #expect(date.daysSince1970 == days)
    }

    @Test("each day of 800 years follows the one before, and goes there and back")
    func everyDay() {
        var last = CivilDate(year: 1599, month: 12, day: 31)
        for days in last.daysSince1970 + 1...last.daysSince1970 + 2 * 146_097 {
            let date = CivilDate(daysSince1970: days)
            let isNext = date.year == last.year && date.month == last.month && date.day == last.day + 1
            let isNewMonth = date.day == 1 && last.day >= 28 && (date.month - last.month + 12) % 12 == 1
            guard date.daysSince1970 == days, isNext || isNewMonth else {
                Issue.record("\(date) after \(last)")
                return
            }
            last = date
        }
    }

    @Test("a day that no calendar has comes back as another", arguments: [(2023, 2, 29), (1900, 2, 29), (2024, 4, 31)])
    func noDay(_ year: Int, _ month: Int, _ day: Int) {
        let date = CivilDate(year: year, month: month, day: day)
        #expect(CivilDate(daysSince1970: date.daysSince1970) != date)
    }
}
