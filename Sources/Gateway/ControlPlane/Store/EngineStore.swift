/// Where the engine keeps its objects.
protocol EngineStore: Sendable {
    func load() async throws(EngineFailure) -> [Row]
    func loadEntities() async throws(EngineFailure) -> [EntityRow]
    /// All changes or none, durable when it returns.
    func write(_ changes: [RowChange]) async throws(EngineFailure)
}

/// One object as the database has it.
struct Row: Sendable, Hashable {
    var key: ObjectKey
    /// JSON text.
    var document: String
}

/// One entity of IAM as the database has it.
struct EntityRow: Sendable, Hashable {
    var key: EntityKey
    /// JSON text.
    var document: String
}

/// What a write does to the rows.
enum RowChange: Sendable, Hashable {
    case put(Row)
    case remove(ObjectKey)
    /// Everything of one API.
    case removeAPI(String)
    case putEntity(EntityRow)
    case removeEntity(EntityKey)
}
