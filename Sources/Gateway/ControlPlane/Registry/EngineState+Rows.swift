import JSON

extension API {
    /// What the database must be told about `key`.
    func row(_ key: ObjectKey) -> RowChange {
        let document: JSONObject? =
            switch key.kind {
            case .api: self.document
            case .resource: resources[key.key].map(Resources.document)
            case .snapshot: snapshots[key.key]?.document
            default: self[key.kind, key.key]
            }
        guard let document else { return .remove(key) }
        return .put(Row(key: key, document: JSONValue.object(document).text(.compact)))
    }
}

extension EngineState {
    /// - Parameter sealing: Opens the secrets of rows, and closes them from now on; nil leaves them readable.
    /// - Throws: `control-plane.database-corrupt`, `control-plane.sealing-key-wrong`.
    init(rows: [Row], sealing: Sealing?) throws(EngineFailure) {
        self.init()
        account.sealing = sealing
        for row in rows where row.key.kind == .api {
            var api = API(id: row.key.api, document: try Self.object(row))
            _ = api.takeChanges()
            apis[api.id] = api
        }
        for row in rows where row.key.api == ObjectKey.account {
            try account.load(row.key, try Self.object(row))
        }
        _ = account.takeChanges()
        for row in rows where row.key.kind != .api && row.key.api != ObjectKey.account {
            guard var api = apis.removeValue(forKey: row.key.api) else { throw Self.corrupt(row, "has no API") }
            try api.load(row, try Self.object(row))
            _ = api.takeChanges()
            apis[api.id] = api
        }
    }

    private static func object(_ row: Row) throws(EngineFailure) -> JSONObject {
        do {
            if let object = try JSONValue(parsing: row.document).object { return object }
        } catch {
            throw EngineFailure(.databaseCorrupt, "row `\(row.key)` of the engine's database is not JSON", cause: error)
        }
        throw corrupt(row, "is not a JSON object")
    }

    fileprivate static func corrupt(_ row: Row, _ what: String) -> EngineFailure {
        EngineFailure(.databaseCorrupt, "row `\(row.key)` of the engine's database \(what)")
    }
}

extension API {
    fileprivate mutating func load(_ row: Row, _ document: JSONObject) throws(EngineFailure) {
        switch row.key.kind {
        case .api: break
        case .resource:
            guard let path = document.string("path") else { throw EngineState.corrupt(row, "has no path") }
            put(
                ResourceRecord(
                    id: row.key.key, parentID: document.string("parentId"), pathPart: document.string("pathPart") ?? "",
                    path: path))
        case .snapshot:
            guard let snapshot = DeploymentSnapshot(document: document) else {
                throw EngineState.corrupt(row, "is not a definition")
            }
            put(snapshot, of: row.key.key)
        default: put(row.key.kind, row.key.key, document)
        }
    }
}

extension ObjectKey: CustomStringConvertible {
    var description: String { "\(kind.rawValue) \(api) \(key)" }
}
