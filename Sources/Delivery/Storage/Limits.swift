/// Limits of this target: each with its unit, and a test that meets it.
enum Limits {
    /// How long a statement waits for another process's lock.
    static let busyMilliseconds: Int32 = 5_000
    /// Between two tries to open a database that is busy.
    static let openPauseMicroseconds: UInt32 = 20_000
    /// Prepared statements kept by one connection; past it all are prepared anew.
    static let statementsMax = 256
    /// Transactions that one group commit carries at most, so that no caller waits for ever.
    static let groupMax = 512
}
