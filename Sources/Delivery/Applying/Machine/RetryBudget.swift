/// How often and how long one step may be tried.
package struct RetryBudget: Sendable {
    let attemptsMax: Int
    let timeMax: Duration
    let pauseFirst: Duration
    let pauseMax: Duration
    /// Before the look after a lost reply.
    let settleTime: Duration

    /// - Parameter settleTime: Of the provider (``ResourceProvider/settleTime``).
    package init(_ settings: ApplierSettings, settleTime: Duration = .zero) {
        self.settleTime = settleTime
        attemptsMax = settings.attemptsMax
        timeMax = settings.retryTimeMax
        pauseFirst = settings.pauseFirst
        pauseMax = settings.pauseMax
    }

    /// The pause before the next attempt; nil when the budget is used up.
    ///
    /// - Parameters:
    ///   - asked: What the target asks for; more than the limit is cut down to it.
    ///   - spent: Since the first attempt.
    func pause(after attempts: Int, spent: Duration, asked: Duration) -> Duration? {
        guard attempts < attemptsMax else { return nil }
        var pause = pauseFirst
        for _ in 1..<max(attempts, 1) where pause < pauseMax { pause *= 2 }
        pause = max(min(pause, pauseMax), min(asked, Limits.pauseAskedMax))
        return spent + pause <= timeMax ? pause : nil
    }
}

/// Attempts of one call, a reading or an undo included.
struct Attempts: Sendable {
    var count = 0
    var first: Duration = .zero

    mutating func begin(at now: Duration) {
        if count == 0 { first = now }
        count += 1
    }
}
