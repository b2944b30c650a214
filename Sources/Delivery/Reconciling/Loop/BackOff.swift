/// Growing pauses between attempts at one thing.
struct BackOff: Sendable, Equatable {
    private(set) var attempts = 0

    /// The pause before the next attempt.
    ///
    /// - Parameters:
    ///   - least: What the failure asks for.
    ///   - random: From 0 to 1.
    mutating func next(_ settings: ReconcilerSettings, atLeast least: Duration, random: Double) -> Duration {
        let doublings = min(attempts, 30)
        attempts += 1
        let whole = min(settings.pauseFirst * (1 << doublings), settings.pauseMax)
        return max(least, whole * (0.5 + 0.5 * random))
    }
}
