import JSON

/// Tags of everything in IAM that has tags.
enum EntityTags {
    /// How an operation names what it tags.
    private struct Place: Sendable {
        var kind: EntityKind
        /// `User`, as in `TagUser`.
        var noun: String
        var member: Shape.Member
    }

    private static let places = [
        Place(kind: .user, noun: "User", member: .required("UserName", .name128)),
        Place(kind: .role, noun: "Role", member: .required("RoleName", .name64)),
        Place(kind: .policy, noun: "Policy", member: .policyARN),
        Place(kind: .instanceProfile, noun: "InstanceProfile", member: .required("InstanceProfileName", .name128)),
        Place(kind: .mfaDevice, noun: "MFADevice", member: .required("SerialNumber", .serialNumber)),
        Place(kind: .oidcProvider, noun: "OpenIDConnectProvider", member: .required("OpenIDConnectProviderArn", .arn)),
        Place(kind: .samlProvider, noun: "SAMLProvider", member: .required("SAMLProviderArn", .arn)),
        Place(
            kind: .serverCertificate, noun: "ServerCertificate", member: .required("ServerCertificateName", .name128)),
    ]

    static let operations: [QueryOperation] = places.flatMap { place in
        let name = place.member.name
        let target: QueryTarget = name.hasSuffix("Name") ? .named(place.kind, name) : .arn(name)
        return [
            QueryOperation("Tag\(place.noun)", on: target, [place.member, .required("Tags", .tags)]) {
                (workspace, call) throws(ServiceError) in
                try edit(&workspace, call, place) { (entity) throws(ServiceError) in
                    entity.tags = try merged(entity.tags, with: read(call))
                }
            },
            QueryOperation(
                "Untag\(place.noun)", on: target,
                [place.member, .required("TagKeys", .shortList(.tagKey, max: Limits.tagsPerEntityMax))]
            ) { (workspace, call) throws(ServiceError) in
                let keys = Set(call.texts("TagKeys").map { $0.lowercased() })
                return try edit(&workspace, call, place) { (entity) throws(ServiceError) in
                    entity.tags.removeAll { keys.contains($0.key.lowercased()) }
                }
            },
            QueryOperation("List\(place.noun)Tags", on: target, [place.member] + .page) {
                (workspace, call) throws(ServiceError) in
                let tags = try find(workspace, call, place).tags.sorted { $0.key < $1.key }
                return try QueryPaging.page("Tags", tags, call, key: \.key, document)
            },
        ]
    }

    static func document(_ tag: Entity.Tag) -> JSONValue { ["Key": .string(tag.key), "Value": .string(tag.value)] }

    /// Nil when there are none: results leave the member out.
    static func documents(_ entity: Entity) -> JSONValue? {
        entity.tags.isEmpty ? nil : .array(entity.tags.map(document))
    }

    /// The tags of a request.
    ///
    /// - Note: Source: IAM user guide, "Tagging IAM resources": keys are unique ignoring case.
    static func read(_ call: QueryCall) throws(ServiceError) -> [Entity.Tag] {
        var tags: [Entity.Tag] = []
        var keys: Set<String> = []
        for tag in call.input["Tags"]?.array ?? [] {
            let tag = Entity.Tag(key: tag["Key"]?.string ?? "", value: tag["Value"]?.string ?? "")
            guard !tag.key.lowercased().hasPrefix("aws:") else {
                throw .invalidInput("aws: prefixed tag key names are not allowed for external use.")
            }
            guard keys.insert(tag.key.lowercased()).inserted else {
                throw .invalidInput("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
            }
            tags.append(tag)
        }
        return tags
    }

    private static func merged(_ old: [Entity.Tag], with new: [Entity.Tag]) throws(ServiceError) -> [Entity.Tag] {
        var tags = old
        for tag in new {
            if let position = tags.firstIndex(where: { $0.key.lowercased() == tag.key.lowercased() }) {
                tags[position] = tag
            } else {
                tags.append(tag)
            }
        }
        guard tags.count <= Limits.tagsPerEntityMax else {
            throw .limitExceeded("TagsPerResource", Limits.tagsPerEntityMax)
        }
        return tags
    }

    private static func find(
        _ workspace: Workspace, _ call: QueryCall, _ place: Place
    ) throws(ServiceError) -> Entity {
        let name = call.text(place.member.name)
        guard !place.member.name.hasSuffix("Name") else { return try workspace.existing(place.kind, name) }
        return try workspace.existing(place.kind, arn: name, call)
    }

    private static func edit(
        _ workspace: inout Workspace, _ call: QueryCall, _ place: Place,
        _ body: (inout Entity) throws(ServiceError) -> Void
    ) throws(ServiceError) -> JSONObject? {
        var entity = try find(workspace, call, place)
        try body(&entity)
        workspace.identity.put(entity)
        return nil
    }
}

extension Workspace {
    /// The entity of this ARN; an ARN of another kind or account is not found.
    func existing(_ kind: EntityKind, arn: String, _ call: QueryCall) throws(ServiceError) -> Entity {
        guard let entity = identity.find(kind, arn: arn, call.accountID) else { throw kind.missing(arn) }
        return entity
    }
}

extension IdentityDirectory {
    func find(_ kind: EntityKind, arn: String, _ accountID: String) -> Entity? {
        let prefix = "arn:aws:iam::\(accountID):\(kind.arnType)/"
        guard arn.hasPrefix(prefix) else { return nil }
        let rest = arn.dropFirst(prefix.count)
        // Only the names of OpenID providers have slashes: they have no path instead.
        let name = kind == .oidcProvider ? rest : rest.split(separator: "/").last ?? rest
        guard let entity = self[kind, String(name)], entity.arn(accountID) == arn else { return nil }
        return entity
    }
}
