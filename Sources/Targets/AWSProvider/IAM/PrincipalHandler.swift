import JSON
import Resources
import XML

/// Users, groups and roles: what is attached to one is a field of it.
struct PrincipalHandler: ObjectHandler {
    let client: QueryClient
    let kind: ResourceKind
    let details: AccountDetails?

    private var noun: String { kind.rawValue }
    private var nameKey: String { "\(noun)Name" }

    // MARK: Calls

    func perform(_ call: ObjectCall) async throws(ProviderFailure) -> Identity? {
        guard call.operation != "Create\(noun)" else { return try await create(call) }
        guard let name = call.identity?.physicalID else {
            throw ProviderFailure(.notFound, "the name of `\(call.address)` is not known", effect: .none)
        }
        let own: QueryParameters = [nameKey: name]
        switch call.operation {
        case "Delete\(noun)": try await client.remove(call.operation, own)
        case "Update\(noun)": return try await update(call, own)
        case "UpdateAssumeRolePolicy":
            _ = try await client.call(
                call.operation,
                own.with("PolicyDocument", call.document["assumeRolePolicyDocument"]?.text(.compact)))
        case "Put\(noun)PermissionsBoundary":
            _ = try await client.call(
                call.operation, own.with("PermissionsBoundary", call.document["permissionsBoundary"]?.string))
        case "Delete\(noun)PermissionsBoundary": try await client.remove(call.operation, own)
        case "Tag\(noun)", "Untag\(noun)": try await client.tag(noun, (nameKey, name), call)
        default: try await attach(call, own)
        }
        return nil
    }

    private func attach(_ call: ObjectCall, _ own: QueryParameters) async throws(ProviderFailure) {
        switch call.operation {
        case "Attach\(noun)Policy":
            for arn in call.added("managedPolicyArns") {
                _ = try await client.call(call.operation, own.with("PolicyArn", arn))
            }
        case "Detach\(noun)Policy":
            for arn in call.removed("managedPolicyArns") {
                try await client.remove(call.operation, own.with("PolicyArn", arn))
            }
        case "Put\(noun)Policy":
            for (name, document) in call.after?["inlinePolicies"]?.object ?? [:]
            where call.before?["inlinePolicies"]?[name] != document {
                let form = own.with("PolicyName", name).with("PolicyDocument", document.text(.compact))
                _ = try await client.call(call.operation, form)
            }
        case "Delete\(noun)Policy":
            for name in call.before?["inlinePolicies"]?.object?.names ?? []
            where call.after?["inlinePolicies"]?[name] == nil {
                try await client.remove(call.operation, own.with("PolicyName", name))
            }
        case "AddUserToGroup":
            for group in call.added("groups") {
                _ = try await client.call(call.operation, own.with("GroupName", group))
            }
        case "RemoveUserFromGroup":
            for group in call.removed("groups") {
                try await client.remove(call.operation, own.with("GroupName", group))
            }
        default: throw .unknownCall(call.operation)
        }
    }

    private func create(_ call: ObjectCall) async throws(ProviderFailure) -> Identity? {
        var form: QueryParameters = [nameKey: call.text("name") ?? call.address.name]
        form.add("Path", call.text("path"))
        if kind != .group {
            form.add("PermissionsBoundary", call.text("permissionsBoundary"))
            form.add("Tags", tags: call.newTags)
        }
        if kind == .role {
            form.add("Description", call.text("description"))
            form.add("AssumeRolePolicyDocument", call.after?["assumeRolePolicyDocument"]?.text(.compact))
            form.add("MaxSessionDuration", call.after?["maxSessionDuration"]?.number?.text)
        }
        let reply = try await client.call(call.operation, form)
        guard let made = reply[noun].flatMap(identity) else { throw .missingReply(call.operation) }
        return made
    }

    /// The name and the path are part of the ARN, which is read again.
    private func update(_ call: ObjectCall, _ own: QueryParameters) async throws(ProviderFailure) -> Identity? {
        guard kind != .role else {
            let duration = call.after?["maxSessionDuration"]?.number?.text ?? "3600"
            _ = try await client.call(
                call.operation,
                own.with("Description", call.text("description") ?? "").with("MaxSessionDuration", duration))
            return nil
        }
        let name = call.text("name") ?? call.address.name
        var form = own.with("NewPath", call.text("path") ?? "/")
        if name != call.identity?.physicalID { form.add("New\(nameKey)", name) }
        _ = try await client.call(call.operation, form)
        do {
            return try await client.read("Get\(noun)", [nameKey: name])?[noun].flatMap(identity)
        } catch {
            throw error.withUnknownEffect
        }
    }

    private func identity(_ element: XMLElement) -> Identity? {
        guard let name = element.text(nameKey), let arn = element.text("Arn") else { return nil }
        var attributes = ["name": name, "arn": arn]
        attributes["id"] = element.text("\(noun)Id")
        return Identity(physicalID: name, attributes: attributes)
    }

