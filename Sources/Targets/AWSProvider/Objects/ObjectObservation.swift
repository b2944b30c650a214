import JSON
import Resources

/// Reads objects of their own: many of an account at once, a few one by one.
struct ObjectObservation {
    let clients: ServiceClients
    let environment: String
    let observation: Observation

    func read() async throws(ProviderFailure) -> [Address: ObservedObject] {
        let addresses = observation.addresses.filter { $0.kind.isObjectOfItsOwn }
        guard !addresses.isEmpty else { return [:] }
        let principals = addresses.filter { Self.principals.contains($0.kind) }
        var details: AccountDetails?
        if principals.count >= Limits.principalsReadOneByOne {
            details = try await AccountDetails.read(clients.iam, Set(principals.map(\.kind)))
        }
        return try await read(addresses, details)
    }

    /// Everything asked for; beside it users and roles that are marked as made from here, and whatever else may call our
    /// functions.
    func survey() async throws(ProviderFailure) -> [Address: ObservedObject] {
        let found = try await surveyPrincipals()
        let permissions = try await PermissionHandler(client: clients.lambda).all(of: found)
        return found.merging(permissions) { known, _ in known }
    }

    private func surveyPrincipals() async throws(ProviderFailure) -> [Address: ObservedObject] {
        let addresses = observation.addresses.filter { $0.kind.isObjectOfItsOwn }
        guard addresses.contains(where: { ResourceKind.iam.contains($0.kind) }) else {
            return try await read(addresses, nil)
        }
        let details = try await AccountDetails.read(clients.iam, Self.principals)
        var found = try await read(addresses, details)
        var known = Set(found.values.map(\.identity))
        for kind in [ResourceKind.user, .role] {
            for owned in try await clients.handler(of: kind, details)?.owned() ?? [] {
                guard case .of(environment, let address, _) = owned.marker, address.kind == kind,
                    found[address] == nil, let handler = clients.handler(of: kind, details)
                else { continue }
                let lookup = ObjectLookup(
                    address: address, identity: Identity(physicalID: owned.physicalID), environment: environment)
                guard let object = try await handler.find(lookup), known.insert(object.identity).inserted else {
                    continue
                }
                found[address] = object
            }
        }
        return found
    }

    private func read(
        _ addresses: [Address], _ details: AccountDetails?
    ) async throws(ProviderFailure) -> [Address: ObservedObject] {
        var found: [Address: ObservedObject] = [:]
        for address in addresses where !isUnknownDisplaced(address) {
            // What was read of the account at once has no more of one kind than of another.
            let own = details.flatMap { Self.principals.contains(address.kind) ? $0 : nil }
            guard let handler = clients.handler(of: address.kind, own) else {
                throw ProviderFailure(
                    .unsupported, "`\(address)` is of a kind that this version does not manage", effect: .none)
            }
            let identity = observation.identities[address]
            if let token = observation.tokens[address], address.kind.carriesToken {
                // Of a create that may have taken effect, also beside the object that it is to replace.
                let made = ObjectLookup(address: address, token: token, environment: environment)
                if let object = try await handler.find(made) {
                    found[address] = object
                    continue
                }
                guard identity != nil else { continue }
            }
            let lookup = ObjectLookup(address: address, identity: identity, environment: environment)
            found[address] = try await handler.find(lookup)
        }
        try await readDisplaced(addresses, &found)
        return found
    }

    /// What another object takes the place of has its own address only once that other one is there.
    private func isUnknownDisplaced(_ address: Address) -> Bool {
        address.isDisplaced && observation.identities[address] == nil
    }

    private func readDisplaced(
        _ addresses: [Address], _ found: inout [Address: ObservedObject]
    ) async throws(ProviderFailure) {
        for address in addresses where isUnknownDisplaced(address) {
            guard let place = addresses.first(where: { address.isDisplaced(from: $0) }), let made = found[place],
                let old = observation.identities[place], old.physicalID != made.identity.physicalID
            else { continue }
            let lookup = ObjectLookup(address: address, identity: old, environment: environment)
            found[address] = try await clients.handler(of: address.kind)?.find(lookup)
        }
    }

    private static let principals: Set<ResourceKind> = [.user, .group, .role]
}

extension ResourceKind {
    /// What IAM has.
    static let iam: Set<ResourceKind> = [
        .user, .group, .role, .policy, .instanceProfile, .oidcProvider, .samlProvider,
    ]

    fileprivate var carriesToken: Bool { KindTable.object(self)?.tokenCarrier == .tag }
}
