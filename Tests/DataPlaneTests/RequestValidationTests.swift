import Diagnostics
import JSON
import Testing

@testable import DataPlane

@Suite("Validation of requests")
struct RequestValidationTests {
    private static let method = #"""
        {"requestValidatorId": "all", "requestModels": {"application/json": "User"},
         "requestParameters": {"method.request.querystring.time": true, "method.request.header.day": true}}
        """#
    private static let models = [
        "User": #"""
        {"$schema": "http://json-schema.org/draft-04/schema#", "title": "GetStartedLambdaIntegrationInputModel",
         "type": "object", "properties": {"callerName": {"type": "string"},
         "friend": {"$ref": "https://apigateway.amazonaws.com/restapis/abc123/models/User"}}}
        """#,
        "Odd": #"{"type": "object", "required": true}"#,
    ]

    private static func trial(
        integration: String? = nil, method: String = method, gatewayResponses: [String: JSONValue] = [:]
    ) throws -> ExchangeTrial {
        let document =
            #"{"type": "HTTP", "httpMethod": "POST", "uri": "http://h/x", "integrationResponses": {"200": {}}}"#
        var definition = StageDefinition.testing(
            [try Route("ANY", "/{city}", integration ?? document, method: method)],
            requestValidators: [
                "all": ["validateRequestBody": true, "validateRequestParameters": true],
                "body": ["validateRequestBody": true, "validateRequestParameters": false],
                "parameters": ["validateRequestBody": false, "validateRequestParameters": true],
            ], gatewayResponses: gatewayResponses)
        definition.models = models
        return ExchangeTrial(definition)
    }

    private static let day = ("day", "Thursday")

    @Test("A2.8 the body of a GET is dropped, so the check of the model fails")
    func getBody() throws {
        let answer = try Self.trial().answer(
            "GET", "/Boston?time=morning", headers: [Self.day], body: #"{"callerName":"John"}"#)
        #expect(answer.status == 400)
        #expect(answer.text == #"{"message": "Invalid request body"}"#)
        #expect(answer.headers.first("x-amzn-ErrorType") == "BadRequestException")
        #expect(answer.error?.type == .badRequestBody)
    }

    @Test("A2.9 what is missing is named, before anybody looks at the body")
    func missing() throws {
        let trial = try Self.trial()
        let time = try trial.answer("POST", "/Boston", headers: [Self.day], body: "nonsense")
        #expect(time.status == 400)
        #expect(time.text == #"{"message": "Missing required request parameters: [time]"}"#)
        let day = try trial.answer("POST", "/Boston?time=x", body: "{}")
        #expect(day.text == #"{"message": "Missing required request parameters: [day]"}"#)
    }

    @Test(
        "A2.10 a content type without a template is refused, or passed where nothing else fits",
        arguments: [("WHEN_NO_TEMPLATES", true), ("NEVER", true), ("WHEN_NO_MATCH", false)])
    func unsupported(_ passthrough: String, _ isRefused: Bool) throws {
        let integration = #"""
            {"type": "HTTP", "httpMethod": "POST", "uri": "http://h/x", "passthroughBehavior": "\#(passthrough)",
             "requestTemplates": {"application/json": "{\"city\": \"$input.params('city')\"}"},
             "integrationResponses": {"200": {}}}
            """#
        let trial = try Self.trial(integration: integration, method: "{}")
        let xml = trial.run("POST", "/Boston", headers: [("Content-Type", "application/xml")], body: Array("<a/>".utf8))
        switch xml {
        case .answered(let answer):
            #expect(isRefused)
            #expect(answer.status == 415)
            #expect(answer.text == #"{"message": "Unsupported Media Type"}"#)
        case .invoked: throw Unexpected("a function was invoked")
        case .called(let call, _):
            #expect(!isRefused)
            #expect(call.bodyText == "<a/>")
        }
        for headers in [[], [("Content-Type", "application/json; charset=utf-8")]] {
            let call = try trial.call("POST", "/Boston", headers: headers, body: Array("{}".utf8))
            #expect(call.bodyText == #"{"city": "Boston"}"#)
        }
    }

    @Test(
        "A2.11 nothing reaches the endpoint when the validation fails",
        arguments: ["", "[]", "nonsense", #"{"callerName": 1}"#, #"{"friend": {"callerName": null}}"#, "{}x"])
    func nothingReaches(_ body: String) throws {
        let proxy = #"""
            {"type": "HTTP_PROXY", "httpMethod": "POST", "uri": "http://h/x"}
            """#
        for integration in [nil, proxy] {
            let answer = try Self.trial(integration: integration).answer(
                "POST", "/Boston?time=day", headers: [Self.day], body: body)
            #expect(answer.status == 400)
            #expect(answer.text == #"{"message": "Invalid request body"}"#)
        }
    }

    @Test("a body that fits goes on, to a proxy as it came")
    func fits() throws {
        let body = #"{"callerName": "John", "friend": {"friend": {}}, "more": 1}"#
        let headers = [Self.day, ("Content-Type", "application/json; charset=utf-8")]
        for integration in [nil, #"{"type": "HTTP_PROXY", "httpMethod": "POST", "uri": "http://h/x"}"#] {
            let call = try Self.trial(integration: integration).call(
                "POST", "/Boston?time=day", headers: headers, body: Array(body.utf8))
            #expect(call.bodyText == body)
        }
        // A content type without a model is not checked.
        let other = try Self.trial().call(
            "POST", "/Boston?time=day", headers: [Self.day, ("Content-Type", "text/plain")], body: Array("x".utf8))
        #expect(other.bodyText == "x")
    }

    @Test("a validator checks what it says and nothing else")
    func parts() throws {
        func method(_ validator: String) -> String { Self.method.replacing("\"all\"", with: "\"\(validator)\"") }
        let body = try Self.trial(method: method("body")).answer("POST", "/x", body: "1")
        #expect(body.text == #"{"message": "Invalid request body"}"#)
        let parameters = try Self.trial(method: method("parameters")).call(
            "POST", "/x?time=1", headers: [Self.day], body: Array("1".utf8))
        #expect(parameters.bodyText == "1")
    }

    @Test("a MOCK that always answers the same is checked too")
    func fixed() throws {
        let mock = #"""
            {"type": "MOCK", "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
             "integrationResponses": {"200": {"statusCode": "200"}}}
            """#
        let trial = try Self.trial(integration: mock)
        #expect(try trial.answer("POST", "/x?time=1", headers: [Self.day], body: "[]").status == 400)
        #expect(try trial.answer("POST", "/x?time=1", headers: [Self.day], body: "{}").status == 200)
    }

    @Test(
        "a model that cannot be used or is not there closes the route, and is named",
        arguments: [("Odd", "`required` at #"), ("None", "`None` does not exist")])
    func closed(_ model: String, _ reason: String) throws {
        let trial = try Self.trial(method: Self.method.replacing("\"User\"", with: "\"\(model)\""))
        #expect(try trial.answer("POST", "/x?time=1", headers: [Self.day], body: "{}").status == 500)
        #expect(trial.snapshot.problems.count == 1)
        #expect(trial.snapshot.problems.first?.message.contains(reason) == true)
    }

    @Test("a gateway response may say what does not fit")
    func validationErrorString() throws {
        let template = #"{"error": "$context.error.validationErrorString"}"#
        let trial = try Self.trial(
            gatewayResponses: [
                "BAD_REQUEST_BODY": [
                    "statusCode": "422", "responseTemplates": ["application/json": .string(template)],
                ]
            ])
        let answer = try trial.answer("POST", "/x?time=1", headers: [Self.day], body: #"{"callerName": 1}"#)
        #expect(answer.status == 422)
        #expect(answer.text.contains("instance type (integer) does not match any allowed primitive type"))
    }

    @Test("A2.6 the log of a test invocation has the lines of a validation")
    func log() throws {
        var definition = StageDefinition.testing(
            [
                try Route(
                    "POST", "/{city}", #"{"type": "HTTP", "httpMethod": "POST", "uri": "http://h/x"}"#,
                    method: Self.method)
            ], requestValidators: ["all": ["validateRequestBody": true, "validateRequestParameters": true]])
        definition.models = Self.models
        func log(_ path: String, _ body: String) throws -> String {
            let invocation = TestInvocation(
                definition: definition, resourcePath: "/{city}", httpMethod: "POST", pathWithQueryString: path,
                body: body,
                headers: [(name: "day", value: "Monday"), (name: "authorization", value: "Bearer abcdefgh")])
            var run = try #require(TestRun(invocation, identity: ExchangeTrial.identity))
            switch run.begin() {
            case .respond(let response): return run.result(response, milliseconds: 1).log
            case .call: return run.finish(.failed(.timeout), milliseconds: 1).error.map { "\($0.status)" } ?? ""
            case .invoke: throw Unexpected("a function was invoked")
            }
        }
        let refused = try log("/x?time=1", #"{"callerName": 1}"#)
        #expect(refused.contains("Request body does not match model schema for content type application/json: [inst"))
        #expect(refused.contains("Execution failed: Invalid request body\n"))
        #expect(refused.contains("Method request headers: {day=Monday, authorization=***********efgh}\n"))
        #expect(refused.hasSuffix("Method completed with status: 400\n"))
        #expect(!(try log("/x", "{}")).contains("Request validation succeeded"))
        #expect(try log("/x?time=1", "{}") == "504")
    }
}
