package import Applying
import JSON
package import Planning
package import Resources
import Storage

extension StateDatabase: StateStore {
    package func objects(environment: String) async throws(JournalFailure) -> [RecordedObject] {
        let rows: [ObjectRow]
        do {
            rows = try await database.read { connection in
                try connection.query(
                    "SELECT address, identity, document, dependencies FROM object WHERE environment = ?",
                    [.text(environment)]
                ) { (row) throws(StorageFailure) in
                    ObjectRow(
                        address: try row.text(0), identity: try row.blob(1), document: try row.blob(2),
                        dependencies: try row.blob(3))
                }
            }
        } catch {
            throw JournalFailure(.readFailed, "the recorded state of `\(environment)` could not be read", cause: error)
        }
        var objects: [RecordedObject] = []
        objects.reserveCapacity(rows.count)
        for row in rows { objects.append(try row.object()) }
        return objects.sorted { $0.address < $1.address }
    }

    package func doubts(environment: String) async throws(JournalFailure) -> [Address: String] {
        let rows: [(String, String)]
        do {
            rows = try await database.read { connection in
                try connection.query(
                    "SELECT address, reason FROM drift WHERE environment = ?", [.text(environment)]
                ) { (row) throws(StorageFailure) in (try row.text(0), try row.text(1)) }
            }
        } catch {
            throw JournalFailure(.readFailed, "the recorded state of `\(environment)` could not be read", cause: error)
        }
        var doubts: [Address: String] = [:]
        for (address, reason) in rows { doubts[try Address(recorded: address)] = reason }
        return doubts
    }

    package func write(
        _ changes: [StateChange], environment: String, lease: LeaseGrant
    ) async throws(JournalFailure) {
        let statements = changes.map { ObjectWrite($0) }
        do {
            try await database.groupTransaction { connection in
                try connection.checkFence(lease)
                for statement in statements { try statement.run(connection, environment, lease.epoch) }
            }
        } catch let failure as JournalFailure {
            throw failure
        } catch {
            throw JournalFailure(
                .appendFailed, "the recorded state of `\(environment)` could not be written", cause: error)
        }
    }
}

/// An object as it is stored.
private struct ObjectRow: Sendable {
    let address: String
    let identity: [UInt8]
    let document: [UInt8]
    let dependencies: [UInt8]

    func object() throws(JournalFailure) -> RecordedObject {
        RecordedObject(
            address: try Address(recorded: address), identity: try Identity(json: try JSONValue(stored: identity)),
            document: try JSONValue(stored: document), dependencies: try JSONValue(stored: dependencies).addresses())
    }
}

/// A change of the recorded state, made ready before the database's thread is asked.
struct ObjectWrite: Sendable {
    private enum Kind {
        case record(identity: String, document: String, dependencies: String, kind: String)
        case remove
        case doubt(String)
    }

    private let address: String
    private let kind: Kind

    init(_ change: StateChange) {
        switch change {
        case .record(let object):
            address = object.address.description
            kind = .record(
                identity: object.identity.json.text(.compact), document: object.document.text(.compact),
                dependencies: JSONValue(addresses: object.dependencies).text(.compact),
                kind: object.address.kind.rawValue)
        case .remove(let gone):
            address = gone.description
            kind = .remove
        case .doubt(let doubted, let reason):
            address = doubted.description
            kind = .doubt(reason)
        }
    }

    func run(_ connection: Connection, _ environment: String, _ epoch: Int) throws(StorageFailure) {
        let key: [SQLValue] = [.text(environment), .text(address)]
        // What the state was made from is not what it is made from now.
        try connection.execute("DELETE FROM input WHERE environment = ?", [.text(environment)])
        switch kind {
        case .record(let identity, let document, let dependencies, let kind):
            try connection.execute(
                """
                INSERT INTO object (environment, address, kind, identity, document, dependencies, epoch)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (environment, address) DO UPDATE SET identity = excluded.identity,
                    document = excluded.document, dependencies = excluded.dependencies, epoch = excluded.epoch
                """,
                key + [.text(kind), .text(identity), .text(document), .text(dependencies), .int(epoch)])
            try connection.execute("DELETE FROM drift WHERE environment = ? AND address = ?", key)
        case .remove:
            try connection.execute("DELETE FROM object WHERE environment = ? AND address = ?", key)
            try connection.execute("DELETE FROM drift WHERE environment = ? AND address = ?", key)
        case .doubt(let reason):
            try connection.execute(
                """
                INSERT INTO drift (environment, address, reason) VALUES (?, ?, ?)
                ON CONFLICT (environment, address) DO UPDATE SET reason = excluded.reason
                """, key + [.text(reason)])
        }
    }
}

extension JSONValue {
    /// Reads what was written by this program; its size is no danger any more.
    ///
    /// - Throws: `journal.corrupt`.
    init(stored bytes: [UInt8]) throws(JournalFailure) {
        do {
            self = try JSONValue(parsing: bytes, limits: JSONLimits(bytesMax: .max, depthMax: Limits.storedDepthMax))
        } catch {
            throw JournalFailure(.corrupt, "a stored value cannot be read", cause: error)
        }
    }
}
