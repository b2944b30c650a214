/// A statement ready for requests; a class, so that to look at one is to count one reference.
final class CompiledStatement: Sendable {
    let origin: StatementOrigin
    let effect: PolicyStatement.Effect
    let principals: PolicyPrincipals?
    let actions: [ActionPattern]
    let excludesActions: Bool
    private let resources: [ResourcePattern]?
    private let excludesResources: Bool
    private let conditions: [CompiledCondition]
    /// Keys of variables in lower case, each once: without a value of each the statement does not match.
    private let requiredKeys: [String]

    /// Nil if something cannot be read, which documents rule out.
    init?(_ statement: PolicyStatement, version: PolicyVersion, origin: StatementOrigin) {
        let hasVariables = version == .v2012
        self.origin = origin
        effect = statement.effect
        principals = statement.principals
        actions = statement.actions.patterns.map(ActionPattern.init)
        excludesActions = statement.actions.isExcluding
        excludesResources = statement.resources?.isExcluding == true
        var required: Set<String> = []
        do {
            let texts = try statement.resources?.patterns.map {
                try VariableText($0, hasWildcards: true, hasVariables: hasVariables)
            }
            required.formUnion(texts?.flatMap(\.requiredKeys) ?? [])
            resources = texts?.map(ResourcePattern.init)
        } catch {
            return nil
        }
        conditions = statement.conditions.compactMap { CompiledCondition($0, hasVariables: hasVariables) }
        guard conditions.count == statement.conditions.count else { return nil }
        for condition in conditions { required.formUnion(condition.requiredKeys) }
        requiredKeys = required.sorted()
    }

    /// Everything but the principal.
    func matches(_ request: AccessRequest) -> Bool {
        matchesAction(request) && matchesResource(request)
            && requiredKeys.allSatisfy { request.variable($0) != nil } && conditions.allSatisfy { $0.holds(request) }
    }

    /// True if the action alone decides: any resource, any circumstances.
    var isUnconditional: Bool { conditions.isEmpty && requiredKeys.isEmpty && !excludesResources }

    func matchesAction(_ request: AccessRequest) -> Bool {
        actions.contains { $0.matches(request) } != excludesActions
    }

    private func matchesResource(_ request: AccessRequest) -> Bool {
        guard let resources else { return true }
        return resources.contains { $0.matches(request) } != excludesResources
    }
}

extension CompiledStatement {
    /// How a statement of a resource's policy speaks of a caller, the weakest first.
    enum Naming: Int, Comparable {
        /// Its account: the account's own policies decide.
        case account
        /// The role that the caller has a session of.
        case role
        /// The caller itself, or everybody.
        case caller

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// Nil if the statement is not about the caller. Of identity policies every statement is.
    func naming(_ caller: Caller) -> Naming? {
        guard let principals else { return .caller }
        if !principals.isExcluding { return principals.names.compactMap { Self.naming($0, caller) }.max() }
        switch effect {
        case .allow: return principals.names.contains { Self.naming($0, caller) != nil } ? nil : .caller
        case .deny: return isExcepted(caller, by: principals.names) ? nil : .caller
        }
    }

    private static func naming(_ principal: PolicyPrincipal, _ caller: Caller) -> Naming? {
        switch principal {
        case .everyone: return .caller
        case .account(let account): return caller.account == account ? .account : nil
        case .aws(let name):
            if name == caller.arn { return caller.kind == .root ? .account : .caller }
            if name == caller.roleARN { return .role }
            guard let id = caller.id else { return nil }
            switch caller.kind {
            case .user: return name == id ? .caller : nil
            case .roleSession: return id.hasPrefix(name + ":") ? .role : nil
            default: return nil
            }
        case .service(let name): return caller.kind == .service && name == caller.arn ? .caller : nil
        case .federated(let name): return caller.kind == .federated && name == caller.arn ? .caller : nil
        case .canonicalUser: return nil
        }
    }

    /// A denial spares a caller if its account, its role and itself are all excepted.
    ///
    /// SOURCE: IAM user guide, "NotPrincipal with Deny": the account may be looked at first, then the role, then the
    /// session, and each of them is denied unless it is listed.
    private func isExcepted(_ caller: Caller, by names: [PolicyPrincipal]) -> Bool {
        if names.contains(.everyone) { return true }
        let found = Set(names.compactMap { Self.naming($0, caller) })
        switch caller.kind {
        case .root: return found.contains(.account)
        case .user, .federatedUser: return found.isSuperset(of: [.account, .caller])
        case .roleSession: return found.isSuperset(of: [.account, .role, .caller])
        case .service, .federated, .anonymous: return found.contains(.caller)
        }
    }
}
