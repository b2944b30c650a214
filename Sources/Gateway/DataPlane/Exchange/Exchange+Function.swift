import Bytes
import JSON

extension Exchange {
    /// The call of the function that answers the request.
    mutating func call(
        _ target: FunctionTarget, _ integration: CompiledIntegration, body: [UInt8]
    ) throws(GatewayError) -> FunctionCall {
        // Recorded: 500, and of the type that a customised answer may change.
        guard integration.httpMethod == "POST" else {
            throw .badAnswer("a function is invoked by POST, not by `\(integration.httpMethod ?? "ANY")`")
        }
        if case .functionProxy = integration.kind {
            let event = ProxyEvent(scope: scope, traceID: traceID).document(body: body)
            return try call(target, integration, event: JSONValue.object(event).bytes(.compact))
        }
        let event = try templated(try payload(body, integration), integration).bytes
        let mapped = try MappedParameters(
            integration.parameters, scope: scope, body: event, overrides: context?["requestOverride"]?.object)
        return try call(target, integration, event: event, isAsynchronous: try isAsynchronous(mapped))
    }

    private func isAsynchronous(_ mapped: MappedParameters) throws(GatewayError) -> Bool {
        switch mapped.headers.last(where: { $0.name.lowercased() == "x-amz-invocation-type" })?.value {
        case nil, "RequestResponse": return false
        case "Event": return true
        case .some(let type): throw .badAnswer("the invocation type `\(type)` is not offered")
        }
    }

    private func call(
        _ target: FunctionTarget, _ integration: CompiledIntegration, event: [UInt8], isAsynchronous: Bool = false
    ) throws(GatewayError) -> FunctionCall {
        FunctionCall(
            function: target.function, event: event, isAsynchronous: isAsynchronous,
            authority: try authority(target), requestID: request.identity.requestID, traceID: traceID,
            timeout: integration.timeout)
    }

    private func authority(_ target: FunctionTarget) throws(GatewayError) -> FunctionCall.Authority {
        switch target.credentials {
        case .none:
            return .service(sourceARN: sourceARN, sourceAccount: scope.facts.accountID)
        case .role(let arn): return .role(arn, sourceARN: sourceARN)
        case .caller:
            guard let caller = scope.caller else {
                throw .configuration("the credentials of the integration are its caller's, who did not sign")
            }
            return .caller(caller)
        }
    }

    /// The method, as policies of functions and roles name it.
    var sourceARN: String { scope.facts.sourceARN(of: method.resourcePath, verb: request.method) }

    /// For the log of a test invocation.
    var functionURL: String {
        guard case .integration(let integration) = method.plan else { return "" }
        return switch integration.kind {
        case .function(let target), .functionProxy(let target): target.url
        default: ""
        }
    }
    var apiID: String { scope.facts.apiID }

    /// The response to what came of a call of the function.
    package mutating func finish(_ reply: FunctionReply) -> ExchangeResponse {
        guard case .integration(let integration) = method.plan else {
            return response(to: .configuration("the method has no integration"))
        }
        do throws(GatewayError) {
            let answer = try invocationAnswer(to: reply)
            if case .functionProxy = integration.kind {
                guard case .answered(let payload, let functionError) = reply, functionError == nil else {
                    throw .malformedFunctionAnswer("the function failed\(Self.words(answer.body))")
                }
                return try proxied(ProxyAnswer(parsing: payload))
            }
            return try integrationResponse(answer, try chosen(for: reply, integration), isMock: false)
        } catch {
            return response(to: error)
        }
    }

    /// What Invoke of the service answers to it: the source of mapped headers, and what the log of a test shows.
    ///
    /// - Throws: What the client gets when the function was not run.
    func invocationAnswer(to reply: FunctionReply) throws(GatewayError) -> EndpointAnswer {
        switch reply {
        case .answered(let payload, let functionError):
            var headers = invocationHeaders(length: payload.count)
            if let functionError { headers.append("X-Amz-Function-Error", functionError) }
            headers.append("X-Amz-Executed-Version", "$LATEST")
            return EndpointAnswer(status: 200, headers: headers, body: payload)
        case .accepted: return EndpointAnswer(status: 202, headers: invocationHeaders(length: 0), body: [])
        case .refused(413, _, _): throw .requestTooLarge
        // SOURCE: Lambda developer guide, "Handling Lambda errors with an API Gateway API": a rejected invocation is 500.
        case .refused(let status, let type, let message):
            throw .configuration("the function was not invoked: \(status) \(type): \(message)")
        case .unavailable(let reason): throw .badAnswer("the function cannot be invoked: \(reason)")
        }
    }

    private func invocationHeaders(length: Int) -> HeaderFields {
        HeaderFields([
            ("Date", GatewayDate(secondsSince1970: request.identity.milliseconds / 1000).httpText),
            ("Content-Type", "application/json"), ("Content-Length", "\(length)"), ("Connection", "keep-alive"),
            ("x-amzn-RequestId", request.identity.requestID), ("X-Amzn-Trace-Id", traceID),
        ])
    }

    /// Patterns are held against the message of a function that failed; where none fits, the default is meant.
    private func chosen(
        for reply: FunctionReply, _ integration: CompiledIntegration
    ) throws(GatewayError) -> CompiledResponse {
        var message: String?
        if case .answered(let payload, .some) = reply { message = Self.errorMessage(payload) }
        if let chosen = message.map({ integration.response(for: $0) }) ?? integration.defaultResponse { return chosen }
        throw .configuration(
            message.map { "no integration response fits the error `\($0.prefix(256))`, and there is no default" }
                ?? "there is no default integration response")
    }

    /// What a failed function said, for whoever looks for the reason; never sent.
    private static func words(_ payload: [UInt8]) -> String {
        do {
            let document = try JSONValue(parsing: payload)
            let words = [document["errorType"]?.string, document["errorMessage"]?.string].compactMap(\.self)
            return words.isEmpty ? "" : ": " + words.joined(separator: ": ").prefix(Limits.loggedReasonCharactersMax)
        } catch {
            return ""
        }
    }

    /// `errorMessage` of a failed function; empty if it has none.
    static func errorMessage(_ payload: [UInt8]) -> String {
        do {
            return try JSONValue(parsing: payload)["errorMessage"]?.string ?? ""
        } catch {
            return ""
        }
    }

    private func proxied(_ answer: ProxyAnswer) throws(GatewayError) -> ExchangeResponse {
        var headers = HeaderFields()
        for (name, values) in answer.headers {
            for value in values {
                do throws(GatewayError) {
                    try headers.appendForClient(name, value)
                } catch {
                    throw .malformedFunctionAnswer(error.detail ?? "it has a header that is not valid")
                }
            }
        }
        if !headers.contains(.contentType) { headers.append("Content-Type", "application/json") }
        if !headers.contains(.traceID) { headers.append("X-Amzn-Trace-Id", traceID) }
        var body = answer.body
        if answer.isBase64, acceptsBinary {
            guard let bytes = Base64.decoded(body, .unpadded) else {
                throw .malformedFunctionAnswer("its `body` is not base64")
            }
            body = bytes
        }
        return ExchangeResponse(status: answer.status, headers: headers, body: body)
    }

    /// SOURCE: API Gateway developer guide, "Return binary media from a Lambda proxy integration": the first type that
    /// the client accepts decides.
    private var acceptsBinary: Bool {
        let accepted = request.headers.first(.accept) ?? "application/json"
        return scope.facts.mediaTypes.isBinary(accepted.split(separator: ",").first.map(String.init))
    }
}
