/// Limits of this target: each with its unit, and a test that meets it.
enum Limits {
    /// How long a statement waits for another process's lock.
    static let busyMilliseconds: Int32 = 5_000
    /// Tries to open a database that is busy, with a pause between them: five seconds in all.
    static let openTriesMax = 250
    static let openPauseMicroseconds: UInt32 = 20_000
    /// Prepared statements kept by one connection; past it all are prepared anew.
    static let statementsMax = 256
    /// Transactions that one group commit carries at most, so that no caller waits for ever.
    static let groupMax = 512
}
