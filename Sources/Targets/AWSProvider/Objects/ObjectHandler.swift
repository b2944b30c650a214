import JSON
import Resources

/// One call on an object of its own, references answered.
struct ObjectCall: Sendable {
    var operation: String
    var address: Address
    var before: JSONObject?
    var after: JSONObject?
    /// What the target calls the object; nil before it is made.
    var identity: Identity?
    var context: StepContext

    /// The fields that the call is about, as they are to be.
    var document: JSONObject { after ?? before ?? [:] }

    /// Elements of a list that are there only after the call.
    func added(_ field: String) -> [String] {
        let old = before?[field]?.array ?? []
        return (after?[field]?.array ?? []).filter { !old.contains($0) }.compactMap(\.string)
    }

    /// Elements of a list that are there only before the call.
    func removed(_ field: String) -> [String] {
        let new = after?[field]?.array ?? []
        return (before?[field]?.array ?? []).filter { !new.contains($0) }.compactMap(\.string)
    }

    func text(_ field: String) -> String? { after?[field]?.string }
}

/// What an object is looked for by.
struct ObjectLookup: Sendable {
    var address: Address
    /// As it is recorded, or as an earlier call gave it.
    var identity: Identity?
    /// Of a create that may have been lost.
    var token: String?
    var environment: String

    /// True for an object with these tags that nobody need name: it says itself that it is this one.
    func isOwn(_ tags: [String: String]) -> Bool {
        if let token { return tags["gatewright:token"] == token }
        return tags["gatewright:environment"] == environment && tags["gatewright:address"] == address.description
    }
}

/// How the objects of one kind are made, changed, found and kept, beside ``ObjectMoves``.
protocol ObjectHandler: Sendable {
    /// Makes the call of one move, or, for a call that is a removal, finds it done.
    ///
    /// - Returns: What the object is called from here on; nil if that stays as it is, or the object is gone.
    func perform(_ call: ObjectCall) async throws(ProviderFailure) -> Identity?

    /// Nil where there is none, or none that is ours.
    func find(_ lookup: ObjectLookup) async throws(ProviderFailure) -> ObservedObject?

    /// Everything of the kind that carries a mark.
    func owned() async throws(ProviderFailure) -> [OwnedObject]

    /// Everything of the kind, marked or not, in no order; nothing of a kind that no manifest can be made of from outside.
    func all() async throws(ProviderFailure) -> [Identity]

    /// Writes the mark anew; what has no tags keeps none.
    func mark(_ identity: Identity, _ tags: [(String, String)]) async throws(ProviderFailure)

    /// Removes what no plan ever shows, such as old versions.
    func tidy(_ identity: Identity) async throws(ProviderFailure) -> Int
}

extension ObjectHandler {
    func owned() async throws(ProviderFailure) -> [OwnedObject] { [] }
    func all() async throws(ProviderFailure) -> [Identity] { [] }
    func mark(_ identity: Identity, _ tags: [(String, String)]) async throws(ProviderFailure) {}
    func tidy(_ identity: Identity) async throws(ProviderFailure) -> Int { 0 }
}

extension ServiceClients {
    /// Nil for a kind that this provider does not know.
    ///
    /// - Parameter details: What was read of the whole account already.
    func handler(of kind: ResourceKind, _ details: AccountDetails? = nil) -> (any ObjectHandler)? {
        switch kind {
        case .user, .group, .role: PrincipalHandler(client: iam, kind: kind, details: details)
        case .policy: PolicyHandler(client: iam)
        case .instanceProfile: InstanceProfileHandler(client: iam)
        case .oidcProvider: OIDCProviderHandler(client: iam)
        case .samlProvider: SAMLProviderHandler(client: iam)
        case .function: FunctionHandler(client: lambda, code: code, secrets: secrets)
        case .alias: AliasHandler(client: lambda, secrets: secrets)
        case .permission: PermissionHandler(client: lambda)
        case .account: AccountHandler(client: apiGateway)
        default:
            GatewayKind.of(kind).map { GatewayHandler(client: apiGateway, secrets: secrets, kind: $0) }
        }
    }
}
