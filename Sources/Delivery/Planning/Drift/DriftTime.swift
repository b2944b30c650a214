import Diagnostics

/// A moment of a target, for people: `2026-11-22 15:09 UTC`.
enum DriftTime {
    /// - Parameter seconds: Since 1970.
    static func text(_ seconds: Int) -> String {
        // What no calendar has is shown as it came.
        guard (0..<253_402_300_800).contains(seconds) else { return "\(seconds)" }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = CivilDate(daysSince1970: seconds / 86_400)
        return "\(day.text) \(two(seconds / 3600 % 24)):\(two(seconds / 60 % 60)) UTC"
    }
}
