package import Forges
package import JSON
import Storage

extension StateDatabase: OutboxStore {
    package func keep(_ document: JSONValue, key: String, channel: String) async throws(ForgeFailure) {
        try await outbox("a message for `\(channel)` could not be kept") { database in
            try await database.groupTransaction { connection in
                try connection.execute(
                    "DELETE FROM outbox WHERE channel = ? AND letter = ?", [.text(channel), .text(key)])
                try connection.execute(
                    "INSERT INTO outbox (channel, letter, document) VALUES (?, ?, ?)",
                    [.text(channel), .text(key), .text(document.text(.compact))])
            }
        }
    }

    package func forget(key: String, channel: String) async throws(ForgeFailure) {
        try await outbox("a message for `\(channel)` could not be taken off the list") { database in
            try await database.groupTransaction { connection in
                try connection.execute(
                    "DELETE FROM outbox WHERE channel = ? AND letter = ?", [.text(channel), .text(key)])
            }
        }
    }

    package func kept(channel: String) async throws(ForgeFailure) -> [JSONValue] {
        try await outbox("the messages for `\(channel)` could not be read") { database in
            let texts = try await database.read { connection in
                try connection.query(
                    "SELECT document FROM outbox WHERE channel = ? ORDER BY number", [.text(channel)]
                ) { (row) throws(StorageFailure) in try row.text(0) }
            }
            return try texts.map { try JSONValue(parsing: $0) }
        }
    }

    @discardableResult
    private func outbox<Value: Sendable>(
        _ what: String, _ work: (Database) async throws -> Value
    ) async throws(ForgeFailure) -> Value {
        do {
            return try await work(database)
        } catch {
            throw ForgeFailure(.outboxUnusable, what, cause: error)
        }
    }
}
