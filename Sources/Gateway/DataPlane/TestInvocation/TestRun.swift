import JSON

/// One test invocation: the exchange and the log that it writes. Pure; the caller makes the call between.
struct TestRun {
    enum Outcome: Sendable {
        case answered(EndpointAnswer)
        case failed(GatewayError)
    }

    private let invocation: TestInvocation
    private let identity: ExchangeIdentity
    private var exchange: Exchange
    private var log: TestLog

    /// Nil when there is no such resource or method.
    init?(
        _ invocation: TestInvocation, identity: ExchangeIdentity, links: LinkRegistry = LinkRegistry(),
        services: ServiceBackends = ServiceBackends()
    ) {
        var definition = invocation.definition
        definition.variables.merge(invocation.stageVariables) { $1 }
        guard let resource = definition.resources.first(where: { $0.path == invocation.resourcePath }),
            let httpMethod = [invocation.httpMethod, "ANY"].first(where: { resource.methods[$0] != nil }),
            let document = resource.methods[httpMethod], invocation.httpMethod.utf8.allSatisfy(HeadScanner.isToken)
        else { return nil }
        self.invocation = invocation
        self.identity = identity
        var stops: [CompileStop] = []
        let facts = StageFacts(
            definition, gatewayResponses: GatewayResponses(definition.gatewayResponses, problems: &stops),
            links: links, services: services)
        var compiler = MethodCompiler(definition, facts, keys: APIKeyRegistry(), callers: CallerRegistry())
        let method = compiler.compile(document, of: resource, httpMethod: httpMethod)
        let target = Array((invocation.pathWithQueryString ?? invocation.resourcePath).utf8)
        let question = target.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        var request = ExchangeRequest(
            method: invocation.httpMethod == "ANY" ? "GET" : invocation.httpMethod, rest: target[..<question],
            query: question < target.endIndex ? target[(question + 1)...] : [],
            authority: Array("testPrefix.testDomainName".utf8)[...], headers: Self.headers(invocation.headers),
            identity: identity, sourceIP: "test-invoke-source-ip")
        request.isTest = true
        var routes = RouteTable()
        routes.add(method, path: resource.path, httpMethod: request.method)
        // The path is not matched against the resource: a wrong one gives no path parameters.
        let values = routes.match(request.rest, httpMethod: request.method)?.pathParameters ?? []
        exchange = Exchange(facts: facts, method: method, pathParameters: values, request: request)
        log = TestLog(identity)
        log.logRequest(invocation, exchange.request, values)
    }

    /// Headers that could not have come over a wire are left out.
    static func headers(_ headers: [(name: String, value: String)]) -> HeaderFields {
        headers.reduce(into: HeaderFields()) { headers, header in
            do {
                try headers.appendChecked(header.name, header.value)
            } catch {
                return
            }
        }
    }

    /// Runs up to the call, or to the end if there is none.
    mutating func begin() -> Exchange.Step {
        let body = Array((invocation.body ?? "").utf8)
        let step = exchange.step(exchange.open(authorizes: false), body: body)
        if exchange.method.isValidated, case .integration = exchange.method.plan {
            let error: GatewayError? = if case .respond(let response) = step { response.error } else { nil }
            let contentType = exchange.request.headers.first(.contentType).map(MediaTypes.essence)
            log.logValidation(error, contentType: contentType ?? "application/json")
        }
        switch step {
        case .respond: break
        case .call(let call): log.logCall(call)
        case .invoke(let call): log.logInvocation(call, url: exchange.functionURL, apiID: exchange.apiID)
        }
        return step
    }

    /// - Parameter reply: Nil when the function did not answer in time.
    mutating func finish(_ reply: FunctionReply?, milliseconds: Int) -> ExchangeResponse {
        guard let reply else { return exchange.response(to: .timeout) }
        do {
            log.logAnswer(try exchange.invocationAnswer(to: reply), milliseconds: milliseconds)
        } catch {
            return exchange.response(to: error)
        }
        return exchange.finish(reply)
    }

    mutating func finish(_ outcome: Outcome, milliseconds: Int) -> ExchangeResponse {
        switch outcome {
        case .answered(let answer):
            log.logAnswer(answer, milliseconds: milliseconds)
            return exchange.finish(answer)
        case .failed(let error):
            return exchange.response(to: error)
        }
    }

    mutating func result(_ response: ExchangeResponse, milliseconds: Int) -> TestInvocationResult {
        log.logResponse(response)
        var names: [String] = []
        var values: [String: [String]] = [:]
        for (name, value) in response.headers.all {
            if values[name] == nil { names.append(name) }
            values[name, default: []].append(value)
        }
        return TestInvocationResult(
            status: response.status, body: response.text, headers: names.map { ($0, values[$0]?.last ?? "") },
            multiValueHeaders: names.map { ($0, values[$0] ?? []) }, log: log.text, latency: max(milliseconds, 0))
    }
}
