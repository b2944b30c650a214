package import IAMPolicy
import Resources

/// What the policies of an environment say to one request.
package struct AccessAnswer: Sendable {
    package let request: AccessRequest
    package let decision: AccessDecision
    /// What was left open, one sentence each.
    package let notes: [String]
}

/// The answer, or why there is none.
package enum AccessReply: Sendable {
    case answer(AccessAnswer)
    /// Nothing of that name: `User/dvelopr`.
    case unknown(String)
}

extension AccessWorld {
    /// Whether a principal may do something, by the policies of the environment.
    ///
    /// - Parameters:
    ///   - principal: `User/dev`, `Role/ci` (a session of it), or what ``Caller/init(naming:)`` takes.
    ///   - resource: `RestApi/petstore test GET /pets`, `Role/ci`, another object, an ARN, or `*`.
    package func answer(
        _ principal: String, _ action: String, _ resource: String, resourceAccount: String? = nil,
        context: RequestContext = RequestContext()
    ) -> AccessReply {
        guard let (caller, address) = asking(principal) else { return .unknown(principal) }
        guard let (arn, target) = asked(resource) else { return .unknown(resource) }
        var notes: [String] = []
        var layers = PolicyLayers()
        var shelf = PolicyShelf()
        if let address {
            let policies = policies(of: address)
            layers.identity = [shelf.set(policies.identity, .identity)]
            layers.boundary = policies.boundary.map { shelf.set([$0], .boundary) }
            notes += policies.unseen.map { "`\($0)` is not in \(whole): what it says is not counted" }
            if policies.isUnknown { layers.boundary = PolicySet([]) }
        } else if caller.kind == .user || caller.kind == .roleSession {
            notes.append("`\(principal)` is not in \(whole): its own policies are not counted")
        }
        let isAssuming = action.lowercased().hasPrefix("sts:assumerole")
        if case .role(let role)? = target, isAssuming, let trust = resourcePolicy(role) {
            layers.resource = shelf.set([trust], .trust)
            layers.resourceMustAllow = true
        }
        let request = AccessRequest(
            caller: caller, action: action, resource: arn, resourceAccount: resourceAccount, context: context)
        var decision = layers.decision(request)
        if case .route(let api, let route)? = target, request.action.lowercased() == "execute-api:invoke" {
            decision = call(request, api, route, layers, &shelf, &notes)
        }
        notes += shelf.unreadable.sorted().map { "`\($0)` could not be read as a policy" }
        return .answer(AccessAnswer(request: request, decision: decision, notes: notes))
    }

    private enum Target {
        case role(Address)
        /// Nil for a call that no route takes.
        case route(Address, AccessRoute?)
    }

    private func asking(_ text: String) -> (Caller, Address?)? {
        if let address = Address(text: text), address.kind == .user || address.kind == .role {
            return documents[address] == nil ? nil : (caller(address), address)
        }
        guard let caller = Caller(naming: text) else { return nil }
        let address = principals.first { arn($0) == (caller.roleARN ?? caller.arn) }
        return (caller, address)
    }

    private func asked(_ text: String) -> (String, Target?)? {
        if text == "*" { return (text, nil) }
        if text.hasPrefix("arn:") {
            if let role = principals.first(where: { $0.kind == .role && arn($0) == text }) {
                return (text, .role(role))
            }
            for (name, id) in apiIDs where text.hasPrefix(home.apiARN(id) + "/") {
                return (text, .route(Address(.restAPI, name), route(of: text, name)))
            }
            return (text, nil)
        }
        let words = text.split(separator: " ").map(String.init)
        guard let address = words.first.flatMap({ Address(text: $0) }), documents[address] != nil else { return nil }
        if address.kind == .role { return (arn(address), .role(address)) }
        guard address.kind == .restAPI else { return words.count == 1 ? (arn(address), nil) : nil }
        guard words.count == 4 else { return words.count == 1 ? (apiARN(address), nil) : nil }
        let found = routes.first {
            $0.api == address.name && $0.stage == words[1] && ($0.method == words[2] || $0.method == "ANY")
                && ($0.path == words[3] || $0.takes(path: String(words[3].dropFirst())))
        }
        guard let found else { return nil }
        let path = found.path == words[3] ? found.samplePath : String(words[3].dropFirst())
        let verb = words[2] == "ANY" ? found.verb : words[2]
        return ("\(apiARN(address))/\(words[1])/\(verb)/\(path)", .route(address, found))
    }

    private func apiARN(_ api: Address) -> String { home.apiARN(apiIDs[api.name] ?? api.name) }

    private func route(of arn: String, _ api: String) -> AccessRoute? {
        let parts = arn.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4 else { return nil }
        return routes.first {
            $0.api == api && $0.stage == parts[1] && ($0.method == parts[2] || $0.method == "ANY")
                && $0.takes(path: parts[3])
        }
    }

    /// The call of a route: its own authorization, and the policy of its API.
    private func call(
        _ request: AccessRequest, _ api: Address, _ route: AccessRoute?, _ layers: PolicyLayers,
        _ shelf: inout PolicyShelf, _ notes: inout [String]
    ) -> AccessDecision {
        var layers = layers
        if let named = resourcePolicy(api) {
            let document = shelf.document(named, .resource)?.expandingRoutes(
                partition: home.partition, region: home.region, account: home.account,
                api: apiIDs[api.name] ?? api.name)
            layers.resource = PolicySet(document.map { [(name: named.name, document: $0)] } ?? [])
        }
        guard let route else {
            notes.append("no route of `\(api)` takes this call")
            return layers.decision(request)
        }
        guard route.authorization != .iam else { return layers.decision(request) }
        if route.needsKey { notes.append("the route wants an API key beside") }
        switch route.authorization {
        case .custom, .cognito:
            notes.append("the route asks an authorizer, which may refuse: only the API's policy is said")
        case .none, .iam: notes.append("the route asks for no signature: who calls does not matter")
        }
        let voice = layers.resource.map { $0.voice(request) }
        let outcome = IAMPolicy.RouteAccess.outcome(
            route.authorization, own: .allow, resource: voice?.voice, isPrivate: route.isPrivate)
        let layer: PolicyLayer = voice == nil && !route.isPrivate ? .fixedRule : .resource
        return AccessDecision(outcome, by: voice?.statement, in: layer)
    }
}
