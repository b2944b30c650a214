import Diagnostics

/// A moment, in UTC. Only `gatewright` itself reads the wall clock; everything else is given the time.
package struct Timestamp: Sendable, Hashable, Comparable {
    /// Since 1970-01-01T00:00:00Z.
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }
}

extension Timestamp: CustomStringConvertible {
    /// `2026-11-22T15:09:38.120Z`
    package var description: String {
        let day: Int64 = 86_400_000
        let isBefore1970 = milliseconds % day < 0
        let rest = milliseconds % day + (isBefore1970 ? day : 0)
        let date = CivilDate(daysSince1970: Int(milliseconds / day) - (isBefore1970 ? 1 : 0))
        func two(_ number: some BinaryInteger) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let fraction = String(1000 + rest % 1000).dropFirst()
        return "\(date.year)-\(two(date.month))-\(two(date.day))"
            + "T\(two(rest / 3_600_000)):\(two(rest / 60_000 % 60)):\(two(rest / 1000 % 60)).\(fraction)Z"
    }
}
