/// The log of a test invocation, line by line as the service writes it.
struct TestLog {
    private(set) var text: String
    private let time: String
    let requestID: String
    /// `20150830T123600Z`
    private let date: String

    init(_ identity: ExchangeIdentity) {
        requestID = identity.requestID
        time = GatewayDate(secondsSince1970: identity.milliseconds / 1000).logText
        date =
            GatewayDate(secondsSince1970: identity.milliseconds / 1000).internetText
            .filter { !"-:.".contains($0) } + "Z"
        text = "Execution log for request \(requestID)\n"
    }

    mutating func line(_ line: String) { text += "\(time) : \(line)\n" }

    mutating func logRequest(
        _ invocation: TestInvocation, _ request: ExchangeRequest, _ path: [(name: String, value: String)]
    ) {
        line("Starting execution for request: \(requestID)")
        line("HTTP Method: \(request.method), Resource Path: \(invocation.resourcePath)")
        line("Method request path: \(Self.map(path))")
        line("Method request query string: \(Self.map(request.queryParameters))")
        line("Method request headers: \(Self.map(request.headers.all.map(Self.masked)))")
        line("Method request body before transformations: \(invocation.body ?? "")")
    }

    mutating func logValidation(_ error: GatewayError?, contentType: String) {
        if let mismatches = error?.validation {
            line("Request body does not match model schema for content type \(contentType): \(mismatches)")
        } else if error?.type != .badRequestParameters {
            line("Request validation succeeded for content type \(contentType)")
        }
    }

    mutating func logCall(_ call: EndpointCall) {
        line("Endpoint request URI: \(call.url)")
        line("Endpoint request headers: \(Self.shortened(Self.map(call.headers.all.map(Self.masked))))")
        var body = ""
        if case .bytes(let bytes) = call.body { body = String(decoding: bytes, as: UTF8.self) }
        line("Endpoint request body after transformations: \(body)")
        line("Sending request to \(call.url)")
    }

    /// The call as the service would sign it: the names of its headers are what can be told.
    mutating func logInvocation(_ call: FunctionCall, url: String, apiID: String) {
        let headers: [(name: String, value: String)] = [
            ("x-amzn-lambda-integration-tag", requestID), ("Authorization", String(repeating: "*", count: 64)),
            ("X-Amz-Date", date), ("x-amzn-apigateway-api-id", apiID), ("Accept", "application/json"),
            ("User-Agent", "AmazonAPIGateway_\(apiID)"), ("X-Amz-Security-Token", ""),
        ]
        line("Endpoint request URI: \(url)")
        line("Endpoint request headers: \(Self.map(headers)) [TRUNCATED]")
        line("Endpoint request body after transformations: \(String(decoding: call.event, as: UTF8.self))")
        line("Sending request to \(url)")
    }

    mutating func logAnswer(_ answer: EndpointAnswer, milliseconds: Int) {
        line("Received response. Status: \(answer.status), Integration latency: \(milliseconds) ms")
        line("Endpoint response headers: \(Self.map(answer.headers.all))")
        line("Endpoint response body before transformations: \(String(decoding: answer.body, as: UTF8.self))")
    }

    mutating func logResponse(_ response: ExchangeResponse) {
        if let error = response.error {
            line(Self.failure(error))
        } else {
            line("Method response body after transformations: \(response.text)")
            line("Method response headers: \(Self.map(response.headers.all))")
            line("Successfully completed execution")
        }
        line("Method completed with status: \(response.status)")
    }

    /// SOURCE: execution logs of the service, as its troubleshooting pages show them (2024).
    private static func failure(_ error: GatewayError) -> String {
        let words = error.detail ?? error.message
        return switch error.type {
        case .apiConfigurationError, .default5XX: "Execution failed due to configuration error: \(words)"
        case .integrationTimeout: "Execution failed due to a timeout error"
        default: "Execution failed: \(words)"
        }
    }

    /// Java style: `{a=b, c=d}`.
    private static func map(_ pairs: [(name: String, value: String)]) -> String {
        "{\(pairs.map { "\($0.name)=\($0.value)" }.joined(separator: ", "))}"
    }

    private static func masked(_ header: (name: String, value: String)) -> (name: String, value: String) {
        guard KnownHeader(header.name) == .authorization else { return header }
        return (header.name, String(repeating: "*", count: max(header.value.count - 4, 0)) + header.value.suffix(4))
    }

    private static func shortened(_ text: String) -> String {
        guard text.count > Limits.loggedHeadersCharactersMax else { return text }
        return text.prefix(Limits.loggedHeadersCharactersMax) + " [TRUNCATED]"
    }
}
