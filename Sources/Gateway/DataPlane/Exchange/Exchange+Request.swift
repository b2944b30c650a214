import JSON
import MappingTemplates

extension Exchange {
    mutating func run(_ integration: CompiledIntegration, body: [UInt8]) throws(GatewayError) -> Step {
        switch integration.kind {
        case .mock:
            let text = try templated(try payload(body, integration), integration).bytes
            return .respond(try mockResponse(text, integration))
        case .http(let endpoint):
            let sent = try templated(try payload(body, integration), integration)
            return .call(try call(endpoint, integration, body: sent.bytes, sent.contentType))
        case .httpProxy(let endpoint):
            return .call(try call(endpoint, integration, body: try payload(body, integration).bytes))
        case .service(let service):
            let sent = try templated(try payload(body, integration), integration)
            return try step(service, integration, body: sent.bytes, sent.contentType)
        case .function(let target), .functionProxy(let target):
            let call = try call(target, integration, body: body)
            guard let service = target.service else { return .invoke(call) }
            return try step(service, call, integration)
        }
    }

    func payload(_ body: [UInt8], _ integration: CompiledIntegration) throws(GatewayError) -> Payload {
        try Payload(
            body, contentType: request.headers.first(.contentType), types: scope.facts.mediaTypes,
            handling: integration.contentHandling)
    }

    /// The body as the request template makes it, or as it is where none applies.
    mutating func templated(
        _ payload: Payload, _ integration: CompiledIntegration
    ) throws(GatewayError) -> (bytes: [UInt8], contentType: String?) {
        let contentType = request.headers.first(.contentType)
        let essence = contentType.map(MediaTypes.essence) ?? "application/json"
        guard let template = integration.templates[essence] else {
            switch integration.passthrough {
            case .never: throw .unsupportedMediaType
            case .whenNoTemplates where !integration.templates.isEmpty: throw .unsupportedMediaType
            case .whenNoTemplates, .whenNoMatch: return (payload.bytes, contentType)
            }
        }
        if case .passthrough = template { return (payload.bytes, contentType) }
        guard payload.isText else { throw .configuration("a template cannot take a binary body") }
        switch template {
        case .passthrough: return (payload.bytes, contentType)
        case .constant(let text): return (Array(text.utf8), essence)
        case .rendered(let template):
            let input = templateInput(payload.bytes.isEmpty ? nil : payload.bytes)
            do {
                let output = try template.render(input)
                context = output.context
                return (Array(output.text.utf8), essence)
            } catch let failure where failure.code == .bodyNotJSON {
                throw .bodyNotJSON
            } catch {
                throw .configuration("the request template failed: \(error.message)")
            }
        }
    }

    func templateInput(_ body: [UInt8]?) -> TemplateInput {
        TemplateInput(
            body: body.map { String(decoding: $0, as: UTF8.self) }, pathParameters: scope.pathParameters,
            queryParameters: request.queryParameters, headers: request.templateHeaders,
            stageVariables: scope.facts.variables, context: context ?? scope.contextDocument)
    }

    /// The template of a MOCK says in `statusCode` which response is meant.
    private mutating func mockResponse(
        _ text: [UInt8], _ integration: CompiledIntegration
    ) throws(GatewayError) -> ExchangeResponse {
        let document: JSONValue
        do {
            document = try JSONValue(parsing: text)
        } catch {
            throw .configuration("the request template of a MOCK gives no JSON: \(error.message)")
        }
        guard let status = document["statusCode"]?.int ?? document["statusCode"]?.string.flatMap(Int.init) else {
            throw .configuration("the request template of a MOCK gives no `statusCode`")
        }
        return try integrationResponse(
            EndpointAnswer(status: status, headers: HeaderFields(), body: []),
            try chosen(for: status, integration), isMock: true)
    }

    func call(
        _ endpoint: EndpointTemplate, _ integration: CompiledIntegration, body: [UInt8], _ contentType: String? = nil
    ) throws(GatewayError) -> EndpointCall {
        let link: TargetGroup? =
            if let id = integration.linkID {
                try scope.facts.links.group(of: id, at: request.identity.milliseconds)
            } else { nil }
        let isProxy = if case .httpProxy = integration.kind { true } else { false }
        let mapped = try MappedParameters(
            integration.parameters, scope: scope, body: body,
            overrides: context?["requestOverride"]?.object)
        let method = integration.httpMethod ?? request.method
        let sendsBody = !body.isEmpty && method != "GET" && method != "HEAD"
        var (origin, target) = try EndpointAddress(endpoint, mapped, proxied: isProxy ? request.query : []).resolved()
        if origin.security != .none { origin.identity = scope.facts.identity }
        if link != nil, origin.security == .verified, EndpointResolver.literal(host: origin.host, port: 0) != nil {
            throw .configuration("over a VPC link a certificate is held against a name, not against an address")
        }
        var headers = HeaderFields()
        headers.reserve(bytes: request.headers.storage.count + 256, fields: request.headers.count + 6)
        try headers.appendChecked("Host", mapped.host ?? origin.authority)
        if isProxy {
            for field in request.headers.fields where !field.known.isDroppedForEndpoint {
                if mapped.headers.isEmpty || !mapped.sets(request.headers.name(of: field)) {
                    headers.append(field, of: request.headers)
                }
            }
        } else {
            if !mapped.sets("Accept") { headers.append("Accept", "application/json") }
            if !mapped.sets("User-Agent") { headers.append("User-Agent", "AmazonAPIGateway_\(scope.facts.apiID)") }
            if sendsBody, !mapped.sets("Content-Type") {
                try headers.appendChecked("Content-Type", contentType ?? "application/json")
            }
        }
        for header in mapped.headers { try headers.appendChecked(header.name, header.value) }
        if !mapped.sets("X-Amzn-Apigateway-Api-Id") { headers.append("X-Amzn-Apigateway-Api-Id", scope.facts.apiID) }
        if !mapped.sets("X-Amzn-Trace-Id") { headers.append("X-Amzn-Trace-Id", traceID) }
        return EndpointCall(
            origin: origin, link: link, method: method, target: target, headers: headers,
            body: sendsBody ? .bytes(body) : .none, timeout: integration.timeout)
    }

    /// The client's, if it sent one with a root; else one of our own. Endpoint and client see the same.
    var traceID: String {
        if let sent = request.headers.first(.traceID), sent.contains("Root=") { return sent }
        return request.identity.traceID
    }
}
