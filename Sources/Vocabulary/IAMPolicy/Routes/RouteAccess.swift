/// What one side says to a call.
package enum PolicyVoice: String, Sendable, Hashable, CaseIterable {
    case allow, silent, deny
}

/// Who decides about a call of a route.
package enum RouteAuthorization: String, Sendable, Hashable, CaseIterable {
    case none = "NONE"
    case iam = "AWS_IAM"
    case custom = "CUSTOM"
    case cognito = "COGNITO_USER_POOLS"
}

/// How the authorization of a method and the resource policy of its API come together.
///
/// SOURCE: API Gateway developer guide, "How API Gateway resource policies affect authorization workflow", tables A and B.
package enum RouteAccess {
    /// - Parameters:
    ///   - own: What the identity policies or the authorizer's policy say; of no account for `NONE` and Cognito, whose
    ///     token was accepted before.
    ///   - resource: What the resource policy says; nil if the API has none.
    ///   - isSameAccount: The caller is of the API's account; true for callers of no account.
    ///   - isPrivate: A private API without a resource policy refuses every call.
    package static func outcome(
        _ authorization: RouteAuthorization, own: PolicyVoice, resource: PolicyVoice?, isSameAccount: Bool = true,
        isPrivate: Bool = false
    ) -> AccessDecision.Outcome {
        if resource == .deny { return .explicitlyDenied }
        if resource == nil, isPrivate { return .implicitlyDenied }
        switch authorization {
        case .none, .cognito: return resource == .silent ? .implicitlyDenied : .allowed
        case .iam, .custom:
            if own == .deny { return .explicitlyDenied }
            let isAllowed =
                isSameAccount ? own == .allow || resource == .allow : own == .allow && resource == .allow
            return isAllowed ? .allowed : .implicitlyDenied
        }
    }
}

extension PolicySet {
    /// What these policies alone say to a request, and by which statement.
    ///
    /// Of the policy of a resource an Allow counts that names the caller, its role or everybody; one that names its
    /// account leaves it to the account, which is silence in the same account and an Allow from another.
    package func voice(_ request: AccessRequest) -> (voice: PolicyVoice, statement: StatementOrigin?) {
        if let origin = denial(request) { return (.deny, origin) }
        guard let grant = grant(request) else { return (.silent, nil) }
        let isOwn = request.resourceAccount == nil || request.resourceAccount == request.caller.account
        return grant.naming == .account && isOwn ? (.silent, nil) : (.allow, grant.origin)
    }
}
