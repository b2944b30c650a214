import JSON

/// Users: people and programs with credentials of their own.
enum Users {
    private static let name64 = Shape.Member.required("UserName", .name64)
    private static let name128 = Shape.Member.required("UserName", .name128)
    private static let named = QueryTarget.named(.user, "UserName")

    static let operations: [QueryOperation] = [
        QueryOperation("CreateUser", on: named, [.path, name64, .boundary, .tags], create),
        QueryOperation("GetUser", on: .userOrCaller, [.user], get),
        QueryOperation("ListUsers", [.pathPrefix] + .page, list),
        QueryOperation(
            "UpdateUser", on: named,
            [name128, .optional("NewPath", .text(1, 512, .path)), .optional("NewUserName", .name64)], update),
        QueryOperation("DeleteUser", on: named, [name128], delete),
    ]

    private static func create(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let name = call.text("UserName")
        try workspace.check(isFree: name, .user)
        try workspace.check(call.quotas.users, "UsersPerAccount", of: .user)
        var user = Entity(.user, name: name, path: call["Path"] ?? "/", created: call.now)
        user.tags = try EntityTags.read(call)
        user.boundary = try Boundaries.read(workspace, call)
        workspace.identity.put(user)
        return ["User": .object(document(user, call))]
    }

    private static func get(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        guard call["UserName"] != nil || call.caller.who != .root else {
            return [
                "User": [
                    "UserId": .string(call.accountID), "Arn": .string(Principal.root.arn(call.accountID)),
                    "CreateDate": .string(EntityNames.timestamp(0)),
                ]
            ]
        }
        return ["User": .object(document(try workspace.userOrCaller(call), call))]
    }

    private static func list(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let prefix = call["PathPrefix"] ?? "/"
        let users = workspace.identity.all(.user).filter { $0.path.hasPrefix(prefix) }
        return try QueryPaging.page("Users", users, call) { summary($0, call) }
    }

    private static func update(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        try Renaming.rename(
            .user, call.text("UserName"), to: call["NewUserName"], path: call["NewPath"], &workspace)
        return nil
    }

    private static func delete(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let user = try workspace.existing(.user, call)
        let identity = workspace.identity
        let owned: [(EntityKind, String)] = [
            (.accessKey, "must delete access keys first."), (.loginProfile, "must delete login profile first."),
            (.mfaDevice, "must delete MFA device first."),
            (.signingCertificate, "must delete signing certificates first."),
            (.sshKey, "must delete SSH public keys first."),
            (.serviceCredential, "must delete service specific credentials first."),
        ]
        for (kind, reason) in owned where identity.unordered(kind).contains(where: { $0.owner == user.id }) {
            throw .deleteConflict("Cannot delete entity, \(reason)")
        }
        try Attachments.checkNone(user)
        guard user.groups.isEmpty else {
            throw .deleteConflict("Cannot delete entity, must remove users from group first.")
        }
        workspace.identity.remove(user)
        return nil
    }
}

extension Users {
    /// A user as lists have it.
    static func summary(_ user: Entity, _ call: QueryCall) -> JSONObject {
        var document: JSONObject = [
            "Path": .string(user.path), "UserName": .string(user.name), "UserId": .string(user.id),
            "Arn": .string(user.arn(call.accountID)), "CreateDate": .string(EntityNames.timestamp(user.created)),
        ]
        if let seconds = user.details["PasswordLastUsed"]?.int {
            document["PasswordLastUsed"] = .string(EntityNames.timestamp(seconds))
        }
        return document
    }

    static func document(_ user: Entity, _ call: QueryCall) -> JSONObject {
        var document = summary(user, call)
        document["PermissionsBoundary"] = Boundaries.document(user)
        document["Tags"] = EntityTags.documents(user)
        return document
    }
}

extension Workspace {
    /// The user that `UserName` names, else the one that sent the request.
    func userOrCaller(_ call: QueryCall) throws(ServiceError) -> Entity {
        if let name = call["UserName"] { return try existing(.user, name) }
        if let user = call.caller.user(identity) { return user }
        throw .validationError("Must specify userName when calling with non-User credentials")
    }
}
