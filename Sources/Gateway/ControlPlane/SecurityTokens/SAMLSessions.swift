import Bytes
import Crypto
import IAMPolicy
import JSON

/// `AssumeRoleWithSAML`: a session for whom a SAML provider of the account vouches. Nobody signs the request: the provider
/// has signed what it carries.
enum SAMLSessions {
    static let operations: [QueryOperation] = [
        QueryOperation(
            "AssumeRoleWithSAML", of: .sts, on: .arn("RoleArn"),
            [
                SessionInput.roleARN, .required("PrincipalArn", .text(20, 2048, .printable)),
                .required("SAMLAssertion", .text(4, 100_000, isSecret: true)), SessionInput.policyARNs,
                SessionInput.policy, SessionInput.duration(43200),
            ], assume)
    ]

    private static let action = "sts:AssumeRoleWithSAML"
    private static let refused = ServiceError.query(403, "AccessDenied", "Not authorized to perform \(action)")

    private static func assume(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let identity = workspace.identity
        guard let provider = identity.find(.samlProvider, arn: call.text("PrincipalArn"), call.accountID) else {
            throw .invalidIdentityToken("Provider \(call.text("PrincipalArn")) does not exist")
        }
        guard let metadata = SAMLMetadata(provider.detail("metadata") ?? ""),
            metadata.validUntil.map({ call.now < $0 }) ?? true
        else { throw .invalidIdentityToken("The metadata of the provider cannot be used, or has ended") }
        let assertion = try SAMLAssertion(
            response: call.text("SAMLAssertion"), metadata, region: call.environment.region, now: call.now)
        guard assertion.names(role: call.text("RoleArn"), provider: call.text("PrincipalArn")),
            let role = identity.find(.role, arn: call.text("RoleArn"), call.accountID)
        else { throw refused }
        guard let name = try assertion.sessionName else {
            throw .invalidIdentityToken("RoleSessionName is required in AuthnResponse")
        }
        guard (2...64).contains(name.unicodeScalars.count), Shape.PrintedPattern.nameOrNone.matches(name) else {
            throw .invalidIdentityToken("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}")
        }
        let asked = call.input["DurationSeconds"]?.int ?? 3600
        try RoleSessions.checkDuration(asked, of: role)
        // It ends with the session at the provider.
        let seconds = min(asked, (assertion.sessionEnd ?? .max) - call.now)
        guard seconds > 0 else {
            throw .query(400, "ExpiredTokenException", "The session at the identity provider has ended")
        }
        var session = Session(.role(id: role.id, name: name), issued: call.now, seconds: seconds)
        session.provider = provider.arn(call.accountID)
        session.tags = try assertion.tags
        session.transitiveKeys = assertion.transitiveKeys
        session.sourceIdentity = try assertion.sourceIdentity
        let packed = try SessionInput.read(call, into: &session, identity)
        let qualifier = qualifier(assertion, provider, call)
        try checkTrust(session, assertion, provider, role, qualifier, identity, call)
        var result = try RoleSessions.result(session, role, packed, call)
        result["Subject"] = .string(assertion.subject)
        result["SubjectType"] = .string(assertion.subjectType)
        result["Issuer"] = .string(assertion.issuer)
        result["Audience"] = .string(assertion.recipient)
        result["NameQualifier"] = .string(qualifier)
        return result
    }

    private static func checkTrust(
        _ session: Session, _ assertion: SAMLAssertion, _ provider: Entity, _ role: Entity, _ qualifier: String,
        _ identity: IdentityDirectory, _ call: QueryCall
    ) throws(ServiceError) {
        var context = call.environment.context
        context.set("saml:aud", assertion.recipient)
        context.set("saml:iss", assertion.issuer)
        context.set("saml:sub", assertion.subject)
        context.set("saml:sub_type", assertion.subjectType)
        context.set("saml:namequalifier", qualifier)
        context.set("saml:doc", "\(call.accountID)/\(provider.name)")
        if case .role(_, let name) = session.subject { context.set("sts:RoleSessionName", name) }
        context["sts:SourceIdentity"] = session.sourceIdentity.map { [$0] }
        context.set("aws:FederatedProvider", provider.arn(call.accountID))
        context.add(tags: session.tags, of: role, call)
        context["sts:TransitiveTagKeys"] = session.transitiveKeys
        var actions = [action]
        if !session.tags.isEmpty { actions.append("sts:TagSession") }
        if session.sourceIdentity != nil { actions.append("sts:SetSourceIdentity") }
        let trust = call.authorization.cache.set(TrustPolicies.shown(role, identity, call.accountID), as: .trust)
        for action in actions {
            let request = AccessRequest(
                caller: .federated(provider: provider.arn(call.accountID)), action: action,
                resource: call.text("RoleArn"), resourceAccount: call.accountID, context: context)
            guard PolicyLayers(resource: trust, resourceMustAllow: true).decision(request).isAllowed else {
                throw .query(403, "AccessDenied", "Not authorized to perform \(action)")
            }
        }
    }

    /// With the subject, who it is among all providers of all accounts.
    ///
    /// - Note: Source: STS API reference, `NameQualifier` of `AssumeRoleWithSAML`.
    private static func qualifier(_ assertion: SAMLAssertion, _ provider: Entity, _ call: QueryCall) -> String {
        let text = "\(assertion.issuer)\(call.accountID)/\(provider.name)"
        return Base64.text(of: Array(Insecure.SHA1.hash(data: Array(text.utf8))))
    }
}
