import Diagnostics
import FoundationEssentials

/// The wall clock: read by the program alone.
enum WallClock {
    static var secondsSince1970: Int { Int(Date().timeIntervalSince1970) }

    static var millisecondsSince1970: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

    /// In UTC.
    static var today: CivilDate { CivilDate(daysSince1970: secondsSince1970 / 86_400) }
}
