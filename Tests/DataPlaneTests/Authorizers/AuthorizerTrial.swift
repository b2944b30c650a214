import DataPlane
import JSON

@testable import DataPlane

/// One route behind a Lambda authorizer, and what its function says.
struct AuthorizerTrial {
    let trial: ExchangeTrial

    static let uri =
        "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
        + "arn:aws:lambda:us-east-1:123456789012:function:door/invocations"
    static let stage = "arn:aws:execute-api:us-east-1:123456789012:abc123/test"

    /// - Parameter authorizer: Members of the authorizer beside its type and uri, as JSON text.
    init(
        _ type: String = "TOKEN", _ authorizer: String = "{}", method: String = "{}", policy: JSONValue? = nil,
        keySource: String = "HEADER", keys: APIKeyRegistry = APIKeyRegistry(), isPrivate: Bool = false
    ) throws {
        trial = ExchangeTrial(
            try Self.definition(
                type, authorizer, method: method, policy: policy, keySource: keySource, isPrivate: isPrivate),
            keys: keys)
    }

    static func definition(
        _ type: String = "TOKEN", _ authorizer: String = "{}", method: String = "{}", policy: JSONValue? = nil,
        keySource: String = "HEADER", isPrivate: Bool = false
    ) throws -> StageDefinition {
        var methodDocument: JSONObject = ["authorizationType": "CUSTOM", "authorizerId": "a1"]
        for (name, value) in try JSONValue(parsing: method).object ?? [:] { methodDocument[name] = value }
        let shown =
            #"{\"id\": \"$context.authorizer.principalId\", \"n\": \"$context.authorizer.n\", "#
            + #"\"ok\": \"$context.authorizer.ok\"}"#
        let mock = #"""
            {"type": "MOCK", "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
             "integrationResponses": {"200": {"statusCode": "200",
              "responseTemplates": {"application/json": "\#(shown)"}}}}
            """#
        let text = JSONValue.object(methodDocument).text(.compact)
        var definition = StageDefinition.testing(
            [
                try Route("ANY", "/pets/{id}", mock, method: text),
                try Route.lambda("AWS_PROXY", "GET", "/proxied", method: text),
            ], policy: policy)
        definition.variables = ["tier": "gold"]
        definition.apiKeySource = keySource
        definition.isPrivate = isPrivate
        var document: JSONObject = ["id": "a1", "type": .string(type), "authorizerUri": .string(uri)]
        for (name, value) in try JSONValue(parsing: authorizer).object ?? [:] { document[name] = value }
        definition.authorizers["a1"] = .object(document)
        return definition
    }

    /// An answer that allows or denies.
    static func says(
        _ effect: String = "Allow", _ resource: String = "*", more: String = ""
    ) -> FunctionReply {
        .answer(
            #"""
            {"principalId": "ann", "policyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "\#(effect)",
             "Action": "execute-api:Invoke", "Resource": "\#(resource)"}]} \#(more)}
            """#)
    }

    enum Outcome {
        case answered(ExchangeResponse)
        case asked(FunctionCall, Exchange)
    }

    func open(_ request: ExchangeRequest) throws -> Outcome {
        guard var exchange = trial.snapshot.exchange(for: request) else { throw Unexpected("there is no route") }
        let opening = exchange.open()
        if case .authorize(let call) = opening { return .asked(call, exchange) }
        return .answered(try Self.finish(opening, &exchange))
    }

    static func finish(_ opening: Exchange.Opening, _ exchange: inout Exchange) throws -> ExchangeResponse {
        switch opening {
        case .respond(let response): return response
        case .collect:
            guard case .respond(let response) = exchange.proceed(body: []) else { throw Unexpected("a call") }
            return response
        default: throw Unexpected("neither a response nor the body")
        }
    }

    func call(
        _ method: String = "GET", _ target: String = "/pets/1", _ headers: [(String, String)] = [("Authorization", "t")]
    ) throws -> FunctionCall {
        guard case .asked(let call, _) = try open(ExchangeTrial.request(method, target, headers: headers)) else {
            throw Unexpected("the authorizer was not asked")
        }
        return call
    }

    /// The response to a request whose authorizer answers so; what was said before counts.
    func response(
        _ reply: FunctionReply?, _ method: String = "GET", _ target: String = "/pets/1",
        _ headers: [(String, String)] = [("Authorization", "t")]
    ) throws -> ExchangeResponse {
        switch try open(ExchangeTrial.request(method, target, headers: headers)) {
        case .answered(let response): return response
        case .asked(_, var exchange): return try Self.finish(exchange.resume(reply), &exchange)
        }
    }

    /// The response without asking.
    func unasked(
        _ method: String = "GET", _ target: String = "/pets/1", _ headers: [(String, String)] = []
    ) throws -> ExchangeResponse {
        guard case .answered(let response) = try open(ExchangeTrial.request(method, target, headers: headers)) else {
            throw Unexpected("the authorizer was asked")
        }
        return response
    }
}
