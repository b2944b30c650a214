import JSON
import Testing

@testable import DataPlane

/// Each type of gateway response that a request can provoke here, over sockets. Never: WAF_FILTERED and
/// RESOURCE_NOT_FOUND (docs/invoking.md says why).
@Suite("Gateway responses of all types")
struct GatewayResponseTypeTests {
    /// Tells its type and its message, and comes back where the request says.
    private static func customised(_ status: String) -> JSONValue {
        [
            "statusCode": .string(status),
            "responseParameters": [
                "gatewayresponse.header.x-type": "context.error.responseType",
                "gatewayresponse.header.x-query": "method.request.querystring.q",
                "gatewayresponse.header.x-sent": "method.request.header.x-sent",
                "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
            ],
            "responseTemplates": [
                "application/json": #"{"m":$context.error.messageString,"p":"$context.resourcePath"}"#
            ],
        ]
    }

    private static func stage(_ endpoint: String, policy: JSONValue? = nil) throws -> StageDefinition {
        let mock = #"""
            {"type": "MOCK", "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
             "integrationResponses": {"200": {"statusCode": "200"}}}
            """#
        let never = #"{"type": "MOCK", "passthroughBehavior": "NEVER", "requestTemplates": {"a/b": "{}"}}"#
        let body = #"{"requestValidatorId": "v", "requestModels": {"application/json": "M"}}"#
        let parameters = #"{"requestValidatorId": "v", "requestParameters": {"method.request.querystring.x": true}}"#
        var definition = StageDefinition.testing(
            [
                try .marked("GET", "/ok"), try .marked("POST", "/ok"), try Route("GET", "/broken", "null"),
                try Route("POST", "/never", never), try Route("POST", "/body", mock, method: body),
                try Route("GET", "/parameters", mock, method: parameters), try .marked("GET", "/throttled"),
                try Route("GET", "/key", mock, method: #"{"apiKeyRequired": true}"#),
                try Route("GET", "/signed", mock, method: #"{"authorizationType": "AWS_IAM"}"#),
                try .proxy("http://127.0.0.1:1/x", "GET", "/gone"),
                try .proxy(endpoint + "/x", "GET", "/late", more: #", "timeoutInMillis": 50"#),
            ], policy: policy,
            requestValidators: ["v": ["validateRequestBody": true, "validateRequestParameters": true]],
            gatewayResponses: ["DEFAULT_4XX": customised("418"), "DEFAULT_5XX": customised("599")])
        definition.models = ["M": #"{"type": "object"}"#]
        definition.methodSettings = ["throttled/GET": ["throttlingRateLimit": 0, "throttlingBurstLimit": 0]]
        return definition
    }

    @Test("each type that a request can provoke comes with its name, by the default of its class")
    func types() async throws {
        let signature = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/execute-api/aws4_request,"
        let signed =
            "Authorization: \(signature) SignedHeaders=host, Signature=00\r\nX-Amz-Date: 20150830T123600Z\r\n"
        let long = "Content-Length: 10485761\r\n"
        let cases: [(String, String, String, String, Int)] = [
            ("GET", "/none", "", "MISSING_AUTHENTICATION_TOKEN", 418),
            ("GET", "/broken", "", "API_CONFIGURATION_ERROR", 599),
            ("POST", "/never", "", "UNSUPPORTED_MEDIA_TYPE", 418), ("POST", "/body", "", "BAD_REQUEST_BODY", 418),
            ("GET", "/parameters", "", "BAD_REQUEST_PARAMETERS", 418), ("GET", "/throttled", "", "THROTTLED", 418),
            ("GET", "/key", "", "INVALID_API_KEY", 418), ("GET", "/signed", "", "MISSING_AUTHENTICATION_TOKEN", 418),
            ("GET", "/signed", signed, "INVALID_SIGNATURE", 418), ("GET", "/gone", "", "INTEGRATION_FAILURE", 599),
            ("GET", "/late", "", "INTEGRATION_TIMEOUT", 599), ("POST", "/ok", long, "REQUEST_TOO_LARGE", 418),
        ]
        try await TestEndpoint.with { _ in
            .hang
        } _: { endpoint in
            try await TestServer.with([try Self.stage(endpoint.url)]) { server in
                for (method, path, headers, type, status) in cases {
                    let answer = try server.send(method, "/test\(path)?q=1", headers: "x-sent: yes\r\n" + headers)
                    #expect(answer.header("x-type") == type && answer.status == status, "\(path): \(answer.head)")
                    #expect(answer.header("x-query") == "1" && answer.header("x-sent") == "yes", "\(path)")
                    #expect(answer.header("Access-Control-Allow-Origin") == "*", "\(path)")
                    #expect(answer.body.hasPrefix(#"{"m":""#), "\(path): \(answer.body)")
                }
                let fine = try server.send("GET", "/test/ok")
                #expect(fine.status == 200 && fine.header("x-type") == nil)
            }
        }
    }

    @Test("a resource policy that denies answers ACCESS_DENIED")
    func denied() async throws {
        let policy: JSONValue = [
            "Version": "2012-10-17",
            "Statement": [["Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"]],
        ]
        try await TestServer.with([try Self.stage("http://127.0.0.1:1", policy: policy)]) { server in
            let answer = try server.send("GET", "/test/ok")
            #expect(answer.status == 418 && answer.header("x-type") == "ACCESS_DENIED", "\(answer.head)")
        }
    }

    // MARK: By who calls

    /// A response of each of `types` by itself, with a status that no other has.
    private static func own(_ types: [String], _ definition: StageDefinition) -> StageDefinition {
        var definition = definition
        for (position, type) in types.enumerated() {
            definition.gatewayResponses[type] = customised("\(450 + position)")
        }
        return definition
    }

    private static func expect(
        _ answer: WireClient.Answer, _ type: String, _ status: Int, _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(answer.header("x-type") == type, "\(answer.head)", sourceLocation: location)
        #expect(answer.status == status, "\(answer.head)", sourceLocation: location)
        #expect(answer.header("Access-Control-Allow-Origin") == "*", sourceLocation: location)
    }

    @Test("UNAUTHORIZED, ACCESS_DENIED and AUTHORIZER_CONFIGURATION_ERROR come from authorizers in a real host")
    func authorizers() async throws {
        let definition = Self.own(
            ["UNAUTHORIZED", "ACCESS_DENIED", "AUTHORIZER_CONFIGURATION_ERROR"], try AuthorizerTrial.definition())
        try await HostedFunctions.with { functions in
            try functions.addShell(
                "door",
                answer: #"""
                    case "$EVENT" in
                    *'"authorizationToken":"nonsense"'*) echo '{"principalId": 7}' ;;
                    *) echo '{"principalId": "ann", "policyDocument": {"Version": "2012-10-17", "Statement":
                     [{"Effect": "Deny", "Action": "execute-api:Invoke", "Resource": "*"}]}}' ;;
                    esac
                    """#)
            try await TestServer.with([definition]) { server in
                server.registry.functions.publish(functions)
                let client = try server.client()
                func send(_ token: String?) async throws -> WireClient.Answer {
                    let header = token.map { "Authorization: \($0)\r\n" } ?? ""
                    let request = "GET /test/pets/1 HTTP/1.1\r\nHost: abc123.execute-api.test\r\n\(header)\r\n"
                    return try await client.waiting { try $0.exchange(request) }
                }
                Self.expect(try await send(nil), "UNAUTHORIZED", 450)
                Self.expect(try await send("shut"), "ACCESS_DENIED", 451)
                let broken = try await send("nonsense")
                Self.expect(broken, "AUTHORIZER_CONFIGURATION_ERROR", 452)
                #expect(broken.body.hasPrefix(#"{"m":"#), "\(broken.body)")
            }
        }
    }

    @Test("an authorizer that does not answer in time is AUTHORIZER_FAILURE")
    func lateAuthorizer() throws {
        let definition = Self.own(["AUTHORIZER_FAILURE"], try AuthorizerTrial.definition())
        let trial = ExchangeTrial(definition)
        guard
            var exchange = trial.snapshot.exchange(
                for: ExchangeTrial.request("GET", "/pets/1", headers: [("Authorization", "t")])),
            case .authorize = exchange.open(), case .respond(let response) = exchange.resume(nil)
        else { throw Unexpected("the authorizer is not asked") }
        #expect(response.status == 450 && response.headers.first("x-type") == "AUTHORIZER_FAILURE")
    }

    @Test("a spent quota is QUOTA_EXCEEDED, a key without a plan INVALID_API_KEY")
    func quota() async throws {
        let definition = Self.own(["QUOTA_EXCEEDED", "INVALID_API_KEY"], try Self.stage("http://127.0.0.1:1"))
        try await TestServer.with([definition]) { server in
            server.registry.keys.publish(
                APIKeyTable(
                    keys: [
                        APIKeyTable.Key(id: "k", value: "a-key-of-twenty-letters", isEnabled: true),
                        APIKeyTable.Key(id: "l", value: "another-key-of-its-own", isEnabled: true),
                    ],
                    plans: [
                        APIKeyTable.Plan(
                            id: "p", stages: [APIKeyTable.Stage(apiID: "abc123", stageName: "test", methods: [:])],
                            throttle: nil, quota: APIKeyTable.Quota(limit: 1, period: .month, offset: 0), keys: ["k"])
                    ]))
            func send(_ key: String) throws -> WireClient.Answer {
                try server.send("GET", "/test/key", headers: "x-api-key: \(key)\r\n")
            }
            #expect(try send("a-key-of-twenty-letters").status == 200)
            Self.expect(try send("a-key-of-twenty-letters"), "QUOTA_EXCEEDED", 450)
            Self.expect(try send("another-key-of-its-own"), "INVALID_API_KEY", 451)
        }
    }

    @Test("a session that is over is EXPIRED_TOKEN")
    func expired() async throws {
        let definition = Self.own(["EXPIRED_TOKEN"], try SignedTrial.petStore())
        try await TestServer.with([definition]) { configuration in
            configuration.millisecondsSince1970 = { ExchangeTrial.identity.milliseconds }
        } _: { server in
            var trial = SignedTrial(definition)
            trial.publish([try SignedTrial.allowing()], expires: 0)
            server.registry.callers.publish(trial.directory)
            let request = try trial.request("GET", "/pets/1")
            let lines = request.headers.all.map { "\($0.name): \($0.value)\r\n" }.joined()
            let answer = try server.client().exchange(
                "GET /test/pets/1 HTTP/1.1\r\nHost: abc123.execute-api.test\r\n\(lines)\r\n")
            Self.expect(answer, "EXPIRED_TOKEN", 450)
        }
    }

    @Test(
        "the template is chosen by Accept, and what a body did not fit is said", arguments: ["text/plain", "text/xml"])
    func templates(_ accept: String) async throws {
        var definition = try Self.stage("http://127.0.0.1:1")
        definition.gatewayResponses["BAD_REQUEST_BODY"] = [
            "responseTemplates": [
                "application/json": "{}",
                "text/plain":
                    "$context.error.responseType: $context.error.message $context.error.validationErrorString",
                "text/xml": "<error stage='$stageVariables.tier'>$context.stage</error>",
            ]
        ]
        definition.variables = ["tier": "gold"]
        let plain = #"""
            BAD_REQUEST_BODY: Invalid request body [instance type (string) does not match any allowed primitive type \#
            (allowed: ["object"])]
            """#
        try await TestServer.with([definition]) { server in
            let answer = try server.send(
                "POST", "/test/body", headers: "Accept: \(accept), application/json\r\n", body: "\"x\"")
            #expect(answer.status == 400 && answer.header("Content-Type") == accept, "\(answer.head)")
            #expect(answer.body == (accept == "text/plain" ? plain : "<error stage='gold'>test</error>"))
        }
    }
}
