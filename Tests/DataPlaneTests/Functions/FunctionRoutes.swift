import DataPlane
import JSON

@testable import DataPlane

extension Route {
    static let greeter =
        "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
        + "arn:aws:lambda:us-east-1:123456789012:function:greeter/invocations"

    /// - Parameter more: Further members, each with a comma before it.
    static func lambda(
        _ type: String, _ httpMethod: String, _ path: String, uri: String = greeter, by: String = "POST",
        more: String = "", method: String = "{}"
    ) throws -> Route {
        let responses = #", "integrationResponses": {"200": {"statusCode": "200"}}"#
        return try Route(
            httpMethod, path,
            """
            {"type": "\(type)", "httpMethod": "\(by)", "uri": "\(uri)"
             \(type == "AWS_PROXY" || more.contains("integrationResponses") ? "" : responses) \(more)}
            """, method: method)
    }
}

extension ExchangeTrial {
    /// The call of a function, and the exchange that waits for its reply.
    func invocation(
        _ request: ExchangeRequest, body: [UInt8] = []
    ) throws -> (call: FunctionCall, exchange: Exchange) {
        var exchange = snapshot.exchange(for: request)
        guard case .collect? = exchange?.open() else { throw Unexpected("the body is not asked for") }
        guard case .invoke(let call)? = exchange?.proceed(body: body), let exchange else {
            throw Unexpected("no function is called")
        }
        return (call, exchange)
    }

    func invocation(
        _ method: String, _ target: String, headers: [(String, String)] = [], body: String = ""
    ) throws -> (call: FunctionCall, exchange: Exchange) {
        try invocation(Self.request(method, target, headers: headers), body: Array(body.utf8))
    }

    /// The response when the function answers so.
    func response(
        to reply: FunctionReply, _ method: String = "GET", _ target: String = "/greet",
        headers: [(String, String)] = [], body: String = ""
    ) throws -> ExchangeResponse {
        var exchange = try invocation(method, target, headers: headers, body: body).exchange
        return exchange.finish(reply)
    }
}

extension FunctionReply {
    static func answer(_ text: String) -> FunctionReply { .answered(payload: Array(text.utf8), functionError: nil) }
    static func error(_ text: String) -> FunctionReply {
        .answered(payload: Array(text.utf8), functionError: "Unhandled")
    }
}
