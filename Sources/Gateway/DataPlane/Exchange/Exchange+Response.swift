import JSON
import MappingTemplates

extension Exchange {
    /// The head of a passed answer (HTTP_PROXY): the endpoint's headers, some of them renamed. Its body passes as it is.
    package func head(of answer: EndpointAnswer) -> ExchangeResponse {
        var headers = HeaderFields()
        headers.reserve(bytes: answer.headers.storage.count + 64, fields: answer.headers.count + 1)
        for field in answer.headers.fields {
            switch field.known.responseOutcome {
            case .sent: headers.append(field, of: answer.headers)
            case .remapped: headers.append(field, of: answer.headers, prefix: KnownHeader.remappedPrefix)
            case .dropped: break
            }
        }
        if !headers.contains(.contentType) { headers.append("Content-Type", "application/json") }
        return ExchangeResponse(status: answer.status, headers: headers, body: answer.body)
    }

    /// The response to a whole answer of the endpoint.
    package mutating func finish(_ answer: EndpointAnswer) -> ExchangeResponse {
        guard case .integration(let integration) = method.plan else {
            return response(to: .configuration("the method has no integration"))
        }
        switch integration.kind {
        case .httpProxy: return head(of: answer)
        case .function, .functionProxy: return finish(FunctionReply(invocation: answer))
        case .mock, .http, .service: break
        }
        do {
            return try integrationResponse(answer, try chosen(for: answer.status, integration), isMock: false)
        } catch {
            return response(to: error)
        }
    }

    func chosen(for status: Int, _ integration: CompiledIntegration) throws(GatewayError) -> CompiledResponse {
        guard let chosen = integration.response(for: String(status)) else {
            throw .configuration("no integration response fits status \(status), and there is no default")
        }
        return chosen
    }

    mutating func integrationResponse(
        _ answer: EndpointAnswer, _ chosen: CompiledResponse, isMock: Bool
    ) throws(GatewayError) -> ExchangeResponse {
        let payload = try Payload(
            answer: answer.body, contentType: answer.headers.first(.contentType), types: scope.facts.mediaTypes,
            handling: chosen.contentHandling)
        let body = try templated(payload, chosen)
        var headers = HeaderFields()
        for mapping in chosen.mappings {
            for value in try values(mapping.source, answer) { try headers.appendForClient(mapping.header, value) }
        }
        var status = chosen.status
        if let override = context?["responseOverride"]?.object {
            status = try overriddenStatus(override) ?? status
            try overrideHeaders(override, &headers)
        }
        if !headers.contains(.contentType) { headers.append("Content-Type", "application/json") }
        if !isMock, !headers.contains(.traceID) { headers.append("X-Amzn-Trace-Id", traceID) }
        return ExchangeResponse(status: status, headers: headers, body: body)
    }

    private mutating func templated(_ payload: Payload, _ chosen: CompiledResponse) throws(GatewayError) -> [UInt8] {
        switch chosen.templates.choice(accept: request.headers.first(.accept)) {
        case nil, .passthrough: return payload.bytes
        case .constant(let text): return Array(text.utf8)
        case .rendered(let template):
            guard payload.isText else { throw .configuration("a template cannot take a binary body") }
            do {
                let output = try template.render(templateInput(payload.bytes.isEmpty ? nil : payload.bytes))
                context = output.context
                return Array(output.text.utf8)
            } catch {
                throw .configuration("the response template failed: \(error.message)")
            }
        }
    }

    private func values(_ source: ParameterSource, _ answer: EndpointAnswer) throws(GatewayError) -> [String] {
        switch source {
        case .responseHeader(let name): answer.headers.last(name).map { [$0] } ?? []
        case .responseHeaders(let name): answer.headers.values(name)
        case .responseBody(let path): try ExchangeScope.values(path, in: answer.body)
        default: scope.values(source)
        }
    }

    private func overriddenStatus(_ override: JSONObject) throws(GatewayError) -> Int? {
        guard let value = override["status"], !value.isNull else { return nil }
        guard let status = value.int ?? value.string.flatMap(Int.init), (200...599).contains(status) else {
            throw .configuration("`$context.responseOverride.status` is no status")
        }
        return status
    }

    private func overrideHeaders(_ override: JSONObject, _ headers: inout HeaderFields) throws(GatewayError) {
        for member in override["header"]?.object?.members ?? [] {
            headers.remove(member.name)
            headers.remove(KnownHeader.remappedPrefix + member.name)
            for value in member.value.array ?? [member.value] {
                if let text = ExchangeScope.text(value) { try headers.appendForClient(member.name, text) }
            }
        }
    }
}
