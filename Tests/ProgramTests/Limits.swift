/// The bounds of these tests: generous, since they are met only by what hangs.
enum Limits {
    /// LIMIT: for one command to end.
    static let commandSecondsMax = 120
    /// LIMIT: for something to become true.
    static let waitSecondsMax = 60
    /// LIMIT: for a server to end after a signal; the specification says a few seconds.
    static let shutdownSecondsMax = 15
    /// LIMIT: for one request.
    static let requestSecondsMax = 40
}
