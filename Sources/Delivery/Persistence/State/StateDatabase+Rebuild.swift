package import Applying
import Glibc
package import JSON
package import Planning
import Reconciling
package import Storage

extension StateDatabase {
    /// Puts `objects` in place of all that is recorded of an environment, as read of `target`; all or nothing.
    ///
    /// - Throws: `journal.append-failed`, `journal.fenced`.
    package func replace(
        with objects: [RecordedObject], target: JSONValue, environment: String, lease: LeaseGrant
    ) async throws(JournalFailure) {
        let writes = objects.map { ObjectWrite(.record($0)) }
        let (id, target) = (ApplyID.random().rawValue, target.text(.compact))
        do {
            try await database.groupTransaction { connection in
                try connection.checkFence(lease)
                try connection.execute("DELETE FROM object WHERE environment = ?", [.text(environment)])
                try connection.execute("DELETE FROM drift WHERE environment = ?", [.text(environment)])
                for write in writes { try write.run(connection, environment, lease.epoch) }
                // An apply of nothing: later ones must be of the same target.
                try connection.execute(
                    "INSERT INTO apply (id, environment, is_ended, target) VALUES (?, ?, 1, ?)",
                    [.text(id), .text(environment), .text(target)])
            }
        } catch let failure as JournalFailure {
            throw failure
        } catch {
            throw JournalFailure(
                .appendFailed, "the recorded state of `\(environment)` could not be written", cause: error)
        }
    }

    /// Takes the journals of applies that have not ended out of the way: each is kept as a file beside the database.
    ///
    /// - Returns: The files' paths; empty where nothing is unfinished.
    /// - Throws: `journal.append-failed` when a file cannot be written; the journal then stays.
    package func setAsideJournals(
        environment: String, lease: LeaseGrant
    ) async throws(JournalFailure) -> [String] {
        let now = now()
        let directory = directory
        do {
            return try await database.groupTransaction { connection in
                try connection.checkFence(lease)
                let numbers = try connection.query(
                    "SELECT number FROM apply WHERE environment = ? AND is_ended = 0 ORDER BY number",
                    [.text(environment)]
                ) { (row) throws(StorageFailure) in try row.int(0) }
                var paths: [String] = []
                for number in numbers {
                    let lines = try connection.query(
                        "SELECT records FROM journal WHERE apply = ? ORDER BY sequence", [.int(number)]
                    ) { (row) throws(StorageFailure) in try row.blob(0) }
                    if let directory {
                        let path = "\(directory)/journal-\(number)-\(now.milliseconds).damaged"
                        try Self.write(Array(lines.joined(separator: [0x0A])), to: path)
                        paths.append(path)
                    }
                    try connection.execute("DELETE FROM apply WHERE number = ?", [.int(number)])
                }
                return paths
            }
        } catch let failure as JournalFailure {
            throw failure
        } catch {
            throw JournalFailure(
                .appendFailed, "the journal of `\(environment)` could not be set aside", cause: error)
        }
    }

    /// Makes the next plan of each environment read all of its target first: what is recorded may be older than that.
    package func doubtEverything(because reason: String) async throws(StorageFailure) {
        do {
            try await database.transaction { connection in
                try connection.execute(
                    """
                    INSERT OR REPLACE INTO drift (environment, address, reason)
                    SELECT environment, address, ? FROM object
                    """, [.text(reason)])
            }
        } catch let failure as StorageFailure {
            throw failure
        } catch {
            throw StorageFailure(.io, "the state database could not be written: \(error)")
        }
    }

    /// What SQLite finds wrong with the file; empty for a sound one.
    package func problems() async throws(StorageFailure) -> [String] {
        do {
            let found = try await database.read { connection in
                try connection.query("PRAGMA quick_check(10)", []) { (row) throws(StorageFailure) in try row.text(0) }
            }
            return found == ["ok"] ? [] : found
        } catch let failure as StorageFailure {
            guard failure.code == .corrupt || failure.code == .notADatabase else { throw failure }
            return [failure.message]
        } catch {
            throw StorageFailure(.io, "the state database could not be checked: \(error)")
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(JournalFailure) {
        let file = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw JournalFailure(.appendFailed, "`\(path)` could not be made") }
        defer { _ = Glibc.close(file) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else {
                throw JournalFailure(.appendFailed, "`\(path)` could not be written")
            }
            rest = rest.dropFirst(max(0, count))
        }
        guard fsync(file) == 0 else { throw JournalFailure(.appendFailed, "`\(path)` could not be written") }
    }
}
