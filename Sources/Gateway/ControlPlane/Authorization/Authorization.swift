import IAMPolicy

/// Whether a caller may do what it asks, by the policies as they are at that moment.
struct Authorization: Sendable {
    let accountID: String
    let cache = PolicyCache()

    /// - Parameter resources: At least one; each must be allowed.
    /// - Throws: `AccessDenied`, with the reason as the services word it.
    func check(
        _ principal: Principal, _ action: String, on resources: @autoclosure () -> [String],
        _ context: @autoclosure () -> RequestContext, _ identity: IdentityDirectory
    ) throws(ServiceError) {
        // The root may do everything that no session policy keeps from it.
        if principal.who == .root, principal.session?.hasPolicies != true { return }
        let layers = layers(of: principal, identity)
        let caller = principal.caller(accountID)
        let context = context().adding(factsOf: principal, identity)
        for resource in resources() {
            let request = AccessRequest(
                caller: caller, action: action, resource: resource, resourceAccount: accountID, context: context)
            let decision = layers.decision(request)
            guard decision.isAllowed else { throw .accessDenied(caller.arn, action, resource, decision) }
        }
    }

    /// The policies that limit and grant what the principal may do.
    func layers(of principal: Principal, _ identity: IdentityDirectory) -> PolicyLayers {
        var layers = PolicyLayers()
        switch principal.who {
        case .root, .anonymous: break
        case .user(let user): add(user.id, to: &layers, identity)
        case .role(let role, _): add(role.id, to: &layers, identity)
        case .federated(_, let issuer?): add(issuer, to: &layers, identity)
        case .federated(_, nil): layers.identity = [cache.set(Self.everything, as: .identity)]
        }
        if let session = principal.session, session.hasPolicies {
            layers.session = sessionPolicies(session, identity)
        }
        return layers
    }

    private static let everything =
        #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#

    private func add(_ id: String, to layers: inout PolicyLayers, _ identity: IdentityDirectory) {
        guard let entity = identity.entity(id: id) else { return }
        for holder in [entity] + identity.groups(of: entity) {
            layers.identity += holder.inline.map { cache.set($0.document, as: .identity) }
            layers.identity += texts(of: holder.attached, identity).map { cache.set($0, as: .identity) }
        }
        if let boundary = entity.boundary {
            // One that is gone bounds to nothing.
            let text = texts(of: [boundary], identity).first ?? "{}"
            layers.boundary = cache.set(text, as: .boundary)
        }
    }

    private func texts(of arns: [String], _ identity: IdentityDirectory) -> [String] {
        arns.compactMap { arn in
            ManagedPolicies.find(arn, identity, accountID).flatMap(PolicyVersions.current)?.text
        }
    }

    /// Together they are one layer: what any of them allows.
    private func sessionPolicies(_ session: Session, _ identity: IdentityDirectory) -> PolicySet {
        let texts = session.policies + texts(of: session.policyARNs, identity)
        let documents = texts.compactMap { PolicyDocument.read(text: $0, as: .session, sizeMax: .max).document }
        return PolicySet(documents.map { (name: "", document: $0) })
    }
}

extension RequestContext {
    /// What the caller's credentials say of it.
    func adding(factsOf principal: Principal, _ identity: IdentityDirectory) -> RequestContext {
        var context = self
        var tags: [Entity.Tag] = []
        switch principal.who {
        case .user(let user): tags = identity.entity(id: user.id)?.tags ?? []
        case .role(let role, _): tags = identity.entity(id: role.id)?.tags ?? []
        case .root, .federated, .anonymous: break
        }
        for tag in tags { context.set("aws:PrincipalTag/\(tag.key)", tag.value) }
        guard let session = principal.session else { return context }
        for tag in session.tags { context.set("aws:PrincipalTag/\(tag.key)", tag.value) }
        context.set("aws:TokenIssueTime", EntityNames.timestamp(session.issued))
        context.set("aws:MultiFactorAuthPresent", session.isMFA ? "true" : "false")
        if let source = session.sourceIdentity { context.set("aws:SourceIdentity", source) }
        if let provider = session.provider { context.set("aws:FederatedProvider", provider) }
        return context
    }
}

extension ServiceError {
    /// - Note: Source: IAM user guide, "Troubleshoot access denied error messages".
    static func accessDenied(
        _ arn: String, _ action: String, _ resource: String, _ decision: AccessDecision
    ) -> ServiceError {
        let kind =
            switch decision.layer {
            case .identity, .fixedRule: "identity-based policy"
            case .boundary: "permissions boundary"
            case .session: "session policy"
            case .resource: "resource-based policy"
            }
        let reason =
            decision.outcome == .explicitlyDenied
            ? " with an explicit deny in \(kind == "identity-based policy" ? "an" : "a") \(kind)"
            : " because no \(kind) allows the \(action) action"
        return notAuthorized(arn, action, resource, reason)
    }

    static func notAuthorized(
        _ arn: String, _ action: String, _ resource: String, _ reason: String = ""
    ) -> ServiceError {
        ServiceError(
            status: 403, type: "AccessDeniedException",
            message: "User: \(arn.isEmpty ? "anonymous" : arn) is not authorized to perform: \(action) on resource: "
                + resource + reason,
            queryCode: "AccessDenied")
    }
}
