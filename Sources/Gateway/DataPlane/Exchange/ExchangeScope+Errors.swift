import JSON

extension ExchangeScope {
    /// The answer that the gateway makes by itself, as customised.
    func response(to error: GatewayError) -> ExchangeResponse {
        let customised = facts.gatewayResponses[error.type]
        var headers = HeaderFields()
        let chosen = customised.flatMap { template($0) }
        var hasContentType = false
        for (name, source) in customised?.headers ?? [] {
            guard let value = errorValue(source, error) else { continue }
            do {
                try headers.appendForClient(name, value)
                hasContentType = hasContentType || KnownHeader(name) == .contentType
            } catch {
                // A value that would break out of its line is left out: the answer is an error already.
                continue
            }
        }
        if !hasContentType { headers.append("Content-Type", chosen?.contentType ?? "application/json") }
        headers.append("x-amzn-ErrorType", error.errorType)
        let body = chosen.map { render($0.template, error) } ?? Self.defaultBody(error)
        return ExchangeResponse(
            status: status(error, customised), headers: headers, body: Array(body.utf8), error: error)
    }

    /// A failed integration whose gateway response was put without a status answers 500, as recorded.
    private func status(_ error: GatewayError, _ customised: GatewayResponses.Customised?) -> Int {
        if let status = customised?.status { return status }
        return customised != nil && error.type == .integrationFailure ? 500 : error.status
    }

    private func template(
        _ customised: GatewayResponses.Customised
    ) -> (contentType: String, template: SubstitutionTemplate)? {
        let templates = customised.templates
        guard templates.count > 1 else { return templates.first }
        for range in (request.headers.first(.accept) ?? "application/json").split(separator: ",") {
            let essence = MediaTypes.essence(String(range))
            if let match = templates.first(where: { MediaTypes.essence($0.contentType) == essence }) { return match }
        }
        return templates.first { MediaTypes.essence($0.contentType) == "application/json" } ?? templates.first
    }

    /// The body where nothing is customised.
    static func defaultBody(_ error: GatewayError) -> String {
        let message = error.messageText
        return "{\"\(error.member)\":\(error.isSpaced ? " " : "")\(message)}"
    }

    private func errorValue(_ source: ParameterSource, _ error: GatewayError) -> String? {
        if case .context(let name) = source { return contextText(name, in: context(error)) }
        return values(source).last
    }

    private func context(_ error: GatewayError) -> JSONObject {
        var context = contextDocument
        var members: JSONObject = [
            "message": .string(error.message), "messageString": .string(error.messageText),
            "responseType": .string(error.type.rawValue),
        ]
        if let validation = error.validation { members["validationErrorString"] = .string(validation) }
        context["error"] = .object(members)
        return context
    }

    private func render(_ template: SubstitutionTemplate, _ error: GatewayError) -> String {
        let context = context(error)
        return template.pieces.reduce(into: "") { text, piece in
            switch piece {
            case .text(let plain): text += plain
            case .reference(let name): text += reference(name, context) ?? ""
            }
        }
    }

    private func reference(_ name: String, _ context: JSONObject) -> String? {
        if name.hasPrefix("context.") { return contextText(String(name.dropFirst("context.".count)), in: context) }
        do {
            return values(try ParameterSource(parsing: name, in: .gatewayResponse)).last
        } catch {
            return nil
        }
    }
}

extension GatewayError {
    /// As JSON.
    var messageText: String { hasMessage ? JSONValue.string(message).text(.compact) : "null" }

    /// The answer where there is no stage to ask: an unknown API or stage, or a request that is no request.
    static func bareResponse(status: Int, message: String, errorType: String) -> ExchangeResponse {
        let headers = HeaderFields([("Content-Type", "application/json"), ("x-amzn-ErrorType", errorType)])
        let body = "{\"message\":\(JSONValue.string(message).text(.compact))}"
        return ExchangeResponse(status: status, headers: headers, body: Array(body.utf8))
    }

    static var forbidden: ExchangeResponse {
        bareResponse(status: 403, message: "Forbidden", errorType: "ForbiddenException")
    }
}
