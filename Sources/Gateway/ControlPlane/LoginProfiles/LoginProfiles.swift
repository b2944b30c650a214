import JSON

/// Passwords of users, kept as salted hashes. The entity's name is the user's id, so that there is one a user.
enum LoginProfiles {
    private static let user = Shape.Member.required("UserName", .name64)
    private static let password = Shape.text(1, 128, .latin, isSecret: true)
    private static let reset = Shape.Member.optional("PasswordResetRequired", .boolean)

    static let operations: [QueryOperation] = [
        QueryOperation(
            "CreateLoginProfile", on: .userOrCaller, [.user, .required("Password", password), reset], create),
        QueryOperation("GetLoginProfile", on: .userOrCaller, [.user]) { (workspace, call) throws(ServiceError) in
            let user = try workspace.userOrCaller(call)
            return ["LoginProfile": document(try find(workspace, user), of: user)]
        },
        QueryOperation(
            "UpdateLoginProfile", on: .named(.user, "UserName"), [user, .optional("Password", password), reset], update
        ),
        QueryOperation("DeleteLoginProfile", on: .userOrCaller, [.user]) { (workspace, call) throws(ServiceError) in
            workspace.identity.remove(try find(workspace, workspace.userOrCaller(call)))
            return nil
        },
        QueryOperation(
            "ChangePassword", on: .userOrCaller,
            [.required("OldPassword", password), .required("NewPassword", password)], change),
    ]

    private static func find(_ workspace: Workspace, _ user: Entity) throws(ServiceError) -> Entity {
        guard let profile = workspace.identity[.loginProfile, user.id] else {
            throw EntityKind.loginProfile.missing(user.name)
        }
        return profile
    }

    private static func document(_ profile: Entity, of user: Entity) -> JSONValue {
        [
            "UserName": .string(user.name), "CreateDate": .string(EntityNames.timestamp(profile.created)),
            "PasswordResetRequired": profile.details["reset"] ?? false,
        ]
    }

    private static func create(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let user = try workspace.userOrCaller(call)
        guard !workspace.identity.isTaken(.loginProfile, user.id) else {
            throw EntityKind.loginProfile.taken(user.name)
        }
        var profile = Entity(.loginProfile, name: user.id, created: call.now)
        profile.owner = user.id
        try set(call.text("Password"), in: &profile, workspace, call)
        profile.details["reset"] = .bool(call.flag("PasswordResetRequired"))
        workspace.identity.put(profile)
        return ["LoginProfile": document(profile, of: user)]
    }

    private static func update(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let user = try workspace.existing(.user, call)
        var profile = try find(workspace, user)
        if let password = call["Password"] { try set(password, in: &profile, workspace, call) }
        if let flag = call.input["PasswordResetRequired"] { profile.details["reset"] = flag }
        workspace.identity.put(profile)
        return nil
    }

    private static func change(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        guard let user = call.caller.user(workspace.identity) else {
            throw .query(400, "InvalidUserType", "Only IAM Users can change their own password")
        }
        var profile = try find(workspace, user)
        guard let hash = call.sealing.openText(profile.detail("hash"), for: profile.id),
            PasswordHash.matches(call.text("OldPassword"), hash)
        else { throw .query(403, "AccessDenied", "The old password was incorrect.") }
        try set(call.text("NewPassword"), in: &profile, workspace, call)
        profile.details["reset"] = false
        workspace.identity.put(profile)
        return nil
    }

    /// - Throws: `PasswordPolicyViolation`.
    private static func set(
        _ password: String, in profile: inout Entity, _ workspace: Workspace, _ call: QueryCall
    ) throws(ServiceError) {
        try PasswordPolicy.check(password, workspace.identity)
        profile.details["hash"] = .string(
            try call.sealing.seal(Array(PasswordHash.make(password).utf8), for: profile.id))
        profile.details["changed"] = .number(JSONNumber(call.now))
    }
}
