import Synchronization

/// What one key spends of one usage plan: its quota and its throttles. It outlives changes of the plan.
final class KeySpending: Sendable {
    fileprivate struct State {
        var ledger: UsageLedger
        var throttle: APIKeyTable.Throttle?
        var planBucket: TokenBucket?
        /// By stage and route; made when first used.
        var methodBuckets: [String: (limits: APIKeyTable.Throttle, bucket: TokenBucket)] = [:]
        /// Something was counted that nobody has taken yet.
        var isDirty = false
    }

    private let state: Mutex<State>

    init(_ ledger: UsageLedger) { state = Mutex(State(ledger: ledger)) }

    enum Refusal { case throttled, quota }

    /// - Parameters:
    ///   - route: Names the method within the stage, and the limits that hold for it in place of the plan's.
    /// - Returns: Nil when the request may pass; it is counted then.
    func take(
        plan: APIKeyTable.Plan, route: (name: String, limits: APIKeyTable.Throttle)?, at milliseconds: Int64
    ) -> (refusal: Refusal?, becameDirty: Bool) {
        state.withLock { state in
            let bucket = route.map { state.bucket(of: $0.name, $0.limits) } ?? state.bucket(plan.throttle)
            guard bucket?.take(at: milliseconds) ?? true else { return (.throttled, false) }
            guard state.ledger.take(on: Self.day(milliseconds), plan.quota) else { return (.quota, false) }
            defer { state.isDirty = true }
            return (nil, !state.isDirty)
        }
    }

    static func day(_ milliseconds: Int64) -> Int {
        Int((milliseconds >= 0 ? milliseconds : milliseconds - 86_399_999) / 86_400_000)
    }

    var ledger: UsageLedger { state.withLock { $0.ledger } }

    func setRemaining(_ remaining: Int, on day: Int, _ quota: APIKeyTable.Quota) {
        state.withLock { state in
            state.ledger.setRemaining(remaining, on: day, quota)
            state.isDirty = true
        }
    }

    /// The ledger if it changed since the last call.
    func takeChanged() -> UsageLedger? {
        state.withLock { state in
            guard state.isDirty else { return nil }
            state.isDirty = false
            return state.ledger
        }
    }

    var isChanged: Bool { state.withLock { $0.isDirty } }

    func markChanged() { state.withLock { $0.isDirty = true } }
}

extension KeySpending.State {
    /// The plan's own bucket; a new one when its limits have changed.
    fileprivate mutating func bucket(_ limits: APIKeyTable.Throttle?) -> TokenBucket? {
        if limits != throttle {
            throttle = limits
            planBucket = limits.flatMap { TokenBucket($0) }
        }
        return planBucket
    }

    fileprivate mutating func bucket(of name: String, _ limits: APIKeyTable.Throttle) -> TokenBucket? {
        if let known = methodBuckets[name], known.limits == limits { return known.bucket }
        guard let bucket = TokenBucket(limits) else { return nil }
        methodBuckets[name] = (limits, bucket)
        return bucket
    }
}

extension TokenBucket {
    /// Nil where nothing limits the rate.
    convenience init?(_ limits: APIKeyTable.Throttle) {
        guard let rate = limits.rate, rate >= 0 else { return nil }
        let burst = limits.burst ?? rate
        self.init(rate: rate, burst: burst >= 0 ? burst : rate)
    }
}
