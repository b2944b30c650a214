import JSON

/// Permissions boundaries: the managed policy that a user's or role's permissions cannot go beyond.
enum Boundaries {
    static let operations: [QueryOperation] = [EntityKind.user, .role].flatMap { kind in
        let member = Shape.Member.required("\(kind.noun)Name", .name64)
        let target = QueryTarget.named(kind, member.name)
        return [
            QueryOperation(
                "Put\(kind.noun)PermissionsBoundary", on: target, [member, .required("PermissionsBoundary", .arn)]
            ) { (workspace, call) throws(ServiceError) in
                var entity = try workspace.modifiable(kind, call)
                entity.boundary = try read(workspace, call)
                workspace.identity.put(entity)
                return nil
            },
            QueryOperation("Delete\(kind.noun)PermissionsBoundary", on: target, [member]) {
                (workspace, call) throws(ServiceError) in
                var entity = try workspace.modifiable(kind, call)
                guard entity.boundary != nil else {
                    throw .noSuchEntity("Permissions boundary for \(kind.rawValue) \(entity.name) cannot be found.")
                }
                entity.boundary = nil
                workspace.identity.put(entity)
                return nil
            },
        ]
    }

    /// The boundary that a request names.
    static func read(_ workspace: Workspace, _ call: QueryCall) throws(ServiceError) -> String? {
        guard let arn = call["PermissionsBoundary"] else { return nil }
        guard ManagedPolicies.exists(arn, workspace.identity, call.accountID) else {
            throw .noSuchEntity("Scope ARN: \(arn) does not exist or is not attachable.")
        }
        return arn
    }

    static func document(_ entity: Entity) -> JSONValue? {
        entity.boundary.map {
            ["PermissionsBoundaryType": "PermissionsBoundaryPolicy", "PermissionsBoundaryArn": .string($0)]
        }
    }
}
