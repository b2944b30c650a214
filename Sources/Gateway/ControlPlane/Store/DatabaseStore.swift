import Diagnostics
import Storage

/// The engine's database: one row for each object, its document as JSON text.
///
/// Every transaction is synced to the disk (`synchronous=FULL`) before it is answered: the reconciler records a step as
/// done on the strength of that answer, and a power cut must not make the record say more than the engine has. Writes
/// that arrive together share a transaction, so that they share the sync.
struct DatabaseStore: EngineStore {
    private let database: Database

    private static let migrations = [
        Migration(
            "apigateway objects",
            """
            CREATE TABLE apigateway_object (
                api TEXT NOT NULL,
                kind TEXT NOT NULL,
                key TEXT NOT NULL,
                document TEXT NOT NULL,
                PRIMARY KEY (api, kind, key)
            ) WITHOUT ROWID, STRICT;
            """),
        Migration(
            "iam entities",
            """
            CREATE TABLE iam_entity (
                kind TEXT NOT NULL,
                key TEXT NOT NULL,
                document TEXT NOT NULL,
                PRIMARY KEY (kind, key)
            ) WITHOUT ROWID, STRICT;
            """),
    ]

    /// - Throws: `control-plane.database-unusable`, `control-plane.database-newer`.
    init(path: String) async throws(EngineFailure) {
        do {
            database = try await Database.open(
                .file(path: path), migrations: Self.migrations, label: "gatewright.engine")
        } catch {
            let isNewer = error.code == .newerVersion
            throw EngineFailure(
                isNewer ? .databaseNewer : .databaseUnusable,
                isNewer
                    ? "the engine's database `\(path)` was written by a later release"
                    : "the engine's database `\(path)` cannot be opened",
                cause: error)
        }
    }

    func load() async throws(EngineFailure) -> [Row] {
        do {
            return try await database.read { connection in
                try connection.query("SELECT api, kind, key, document FROM apigateway_object") {
                    (row) throws(StorageFailure) in
                    (api: try row.text(0), kind: try row.text(1), key: try row.text(2), document: try row.text(3))
                }
            }.map { row in
                guard let kind = ObjectKind(rawValue: row.kind) else {
                    throw EngineFailure(
                        .databaseCorrupt, "row `\(row.kind) \(row.api) \(row.key)` is of a kind that does not exist")
                }
                return Row(key: ObjectKey(api: row.api, kind: kind, key: row.key), document: row.document)
            }
        } catch let failure as EngineFailure {
            throw failure
        } catch {
            throw EngineFailure(.databaseUnusable, "the engine's database cannot be read", cause: error)
        }
    }

    func loadEntities() async throws(EngineFailure) -> [EntityRow] {
        let rows: [(kind: String, key: String, document: String)]
        do {
            rows = try await database.read { connection in
                try connection.query("SELECT kind, key, document FROM iam_entity") { (row) throws(StorageFailure) in
                    (kind: try row.text(0), key: try row.text(1), document: try row.text(2))
                }
            }
        } catch {
            throw EngineFailure(.databaseUnusable, "the engine's database cannot be read", cause: error)
        }
        var entities: [EntityRow] = []
        entities.reserveCapacity(rows.count)
        for row in rows {
            guard let kind = EntityKind(rawValue: row.kind) else {
                throw EngineFailure(.databaseCorrupt, "row `\(row.kind) \(row.key)` is of a kind that does not exist")
            }
            entities.append(EntityRow(key: EntityKey(kind, row.key), document: row.document))
        }
        return entities
    }

    func write(_ changes: [RowChange]) async throws(EngineFailure) {
        do {
            try await database.transaction { connection in
                for change in changes { try Self.apply(change, connection) }
            }
        } catch {
            throw EngineFailure(.writeFailed, "the change could not be written to the engine's database", cause: error)
        }
    }

    private static func apply(_ change: RowChange, _ connection: Connection) throws(StorageFailure) {
        switch change {
        case .put(let row):
            try connection.execute(
                """
                INSERT INTO apigateway_object (api, kind, key, document) VALUES (?, ?, ?, ?)
                ON CONFLICT (api, kind, key) DO UPDATE SET document = excluded.document
                """,
                [.text(row.key.api), .text(row.key.kind.rawValue), .text(row.key.key), .text(row.document)])
        case .remove(let key):
            try connection.execute(
                "DELETE FROM apigateway_object WHERE api = ? AND kind = ? AND key = ?",
                [.text(key.api), .text(key.kind.rawValue), .text(key.key)])
        case .removeAPI(let id):
            try connection.execute("DELETE FROM apigateway_object WHERE api = ?", [.text(id)])
        case .putEntity(let row):
            try connection.execute(
                """
                INSERT INTO iam_entity (kind, key, document) VALUES (?, ?, ?)
                ON CONFLICT (kind, key) DO UPDATE SET document = excluded.document
                """,
                [.text(row.key.kind.rawValue), .text(row.key.key), .text(row.document)])
        case .removeEntity(let key):
            try connection.execute(
                "DELETE FROM iam_entity WHERE kind = ? AND key = ?", [.text(key.kind.rawValue), .text(key.key)])
        }
    }

    func close() async { await database.close() }
}
