import JSON

/// Everything the management API answers from. A value: readers keep the one they took.
struct EngineState: Sendable {
    var apis: Table<API> = [:]
    var identity = IdentityDirectory()
    var account = AccountTables()
}

/// A copy of the state that one request works on, and what it did there.
struct Workspace: Sendable {
    private(set) var state: EngineState
    private(set) var touched: Set<String> = []
    private(set) var deleted: Set<ObjectKey> = []
    private(set) var publications: [Publication] = []

    init(state: EngineState) { self.state = state }

    /// What IAM and STS work on.
    var identity: IdentityDirectory {
        get { state.identity }
        _modify { yield &state.identity }
    }

    func api(_ id: String) -> API? { state.apis[id] }

    mutating func put(_ api: API) {
        state.apis[api.id] = api
        touched.insert(api.id)
    }

    /// Works on the API in its place, so that the copy made is one, not one a call.
    mutating func update<Result>(
        _ id: String, orThrow error: ServiceError, _ body: (inout API) throws(ServiceError) -> Result
    ) throws(ServiceError) -> Result {
        guard var api = state.apis.removeValue(forKey: id) else { throw error }
        let result = try body(&api)
        put(api)
        return result
    }

    mutating func delete(_ api: API) {
        state.apis[api.id] = nil
        deleted.insert(ObjectKey(api: api.id, kind: .api, key: api.id))
    }

    // MARK: Of the account

    var account: AccountTables { state.account }

    mutating func put(_ kind: ObjectKind, _ key: String, _ document: JSONObject) {
        state.account.put(kind, key, document)
    }

    mutating func remove(_ kind: ObjectKind, _ key: String) { state.account.remove(kind, key) }

    /// API keys and usage plans are told to the data plane after the write.
    mutating func publishKeys() { publications.append(.keys) }

    /// Domain names and their mappings are told to the data plane after the write.
    mutating func publishDomains() { publications.append(.domains) }

    /// The stage is compiled anew from the state after the write.
    mutating func publish(_ api: String, stage: String) {
        publications.append(.stage(apiID: api, name: stage))
    }

    /// The rows of everything that changed since the last call.
    mutating func takeRows() throws(ServiceError) -> [RowChange] {
        var rows: [RowChange] = deleted.map { .removeAPI($0.api) }
        deleted = []
        for id in touched {
            guard var api = state.apis.removeValue(forKey: id) else { continue }
            for key in api.takeChanges() { rows.append(api.row(key)) }
            state.apis[id] = api
        }
        touched = []
        let changes = state.account.takeChanges()
        if changes.contains(where: { $0.kind == .vpcLink }) { publications.append(.links) }
        for key in changes { rows.append(try state.account.row(key)) }
        let entities = state.identity.takeRows()
        // What a user, key, role or policy may do holds for the next request to a deployed route.
        if !entities.isEmpty { publications.append(.callers) }
        return rows + entities
    }
}

/// What the data plane must be told.
enum Publication: Sendable, Hashable {
    /// It has changed, or is gone.
    case stage(apiID: String, name: String)
    case keys, domains, callers, links
}
