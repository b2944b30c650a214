import IAMPolicy
import JSON
import SigV4

extension Exchange {
    /// The signed call of a service; or what the service would answer, where the policies say no before it is asked.
    mutating func step(
        _ template: ServiceTemplate, _ integration: CompiledIntegration, body: [UInt8], _ contentType: String?
    ) throws(GatewayError) -> Step {
        let mapped = try MappedParameters(
            integration.parameters, scope: scope, body: body, overrides: context?["requestOverride"]?.object)
        let sent = try ServiceRequest(
            template, mapped, method: integration.httpMethod ?? request.method, body: body, contentType: contentType)
        return try step(template, sent, timeout: integration.timeout)
    }

    /// The signed call of a function elsewhere.
    mutating func step(
        _ template: ServiceTemplate, _ call: FunctionCall, _ integration: CompiledIntegration
    ) throws(GatewayError) -> Step {
        try step(template, try scope.request(template, call), timeout: integration.timeout)
    }

    private mutating func step(
        _ template: ServiceTemplate, _ sent: ServiceRequest, timeout: Int
    ) throws(GatewayError) -> Step {
        switch try scope.sign(sent, template, source: sourceARN, traceID: traceID, timeout: timeout) {
        case .call(let call): return .call(call)
        case .refused(let refusal):
            return .respond(finish(refusal.answer(template, requestID: request.identity.requestID)))
        }
    }
}

/// What comes of a request to a service before it is sent.
enum ServiceStep {
    case call(EndpointCall)
    /// The policies say no.
    case refused(ServiceAccess.Refusal)
}

extension ExchangeScope {
    /// The call of a function elsewhere: a request of `Invoke`.
    func request(_ template: ServiceTemplate, _ call: FunctionCall) throws(GatewayError) -> ServiceRequest {
        var mapped = try MappedParameters([], scope: self, body: [], overrides: nil)
        if call.isAsynchronous { mapped.set(header: "X-Amz-Invocation-Type", "Event") }
        return try ServiceRequest(
            template, mapped, method: "POST", body: call.event, contentType: "application/json")
    }

    /// - Parameter source: What a role's trust policy sees as `aws:SourceArn`: the method, or the authorizer.
    func sign(
        _ sent: ServiceRequest, _ template: ServiceTemplate, source: String, traceID: String, timeout: Int
    ) throws(GatewayError) -> ServiceStep {
        let identity = request.identity
        let (holder, own) = try signer(template, source)
        if let holder, let refusal = refusal(of: holder, sent, template) { return .refused(refusal) }
        var sent = sent
        for (name, value) in [
            ("User-Agent", "AmazonAPIGateway_\(facts.apiID)"), ("X-Amzn-Apigateway-Api-Id", facts.apiID),
            ("X-Amzn-Trace-Id", traceID),
        ] where !sent.headers.contains(name) {
            sent.headers.append(name, value)
        }
        guard let credentials = template.credentials ?? own else {
            throw .configuration("there are no credentials to call `\(template.uri.service)` with")
        }
        try sent.sign(with: credentials, template.scope, at: identity.milliseconds, keys: facts.services.keys)
        return .call(
            EndpointCall(
                origin: sent.origin, method: sent.method, target: sent.target, headers: sent.headers,
                body: sent.body.isEmpty ? .none : .bytes(sent.body), timeout: timeout))
    }

    private func refusal(
        of holder: KnownCaller, _ sent: ServiceRequest, _ template: ServiceTemplate
    ) -> ServiceAccess.Refusal? {
        let account = holder.caller.account ?? facts.accountID
        for access in ServiceAccess.all(sent, template.uri, account: account) {
            let now = request.identity.milliseconds
            if let refusal = access.refusal(of: holder, at: now, region: template.uri.region) { return refusal }
        }
        return nil
    }

    /// Whose policies count, and what it signs with.
    private func signer(
        _ template: ServiceTemplate, _ source: String
    ) throws(GatewayError) -> (holder: KnownCaller?, credentials: SigningCredentials?) {
        switch template.authority {
        case .configured: return (nil, nil)
        case .role(let arn):
            do throws(RoleRefusal) {
                let credentials = try facts.services.roles.credentials(
                    ofRole: arn, service: "apigateway.amazonaws.com", source: source, at: request.identity.milliseconds)
                return (credentials.holder, credentials.signing)
            } catch {
                throw .configuration(error.gatewayMessage)
            }
        case .caller:
            guard let caller else {
                throw .configuration(
                    "the integration calls with the caller's credentials, but the method asks nobody to sign: its "
                        + "authorization must be AWS_IAM")
            }
            return (caller, caller.signing(sessionToken: request.sessionToken))
        }
    }
}

extension RoleRefusal {
    /// SOURCE: the service's execution log.
    fileprivate var gatewayMessage: String {
        switch self {
        case .notTrusted(let arn, _), .unknownRole(let arn):
            "API Gateway does not have permission to assume the provided role \(arn)"
                + (self == .unknownRole(arn: arn) ? ": there is no such role" : "")
        case .unavailable: message
        }
    }
}

extension KnownCaller {
    fileprivate func signing(sessionToken: String?) -> SigningCredentials {
        SigningCredentials(accessKeyID: accessKeyID, secretAccessKey: secret, sessionToken: sessionToken)
    }
}

extension ExchangeRequest {
    /// What the client sent beside its signature, in a header or in the address.
    fileprivate var sessionToken: String? {
        headers.first("X-Amz-Security-Token") ?? queryParameters.last { $0.name == "X-Amz-Security-Token" }?.value
    }
}
