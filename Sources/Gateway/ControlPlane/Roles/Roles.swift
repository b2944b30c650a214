import JSON

/// Roles: permissions that others take for a while.
enum Roles {
    private static let name = Shape.Member.required("RoleName", .name64)
    private static let named = QueryTarget.named(.role, "RoleName")
    private static let description = Shape.Member.optional("Description", .description)
    private static let duration = Shape.Member.optional("MaxSessionDuration", .maxSession)

    static let operations: [QueryOperation] = [
        QueryOperation(
            "CreateRole", on: named,
            [
                .path, name, .required("AssumeRolePolicyDocument", .document), description, duration, .boundary,
                .tags,
            ], create),
        QueryOperation("GetRole", on: named, [name]) { (workspace, call) throws(ServiceError) in
            ["Role": .object(document(try workspace.existing(.role, call), workspace.identity, call))]
        },
        QueryOperation("ListRoles", [.pathPrefix] + .page, list),
        QueryOperation("UpdateRole", on: named, [name, description, duration]) {
            (workspace, call) throws(ServiceError) in
            try update(&workspace, call)
            return [:]
        },
        QueryOperation("UpdateRoleDescription", on: named, [name, .required("Description", .description)]) {
            (workspace, call) throws(ServiceError) in
            let role = try update(&workspace, call)
            return ["Role": .object(document(role, workspace.identity, call))]
        },
        QueryOperation(
            "UpdateAssumeRolePolicy", on: named, [name, .required("PolicyDocument", .document)]
        ) { (workspace, call) throws(ServiceError) in
            var role = try workspace.modifiable(.role, call)
            role.details["trust"] = .string(
                try TrustPolicies.stored(call.text("PolicyDocument"), workspace.identity, call))
            workspace.identity.put(role)
            return nil
        },
        QueryOperation("DeleteRole", on: named, [name], delete),
    ]

    private static func create(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let name = call.text("RoleName")
        let path = call["Path"] ?? "/"
        guard !path.hasPrefix("/aws-service-role/") else {
            throw .query(403, "AccessDenied", "Roles under the path /aws-service-role/ are made by their services")
        }
        try workspace.check(isFree: name, .role)
        try workspace.check(call.quotas.roles, "RolesPerAccount", of: .role)
        var role = Entity(.role, name: name, path: path, created: call.now)
        role.tags = try EntityTags.read(call)
        role.boundary = try Boundaries.read(workspace, call)
        role.details["trust"] = .string(
            try TrustPolicies.stored(call.text("AssumeRolePolicyDocument"), workspace.identity, call))
        set(call, in: &role)
        workspace.identity.put(role)
        return ["Role": .object(document(role, workspace.identity, call))]
    }

    private static func list(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let prefix = call["PathPrefix"] ?? "/"
        let identity = workspace.identity
        let roles = identity.all(.role).filter { $0.path.hasPrefix(prefix) }
        return try QueryPaging.page("Roles", roles, call) { summary($0, identity, call) }
    }

    @discardableResult
    private static func update(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> Entity {
        var role = try workspace.modifiable(.role, call)
        set(call, in: &role)
        workspace.identity.put(role)
        return role
    }

    private static func set(_ call: QueryCall, in role: inout Entity) {
        if let text = call["Description"] {
            role.details["description"] = text.isEmpty ? JSONValue?.none : .string(text)
        }
        if let seconds = call.input["MaxSessionDuration"] { role.details["maxSession"] = seconds }
    }

    private static func delete(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let role = try workspace.modifiable(.role, call)
        guard workspace.identity.profiles(ofRole: role.id).isEmpty else {
            throw .deleteConflict("Cannot delete entity, must remove roles from instance profile first.")
        }
        try Attachments.checkNone(role)
        workspace.identity.remove(role)
        call.lastUses.forget(role.id, &workspace)
        return nil
    }
}

extension Roles {
    /// Seconds that a session may last.
    static func maxSession(_ role: Entity) -> Int { role.details["maxSession"]?.int ?? 3600 }

    /// A role as lists have it.
    static func summary(_ role: Entity, _ identity: IdentityDirectory, _ call: QueryCall) -> JSONObject {
        var document: JSONObject = [
            "Path": .string(role.path), "RoleName": .string(role.name), "RoleId": .string(role.id),
            "Arn": .string(role.arn(call.accountID)), "CreateDate": .string(EntityNames.timestamp(role.created)),
            "AssumeRolePolicyDocument": PolicyDocuments.encoded(TrustPolicies.shown(role, identity, call.accountID)),
        ]
        document["Description"] = role.details["description"]
        document["MaxSessionDuration"] = .number(JSONNumber(maxSession(role)))
        return document
    }

    static func document(_ role: Entity, _ identity: IdentityDirectory, _ call: QueryCall) -> JSONObject {
        var document = summary(role, identity, call)
        document["PermissionsBoundary"] = Boundaries.document(role)
        document["Tags"] = EntityTags.documents(role)
        document["RoleLastUsed"] = [:]
        if let use = call.lastUses[role.id] {
            document["RoleLastUsed"] = [
                "LastUsedDate": .string(EntityNames.timestamp(use.date)), "Region": .string(use.region),
            ]
        }
        return document
    }
}
