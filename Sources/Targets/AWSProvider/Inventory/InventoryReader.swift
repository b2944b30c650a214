import JSON
import Resources
import XML

/// Reads what an account has, whoever made it.
struct InventoryReader {
    let clients: ServiceClients
    let environment: String

    private static let principals: Set<ResourceKind> = [.user, .group, .role]

    func read(_ kinds: Set<ResourceKind>) async throws(ProviderFailure) -> TargetInventory {
        let details = try await AccountDetails.read(clients.iam, kinds.intersection(Self.principals))
        var items: [TargetInventory.Item] = []
        var missing: [ResourceKind] = []
        for kind in kinds.sorted() {
            do throws(ProviderFailure) {
                if kind == .restAPI {
                    items += try await apis()
                } else if let handler = clients.handler(of: kind, Self.principals.contains(kind) ? details : nil) {
                    items += try await read(kind, handler)
                }
            } catch {
                guard error.code == .missingOperation else { throw error }
                missing.append(kind)
            }
        }
        return TargetInventory(
            items: items.sorted {
                ($0.kind, $0.name, $0.object.identity.physicalID) < ($1.kind, $1.name, $1.object.identity.physicalID)
            }, missing: missing)
    }

    private func read(
        _ kind: ResourceKind, _ handler: any ObjectHandler
    ) async throws(ProviderFailure) -> [TargetInventory.Item] {
        var marks: [String: OwnedObject.Marker] = [:]
        for owned in try await handler.owned() { marks[owned.physicalID] = owned.marker }
        var items: [TargetInventory.Item] = []
        for identity in try await handler.all() {
            let name = identity.attributes["name"] ?? Self.name(identity.physicalID)
            let lookup = ObjectLookup(address: Address(kind, name), identity: identity, environment: environment)
            // What went between the list and the read is not there.
            guard let object = try await handler.find(lookup) else { continue }
            items.append(
                TargetInventory.Item(
                    kind: kind, name: name, object: object, marker: marks[identity.physicalID],
                    keeper: Self.keeper(object.document)))
        }
        return items
    }

    private func apis() async throws(ProviderFailure) -> [TargetInventory.Item] {
        try await clients.apiGateway.list(APIPath("restapis")).compactMap(\.object).compactMap { api in
            guard let id = api["id"]?.string else { return nil }
            let tags = api["tags"]?.object ?? [:]
            let isMarked = tags.names.contains { $0.hasPrefix(OwnershipMarker.tagPrefix) }
            return TargetInventory.Item(
                kind: .restAPI, name: api["name"]?.string ?? id,
                object: ObservedObject(identity: Identity(physicalID: id), document: .object(api)),
                marker: isMarked ? OwnedObject.Marker(tags: tags) : nil, keeper: Self.keeper(.object(api)))
        }
    }

    /// What an ARN ends with.
    private static func name(_ arn: String) -> String { arn.split(separator: "/").last.map(String.init) ?? arn }

    /// - Note: Source: IAM user guide, "Using service-linked roles"; "Reserved tags": only services write `aws:` tags.
    private static func keeper(_ document: JSONValue) -> String? {
        let path = document["path"]?.string ?? ""
        if path.hasPrefix("/aws-service-role/") { return "a service of AWS" }
        if path.hasPrefix("/aws-reserved/") { return "AWS" }
        let tags = document["tags"]?.object ?? [:]
        if let stack = tags["aws:cloudformation:stack-name"]?.string { return "the stack `\(stack)`" }
        return tags.names.first { $0.hasPrefix("aws:") }.map { "the service that wrote the tag `\($0)`" }
    }

    // MARK: Who may do what

    func policies() async throws(ProviderFailure) -> AccountPolicies {
        let region = clients.apiGateway.region
        var found = AccountPolicies(
            account: try await account(), partition: AWSPartition(region: region).rawValue, region: region, objects: [:]
        )
        let (details, policies) = try await AccountDetails.readAll(clients.iam)
        for kind in Self.principals.sorted() {
            let handler = PrincipalHandler(client: clients.iam, kind: kind, details: details)
            for element in details.principals(kind) {
                guard let object = try await handler.described(element) else { continue }
                found.objects[Address(kind, object.identity.physicalID)] = object
            }
        }
        for element in policies {
            guard let object = PolicyHandler.described(element) else { continue }
            let arn = object.identity.physicalID
            let isOfAWS = arn.split(separator: ":", omittingEmptySubsequences: false).dropFirst(4).first == "aws"
            let name = isOfAWS ? arn : object.identity.attributes["name"] ?? arn
            found.objects[Address(.policy, name)] = object
        }
        return found
    }

    private func account() async throws(ProviderFailure) -> String? {
        do {
            return try await clients.accountID()
        } catch let failure where failure.code == .missingOperation {
            // An endpoint without a token service.
            return nil
        }
    }
}
