import Synchronization

/// The targets of one load balancer, and which of them is next.
///
/// The healthy one with the fewest requests outstanding; among equals they take turns. So a slow target gets less, and
/// equal ones get the same.
package final class TargetGroup: Sendable {
    let targetARN: String
    let targets: [LinkTarget]
    let check: TargetCheck
    /// Only who is watched may lose his health by requests: nobody else would give it back.
    private let watchers = Atomic<Int>(0)
    private let turn = Atomic<Int>(0)

    /// Addresses that are none are left out.
    init(_ targetARN: String, _ configuration: LinkTargets) {
        self.targetARN = targetARN
        check = configuration.check
        targets = configuration.addresses.prefix(Limits.targetsPerGroupMax).compactMap { address in
            EndpointOrigin(authority: address).map { LinkTarget($0, configuration.check) }
        }
    }

    /// The one that is to be called; nil when none is healthy that was not tried yet.
    func next(besides tried: [LinkTarget]) -> LinkTarget? {
        guard !targets.isEmpty else { return nil }
        let first = Int(UInt(bitPattern: turn.wrappingAdd(1, ordering: .relaxed).oldValue) % UInt(targets.count))
        var best: LinkTarget?
        var fewest = Int.max
        for offset in targets.indices {
            let target = targets[(first + offset) % targets.count]
            let outstanding = target.outstanding
            guard outstanding < fewest, target.isHealthy, !tried.contains(where: { $0 === target }) else { continue }
            (best, fewest) = (target, outstanding)
        }
        return best
    }

    func startWatching() { watchers.wrappingAdd(1, ordering: .relaxed) }
    func stopWatching() { watchers.wrappingSubtract(1, ordering: .relaxed) }
    var isWatched: Bool { watchers.load(ordering: .relaxed) > 0 }
}
