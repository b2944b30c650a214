import Synchronization

/// Which snapshot each stage serves. Publishing swaps it whole: requests in flight finish on the one they began with.
///
/// Event loops keep a copy of the table and look at ``version`` alone, so that a request takes no lock.
package final class SnapshotRegistry: Sendable {
    struct Key: Hashable {
        var apiID: String
        var stageName: String
    }

    private let table = Mutex<[Key: StageSnapshot]>([:])
    private let version = Atomic<Int>(0)

    /// The API keys that all stages ask.
    package let keys = APIKeyRegistry()

    package init() {}

    /// From now on the stage serves `snapshot`.
    package func publish(_ snapshot: StageSnapshot) {
        table.withLock { table in
            table[Key(apiID: snapshot.apiID, stageName: snapshot.stageName)] = snapshot
            version.wrappingAdd(1, ordering: .releasing)
        }
    }

    /// From now on the stage is unknown: 403 Forbidden.
    package func remove(apiID: String, stageName: String) {
        table.withLock { table in
            table[Key(apiID: apiID, stageName: stageName)] = nil
            version.wrappingAdd(1, ordering: .releasing)
        }
    }

    /// Takes all stages of an API out.
    package func remove(apiID: String) {
        table.withLock { table in
            table = table.filter { $0.key.apiID != apiID }
            version.wrappingAdd(1, ordering: .releasing)
        }
    }

    /// What the stage serves now; for tests and status, not for requests.
    package func snapshot(apiID: String, stageName: String) -> StageSnapshot? {
        table.withLock { $0[Key(apiID: apiID, stageName: stageName)] }
    }

    /// A copy of the table that one event loop keeps.
    struct View {
        private let registry: SnapshotRegistry
        private var version = -1
        private var table: [Key: StageSnapshot] = [:]

        init(_ registry: SnapshotRegistry) { self.registry = registry }

        /// One atomic load when nothing was published since the last request.
        mutating func snapshot(apiID: String, stageName: String) -> StageSnapshot? {
            let current = registry.version.load(ordering: .acquiring)
            if current != version {
                (table, version) = registry.table.withLock { ($0, registry.version.load(ordering: .acquiring)) }
            }
            return table[Key(apiID: apiID, stageName: stageName)]
        }
    }
}
