import IAMPolicy
import JSON
import Resources

extension AccessComparison {
    /// Who gets through without being a principal, the widest first.
    enum Door: Int, CaseIterable {
        case anyone, keyHolder, authorized

        var who: String {
            switch self {
            case .anyone: "anyone on the internet"
            case .keyHolder: "anyone with an API key"
            case .authorized: "whoever an authorizer lets in"
            }
        }
    }

    mutating func compareDoors(_ old: AccessRoute?, _ new: AccessRoute?) {
        guard let route = new ?? old else { return }
        let contexts = contexts(ofAPI: route.api)
        for door in Door.allCases {
            for context in contexts {
                let wasThrough = old.map { isOpen($0, door, before, context) } ?? false
                let isThrough = new.map { isOpen($0, door, after, context) } ?? false
                guard wasThrough != isThrough else { continue }
                // What everybody may do, those with a key may do too: said once.
                let side = isThrough ? new : old
                guard let side, Self.door(side) == door else { break }
                var claim = AccessClaim(
                    change: isThrough ? .gains : .loses, principal: side.isPrivate ? door.whoInside : door.who,
                    action: "execute-api:Invoke", resource: resource(route, isThrough ? after : before, nil),
                    context: context.flat)
                (claim.api, claim.stage, claim.route) = (route.api, route.stage, route.title)
                claims.append(claim)
                break
            }
        }
    }

    private static func door(_ route: AccessRoute) -> Door? {
        switch route.authorization {
        case .none: route.needsKey ? .keyHolder : .anyone
        case .custom, .cognito: .authorized
        case .iam: nil
        }
    }

    /// True if those of the door get through; those with a key get through where everybody does.
    mutating func isOpen(
        _ route: AccessRoute, _ door: Door, _ world: AccessWorld, _ context: RequestContext, path: String? = nil
    ) -> Bool {
        guard let needed = Self.door(route), needed == door || needed == .anyone else { return false }
        let request = AccessRequest(
            caller: .anonymous, action: "execute-api:Invoke", resource: resource(route, world, path), context: context)
        decisionsCount += 1
        let voice = apiPolicy(route, world).map { $0.voice(request).voice }
        return IAMPolicy.RouteAccess.outcome(
            route.authorization, own: needed == .authorized ? .allow : .silent, resource: voice,
            isPrivate: route.isPrivate) == .allowed
    }

    func resource(_ route: AccessRoute, _ world: AccessWorld, _ path: String?) -> String {
        let id = world.apiIDs[route.api] ?? route.api
        return "\(world.home.apiARN(id))/\(route.stage)/\(route.verb)/\(path ?? route.samplePath)"
    }

    mutating func apiPolicy(_ route: AccessRoute, _ world: AccessWorld) -> PolicySet? {
        guard let named = world.resourcePolicy(Address(.restAPI, route.api)) else { return nil }
        let key: JSONValue = [named.document, .string(world.apiIDs[route.api] ?? route.api)]
        if let known = apiPolicies[key] { return known }
        // A policy that cannot be read lets nobody through: no claim says more than is certain.
        let document = shelf.document(named, .resource)?.expandingRoutes(
            partition: world.home.partition, region: world.home.region, account: world.home.account,
            api: world.apiIDs[route.api] ?? route.api)
        let set = PolicySet(document.map { [(name: named.name, document: $0)] } ?? [])
        apiPolicies[key] = set
        return set
    }

    mutating func contexts(ofAPI api: String) -> [RequestContext] {
        var found = [RequestContext()]
        for world in [before, after] {
            guard let named = world.resourcePolicy(Address(.restAPI, api)),
                let document = shelf.document(named, .resource)
            else { continue }
            for statement in document.statements where !statement.conditions.isEmpty {
                guard let context = Witness.context(statement.conditions) else {
                    notes.insert("who may call `RestApi/\(api)` may depend on conditions of its policy")
                    continue
                }
                if found.count < Limits.accessContextsMax, !found.contains(context) { found.append(context) }
            }
        }
        return found
    }
}

extension AccessComparison.Door {
    fileprivate var whoInside: String {
        switch self {
        case .anyone: "anyone inside the network of the API"
        case .keyHolder: "anyone inside the network of the API with an API key"
        case .authorized: "whoever an authorizer lets in, inside the network of the API"
        }
    }
}

extension RequestContext {
    /// One value of each key.
    var flat: [String: String] { values.compactMapValues(\.first) }
}
