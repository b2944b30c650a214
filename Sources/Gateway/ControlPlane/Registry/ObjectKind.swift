/// What the engine keeps about an API; the raw values are written to the database.
enum ObjectKind: String, Sendable, CaseIterable {
    case api, resource, method, model, validator, authorizer, gatewayResponse, documentationPart, documentationVersion
    case deployment, snapshot, stage
}

/// One row of the database: an object and where it belongs.
struct ObjectKey: Sendable, Hashable {
    var api: String
    var kind: ObjectKind
    var key: String
}
