package import Applying
package import JSON
import Storage

extension StateDatabase: Journal {
    package func append(_ append: JournalAppend) async throws(JournalFailure) {
        precondition(!append.records.isEmpty, "an append has records")
        var text: [UInt8] = []
        var begins = false
        var ends = false
        var target: String?
        for record in append.records {
            if !text.isEmpty { text.append(0x0A) }
            text += record.json.bytes(.compact)
            if case .began(let header) = record {
                begins = true
                target = header.target.text(.compact)
            }
            if case .ended = record { ends = true }
        }
        let entry = JournalEntry(
            apply: append.apply.rawValue, environment: append.environment,
            records: String(decoding: text, as: UTF8.self), begins: begins, ends: ends, target: target,
            changes: append.changes.map { ObjectWrite($0) })
        let lease = append.lease
        do {
            try await database.groupTransaction { connection in
                try connection.checkFence(lease)
                try entry.run(connection, lease.epoch)
            }
        } catch let failure as JournalFailure {
            throw failure
        } catch {
            throw JournalFailure(
                .appendFailed, "the journal of `\(append.environment)` could not be written", cause: error)
        }
    }

    package func unfinished(environment: String) async throws(JournalFailure) -> [UnfinishedApply] {
        let applies: [[[UInt8]]]
        do {
            applies = try await database.read { connection in
                let numbers = try connection.query(
                    "SELECT number FROM apply WHERE environment = ? AND is_ended = 0 ORDER BY number",
                    [.text(environment)]
                ) { (row) throws(StorageFailure) in try row.int(0) }
                return try numbers.map { number in
                    try connection.query(
                        "SELECT records FROM journal WHERE apply = ? ORDER BY sequence", [.int(number)]
                    ) { (row) throws(StorageFailure) in try row.blob(0) }
                }
            }
        } catch {
            throw JournalFailure(.readFailed, "the journal of `\(environment)` could not be read", cause: error)
        }
        var unfinished: [UnfinishedApply] = []
        for appends in applies { unfinished.append(try Self.unfinished(appends)) }
        return unfinished
    }

    package func lastTarget(environment: String) async throws(JournalFailure) -> JSONValue? {
        let target: [UInt8]?
        do {
            target = try await database.read { connection in
                try connection.first(
                    "SELECT target FROM apply WHERE environment = ? AND target IS NOT NULL ORDER BY number DESC LIMIT 1",
                    [.text(environment)]
                ) { (row) throws(StorageFailure) in try row.blob(0) }
            }
        } catch {
            throw JournalFailure(.readFailed, "the journal of `\(environment)` could not be read", cause: error)
        }
        return try target.map { (bytes) throws(JournalFailure) in try JSONValue(stored: bytes) }
    }

    private static func unfinished(_ appends: [[UInt8]]) throws(JournalFailure) -> UnfinishedApply {
        var records: [JournalRecord] = []
        for append in appends {
            for line in append.split(separator: 0x0A) {
                records.append(try JournalRecord(json: try JSONValue(stored: Array(line))))
            }
        }
        guard case .began(let header) = records.first else {
            throw JournalFailure(.corrupt, "the journal of an apply does not start with its header")
        }
        return UnfinishedApply(header: header, records: Array(records.dropFirst()))
    }
}

/// One append, made ready before the database's thread is asked.
private struct JournalEntry: Sendable {
    let apply: String
    let environment: String
    let records: String
    let begins: Bool
    let ends: Bool
    /// Of an apply that begins.
    let target: String?
    let changes: [ObjectWrite]

    func run(_ connection: Connection, _ epoch: Int) throws {
        if begins {
            try connection.execute(
                "INSERT INTO apply (id, environment, is_ended, target) VALUES (?, ?, 0, ?)",
                [.text(apply), .text(environment), .text(orNull: target)])
        }
        let added = try connection.execute(
            "INSERT INTO journal (apply, records) SELECT number, ? FROM apply WHERE id = ? AND is_ended = 0",
            [.text(records), .text(apply)])
        guard added == 1 else {
            throw JournalFailure(.appendFailed, "the journal of the apply `\(apply)` is closed, or was never begun")
        }
        for change in changes { try change.run(connection, environment, epoch) }
        guard ends else { return }
        try connection.execute("UPDATE apply SET is_ended = 1 WHERE id = ?", [.text(apply)])
        try connection.execute(
            """
            DELETE FROM apply WHERE environment = ?1 AND is_ended = 1 AND number <= (
                SELECT number FROM apply WHERE environment = ?1 AND is_ended = 1 ORDER BY number DESC
                LIMIT 1 OFFSET ?2)
            """, [.text(environment), .int(Limits.journalsKept)])
    }
}
