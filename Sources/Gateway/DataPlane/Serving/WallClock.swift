import FoundationEssentials

/// The system's clock, where none is given.
enum WallClock {
    /// Since 1970, UTC.
    static func milliseconds() -> Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
}
