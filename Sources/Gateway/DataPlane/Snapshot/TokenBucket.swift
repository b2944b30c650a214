import JSON
import Synchronization

/// The throttle of one method: so many requests a second, and a burst on top. It lives as long as its snapshot.
///
/// SOURCE: `throttlingRateLimit` and `throttlingBurstLimit` of a stage's method settings.
final class TokenBucket: Sendable {
    private struct State {
        var tokens: Double
        var milliseconds: Int64
    }

    private let tokensPerMillisecond: Double
    private let burst: Double
    private let state: Mutex<State>

    /// - Parameters:
    ///   - rate: Requests a second.
    ///   - burst: Requests at once.
    init(rate: Double, burst: Double) {
        tokensPerMillisecond = rate / 1000
        self.burst = burst
        state = Mutex(State(tokens: burst, milliseconds: .min))
    }

    /// The limits of a settings entry; nil where it sets none (absent or negative).
    convenience init?(_ settings: JSONValue?) {
        guard let rate = settings?["throttlingRateLimit"]?.number?.double, rate >= 0 else { return nil }
        let burst = settings?["throttlingBurstLimit"]?.number?.double ?? rate
        self.init(rate: rate, burst: burst >= 0 ? burst : rate)
    }

    /// Takes one token; false when there is none. A clock that goes back gives no tokens and takes none.
    func take(at milliseconds: Int64) -> Bool {
        state.withLock { state in
            if milliseconds > state.milliseconds {
                let passed = state.milliseconds == .min ? 0 : Double(milliseconds - state.milliseconds)
                state.tokens = min(burst, state.tokens + passed * tokensPerMillisecond)
                state.milliseconds = milliseconds
            }
            guard state.tokens >= 1 else { return false }
            state.tokens -= 1
            return true
        }
    }
}
