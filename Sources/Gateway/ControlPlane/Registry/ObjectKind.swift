/// What the engine keeps; the raw values are written to the database.
enum ObjectKind: String, Sendable, CaseIterable {
    case api, resource, method, model, validator, authorizer, gatewayResponse, documentationPart, documentationVersion
    case deployment, snapshot, stage
    // Of the account.
    case account, apiKey, usagePlan, usagePlanKey, usage, clientCertificate, vpcLink, domainName, basePathMapping
    case lastUse
    case function, functionVersion, functionAlias
}

/// One row of the database: an object and where it belongs.
struct ObjectKey: Sendable, Hashable {
    /// ``api`` of what belongs to the account.
    static let account = ""

    var api: String
    var kind: ObjectKind
    var key: String
}
