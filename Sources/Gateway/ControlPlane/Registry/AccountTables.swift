import JSON

/// What belongs to the account rather than to one API, by kind and key.
struct AccountTables: Sendable {
    private var tables: [ObjectKind: Table<JSONObject>] = [:]
    /// What the database does not know yet.
    private var changed: Set<ObjectKey> = []
    /// The largest ``sequenceMember`` that there was.
    private var sequence = 0

    /// Closes ``secretMembers`` in rows; nil leaves them readable.
    var sealing: Sealing?

    /// Rows that show a secret, as those do that were written without a key: to be written again.
    private var readable: [ObjectKey] = []

    /// What no row may show.
    private static let secretMembers: [ObjectKind: String] = [
        .apiKey: "value", .clientCertificate: "privateKey", .function: FunctionRecord.variablesMember,
        .functionVersion: FunctionRecord.variablesMember,
    ]
    private static let sealedMember = "sealed"

    /// Says in which order objects were made; kept in rows, never answered.
    static let sequenceMember = "sequence"

    subscript(kind: ObjectKind, key: String) -> JSONObject? { tables[kind]?[key] }

    mutating func put(_ kind: ObjectKind, _ key: String, _ document: JSONObject) {
        sequence = max(sequence, document[Self.sequenceMember]?.int ?? 0)
        tables[kind, default: [:]][key] = document
        changed.insert(ObjectKey(api: ObjectKey.account, kind: kind, key: key))
    }

    mutating func remove(_ kind: ObjectKind, _ key: String) {
        guard tables[kind]?.removeValue(forKey: key) != nil else { return }
        changed.insert(ObjectKey(api: ObjectKey.account, kind: kind, key: key))
    }

    func count(_ kind: ObjectKind) -> Int { tables[kind]?.count ?? 0 }

    func table(_ kind: ObjectKind) -> Table<JSONObject> { tables[kind] ?? [:] }

    /// In the order of their keys.
    func all(_ kind: ObjectKind) -> [(key: String, document: JSONObject)] {
        table(kind).sorted.map { ($0.key, $0.value) }
    }

    /// For ``sequenceMember`` of an object that is made now.
    var nextSequence: JSONValue { .number(JSONNumber(sequence + 1)) }

    /// What changed since the last call.
    mutating func takeChanges() -> Set<ObjectKey> {
        defer { changed = [] }
        return changed
    }
}

// MARK: Rows

extension AccountTables {
    /// What the database must be told about `key`.
    func row(_ key: ObjectKey) throws(ServiceError) -> RowChange {
        guard var document = self[key.kind, key.key] else { return .remove(key) }
        if let member = Self.secretMembers[key.kind], let sealing, let secret = document.string(member) {
            document[Self.sealedMember] = .string(try sealing.seal(Array(secret.utf8), for: key.description))
            document[member] = nil
        }
        return .put(Row(key: key, document: JSONValue.object(document).text(.compact)))
    }

    /// What takes the place of rows that show a secret; empty where there are none.
    mutating func rowsToSeal() throws(ServiceError) -> [RowChange] {
        var changes: [RowChange] = []
        for key in readable { changes.append(try row(key)) }
        readable = []
        return changes
    }

    /// - Throws: `control-plane.sealing-key-wrong`.
    mutating func load(_ key: ObjectKey, _ row: JSONObject) throws(EngineFailure) {
        var document = row
        if let member = Self.secretMembers[key.kind], let sealed = row.string(Self.sealedMember) {
            guard let secret = sealing?.openText(sealed, for: key.description) else {
                throw EngineFailure(.sealingKeyWrong, "the secret of `\(key)` was not sealed with this key")
            }
            document[member] = .string(secret)
            document[Self.sealedMember] = nil
        } else if let member = Self.secretMembers[key.kind], sealing != nil, row[member] != nil {
            readable.append(key)
        }
        put(key.kind, key.key, document)
    }
}

extension Paging {
    /// The newest first.
    static func newestFirst(
        _ objects: some Sequence<JSONObject>, _ answer: (JSONObject) -> JSONObject
    ) -> [Item] {
        objects.map { object in
            // The largest number comes first.
            let rest = 999_999_999_999 - (object[AccountTables.sequenceMember]?.int ?? 0)
            return Item(key: key(rest), document: answer(object))
        }.sorted { $0.key < $1.key }
    }
}
