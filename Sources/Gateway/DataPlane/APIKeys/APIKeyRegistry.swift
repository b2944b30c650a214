import Synchronization

/// Decides about requests to routes that ask for an API key.
///
/// The table is swapped whole; what keys have spent stays. A request takes one short lock to find its key and one of
/// its own key to count; routes without a key never come here.
package final class APIKeyRegistry: Sendable {
    private struct SpendingKey: Hashable {
        var plan: String
        var key: String
    }

    /// A key and where it lets requests pass. A class, so that an exchange carries one pointer.
    final class KnownKey: Sendable {
        let id: String
        let value: String
        fileprivate let isEnabled: Bool
        fileprivate let grants: [SnapshotRegistry.Key: Grant]

        fileprivate init(_ key: APIKeyTable.Key, grants: [SnapshotRegistry.Key: Grant]) {
            id = key.id
            value = key.value
            isEnabled = key.isEnabled
            self.grants = grants
        }
    }

    fileprivate struct Grant: Sendable {
        var plan: APIKeyTable.Plan
        var methods: [String: APIKeyTable.Throttle]
        var spending: KeySpending
    }

    private struct State {
        var byValue: [String: KnownKey] = [:]
        var spending: [SpendingKey: KeySpending] = [:]
        var onUse: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    package init() {}

    /// What one key has spent of one plan.
    package struct Usage: Sendable, Hashable {
        package var planID: String
        package var keyID: String
        package var ledger: UsageLedger

        package init(planID: String, keyID: String, ledger: UsageLedger) {
            self.planID = planID
            self.keyID = keyID
            self.ledger = ledger
        }
    }

    /// From now on these keys are known. What is spent is kept for every plan and key that are still there.
    ///
    /// - Parameter usage: Where counting begins for a key that has not been counted yet.
    package func publish(_ table: APIKeyTable, usage: [Usage] = []) {
        let stored = Dictionary(usage.map { (SpendingKey(plan: $0.planID, key: $0.keyID), $0.ledger) }) { $1 }
        state.withLock { state in
            var spending: [SpendingKey: KeySpending] = [:]
            var grants: [String: [SnapshotRegistry.Key: Grant]] = [:]
            for plan in table.plans {
                for key in plan.keys {
                    let place = SpendingKey(plan: plan.id, key: key)
                    let counter = state.spending[place] ?? KeySpending(stored[place] ?? UsageLedger())
                    spending[place] = counter
                    for stage in plan.stages {
                        grants[key, default: [:]][
                            SnapshotRegistry.Key(apiID: stage.apiID, stageName: stage.stageName)] =
                            Grant(plan: plan, methods: stage.methods, spending: counter)
                    }
                }
            }
            state.spending = spending
            state.byValue = Dictionary(
                table.keys.map { ($0.value, KnownKey($0, grants: grants[$0.id] ?? [:])) }
            ) { $1 }
        }
    }

    /// - Parameter route: As ``APIKeyTable/route(path:httpMethod:)`` spells it.
    /// - Throws: The answer: no such key, or it is disabled, or in no plan of the stage, or spent, or too fast.
    func admit(
        _ value: String?, apiID: String, stageName: String, route: String, at milliseconds: Int64
    ) throws(GatewayError) -> KnownKey {
        guard let value else { throw .invalidAPIKey }
        let (found, onUse) = state.withLock { ($0.byValue[value], $0.onUse) }
        guard let found, found.isEnabled,
            let grant = found.grants[SnapshotRegistry.Key(apiID: apiID, stageName: stageName)]
        else {
            throw .invalidAPIKey
        }
        let own = grant.methods[route].map { ("\(apiID)/\(stageName)/\(route)", $0) }
        let (refusal, becameDirty) = grant.spending.take(plan: grant.plan, route: own, at: milliseconds)
        switch refusal {
        case .throttled: throw .tooManyRequests
        case .quota: throw .limitExceeded
        case nil:
            if becameDirty { onUse?() }
            return found
        }
    }

    // MARK: What is spent

    /// Called on an event loop when there is something new for ``takeChanges()``; must not block.
    package func onUse(_ body: (@Sendable () -> Void)?) { state.withLock { $0.onUse = body } }

    /// True if ``takeChanges()`` has something to give.
    package var hasChanges: Bool { state.withLock { $0.spending }.values.contains { $0.isChanged } }

    /// What was counted since the last call.
    package func takeChanges() -> [Usage] {
        let all = state.withLock { $0.spending }
        return all.compactMap { place, spending in
            spending.takeChanged().map { Usage(planID: place.plan, keyID: place.key, ledger: $0) }
        }
    }

    /// What ``takeChanges()`` gave could not be kept: it is given again.
    package func returnChanges(_ changes: [Usage]) {
        let all = state.withLock { $0.spending }
        for change in changes { all[SpendingKey(plan: change.planID, key: change.keyID)]?.markChanged() }
    }

    /// Empty for a key that is not in the plan.
    package func ledger(planID: String, keyID: String) -> UsageLedger {
        state.withLock { $0.spending[SpendingKey(plan: planID, key: keyID)] }?.ledger ?? UsageLedger()
    }

    /// Sets what is left of the current period.
    package func setRemaining(
        _ remaining: Int, planID: String, keyID: String, on day: Int, _ quota: APIKeyTable.Quota
    ) {
        let spending = state.withLock { $0.spending[SpendingKey(plan: planID, key: keyID)] }
        spending?.setRemaining(remaining, on: day, quota)
    }
}

/// What a method asks of a request's key.
struct APIKeyCheck: Sendable {
    let registry: APIKeyRegistry
    /// As ``APIKeyTable/route(path:httpMethod:)`` spells it.
    let route: String
    /// True: the authorizer says which; else `x-api-key`.
    var isFromAuthorizer = false
}
