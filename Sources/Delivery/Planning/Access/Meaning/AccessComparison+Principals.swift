import IAMPolicy
import Resources

extension AccessComparison {
    /// What one side says of one principal.
    struct Side {
        let world: AccessWorld
        let caller: Caller
        let layers: PolicyLayers
        let statements: [PolicyStatement]
        let isUnknown: Bool
    }

    private mutating func side(_ principal: Address, _ world: AccessWorld) -> Side? {
        guard world.documents[principal] != nil else { return nil }
        let policies = world.policies(of: principal)
        for name in policies.unseen { notes.insert("`\(name)` is not in git: what it says is not counted") }
        let all = policies.identity + [policies.boundary].compactMap { $0 }
        return Side(
            world: world, caller: world.caller(principal),
            layers: PolicyLayers(
                identity: [shelf.set(policies.identity, .identity)],
                boundary: policies.boundary.map { shelf.set([$0], .boundary) }),
            statements: all.flatMap { shelf.document($0, .identity)?.statements ?? [] }, isUnknown: policies.isUnknown)
    }

    mutating func compare(
        _ principal: Address, _ routes: [AccessRoute.Key], _ oldRoutes: [AccessRoute.Key: AccessRoute],
        _ newRoutes: [AccessRoute.Key: AccessRoute], _ isTouched: Bool
    ) {
        let old = side(principal, before)
        let new = side(principal, after)
        if old?.isUnknown == true || new?.isUnknown == true {
            notes.insert("`\(principal)` has a boundary that is not in git: what it may do is not known")
            return
        }
        let candidates = Candidates(
            before: old?.statements ?? [], after: new?.statements ?? [], home: after.home, user: principal.name)
        if candidates.mayDependOnConditions {
            notes.insert("what `\(principal)` may do may depend on conditions of its policies")
        }
        if candidates.isCut { notes.insert("`\(principal)` has more permissions than were looked at") }
        for key in routes {
            let (from, to) = (oldRoutes[key], newRoutes[key])
            let paths = paths(key, candidates, from ?? to)
            compareRoute(
                principal, from, to, old, new, paths,
                contexts: candidates.contexts + contexts(ofAPI: key.api).dropFirst())
        }
        guard isTouched else { return }
        compareActions(principal, old, new, candidates)
        findEscalations(principal, old, new)
    }

    /// Paths that policies name, where the route has parameters.
    private func paths(_ key: AccessRoute.Key, _ candidates: Candidates, _ route: AccessRoute?) -> [String?] {
        guard let route, key.path.contains("{") else { return [nil] }
        var found: [String?] = [nil]
        for pair in candidates.pairs where pair.action == "execute-api:Invoke" && found.count < Limits.accessPathsMax {
            let parts = pair.resource.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
            if parts.count == 4, route.takes(path: String(parts[3])) { found.append(String(parts[3])) }
        }
        return found
    }

    private mutating func compareRoute(
        _ principal: Address, _ from: AccessRoute?, _ to: AccessRoute?, _ old: Side?, _ new: Side?, _ paths: [String?],
        contexts: [RequestContext]
    ) {
        for path in paths {
            for context in contexts {
                let was = from.flatMap { route in old.flatMap { call(route, $0, path, context) } }
                let now = to.flatMap { route in new.flatMap { call(route, $0, path, context) } }
                guard (was != nil) != (now != nil), let route = now != nil ? to : from else { continue }
                let side = now != nil ? after : before
                var claim = AccessClaim(
                    change: now != nil ? .gains : .loses, principal: principal.description,
                    action: "execute-api:Invoke", resource: resource(route, side, path), context: context.flat)
                (claim.api, claim.stage, claim.route) = (route.api, route.stage, route.title)
                claim.statement = (now ?? was).flatMap(\.origin)
                claims.append(claim)
                return
            }
        }
    }

    private struct Grant { let origin: String? }

