import JSON
import Testing

@testable import DataPlane

/// Each type of gateway response that a request over a socket can provoke here. By other suites: QUOTA_EXCEEDED (keys),
/// EXPIRED_TOKEN (signatures), UNAUTHORIZED, AUTHORIZER_FAILURE and AUTHORIZER_CONFIGURATION_ERROR (authorizers).
/// Never: WAF_FILTERED and RESOURCE_NOT_FOUND; a path without a resource is MISSING_AUTHENTICATION_TOKEN, as recorded.
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
}
