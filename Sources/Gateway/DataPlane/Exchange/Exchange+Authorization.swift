extension Exchange {
    /// Decides who calls, as far as the head can say it.
    ///
    /// - Returns: Nil when the caller may go on.
    mutating func authorize() throws(GatewayError) -> Opening? {
        switch method.authorization {
        case .open: return nil
        case .denied(let stop): throw stop.error
        case .authorized(let authorizer, let guardian):
            return try ask(authorizer, guardian).map { .authorize($0) }
        case .identified(let authorizer, let scopes, let guardian):
            return try identify(authorizer, scopes, guardian, isRepeated: false)
        case .guarded(let guardian):
            guard guardian.asksForSignature else {
                try guardian.admitAnonymous(request)
                return nil
            }
            let claim = try guardian.claim(of: request)
            // A signature is over the body too.
            if request.hasBody {
                self.claim = claim
                return .collect
            }
            scope.caller = try guardian.admit(claim, body: [], request)
            return nil
        }
    }

    /// - Returns: Nil when what was said before lets the caller pass.
    private mutating func ask(
        _ authorizer: LambdaAuthorizer, _ guardian: RouteGuard
    ) throws(GatewayError) -> FunctionCall? {
        let methodARN = try guardian.admitToAuthorizer(request)
        let identity: [String]
        do { identity = try authorizer.identity(scope) } catch { throw error.error }
        if let grant = authorizer.kept(identity, at: request.identity.milliseconds) {
            try guardian.admit(grant, request)
            scope.grant = grant
            return nil
        }
        asked = identity
        do {
            return try authorizer.call(identity, scope, methodARN: methodARN, traceID: traceID)
        } catch {
            throw error.error
        }
    }

    /// The token first, then the resource policy, which alone decides.
    ///
    /// SOURCE: API Gateway developer guide, "How API Gateway resource policies affect authorization workflow".
    private mutating func identify(
        _ authorizer: UserPoolAuthorizer, _ scopes: [String], _ guardian: RouteGuard, isRepeated: Bool
    ) throws(GatewayError) -> Opening? {
        let decision: UserPoolAuthorizer.Decision
        do { decision = try authorizer.decide(scope, scopes: scopes, isRepeated: isRepeated) } catch {
            throw error.error
        }
        switch decision {
        case .mustFetch(let source): return .fetchKeys(source)
        case .granted(let grant, let stale):
            try guardian.admitAnonymous(request)
            scope.token = grant
            staleKeys = stale
            return nil
        }
    }

    /// Goes on with what the authorizer has said; nil when it did not answer in time.
    package mutating func resume(_ reply: FunctionReply?) -> Opening {
        if case .identified = method.authorization { return resumeWithKeys() }
        guard case .authorized(let authorizer, let guardian) = method.authorization, let asked else {
            return .respond(response(to: .configuration("no authorizer was asked")))
        }
        self.asked = nil
        do throws(GatewayError) {
            let grant: AuthorizerGrant
            do throws(AuthorizerRefusal) {
                guard let reply else { throw .late }
                grant = try authorizer.grant(reply, asked, at: request.identity.milliseconds)
            } catch {
                throw error.error
            }
            try guardian.admit(grant, request)
            scope.grant = grant
        } catch {
            return .respond(response(to: error))
        }
        return openAuthorized(isCounted: true)
    }

    /// Goes on once the keys of a user pool are there, or cannot be had.
    package mutating func resumeWithKeys() -> Opening {
        guard case .identified(let authorizer, let scopes, let guardian) = method.authorization else {
            return .respond(response(to: .configuration("no keys were asked for")))
        }
        do {
            if let opening = try identify(authorizer, scopes, guardian, isRepeated: true) { return opening }
        } catch {
            return .respond(response(to: error))
        }
        return openAuthorized(isCounted: true)
    }
}
