import JSON

/// Managed policies on users, groups and roles.
enum Attachments {
    static let operations: [QueryOperation] = [EntityKind.user, .group, .role].flatMap { kind in
        let member = Shape.Member.required("\(kind.noun)Name", kind == .group ? .name128 : .name64)
        let target = QueryTarget.named(kind, member.name)
        return [
            QueryOperation("Attach\(kind.noun)Policy", on: target, [member, .policyARN]) {
                (workspace, call) throws(ServiceError) in
                try attach(kind, &workspace, call)
                return nil
            },
            QueryOperation("Detach\(kind.noun)Policy", on: target, [member, .policyARN]) {
                (workspace, call) throws(ServiceError) in
                try detach(kind, &workspace, call)
                return nil
            },
            QueryOperation(
                "ListAttached\(kind.noun)Policies", on: target,
                [member, .optional("PathPrefix", .text(1, 512, .policyPath))] + .page
            ) { (workspace, call) throws(ServiceError) in
                try list(kind, workspace, call)
            },
        ]
    }

    private static func attach(
        _ kind: EntityKind, _ workspace: inout Workspace, _ call: QueryCall
    ) throws(ServiceError) {
        var entity = try workspace.modifiable(kind, call)
        let arn = call.text("PolicyArn")
        try ManagedPolicies.checkForm(arn)
        guard ManagedPolicies.exists(arn, workspace.identity, call.accountID) else {
            throw .noSuchEntity("Policy \(arn) does not exist or is not attachable.")
        }
        guard !entity.attached.contains(arn) else { return }
        guard entity.attached.count < call.quotas.attachedPolicies else {
            throw .limitExceeded("PoliciesPer\(kind.noun)", call.quotas.attachedPolicies)
        }
        entity.attached.append(arn)
        workspace.identity.put(entity)
    }

    private static func detach(
        _ kind: EntityKind, _ workspace: inout Workspace, _ call: QueryCall
    ) throws(ServiceError) {
        var entity = try workspace.modifiable(kind, call)
        let arn = call.text("PolicyArn")
        try ManagedPolicies.checkForm(arn)
        guard let position = entity.attached.firstIndex(of: arn) else {
            throw EntityKind.policy.missing(arn)
        }
        entity.attached.remove(at: position)
        workspace.identity.put(entity)
    }

    private static func list(
        _ kind: EntityKind, _ workspace: Workspace, _ call: QueryCall
    ) throws(ServiceError) -> JSONObject {
        let entity = try workspace.existing(kind, call)
        let prefix = call["PathPrefix"] ?? "/"
        let arns = entity.attached.filter { ManagedPolicies.path(ofARN: $0).hasPrefix(prefix) }
        let items = arns.map { (key: ManagedPolicies.marker(ofARN: $0), arn: $0) }.sorted { $0.key < $1.key }
        return try QueryPaging.page("AttachedPolicies", items, call, key: \.key) { document($0.arn) }
    }

    static func document(_ arn: String) -> JSONValue {
        ["PolicyName": .string(ManagedPolicies.name(ofARN: arn)), "PolicyArn": .string(arn)]
    }

    /// - Throws: `DeleteConflict` while the entity has policies.
    static func checkNone(_ entity: Entity) throws(ServiceError) {
        guard entity.inline.isEmpty else { throw .deleteConflict("Cannot delete entity, must delete policies first.") }
        guard entity.attached.isEmpty else {
            throw .deleteConflict("Cannot delete entity, must detach all policies first.")
        }
    }
}
