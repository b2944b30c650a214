import Diagnostics

/// A moment in UTC, taken apart without a calendar library.
package struct GatewayDate {
    var year: Int
    /// 1...12
    var month: Int
    /// 1...31
    var day: Int
    /// 0 is Sunday.
    var weekday: Int
    var hour: Int
    var minute: Int
    var second: Int

    /// - Parameter seconds: Since 1970, UTC.
    package init(secondsSince1970 seconds: Int64) {
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let rest = Int(seconds - days * 86_400)
        (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
        weekday = Int(((days + 4) % 7 + 7) % 7)
        let date = CivilDate(daysSince1970: Int(days))
        (year, month, day) = (date.year, date.month, date.day)
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    private var clock: String { "\(two(hour)):\(two(minute)):\(two(second))" }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`: the Date header.
    var httpText: String {
        "\(Self.weekdays[weekday]), \(two(day)) \(Self.months[month - 1]) \(year) \(clock) GMT"
    }
    /// `2026-01-02T03:04:05.`: RFC 3339 as far as whole seconds go.
    var internetText: String { "\(year)-\(two(month))-\(two(day))T\(clock)." }
    /// `dd/MMM/yyyy:HH:mm:ss +0000`: `$context.requestTime`.
    var requestTimeText: String { "\(two(day))/\(Self.months[month - 1])/\(year):\(clock) +0000" }
    /// `EEE MMM dd HH:mm:ss zzz yyyy`: the lines of a test invocation's log.
    package var logText: String {
        "\(Self.weekdays[weekday]) \(Self.months[month - 1]) \(two(day)) \(clock) UTC \(year)"
    }
}
