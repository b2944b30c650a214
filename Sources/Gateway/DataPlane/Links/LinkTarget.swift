import Synchronization

/// One target, as all event loops see it.
final class LinkTarget: Sendable {
    /// Without TLS; a request to an https endpoint lays it over this.
    let origin: EndpointOrigin
    private let check: TargetCheck
    private let health = Mutex(TargetHealth())
    private let isUp = Atomic<Bool>(true)
    private let outstandingCount = Atomic<Int>(0)

    init(_ origin: EndpointOrigin, _ check: TargetCheck) {
        self.origin = origin
        self.check = check
    }

    var isHealthy: Bool { isUp.load(ordering: .relaxed) }

    /// Requests that were sent, or wait for a connection, and have no complete answer yet.
    var outstanding: Int { outstandingCount.load(ordering: .relaxed) }

    func enter() { outstandingCount.wrappingAdd(1, ordering: .relaxed) }
    func leave() { outstandingCount.wrappingSubtract(1, ordering: .relaxed) }

    /// - Returns: True if it is healthy now and was not, or the other way round.
    func checked(passed: Bool) -> Bool { note { $0.checked(passed: passed, by: check) } }

    /// - Returns: As ``checked(passed:)``.
    func served(_ answered: Bool) -> Bool { note { $0.served(answered, by: check) } }

    private func note(_ change: (inout TargetHealth) -> Bool) -> Bool {
        health.withLock { health in
            let hasChanged = change(&health)
            if hasChanged { isUp.store(health.isHealthy, ordering: .relaxed) }
            return hasChanged
        }
    }
}