    // MARK: Reading

    func find(_ lookup: ObjectLookup) async throws(ProviderFailure) -> ObservedObject? {
        let name = lookup.identity?.physicalID ?? lookup.address.name
        let known = details?.principal(kind, name)
        // The account's details say everything but two fields of roles.
        if details != nil, known == nil { return nil }
        var element = known
        if kind == .role || element == nil {
            element = try await client.read("Get\(noun)", [nameKey: name])?[noun]
        }
        guard let element, let identity = identity(element) else { return nil }
        let tags = IAMText.tags(element)
        // Groups have no tags: their name is all that tells them.
        if kind != .group, lookup.identity == nil, !lookup.isOwn(tags) { return nil }
        return ObservedObject(identity: identity, document: try await document(element, identity, known))
    }

    private func document(
        _ element: XMLElement, _ identity: Identity, _ known: XMLElement?
    ) async throws(ProviderFailure) -> JSONValue {
        var document: JSONObject = ["name": .string(identity.physicalID)]
        document["path"] = element.text("Path").map { .string($0) }
        document["description"] = element.text("Description").map { .string($0) }
        document["assumeRolePolicyDocument"] = IAMText.document(element.text("AssumeRolePolicyDocument"))
        document["maxSessionDuration"] = element.text("MaxSessionDuration").flatMap(Int.init).map {
            .number(JSONNumber($0))
        }
        document["permissionsBoundary"] = element["PermissionsBoundary"]?.text("PermissionsBoundaryArn").map {
            .string($0)
        }
        document["tags"] = IAMText.userTags(IAMText.tags(element))
        let own: QueryParameters = [nameKey: identity.physicalID]
        if let known {
            document["managedPolicyArns"] = IAMText.list(
                known.members("AttachedManagedPolicies").compactMap { $0.text("PolicyArn") })
            document["inlinePolicies"] = .object(
                JSONObject(
                    known.members("\(noun)PolicyList").map {
                        ($0.text("PolicyName") ?? "", IAMText.document($0.text("PolicyDocument")) ?? .null)
                    }))
            document["groups"] = IAMText.list(known.members("GroupList").compactMap(\.text))
        } else {
            document["managedPolicyArns"] = IAMText.list(
                try await client.list("ListAttached\(noun)Policies", "AttachedPolicies", own)
                    .compactMap { $0.text("PolicyArn") })
            document["inlinePolicies"] = .object(try await inlinePolicies(own))
            if kind == .user {
                document["groups"] = IAMText.list(
                    try await client.list("ListGroupsForUser", "Groups", own).compactMap { $0.text("GroupName") })
            }
        }
        if kind != .user { document["groups"] = JSONValue?.none }
        return IAMText.normal(kind, document)
    }

    private func inlinePolicies(_ own: QueryParameters) async throws(ProviderFailure) -> JSONObject {
        var policies = JSONObject()
        for name in try await client.list("List\(noun)Policies", "PolicyNames", own).compactMap(\.text) {
            guard let policy = try await client.read("Get\(noun)Policy", own.with("PolicyName", name)) else { continue }
            policies[name] = IAMText.document(policy.text("PolicyDocument"))
        }
        return policies
    }

    // MARK: Marks

    func owned() async throws(ProviderFailure) -> [OwnedObject] {
        guard let details, kind != .group else { return [] }
        return details.principals(kind).compactMap { element in
            guard let identity = identity(element) else { return nil }
            return OwnedObject(identity, tags: IAMText.tags(element))
        }
    }

    func all() async throws(ProviderFailure) -> [Identity] {
        if let details { return details.principals(kind).compactMap(identity) }
        return try await client.list("List\(noun)s", "\(noun)s").compactMap(identity)
    }

    /// What the account's details alone say of one: of a role that is all that concerns access.
    func described(_ element: XMLElement) async throws(ProviderFailure) -> ObservedObject? {
        guard let identity = identity(element) else { return nil }
        return ObservedObject(identity: identity, document: try await document(element, identity, element))
    }

    func mark(_ identity: Identity, _ tags: [(String, String)]) async throws(ProviderFailure) {
        guard kind != .group else { return }
        try await client.mark(noun, (nameKey, identity.physicalID), tags)
    }
}

extension QueryParameters {
    /// With one member more.
    func with(_ name: String, _ value: String?) -> QueryParameters {
        var copy = self
        copy.add(name, value)
        return copy
    }
}

extension OwnedObject {
    /// Nil for an object without a mark.
    init?(_ identity: Identity, tags: [String: String]) {
        guard tags.keys.contains(where: { $0.hasPrefix(OwnershipMarker.tagPrefix) }) else { return nil }
        let object = JSONObject(tags.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) })
        self.init(
            physicalID: identity.physicalID, name: identity.attributes["name"] ?? identity.physicalID,
            marker: Marker(tags: object))
    }
}
