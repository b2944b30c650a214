import IAMPolicy
import JSON

/// `AssumeRoleWithWebIdentity`: a session for whom an OpenID provider of the account vouches. Nobody signs the request.
enum WebIdentitySessions {
    static let operations: [QueryOperation] = [
        QueryOperation(
            "AssumeRoleWithWebIdentity", of: .sts, on: .arn("RoleArn"),
            [
                SessionInput.roleARN, SessionInput.sessionName,
                .required("WebIdentityToken", .text(4, 20000, isSecret: true)),
                .optional("ProviderId", .text(4, 2048)), SessionInput.policyARNs, SessionInput.policy,
                SessionInput.duration(43200),
            ], assume)
    ]

    /// The token of the request, its signature checked with the provider's keys.
    static func proof(
        _ call: QueryCall, _ identity: IdentityDirectory, _ providerKeys: ProviderKeys
    ) async throws(ServiceError) -> WebToken {
        let token = try WebToken(parsing: call.text("WebIdentityToken"))
        guard identity[.oidcProvider, token.provider] != nil else {
            throw .invalidIdentityToken("No OpenIDConnect provider found in your account for https://\(token.provider)")
        }
        let keys = try await providerKeys.keys(of: token.provider, now: call.now)
        guard token.isSigned(byOneOf: keys) else {
            throw .invalidIdentityToken("The signature of the token is not one of the identity provider's keys")
        }
        try token.checkTime(call.now)
        return token
    }

    private static func assume(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let identity = workspace.identity
        let refused = ServiceError.query(
            403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
        guard let token = call.webToken, let provider = identity[.oidcProvider, token.provider] else { throw refused }
        let clients = (provider.details["clients"]?.array ?? []).compactMap(\.string)
        guard let audience = token.audiences.first(where: clients.contains) else {
            throw .invalidIdentityToken("Incorrect token audience")
        }
        guard let role = identity.find(.role, arn: call.text("RoleArn"), call.accountID) else { throw refused }
        let seconds = call.input["DurationSeconds"]?.int ?? 3600
        try RoleSessions.checkDuration(seconds, of: role)
        let name = provider.name
        var context = call.environment.context
        context.set("\(name):aud", audience)
        context.set("\(name):sub", token.subject)
        context[name + ":amr"] = (token.claims["amr"]?.array ?? []).compactMap(\.string)
        context.set("sts:RoleSessionName", call.text("RoleSessionName"))
        context.set("aws:FederatedProvider", provider.arn(call.accountID))
        let trust = call.authorization.cache.set(TrustPolicies.shown(role, identity, call.accountID), as: .trust)
        let request = AccessRequest(
            caller: .federated(provider: provider.arn(call.accountID)), action: "sts:AssumeRoleWithWebIdentity",
            resource: call.text("RoleArn"), resourceAccount: call.accountID, context: context)
        guard PolicyLayers(resource: trust, resourceMustAllow: true).decision(request).isAllowed else { throw refused }
        var session = Session(
            .role(id: role.id, name: call.text("RoleSessionName")), issued: call.now, seconds: seconds)
        session.provider = provider.arn(call.accountID)
        let packed = try SessionInput.read(call, into: &session, identity)
        var result = try RoleSessions.result(session, role, packed, call)
        result["SubjectFromWebIdentityToken"] = .string(token.subject)
        result["Provider"] = .string(provider.arn(call.accountID))
        result["Audience"] = .string(audience)
        return result
    }
}
