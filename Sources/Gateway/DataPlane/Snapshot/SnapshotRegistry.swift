import Synchronization

/// Which snapshot each stage serves. Publishing swaps it whole: requests in flight finish on the one they began with.
///
/// Event loops keep a copy of the table and look at ``version`` alone, so that a request takes no lock.
package final class SnapshotRegistry: Sendable {
    struct Key: Hashable {
        var apiID: String
        var stageName: String
    }

    private struct State {
        var stages: [Key: StageSnapshot] = [:]
        var domains = DomainTable()
    }

    private let table = Mutex(State())
    private let version = Atomic<Int>(0)

    /// The API keys that all stages ask.
    package let keys = APIKeyRegistry()
    /// Who may sign requests to routes of all stages.
    package let callers = CallerRegistry()
    /// Who runs functions for integrations and authorizers of all stages.
    package let functions = FunctionRegistry()

    /// The private links that integrations of all stages may name.
    package let links: LinkRegistry

    /// Where integrations of all stages find services, and with whose credentials.
    package let services: ServiceBackends

    /// - Parameters:
    ///   - linkTargets: What stands behind the load balancers that private links name, by their ARNs.
    ///   - endpoints: Where services are that are not called at AWS.
    package init(linkTargets: [String: LinkTargets] = [:], endpoints: EndpointMap = EndpointMap()) {
        links = LinkRegistry(linkTargets)
        services = ServiceBackends(endpoints)
    }

    /// From now on the stage serves `snapshot`.
    package func publish(_ snapshot: StageSnapshot) {
        table.withLock { table in
            table.stages[Key(apiID: snapshot.apiID, stageName: snapshot.stageName)] = snapshot
            version.wrappingAdd(1, ordering: .releasing)
        }
    }

    /// From now on the stage is unknown: 403 Forbidden.
    package func remove(apiID: String, stageName: String) {
        table.withLock { table in
            table.stages[Key(apiID: apiID, stageName: stageName)] = nil
            version.wrappingAdd(1, ordering: .releasing)
        }
    }

    /// Takes all stages of an API out.
    package func remove(apiID: String) {
        table.withLock { table in
            table.stages = table.stages.filter { $0.key.apiID != apiID }
            version.wrappingAdd(1, ordering: .releasing)
        }
    }

    /// What the stage serves now; for tests and status, not for requests.
    package func snapshot(apiID: String, stageName: String) -> StageSnapshot? {
        table.withLock { $0.stages[Key(apiID: apiID, stageName: stageName)] }
    }

    /// From now on these hosts are served, and no others of the account's own.
    package func publish(_ domains: DomainTable) {
        table.withLock { table in
            table.domains = domains
            version.wrappingAdd(1, ordering: .releasing)
        }
    }

    /// A copy of the table that one event loop keeps.
    struct View {
        private let registry: SnapshotRegistry
        private var version = -1
        private var table = State()
        /// As of the last ``refresh()``.
        private(set) var hasDomains = false

        init(_ registry: SnapshotRegistry) { self.registry = registry }

        /// One atomic load when nothing was published since the last request.
        mutating func refresh() {
            let current = registry.version.load(ordering: .acquiring)
            guard current != version else { return }
            (table, version) = registry.table.withLock { ($0, registry.version.load(ordering: .acquiring)) }
            hasDomains = !table.domains.isEmpty
        }

        /// As of the last ``refresh()``.
        func snapshot(_ address: StageAddress) -> StageSnapshot? {
            table.stages[Key(apiID: address.apiID, stageName: address.stageName)]
        }

        /// As of the last ``refresh()``.
        var domains: DomainTable { table.domains }
    }
}
