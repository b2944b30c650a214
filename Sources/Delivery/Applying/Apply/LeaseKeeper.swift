import Synchronization

/// Keeps a lease while an apply runs, and knows for how long it is safe to call.
final class LeaseKeeper: Sendable {
    let grant: LeaseGrant
    private let leases: any Lease
    private let ticker: Ticker
    private let ttl: Duration
    private let state: Mutex<State>

    private struct State {
        /// Counted from before the request that granted it, so that it never is later than the lease's own time.
        var validUntil: Duration
        var loss: LeaseFailure?
    }

    private init(grant: LeaseGrant, leases: any Lease, ticker: Ticker, ttl: Duration, asked: Duration) {
        self.grant = grant
        self.leases = leases
        self.ticker = ticker
        self.ttl = ttl
        state = Mutex(State(validUntil: asked + ttl))
    }

    static func acquire(
        _ leases: any Lease, environment: String, holder: String, ticker: Ticker, ttl: Duration
    ) async throws(LeaseFailure) -> LeaseKeeper {
        let asked = ticker.now
        let grant = try await leases.acquire(environment: environment, holder: holder, ttl: ttl)
        return LeaseKeeper(grant: grant, leases: leases, ticker: ticker, ttl: ttl, asked: asked)
    }

    /// Renews until cancelled or lost. A renewal that cannot be made now is tried again at the next turn.
    func keep() async {
        while await ticker.sleep(for: ttl / 4) {
            do throws(LeaseFailure) { try await renew() } catch { if error.code == .lost { return } }
        }
    }

    /// Returns if the lease outlives a call that starts now; renews it first where needed, and again where the process
    /// was stopped for long before it heard of that.
    ///
    /// - Throws: `lease.lost`, `lease.unavailable`.
    func ensure(for callTime: Duration) async throws(LeaseFailure) {
        var renewed: Duration?
        while true {
            let (validUntil, loss) = state.withLock { ($0.validUntil, $0.loss) }
            if let loss { throw loss }
            let now = ticker.now
            if validUntil >= now + callTime { return }
            // A lease that is no longer than a call counts from its renewal.
            if let renewed, now - renewed <= ttl / 8 { return }
            renewed = try await renew()
        }
    }

    /// - Returns: When it was asked for.
    @discardableResult
    private func renew() async throws(LeaseFailure) -> Duration {
        let asked = ticker.now
        do throws(LeaseFailure) {
            try await leases.renew(grant, ttl: ttl)
            state.withLock { $0.validUntil = max($0.validUntil, asked + ttl) }
            return asked
        } catch {
            if error.code == .lost { state.withLock { $0.loss = error } }
            throw error
        }
    }
}
