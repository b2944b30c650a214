import JSON

/// What passwords of the account have to be. One entity, whose name is `account`.
enum PasswordPolicy {
    private static let name = "account"
    private static let flags = [
        "RequireSymbols", "RequireNumbers", "RequireUppercaseCharacters", "RequireLowercaseCharacters",
        "AllowUsersToChangePassword", "HardExpiry",
    ]

    static let operations: [QueryOperation] = [
        QueryOperation(
            "UpdateAccountPasswordPolicy",
            [
                .optional("MinimumPasswordLength", .number(6...128)), .optional("MaxPasswordAge", .number(1...1095)),
                .optional("PasswordReusePrevention", .number(1...24)),
            ] + flags.map { .optional($0, .boolean) }, update),
        QueryOperation("GetAccountPasswordPolicy") { (workspace, call) throws(ServiceError) in
            ["PasswordPolicy": .object(try find(workspace, call).details)]
        },
        QueryOperation("DeleteAccountPasswordPolicy") { (workspace, call) throws(ServiceError) in
            workspace.identity.remove(try find(workspace, call))
            return nil
        },
    ]

    private static func find(_ workspace: Workspace, _ call: QueryCall) throws(ServiceError) -> Entity {
        guard let policy = workspace.identity[.passwordPolicy, name] else {
            throw EntityKind.passwordPolicy.missing(call.accountID)
        }
        return policy
    }

    /// What is not named takes its default, as the service does.
    private static func update(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        var policy = Entity(.passwordPolicy, name: name, created: call.now)
        policy.details["MinimumPasswordLength"] = call.input["MinimumPasswordLength"] ?? 6
        for flag in flags { policy.details[flag] = .bool(call.flag(flag)) }
        policy.details["ExpirePasswords"] = .bool(call.input["MaxPasswordAge"] != nil)
        for member in ["MaxPasswordAge", "PasswordReusePrevention"] { policy.details[member] = call.input[member] }
        workspace.identity.put(policy)
        return nil
    }

    /// Without a policy of the account: eight characters of three kinds.
    ///
    /// - Note: Source: IAM user guide, "Default password policy".
    static func check(_ password: String, _ identity: IdentityDirectory) throws(ServiceError) {
        let scalars = password.unicodeScalars
        let hasUpper = scalars.contains { ("A"..."Z").contains($0) }
        let hasLower = scalars.contains { ("a"..."z").contains($0) }
        let hasDigit = scalars.contains { ("0"..."9").contains($0) }
        let hasSymbol = scalars.contains { "!@#$%^&*()_+-=[]{}|'".unicodeScalars.contains($0) }
        guard let policy = identity[.passwordPolicy, name] else {
            let kinds = [hasUpper, hasLower, hasDigit, hasSymbol].count { $0 }
            guard scalars.count >= 8, kinds >= 3 else {
                throw violation(
                    "Password should have a minimum length of 8 and at least three of: uppercase letters, lowercase "
                        + "letters, numbers, symbols")
            }
            return
        }
        let least = policy.details["MinimumPasswordLength"]?.int ?? 6
        guard scalars.count >= least else { throw violation("Password should have a minimum length of \(least)") }
        for (flag, isMet, what) in [
            ("RequireUppercaseCharacters", hasUpper, "uppercase letter"),
            ("RequireLowercaseCharacters", hasLower, "lowercase letter"), ("RequireNumbers", hasDigit, "number"),
            ("RequireSymbols", hasSymbol, "symbol"),
        ] where policy.details[flag]?.bool == true && !isMet {
            throw violation("Password should have at least one \(what)")
        }
    }

    private static func violation(_ message: String) -> ServiceError {
        .query(400, "PasswordPolicyViolation", message)
    }
}
