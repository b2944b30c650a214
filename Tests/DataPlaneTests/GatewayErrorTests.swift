import Diagnostics
import JSON
import Testing

@testable import DataPlane

@Suite("Answers that the gateway makes itself")
struct GatewayErrorTests {
    private static let validator: [String: JSONValue] = [
        "p": ["id": "p", "validateRequestBody": false, "validateRequestParameters": true],
        "b": ["id": "b", "validateRequestBody": true, "validateRequestParameters": true],
    ]

    @Test("missing parameters are named: headers, then path, then query string")
    func missingParameters() throws {
        let method = #"""
            {"requestValidatorId": "p", "requestParameters": {"method.request.querystring.qs1": true,
             "method.request.path.issuer": true, "method.request.header.x-header-param": true,
             "method.request.querystring.optional": false}}
            """#
        let trial = ExchangeTrial(
            try .testing([Route("GET", "/v", #"{"type": "MOCK"}"#, method: method)], requestValidators: Self.validator))
        let all = try trial.answer("GET", "/v")
        #expect(all.status == 400)
        #expect(all.text == #"{"message": "Missing required request parameters: [x-header-param, issuer, qs1]"}"#)
        #expect(all.headers.first("x-amzn-ErrorType") == "BadRequestException")
        let one = try trial.answer("GET", "/v?qs1=", headers: [("X-Header-Param", "1")])
        #expect(one.text == #"{"message": "Missing required request parameters: [issuer]"}"#)
    }

    @Test("parameters are required only with a validator that says so")
    func noValidator() throws {
        let method = #"{"requestParameters": {"method.request.querystring.q": true}}"#
        let trial = ExchangeTrial(
            try .testing([
                Route.http("http://h/x", "GET", "/a", method: method)
            ]))
        #expect(try trial.call("GET", "/a").method == "GET")
    }

    @Test(
        "what the engine cannot enforce is never served open",
        arguments: [
            #"{"authorizationType": "CUSTOM", "authorizerId": "a"}"#,
            #"{"authorizationType": "COGNITO_USER_POOLS"}"#, #"{"authorizationType": "none"}"#,
            #"{"authorizationType": null}"#,
            #"{"requestValidatorId": "b", "requestModels": {"application/json": "Pet"}}"#,
            #"{"requestValidatorId": "gone"}"#,
        ])
    func failsClosed(_ method: String) throws {
        let mock = #"""
            {"type": "MOCK", "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
             "integrationResponses": {"200": {"statusCode": "200"}}}
            """#
        let trial = ExchangeTrial(
            try .testing([Route("GET", "/x", mock, method: method)], requestValidators: Self.validator))
        let answer = try trial.answer("GET", "/x")
        #expect(answer.status == 500)
        #expect(answer.text == #"{"message": "Internal server error"}"#)
        #expect(answer.body.count == 36)
        #expect(answer.headers.first("x-amzn-ErrorType") == "InternalServerErrorException")
        #expect(answer.error?.type == .apiConfigurationError)
        #expect(trial.snapshot.problems.count == 1)
        #expect(trial.snapshot.problems.hasErrors)
    }

    @Test(
        "an integration that the engine does not offer is not served",
        arguments: [
            "null", #"{"type": "AWS", "httpMethod": "POST", "uri": "arn:aws:apigateway:us-east-1:sns:action/Publish"}"#,
            #"{"type": "AWS_PROXY", "httpMethod": "POST", "uri": "arn:aws:apigateway:us-east-1:lambda:path/x"}"#,
            #"{"type": "HTTP", "httpMethod": "GET", "uri": "ftp://example.com/"}"#,
            #"{"type": "HTTP", "httpMethod": "GET", "uri": "http://${stageVariables.unset}/"}"#,
            #"{"type": "HTTP", "httpMethod": "GET", "uri": "http://host:99999/"}"#,
            #"{"type": "HTTP", "httpMethod": "GET", "uri": "http://a@b/"}"#,
            #"{"type": "HTTP", "uri": "http://h/"}"#, #"{"type": "HTTP", "httpMethod": "GET"}"#,
            #"{"type": "HTTP_PROXY", "httpMethod": "GET", "uri": "http://h/", "connectionType": "VPC_LINK"}"#,
            #"{"type": "HTTP", "httpMethod": "GET", "uri": "http://h/", "timeoutInMillis": 49}"#,
            #"{"type": "HTTP", "httpMethod": "GET", "uri": "http://h/", "timeoutInMillis": 29001}"#,
            #"{"type": "MOCK", "requestParameters": {"integration.request.header.a": "true"}}"#,
            #"{"type": "MOCK", "requestParameters": {"integration.request.headers.a": "'x'"}}"#,
            ##"{"type": "MOCK", "requestTemplates": {"application/json": "#if($x)"}}"##,
            #"{"type": "MOCK", "integrationResponses": {"200": {"selectionPattern": "(?=a)"}}}"#,
            #"{"type": "MOCK", "integrationResponses": {"100": {}}}"#,
            #"{"type": "MOCK", "integrationResponses": {"200": {"responseParameters": {"x": "'y'"}}}}"#,
            #"{"type": "MOCK", "passthroughBehavior": "SOMETIMES"}"#,
        ])
    func notOffered(_ integration: String) throws {
        let trial = ExchangeTrial(try .testing([Route("GET", "/x", integration), Route.marked("GET", "/ok")]))
        let answer = try trial.answer("GET", "/x")
        #expect(answer.status == 500)
        #expect(answer.text == #"{"message": "Internal server error"}"#)
        #expect(trial.snapshot.problems.count == 1)
        #expect(try trial.answer("GET", "/ok").status == 200)
    }

    @Test(
        "a resource policy that cannot be read closes every route",
        arguments: [
            ["Statement": []], ["Statement": [["Effect": "Allow", "Action": "*", "Resource": "*"]]], "{", [:], true,
        ] as [JSONValue])
    func resourcePolicy(_ policy: JSONValue) throws {
        let iam = try Route(
            "GET", "/b", #"{"type": "MOCK", "integrationResponses": {"200": {"statusCode": "200"}}}"#,
            method: #"{"authorizationType": "AWS_IAM"}"#)
        let trial = ExchangeTrial(try .testing([Route.marked("GET", "/a"), iam], policy: policy))
        #expect(try trial.answer("GET", "/a").status == 500)
        #expect(try trial.answer("GET", "/b").status == 500)
        let code = "data-plane.authorization-not-enforceable"
        #expect(trial.snapshot.problems.map(\.code) == [code, code])
    }

    @Test("there are 21 types, each with its default status")
    func types() {
        #expect(GatewayResponseType.allCases.count == 21)
        let statuses = Dictionary(grouping: GatewayResponseType.allCases, by: \.defaultStatus).mapValues(\.count)
        #expect(statuses == [nil: 2, 400: 2, 401: 1, 403: 6, 404: 1, 413: 1, 415: 1, 429: 2, 500: 3, 504: 2])
        for type in GatewayResponseType.allCases {
            let isClient = type == .default4XX || (type.defaultStatus.map { $0 < 500 } ?? false)
            #expect(type.fallback == (isClient ? .default4XX : .default5XX))
        }
    }

    @Test("a customised response has its own status, headers and template with plain substitution")
    func customised() throws {
        let response: JSONValue = [
            "statusCode": "404",
            "responseParameters": [
                "gatewayresponse.header.X-Why": "context.error.responseType",
                "gatewayresponse.header.X-Literal": "'it''s'",
                "gatewayresponse.header.X-Mine": "method.request.header.X-In",
                "gatewayresponse.header.X-None": "method.request.header.None",
            ],
            "responseTemplates": [
                "application/xml":
                    "<e t=\"$context.error.responseType\" p=\"${context.path}\" v=\"$stageVariables.v\">$context.error.message. $ $x #if</e>"
            ],
        ]
        let trial = ExchangeTrial(
            try .testing(
                [Route.marked("GET", "/a")], variables: ["v": "1"],
                gatewayResponses: ["MISSING_AUTHENTICATION_TOKEN": response]))
        let answer = try trial.answer("GET", "/nope", headers: [("x-in", "yes")])
        #expect(answer.status == 404)
        #expect(answer.headers.first("Content-Type") == "application/xml")
        #expect(answer.headers.first("X-Why") == "MISSING_AUTHENTICATION_TOKEN")
        #expect(answer.headers.first("X-Mine") == "yes")
        #expect(!answer.headers.contains("X-None"))
        #expect(
            answer.text
                == "<e t=\"MISSING_AUTHENTICATION_TOKEN\" p=\"/test/nope\" v=\"1\">Missing Authentication Token. $ $x #if</e>"
        )
    }

    @Test("DEFAULT_4XX and DEFAULT_5XX stand in for types that are not customised, their status too")
    func fallbacks() throws {
        let trial = ExchangeTrial(
            try .testing(
                [Route("GET", "/broken", "null")],
                gatewayResponses: [
                    "DEFAULT_4XX": [
                        "statusCode": "418", "responseTemplates": ["application/json": "$context.error.messageString"],
                    ],
                    "DEFAULT_5XX": ["responseParameters": ["gatewayresponse.header.X-E": "'1'"]],
                ]))
        let client = try trial.answer("GET", "/nope")
        #expect(client.status == 418)
        #expect(client.text == #""Missing Authentication Token""#)
        let server = try trial.answer("GET", "/broken")
        #expect(server.status == 500)
        #expect(server.headers.first("X-E") == "1")
        #expect(server.text == #"{"message": "Internal server error"}"#)
    }

    @Test("a failed integration is 504, but 500 where its gateway response was put without a status")
    func integrationFailure() throws {
        func status(_ responses: [String: JSONValue]) throws -> Int {
            let trial = ExchangeTrial(
                try .testing([Route.http("http://h/x", "GET", "/a")], gatewayResponses: responses))
            guard case .called(_, let exchange) = trial.run("GET", "/a") else { throw Unexpected("no call") }
            return exchange.response(to: .network("test")).status
        }
        #expect(try status([:]) == 504)
        #expect(try status(["INTEGRATION_FAILURE": ["responseParameters": [:]]]) == 500)
        #expect(try status(["INTEGRATION_FAILURE": ["statusCode": "503"]]) == 503)
        #expect(try status(["INTEGRATION_FAILURE": ["defaultResponse": true, "statusCode": "504"]]) == 504)
    }

    @Test("a header of a gateway response that would break out of its line is left out")
    func headerInjection() throws {
        let trial = ExchangeTrial(
            try .testing(
                [Route.marked("GET", "/a")],
                gatewayResponses: [
                    "DEFAULT_4XX": ["responseParameters": ["gatewayresponse.header.X": "method.request.querystring.x"]]
                ]))
        #expect(try trial.answer("GET", "/nope?x=ok").headers.first("X") == "ok")
        #expect(try !trial.answer("GET", "/nope?x=a%0D%0AEvil:1").headers.contains("X"))
    }
}
