import IAMPolicy
package import JSON

/// What `TestInvokeAuthorizer` is asked: an authorizer of an API that need not be deployed.
package struct AuthorizerInvocation: Sendable {
    /// The undeployed API.
    package var definition: StageDefinition
    package var authorizerID: String
    package var headers: [(name: String, value: String)]
    /// Nil: `/`.
    package var pathWithQueryString: String?
    /// These win over the definition's variables.
    package var stageVariables: [String: String]

    package init(
        definition: StageDefinition, authorizerID: String, headers: [(name: String, value: String)] = [],
        pathWithQueryString: String? = nil, stageVariables: [String: String] = [:]
    ) {
        self.definition = definition
        self.authorizerID = authorizerID
        self.headers = headers
        self.pathWithQueryString = pathWithQueryString
        self.stageVariables = stageVariables
    }
}

/// What `TestInvokeAuthorizer` answers.
package struct AuthorizerInvocationResult: Sendable {
    /// What a client would get: 200, 401, or 500.
    package var clientStatus: Int
    /// Ends with a newline.
    package var log: String
    /// Milliseconds.
    package var latency: Int
    /// Nil unless a Lambda authorizer has said who calls.
    package var principalID: String?
    /// The policy, as text; nil without one.
    package var policy: String?
    /// Of the token that an authorizer of user pools has let pass.
    package var claims: JSONObject?

    /// The members of the operation's answer.
    package var document: JSONObject {
        var document: JSONObject = [
            "clientStatus": .number(JSONNumber(clientStatus)), "log": .string(log),
            "latency": .number(JSONNumber(latency)),
        ]
        document["principalId"] = principalID.map { .string($0) }
        document["policy"] = policy.map { .string($0) }
        document["claims"] = claims.map { .object($0) }
        return document
    }
}

/// One test of an authorizer, and the log that it writes. Pure; the caller makes the call between.
struct AuthorizerRun {
    enum Step {
        case end(AuthorizerInvocationResult)
        case invoke(FunctionCall)
        /// Have these keys fetched, then call ``AuthorizerRun/finishWithKeys(milliseconds:)``.
        case fetchKeys(KeySource)
    }

    private enum Authorizer {
        case function(LambdaAuthorizer)
        case pools(UserPoolAuthorizer)
    }

    private let scope: ExchangeScope
    private let authorizer: Result<Authorizer, CompileStop>
    private let methodARN: String
    private var identity: [String] = []
    private var log: TestLog

    /// Nil when there is no such authorizer.
    init?(
        _ invocation: AuthorizerInvocation, identity: ExchangeIdentity, services: ServiceBackends = ServiceBackends()
    ) {
        var definition = invocation.definition
        definition.variables.merge(invocation.stageVariables) { $1 }
        guard let document = definition.authorizers[invocation.authorizerID] else { return nil }
        do throws(CompileStop) {
            let id = invocation.authorizerID
            authorizer = .success(
                document["type"]?.string == RouteAuthorization.cognito.rawValue
                    ? .pools(try UserPoolAuthorizer(document, id: id, services))
                    : .function(try LambdaAuthorizer(document, id: id, definition, services.endpoints)))
        } catch {
            authorizer = .failure(error)
        }
        let target = Array((invocation.pathWithQueryString ?? "/").utf8)
        let question = target.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        var request = ExchangeRequest(
            method: "GET", rest: target[..<question],
            query: question < target.endIndex ? target[(question + 1)...] : [],
            authority: Array("testPrefix.testDomainName".utf8)[...], headers: TestRun.headers(invocation.headers),
            identity: identity, sourceIP: "test-invoke-source-ip")
        request.isTest = true
        var stops: [CompileStop] = []
        let facts = StageFacts(
            definition, gatewayResponses: GatewayResponses([:], problems: &stops), links: LinkRegistry(),
            services: services)
        scope = ExchangeScope(facts: facts, method: nil, pathParameters: [], request: request)
        methodARN =
            "arn:aws:execute-api:\(facts.region):\(facts.accountID):\(facts.apiID)/\(facts.stageName)/GET/"
            + String(decoding: request.rest.drop { $0 == UInt8(ascii: "/") }, as: UTF8.self)
        log = TestLog(identity)
        log.logAuthorizer(invocation.authorizerID)
    }

    mutating func begin() -> Step {
        let authorizer: LambdaAuthorizer
        switch self.authorizer {
        case .success(.function(let found)): authorizer = found
        case .success(.pools(let pools)): return decide(pools, isRepeated: false, milliseconds: 0)
        case .failure(let stop): return .end(failed(.malformed(stop.reason), milliseconds: 0))
        }
        let call: FunctionCall
        do {
            identity = try authorizer.identity(scope)
            call = try authorizer.call(
                identity, scope, methodARN: methodARN, traceID: scope.request.identity.traceID)
        } catch {
            return .end(failed(error, milliseconds: 0))
        }
        log.logInvocation(call, url: authorizer.target.url, apiID: scope.facts.apiID)
        return .invoke(call)
    }

    /// - Parameter reply: Nil when the function did not answer in time.
    mutating func finish(_ reply: FunctionReply?, milliseconds: Int) -> AuthorizerInvocationResult {
        do throws(AuthorizerRefusal) {
            guard let reply, case .success(.function(let authorizer)) = authorizer else { throw .late }
            if case .answered(let payload, _) = reply { log.logAuthorizerAnswer(payload) }
            let grant = try authorizer.grant(reply, identity, at: scope.request.identity.milliseconds)
            log.logGrant(grant.principalID)
            return AuthorizerInvocationResult(
                clientStatus: 200, log: log.text, latency: max(milliseconds, 0), principalID: grant.principalID,
                policy: grant.document.text(.compact))
        } catch {
            return failed(error, milliseconds: milliseconds)
        }
    }

    mutating func finishWithKeys(milliseconds: Int) -> AuthorizerInvocationResult {
        guard case .success(.pools(let pools)) = authorizer,
            case .end(let result) = decide(pools, isRepeated: true, milliseconds: milliseconds)
        else { return failed(.late, milliseconds: milliseconds) }
        return result
    }

    /// As of a method without scopes: an ID token is wanted.
    private mutating func decide(_ pools: UserPoolAuthorizer, isRepeated: Bool, milliseconds: Int) -> Step {
        do {
            switch try pools.decide(scope, scopes: [], isRepeated: isRepeated) {
            case .mustFetch(let source): return .fetchKeys(source)
            case .granted(let grant, _):
                log.logToken()
                return .end(
                    AuthorizerInvocationResult(
                        clientStatus: 200, log: log.text, latency: max(milliseconds, 0),
                        claims: grant.context["claims"]?.object))
            }
        } catch {
            log.logRefusal(error)
            return .end(
                AuthorizerInvocationResult(
                    clientStatus: error.error.status, log: log.text, latency: max(milliseconds, 0)))
        }
    }

    private mutating func failed(_ refusal: AuthorizerRefusal, milliseconds: Int) -> AuthorizerInvocationResult {
        log.logRefusal(refusal)
        return AuthorizerInvocationResult(
            clientStatus: refusal == .unauthorized ? 401 : 500, log: log.text, latency: max(milliseconds, 0))
    }
}
