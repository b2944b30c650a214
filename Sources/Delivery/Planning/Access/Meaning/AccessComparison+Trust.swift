import IAMPolicy
import Resources

extension AccessComparison {
    mutating func compareTrust(_ role: Address) {
        let (old, new) = (before.resourcePolicy(role), after.resourcePolicy(role))
        guard old?.document != new?.document || (before.documents[role] == nil) != (after.documents[role] == nil) else {
            return
        }
        let documents = [old, new].compactMap { $0 }.compactMap { shelf.document($0, .trust) }
        let statements = documents.flatMap(\.statements)
        var contexts = [RequestContext()]
        for statement in statements where !statement.conditions.isEmpty {
            guard let context = Witness.context(statement.conditions) else {
                notes.insert("who may assume `\(role)` may depend on conditions of its trust policy")
                continue
            }
            if contexts.count < Limits.accessContextsMax, !contexts.contains(context) { contexts.append(context) }
        }
        var seen: Set<PolicyPrincipal> = []
        let names = statements.flatMap { $0.principals?.names ?? [] }.filter { seen.insert($0).inserted }
        for name in names.prefix(Limits.accessPrincipalsMax) {
            guard let trusted = Trusted(name, after) ?? Trusted(name, before) else { continue }
            for context in contexts {
                let was = before.documents[role] != nil && assumes(trusted, role, old, before, context)
                let now = after.documents[role] != nil && assumes(trusted, role, new, after, context)
                guard was != now else { continue }
                claims.append(
                    AccessClaim(
                        change: now ? .gains : .loses, principal: trusted.who, action: trusted.action,
                        resource: (now ? after : before).arn(role), context: context.flat, role: role.description,
                        statement: role.description))
                break
            }
        }
    }

    private mutating func assumes(
        _ trusted: Trusted, _ role: Address, _ trust: PrincipalPolicies.Named?, _ world: AccessWorld,
        _ context: RequestContext
    ) -> Bool {
        guard let trust else { return false }
        // What another account lets its own do is not seen: the claim is about what this side lets them.
        let isForeign = trusted.caller.account.map { $0 != world.home.account } ?? false
        var layers = PolicyLayers(
            identity: isForeign ? [Self.everything] : [], resource: shelf.set([trust], .trust), resourceMustAllow: true)
        // What a principal of the environment itself is denied, or kept from by its boundary, holds beside the trust.
        if let principal = trusted.principal, world.documents[principal] != nil {
            let own = world.policies(of: principal)
            guard !own.isUnknown else { return false }
            layers.identity = [shelf.set(own.identity, .identity)]
            layers.boundary = own.boundary.map { shelf.set([$0], .boundary) }
        }
        decisionsCount += 1
        return layers.decision(
            AccessRequest(caller: trusted.caller, action: trusted.action, resource: world.arn(role), context: context)
        ).isAllowed
    }

    private static let everything: PolicySet = {
        let text = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#
        return PolicySet(
            PolicyDocument.read(text: text, as: .identity).document.map { [(name: "other account", document: $0)] }
                ?? [])
    }()
}

/// Somebody whom a trust policy names.
private struct Trusted {
    let who: String
    let caller: Caller
    let action: String
    /// Of the environment.
    var principal: Address?

    init?(_ name: PolicyPrincipal, _ world: AccessWorld) {
        var action = "sts:AssumeRole"
        switch name {
        case .everyone: (who, caller) = ("anyone with AWS credentials", .anonymous)
        case .account(let account):
            let isOwn = account == world.home.account
            who = isOwn ? "whoever the account's own policies let" : "whoever account \(account) lets"
            caller = .root(account: account, partition: world.home.partition)
        case .service(let service): (who, caller) = ("the service \(service)", .service(service))
        case .federated(let provider):
            (who, caller) = ("whoever \(provider) vouches for", .federated(provider: provider))
            action += provider.contains(":saml-provider/") ? "WithSAML" : "WithWebIdentity"
        case .aws(let arn):
            guard let named = Caller(naming: arn) else { return nil }
            principal = world.principals.first { world.arn($0) == arn }
            who = principal?.description ?? arn
            caller = named
        case .canonicalUser: return nil
        }
        self.action = action
    }
}
