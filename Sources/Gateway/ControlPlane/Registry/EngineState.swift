/// Everything the management API answers from. A value: readers keep the one they took.
struct EngineState: Sendable {
    var apis: Table<API> = [:]
    var identity = IdentityDirectory()
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

    /// The stage is compiled anew from the state after the write.
    mutating func publish(_ api: String, stage: String) {
        publications.append(Publication(apiID: api, stageName: stage))
    }

    /// The rows of everything that changed since the last call.
    mutating func takeRows() -> [RowChange] {
        var rows: [RowChange] = deleted.map { .removeAPI($0.api) }
        deleted = []
        for id in touched {
            guard var api = state.apis.removeValue(forKey: id) else { continue }
            for key in api.takeChanges() { rows.append(api.row(key)) }
            state.apis[id] = api
        }
        touched = []
        return rows + state.identity.takeRows()
    }
}

/// A stage that has changed, or is gone.
struct Publication: Sendable, Hashable {
    var apiID: String
    var stageName: String
}
