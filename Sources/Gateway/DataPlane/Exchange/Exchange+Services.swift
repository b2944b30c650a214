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
        var mapped = try MappedParameters([], scope: scope, body: [], overrides: nil)
        if call.isAsynchronous { mapped.set(header: "X-Amz-Invocation-Type", "Event") }
        let sent = try ServiceRequest(
            template, mapped, method: "POST", body: call.event, contentType: "application/json")
        return try step(template, sent, timeout: integration.timeout)
    }

    private mutating func step(
        _ template: ServiceTemplate, _ request: ServiceRequest, timeout: Int
    ) throws(GatewayError) -> Step {
        let identity = self.request.identity
        let (holder, own) = try signer(template)
        if let holder, let access = ServiceAccess(request, template.uri),
            let refusal = access.refusal(of: holder, at: identity.milliseconds, region: template.uri.region)
        {
            return .respond(finish(refusal.answer(template, requestID: identity.requestID)))
        }
        var sent = request
        for (name, value) in [
            ("User-Agent", "AmazonAPIGateway_\(scope.facts.apiID)"), ("X-Amzn-Apigateway-Api-Id", scope.facts.apiID),
            ("X-Amzn-Trace-Id", traceID),
        ] where !sent.headers.contains(name) {
            sent.headers.append(name, value)
        }
        guard let credentials = template.credentials ?? own else {
            throw .configuration("the integration has no credentials")
        }
        try sent.sign(
            with: credentials, template.scope, at: identity.milliseconds, keys: scope.facts.services.keys)
        return .call(
            EndpointCall(
                origin: sent.origin, method: sent.method, target: sent.target, headers: sent.headers,
                body: sent.body.isEmpty ? .none : .bytes(sent.body), timeout: timeout))
    }

    /// Whose policies count, and what it signs with.
    private func signer(
        _ template: ServiceTemplate
    ) throws(GatewayError) -> (holder: KnownCaller?, credentials: SigningCredentials?) {
        switch template.authority {
        case .configured: return (nil, nil)
        case .role(let arn):
            do throws(RoleRefusal) {
                let credentials = try scope.facts.services.roles.credentials(
                    ofRole: arn, service: "apigateway.amazonaws.com", source: sourceARN,
                    at: request.identity.milliseconds)
                return (credentials.holder, credentials.signing)
            } catch {
                throw .configuration(error.gatewayMessage)
            }
        case .caller:
            guard let caller = scope.caller else {
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
