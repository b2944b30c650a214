package import Reconciling
package import Storage

/// The reconciler's tables, in `state.db` of a data directory or in memory: the journal, the recorded state, the leases
/// and the history.
package struct StateDatabase: Sendable {
    let database: Database
    /// Nil in memory, where no other process can be.
    let locks: LeaseLocks?
    let now: @Sendable () -> Timestamp
    /// Nil in memory.
    let directory: String?

    /// Opens the database, or makes it.
    ///
    /// - Parameters:
    ///   - directory: The data directory, which is there; nil keeps everything in memory.
    ///   - now: The wall clock, for the expiry of leases.
    /// - Throws: Every `storage.*` code that an opening may meet, among them `storage.newer-version`.
    package static func open(
        directory: String?, now: @escaping @Sendable () -> Timestamp
    ) async throws(StorageFailure) -> StateDatabase {
        let location = directory.map { Database.Location.file(path: "\($0)/state.db") } ?? .memory
        return StateDatabase(
            database: try await Database.open(location, migrations: Schema.migrations, label: "gw.state"),
            locks: directory.map(LeaseLocks.init), now: now, directory: directory)
    }

    /// Closes the file and gives up all leases; later calls fail.
    package func close() async {
        await database.close()
        locks?.releaseAll()
    }
}
