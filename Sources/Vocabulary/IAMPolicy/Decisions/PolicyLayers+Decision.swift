extension PolicyLayers {
    /// What all layers together say.
    ///
    /// SOURCE: IAM user guide, "Policy evaluation logic", read 2026-11; what it leaves open is in `docs/policies.md`.
    package func decision(_ request: AccessRequest) -> AccessDecision {
        if request.actionKey == FixedRules.alwaysAllowed { return AccessDecision(.allowed, by: nil, in: .fixedRule) }
        if let denial = denial(request) { return denial }
        if FixedRules.isReserved(request) { return AccessDecision(.implicitlyDenied, by: nil, in: .fixedRule) }
        let grant = resource?.grant(request)
        guard let account = request.caller.account else { return decided(by: grant) }
        if let owner = request.resourceAccount, owner != account {
            guard grant != nil else { return AccessDecision(.implicitlyDenied, by: nil, in: .resource) }
            return ofAccount(request, grantedBy: nil)
        }
        guard let grant else {
            if resourceMustAllow { return AccessDecision(.implicitlyDenied, by: nil, in: .resource) }
            return ofAccount(request, grantedBy: nil)
        }
        switch grant.naming {
        case .caller: return AccessDecision(.allowed, by: grant.origin, in: .resource)
        case .role: return ofAccount(request, grantedBy: grant.origin)
        case .account: return ofAccount(request, grantedBy: nil)
        }
    }

    /// The decision on several resources that one call touches: the first that is not allowed, else the last.
    ///
    /// - Precondition: There is at least one.
    package func decision(_ requests: [AccessRequest]) -> AccessDecision {
        precondition(!requests.isEmpty, "a call is about a resource, or about `*`")
        var last: AccessDecision?
        for request in requests {
            let decision = decision(request)
            if !decision.isAllowed { return decision }
            last = decision
        }
        return last ?? AccessDecision(.implicitlyDenied, by: nil, in: .identity)
    }

    private func denial(_ request: AccessRequest) -> AccessDecision? {
        if let origin = resource?.denial(request, hasBoundary: boundary != nil) {
            return AccessDecision(.explicitlyDenied, by: origin, in: .resource)
        }
        for policies in identity {
            if let origin = policies.denial(request) {
                return AccessDecision(.explicitlyDenied, by: origin, in: .identity)
            }
        }
        if let origin = boundary?.denial(request) {
            return AccessDecision(.explicitlyDenied, by: origin, in: .boundary)
        }
        if let origin = session?.denial(request) { return AccessDecision(.explicitlyDenied, by: origin, in: .session) }
        return nil
    }

    /// Of callers without an account: the resource's policy alone.
    private func decided(
        by grant: (origin: StatementOrigin, naming: CompiledStatement.Naming)?
    ) -> AccessDecision {
        guard let grant else { return AccessDecision(.implicitlyDenied, by: nil, in: .resource) }
        return AccessDecision(.allowed, by: grant.origin, in: .resource)
    }

    /// What the caller's account says; `grant` stands for its identity policies.
    private func ofAccount(_ request: AccessRequest, grantedBy grant: StatementOrigin?) -> AccessDecision {
        var statement = grant
        for policies in identity where statement == nil { statement = policies.grant(request)?.origin }
        guard statement != nil || request.caller.kind == .root else {
            return AccessDecision(.implicitlyDenied, by: nil, in: .identity)
        }
        if let boundary, boundary.grant(request) == nil {
            return AccessDecision(.implicitlyDenied, by: nil, in: .boundary)
        }
        let lacksSession = session.map { $0.grant(request) == nil } ?? (request.caller.kind == .federatedUser)
        if lacksSession { return AccessDecision(.implicitlyDenied, by: nil, in: .session) }
        let layer: PolicyLayer = grant != nil ? .resource : statement != nil ? .identity : .fixedRule
        return AccessDecision(.allowed, by: statement, in: layer)
    }
}

/// What holds whatever policies say.
enum FixedRules {
    static let alwaysAllowed = "sts:getcalleridentity"

    private static let reservedRoles = Array("role/aws-reserved/".utf8)
    private static let policyChanges: Set<String> = [
        "iam:createpolicy", "iam:createpolicyversion", "iam:deletepolicy", "iam:deletepolicyversion",
        "iam:setdefaultpolicyversion", "iam:tagpolicy", "iam:untagpolicy",
    ]
    private static let roleChanges: Set<String> = [
        "iam:createrole", "iam:deleterole", "iam:updaterole", "iam:updateroledescription",
        "iam:updateassumerolepolicy", "iam:putrolepolicy", "iam:deleterolepolicy", "iam:attachrolepolicy",
        "iam:detachrolepolicy", "iam:putrolepermissionsboundary", "iam:deleterolepermissionsboundary", "iam:tagrole",
        "iam:untagrole",
    ]

    /// True for a change of what belongs to AWS: its managed policies, and roles under `/aws-reserved/`.
    static func isReserved(_ request: AccessRequest) -> Bool {
        guard request.service == "iam", request.resourceParts.hasSixParts else { return false }
        let arn = request.resourceParts
        if isManagedPolicy(arn) { return policyChanges.contains(request.actionKey) }
        return arn.bytes[arn.range(ofPart: 5)].starts(with: reservedRoles)
            && roleChanges.contains(request.actionKey)
    }

    private static func isManagedPolicy(_ arn: ARNText) -> Bool {
        arn.bytes[arn.range(ofPart: 4)].elementsEqual("aws".utf8)
            && arn.bytes[arn.range(ofPart: 5)].starts(with: "policy/".utf8)
    }
}
