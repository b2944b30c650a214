import JSON

/// One request on its way through a stage: pure and synchronous, without channel or socket, used alike by the server
/// and by test invocation.
///
/// Order of calls: ``open(authorizes:)`` with the head alone; ``proceed(body:)`` if it asked for the body; then, when
/// there is an endpoint to call, ``head(of:)`` for an answer that is streamed, or ``finish(_:)`` for a whole one, or
/// ``response(to:)`` for none.
package struct Exchange: Sendable {
    var scope: ExchangeScope
    let method: CompiledMethod
    /// `$context` as the request template left it; nil when none ran.
    var context: JSONObject?
    /// What has to be proved before anything else is done, once the body is there.
    var claim: SignedClaim?
    /// Who calls, for the authorizer that was asked; nil when none is.
    var asked: [String]?
    /// Keys that should be asked for again, while nobody waits.
    var staleKeys: KeySource?
    /// How the body of the request is packed; nil: it is not, or it passes as it is.
    private(set) var bodyCoding: ContentCoding?

    package var request: ExchangeRequest { scope.request }

    init(
        facts: StageFacts, method: CompiledMethod, pathParameters: [(name: String, value: String)],
        request: ExchangeRequest
    ) {
        scope = ExchangeScope(facts: facts, method: method, pathParameters: pathParameters, request: request)
        self.method = method
    }

    package enum Opening {
        /// The same for every request of this method.
        case fixed(FixedResponse)
        case respond(ExchangeResponse)
        /// Call ``Exchange/proceed(body:)`` with the whole body.
        case collect
        /// Send this; the client's body follows if the call says so.
        case call(EndpointCall)
        /// Invoke this authorizer, then call ``Exchange/resume(_:)``; the body must wait.
        case authorize(FunctionCall)
        /// Have these keys fetched, then call ``Exchange/resumeWithKeys()``; the body must wait.
        case fetchKeys(KeySource)
    }

    package enum Step {
        case respond(ExchangeResponse)
        case call(EndpointCall)
        /// Invoke this, then call ``Exchange/finish(_:)-(FunctionReply)``.
        case invoke(FunctionCall)
    }

    /// Decides from the head alone: authorization, throttle, required parameters, and whether the body must be held.
    ///
    /// - Parameter authorizes: False only for a test invocation, which runs without authorization.
    package mutating func open(authorizes: Bool = true) -> Opening {
        if authorizes {
            do {
                // As documented: before anybody asks who calls.
                if scope.facts.minimumCompressionSize != nil, request.hasBody, !request.dropsBody {
                    bodyCoding = try ContentCoding.declared(by: request.headers)
                }
                if let opening = try authorize() { return opening }
            } catch {
                return .respond(response(to: error))
            }
        }
        return openAuthorized(isCounted: authorizes)
    }

    /// What is left once the caller may call: key, throttle, parameters.
    mutating func openAuthorized(isCounted: Bool) -> Opening {
        if isCounted, let check = method.apiKey {
            do {
                try admit(check)
            } catch {
                return .respond(response(to: error))
            }
        }
        if isCounted, let throttle = method.throttle, !throttle.take(at: request.identity.milliseconds) {
            return .respond(response(to: .tooManyRequests))
        }
        switch method.plan {
        case .failing(let reason): return .respond(response(to: .configuration(reason)))
        case .integration(let integration): return open(integration)
        }
    }

    private mutating func admit(_ check: APIKeyCheck) throws(GatewayError) {
        scope.key = try check.registry.admit(
            check.isFromAuthorizer ? scope.grant?.usageKey : request.headers.first("x-api-key"),
            apiID: scope.facts.apiID, stageName: scope.facts.stageName, route: check.route,
            at: request.identity.milliseconds)
    }

    private func open(_ integration: CompiledIntegration) -> Opening {
        let missing = missingParameters
        guard missing.isEmpty else { return .respond(response(to: .missingParameters(missing))) }
        if method.bodyCheck?.applies(to: request.headers.first(.contentType)) == true { return .collect }
        if let fixed = integration.fixed, hasJSONContentType { return .fixed(fixed) }
        // A packed body is unpacked as a whole: a small piece of one may unpack to all that a body may be.
        guard case .httpProxy(let endpoint) = integration.kind, integration.contentHandling == nil,
            !integration.mapsBody, bodyCoding == nil
        else { return .collect }
        do {
            var call = try call(endpoint, integration, body: [])
            let isBinary = scope.facts.mediaTypes.isBinary(request.headers.first(.contentType))
            if !request.dropsBody, call.method != "GET", call.method != "HEAD" {
                call.body = .streamed(isText: !isBinary)
            }
            return .call(call)
        } catch {
            return .respond(response(to: error))
        }
    }

    private var missingParameters: [String] {
        guard !method.requiredParameters.isEmpty else { return [] }
        let query = request.queryParameters
        return method.requiredParameters.filter { parameter in
            switch parameter.place {
            case .header: !request.headers.contains(parameter.name)
            case .path: !scope.pathParameters.contains { $0.name == parameter.name }
            case .query: !query.contains { $0.name == parameter.name }
            }
        }.map(\.name)
    }

    private static let json = Array("application/json".utf8)

    private var hasJSONContentType: Bool {
        let headers = request.headers
        guard let field = headers.fields.first(where: { $0.known == .contentType }) else { return true }
        return headers.storage.withUnsafeBufferPointer {
            equalsIgnoringCase(
                UnsafeBufferPointer(rebasing: $0[Int(field.valueStart)..<Int(field.valueEnd)]), Self.json)
        }
    }

    /// Goes on with the whole body of the request.
    package mutating func proceed(body: [UInt8]) -> Step { proceed(body: body, unpacked: nil) }

    /// - Parameter unpacked: What the body came to where it was unpacked before; nil: here it is done.
    mutating func proceed(body: [UInt8], unpacked known: Result<[UInt8], GatewayError>?) -> Step {
        do {
            guard let claim, case .guarded(let guardian) = method.authorization else {
                return run(body: try unpacked(body, known))
            }
            self.claim = nil
            // The signature is over what was sent.
            scope.caller = try guardian.admit(claim, body: body, request)
            return step(openAuthorized(isCounted: true), body: try unpacked(body, known))
        } catch {
            return .respond(response(to: error))
        }
    }

    private mutating func unpacked(
        _ body: [UInt8], _ known: Result<[UInt8], GatewayError>?
    ) throws(GatewayError) -> [UInt8] {
        guard let coding = bodyCoding else { return body }
        bodyCoding = nil
        if let known { return try known.get() }
        return try BodyInflater.unpacked(body, coding)
    }

    /// What an opening comes to when the whole body is there.
    mutating func step(_ opening: Opening, body: [UInt8]) -> Step {
        switch opening {
        case .fixed(let fixed): return .respond(fixed.response)
        case .respond(let response): return .respond(response)
        case .collect: return run(body: body)
        case .authorize, .fetchKeys: return .respond(response(to: .configuration("the authorizer was not asked")))
        case .call(var call):
            if case .streamed(let isText) = call.body {
                call.body = body.isEmpty ? .none : .bytes(isText ? UTF8Repair.repaired(body) : body)
            }
            return .call(call)
        }
    }

    private mutating func run(body: [UInt8]) -> Step {
        guard case .integration(let integration) = method.plan else {
            return .respond(response(to: .configuration("the method has no integration")))
        }
        do {
            let body = request.dropsBody ? [] : body
            try method.bodyCheck?.check(body, contentType: request.headers.first(.contentType))
            return try run(integration, body: body)
        } catch {
            return .respond(response(to: error))
        }
    }

    /// The answer that the gateway makes by itself.
    package func response(to error: GatewayError) -> ExchangeResponse { scope.response(to: error) }

    /// True if an endpoint's answer may pass without being held.
    package var streamsAnswer: Bool {
        guard case .integration(let integration) = method.plan, case .httpProxy = integration.kind else { return false }
        return true
    }
}