    /// Nil if the call is refused.
    private mutating func call(
        _ route: AccessRoute, _ side: Side, _ path: String?, _ context: RequestContext
    ) -> Grant? {
        if isOpen(route, .anyone, side.world, context, path: path) { return Grant(origin: nil) }
        guard route.authorization == .iam else { return nil }
        var layers = side.layers
        layers.resource = apiPolicy(route, side.world)
        if route.isPrivate, layers.resource == nil { return nil }
        decisionsCount += 1
        let decision = layers.decision(
            AccessRequest(
                caller: side.caller, action: "execute-api:Invoke", resource: resource(route, side.world, path),
                context: context))
        return decision.isAllowed ? Grant(origin: decision.statement.map(Self.text)) : nil
    }

    private static func text(_ origin: StatementOrigin) -> String { "\(origin.policy), statement \(origin.index + 1)" }

    private struct Count { var all = 0, before = 0, after = 0 }

    private mutating func compareActions(_ principal: Address, _ old: Side?, _ new: Side?, _ candidates: Candidates) {
        var counts: [String: Count] = [:]
        var pairs: [(action: String, resource: String, role: Address?)] = []
        for pair in candidates.pairs {
            let service = ActionCatalogue.service(pair.action)
            // Roles of the environment are asked below, each with its trust policy; of others that is not seen.
            if service == "sts" || (service == "execute-api" && isSeenByRoute(pair.resource)) { continue }
            pairs.append((pair.action, pair.resource, nil))
        }
        if candidates.hasChanges {
            for role in roles.prefix(Limits.accessRolesMax) where role != principal {
                pairs.append(("sts:AssumeRole", (after.documents[role] != nil ? after : before).arn(role), role))
            }
        }
        for pair in pairs {
            let service = ActionCatalogue.service(pair.action)
            counts[service, default: Count()].all += 1
            let answers = candidates.contexts.map { context in
                (
                    context: context, was: old.flatMap { act(pair, $0, context) },
                    now: new.flatMap { act(pair, $0, context) }
                )
            }
            if answers.contains(where: { $0.was != nil }) { counts[service]?.before += 1 }
            if answers.contains(where: { $0.now != nil }) { counts[service]?.after += 1 }
            let gained = answers.first { $0.was == nil && $0.now != nil }
            let lost = answers.first { $0.was != nil && $0.now == nil }
            for answer in [gained, lost].compactMap({ $0 }) {
                claims.append(
                    AccessClaim(
                        change: answer.now != nil ? .gains : .loses, principal: principal.description,
                        action: pair.action, resource: pair.resource, context: answer.context.flat,
                        role: pair.role?.description, statement: (answer.now ?? answer.was).flatMap(\.origin)))
            }
        }
        for (service, count) in counts where ["apigateway", "iam"].contains(service) {
            if count.before > 0, count.after == 0 { whole.insert("\(principal) \(service) loses") }
            if count.before == 0, count.after == count.all, count.all >= 8 {
                whole.insert("\(principal) \(service) gains")
            }
        }
    }

    /// Calls of APIs that are in git are looked at route by route, in place of those of made-up ones.
    private func isSeenByRoute(_ resource: String) -> Bool {
        let parts = resource.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, !before.routes.isEmpty || !after.routes.isEmpty else { return false }
        let id = String(parts[5].prefix { $0 != "/" })
        return ["a1b2c3d4e5", "api", "x"].contains(id) || before.apiIDs.values.contains(id)
            || after.apiIDs.values.contains(id)
    }

    private mutating func act(
        _ pair: (action: String, resource: String, role: Address?), _ side: Side, _ context: RequestContext
    ) -> Grant? {
        var layers = side.layers
        if let role = pair.role {
            guard let trust = side.world.resourcePolicy(role) else { return nil }
            layers.resource = shelf.set([trust], .trust)
            layers.resourceMustAllow = true
        }
        decisionsCount += 1
        let decision = layers.decision(
            AccessRequest(caller: side.caller, action: pair.action, resource: pair.resource, context: context))
        return decision.isAllowed ? Grant(origin: decision.statement.map(Self.text)) : nil
    }

    private mutating func findEscalations(_ principal: Address, _ old: Side?, _ new: Side?) {
        guard let new else { return }
        let possible = Escalation.all(principal, new.world, new.caller, new.layers)
        decisionsCount += possible.asked
        guard !possible.found.isEmpty else { return }
        let known = old.map { Set(Escalation.all(principal, $0.world, $0.caller, $0.layers).found.map(\.way)) } ?? []
        escalations += possible.found.filter { !known.contains($0.way) }
    }
}
