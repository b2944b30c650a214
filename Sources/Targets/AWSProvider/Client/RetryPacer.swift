import Resources
import Synchronization

/// When calls to one target are tried again: back-off with jitter, within what the target has earned.
///
/// All calls to a target share one: each try again costs, each success earns, so that a target that fails all the time is
/// not asked five times as often.
/// - Note: Source: AWS SDKs and Tools Reference Guide, "Retry behavior", standard mode: full jitter, a bucket of 500 tokens,
///   a try again costs 5, a lost reply 10, a success earns 1.
package final class RetryPacer: Sendable {
    private let tokens = Mutex(RetryPacer.tokensMax)
    private let jitter: @Sendable () -> Double
    private let sleep: @Sendable (Duration) async throws -> Void

    private static let tokensMax = 500

    /// - Parameters:
    ///   - jitter: A number from 0 to 1, another one each time.
    ///   - sleep: Waits; it throws where the task is cancelled.
    package init(
        jitter: @escaping @Sendable () -> Double = { Double.random(in: 0...1) },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.jitter = jitter
        self.sleep = sleep
    }

    /// Makes a call that harms nothing when made twice until it succeeds, fails for good, or the budget is used up.
    func repeating<Value: Sendable>(
        _ what: String, _ work: () async throws(ProviderFailure) -> Value
    ) async throws(ProviderFailure) -> Value {
        var waited = Duration.zero
        var number = 0
        while true {
            let failure: ProviderFailure
            do {
                let value = try await work()
                tokens.withLock { $0 = min($0 + 1, Self.tokensMax) }
                return value
            } catch {
                failure = error
            }
            number += 1
            guard number < Limits.triesMax, let pause = pause(after: failure, number),
                waited + pause <= Limits.retryTimeMax
            else { throw failure }
            do {
                try await sleep(pause)
            } catch {
                throw ProviderFailure(.unreachable, "the call of `\(what)` was cancelled", effect: .none)
            }
            waited += pause
        }
    }

    /// - Returns: Nil where trying again is of no use or not affordable.
    private func pause(after failure: ProviderFailure, _ number: Int) -> Duration? {
        let cost: Int
        let base: Duration
        switch (failure.code, failure.effect) {
        case (.throttled, _): (cost, base) = (5, .milliseconds(500))
        case (.conflict, _): (cost, base) = (5, .milliseconds(100))
        case (.replyLost, _): (cost, base) = (10, .milliseconds(100))
        case (.unreachable, .deferred): (cost, base) = (10, .milliseconds(100))
        default: return nil
        }
        let isAffordable = tokens.withLock { tokens in
            guard tokens >= cost else { return false }
            tokens -= cost
            return true
        }
        guard isAffordable else { return nil }
        var asked = Duration.zero
        if case .deferred(let wait) = failure.effect { asked = wait }
        let longest = min(base * (1 << min(number - 1, 10)), Limits.retryPauseMax)
        // A target that says when to come back is believed, within reason; the jitter comes on top.
        return min(asked, Limits.retryPauseMax) + longest * jitter()
    }
}
