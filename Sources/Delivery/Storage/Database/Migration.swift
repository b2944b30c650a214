/// One step of a database's schema. Once released it is never changed, only followed by another.
package struct Migration: Sendable {
    /// What it brings, for messages.
    package let name: String
    /// One or more statements without placeholders.
    package let script: String

    package init(_ name: String, _ script: String) {
        self.name = name
        self.script = script
    }
}

extension Connection {
    /// Brings the schema up to the last of `migrations`; the version kept in the file is the number of those applied.
    ///
    /// - Throws: `storage.newer-version` for a file that has more.
    func migrate(_ migrations: [Migration]) throws(StorageFailure) {
        let found = try version()
        guard found <= migrations.count else {
            throw StorageFailure(
                .newerVersion,
                "`\(path)` has schema version \(found) and this gatewright knows \(migrations.count): use the newer one"
            )
        }
        guard found < migrations.count else { return }
        try script("BEGIN IMMEDIATE")
        do throws(StorageFailure) {
            // Another process may have migrated while this one waited for the lock.
            for number in try version()..<max(try version(), migrations.count) {
                try script(migrations[number].script)
                try script("PRAGMA user_version = \(number + 1)")
            }
            try script("COMMIT")
        } catch {
            if isInTransaction { try script("ROLLBACK") }
            throw error
        }
    }

    private func version() throws(StorageFailure) -> Int {
        try first("PRAGMA user_version") { (row) throws(StorageFailure) in try row.int(0) } ?? 0
    }
}
