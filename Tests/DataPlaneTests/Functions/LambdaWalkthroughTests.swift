import Functions
import JSON
import Logging
import Synchronization
import Testing

@testable import DataPlane

/// Walkthroughs 2a and 2b over sockets, with functions in a real host.
@Suite(.enabled(if: HostedFunctions.canRunPython, "there is no Python to run the functions"))
struct LambdaWalkthroughTests {
    // MARK: 2a, proxy

    private func withProxy(_ body: (TestServer, HostedFunctions) async throws -> Void) async throws {
        try await HostedFunctions.with { functions in
            try functions.addPython("GetStartedLambdaProxyIntegration", file: "proxy.py")
            let route = try Route.lambda(
                "AWS_PROXY", "ANY", "/{proxy+}", uri: HostedFunctions.uri("GetStartedLambdaProxyIntegration"))
            try await TestServer.with([.testing([route])]) { server in
                server.registry.functions.publish(functions)
                try await body(server, functions)
            }
        }
    }

    private func send(
        _ server: TestServer, _ method: String, _ target: String, _ headers: String = "", body: String = ""
    ) async throws -> WireClient.Answer {
        let length = body.isEmpty ? "" : "Content-Length: \(body.utf8.count)\r\n"
        let text =
            "\(method) \(target) HTTP/1.1\r\nHost: abc123.execute-api.test\r\n\(headers)\(length)\r\n\(body)"
        return try await server.client().waiting { try $0.exchange(text) }
    }

    @Test("A2.1 and A2.2: POST and PUT reach the function, which greets")
    func greets() async throws {
        try await withProxy { server, _ in
            for method in ["POST", "PUT"] {
                let answer = try await send(
                    server, method, "/test/Seattle?time=evening", "day: Thursday\r\nContent-Type: application/json\r\n",
                    body: #"{"callerName":"John"}"#)
                #expect(answer.status == 200)
                #expect(answer.header("x-custom-header") == "my custom header value")
                #expect(answer.header("Content-Type") == "application/json")
                let document = try JSONValue(parsing: answer.body)
                #expect(document["message"] == "Good day, you of Seattle. Happy Thursday!")
                #expect(document["input"]?["httpMethod"]?.string == method)
                #expect(document["input"]?["resource"] == "/{proxy+}")
            }
        }
    }

    @Test("A2.3: a request without a body is an event without one")
    func noBody() async throws {
        try await withProxy { server, _ in
            let answer = try await send(server, "GET", "/test/Boston?time=morning")
            #expect(answer.status == 200)
            #expect(try JSONValue(parsing: answer.body)["input"]?["body"] == JSONValue.null)
        }
    }

    @Test("A2.4: the greedy parameter takes all of the path, but not none of it")
    func greedy() async throws {
        try await withProxy { server, functions in
            let answer = try await send(server, "GET", "/test/a/b/c")
            #expect(try JSONValue(parsing: answer.body)["input"]?["pathParameters"]?["proxy"] == "a/b/c")
            let root = try await send(server, "GET", "/test/")
            #expect(root.status == 403)
            #expect(root.body == #"{"message":"Missing Authentication Token"}"#)
            #expect(functions.calls.count == 1)
        }
    }

    @Test("A2.5: without the permission the answer is 500, and the function is not run")
    func noPermission() async throws {
        try await withProxy { server, functions in
            functions.isGranted.withLock { $0 = false }
            let answer = try await send(server, "POST", "/test/Seattle")
            #expect(answer.status == 500)
            #expect(answer.body == #"{"message": "Internal server error"}"#)
            #expect(await functions.host.processCount() == 0)
        }
    }

    // MARK: 2b, custom

    private static let name = "GetStartedLambdaIntegration"
    private static let template = JSONValue.string(
        """
        #set($inputRoot = $input.path('$'))
        { "city": "$input.params('city')", "time": "$input.params('time')", "day": "$input.params('day')", \
        "name": "$inputRoot.callerName" }
        """
    ).text(.compact)

    private func custom(_ passthrough: String = "WHEN_NO_TEMPLATES") throws -> StageDefinition {
        let route = try Route.lambda(
            "AWS", "ANY", "/{city}", uri: HostedFunctions.uri(Self.name),
            more: #"""
                , "passthroughBehavior": "\#(passthrough)", "requestTemplates": {"application/json": \#(Self.template)}
                """#,
            method: #"""
                {"requestValidatorId": "all", "requestModels": {"application/json": "Input"},
                 "requestParameters": {"method.request.querystring.time": true, "method.request.header.day": true}}
                """#)
        var definition = StageDefinition.testing(
            [route],
            requestValidators: ["all": ["validateRequestBody": true, "validateRequestParameters": true]])
        definition.models["Input"] = #"""
            {"$schema": "http://json-schema.org/draft-04/schema#", "title": "GetStartedLambdaIntegrationInputModel",
             "type": "object", "properties": {"callerName": {"type": "string"}}}
            """#
        return definition
    }

    private func withCustom(
        _ passthrough: String = "WHEN_NO_TEMPLATES", _ body: (TestServer, HostedFunctions) async throws -> Void
    ) async throws {
        try await HostedFunctions.with { functions in
            try functions.addPython(Self.name, file: "custom.py")
            try await TestServer.with([custom(passthrough)]) { server in
                server.registry.functions.publish(functions)
                try await body(server, functions)
            }
        }
    }

    @Test("A2.6: a test invocation runs the function and tells every step")
    func testInvocation() async throws {
        try await HostedFunctions.with { functions in
            try functions.addPython(Self.name, file: "custom.py")
            let registry = FunctionRegistry()
            registry.publish(functions)
            let invoker = TestInvoker(
                functions: registry, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            var definition = try custom()
            definition.stageName = "test-invoke-stage"
            let result = try #require(
                await invoker.invoke(
                    TestInvocation(
                        definition: definition, resourcePath: "/{city}", httpMethod: "POST",
                        pathWithQueryString: "/Seattle?time=morning", body: #"{"callerName":"John"}"#,
                        headers: [("day", "Wednesday")])))
            #expect(result.status == 200)
            let greeting = try JSONValue(parsing: result.body)
            #expect(greeting == ["greeting": "Good morning, John of Seattle. Happy Wednesday!"])
            let lines = result.log.split(separator: "\n").map { line in
                line.firstRange(of: " UTC ").map { String(line[$0.upperBound...].dropFirst(7)) } ?? String(line)
            }
            let url =
                "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/\(HostedFunctions.arn(Self.name))/invocations"
            let beginnings = [
                "Execution log for request ", "Starting execution for request: ",
                "HTTP Method: POST, Resource Path: /{city}", "Method request path: {city=Seattle}",
                "Method request query string: {time=morning}", "Method request headers: {day=Wednesday}",
                #"Method request body before transformations: {"callerName":"John"}"#,
                "Request validation succeeded for content type application/json", "Endpoint request URI: \(url)",
                "Endpoint request headers: {x-amzn-lambda-integration-tag=",
                #"Endpoint request body after transformations: { "city": "Seattle", "time": "morning", "#
                    + #""day": "Wednesday", "name": "John" }"#,
                "Sending request to \(url)", "Received response. Status: 200, Integration latency: ",
                "Endpoint response headers: {Date=", "Endpoint response body before transformations: {",
                "Method response body after transformations: {", "Method response headers: {Content-Type=",
                "Successfully completed execution", "Method completed with status: 200",
            ]
            #expect(lines.count == beginnings.count)
            for (line, beginning) in zip(lines, beginnings) { #expect(line.hasPrefix(beginning), "\(line)") }
            guard case .service(let source, _)? = functions.calls.first?.authority else {
                throw Unexpected("not by the service")
            }
            #expect(source == "arn:aws:execute-api:us-east-1:123456789012:abc123/test-invoke-stage/POST/*")
        }
    }

    @Test("A2.7: deployed, POST and PUT greet by the template's parts")
    func deployed() async throws {
        try await withCustom { server, _ in
            for method in ["POST", "PUT"] {
                let answer = try await send(
                    server, method, "/test/Seattle?time=evening", "day: Thursday\r\nContent-Type: application/json\r\n",
                    body: #"{"callerName":"John"}"#)
                #expect(answer.status == 200)
                #expect(
                    try JSONValue(parsing: answer.body)
                        == ["greeting": "Good evening, John of Seattle. Happy Thursday!"])
            }
        }
    }

    @Test("A2.8, A2.9 and A2.11: what does not pass validation never reaches the function")
    func invalid() async throws {
        try await withCustom { server, functions in
            let body = #"{"callerName":"John"}"#
            let get = try await send(server, "GET", "/test/Boston?time=morning", "day: Thursday\r\n", body: body)
            #expect(get.status == 400)
            #expect(get.body == #"{"message": "Invalid request body"}"#)
            let noTime = try await send(server, "POST", "/test/Boston", "day: Thursday\r\n", body: body)
            #expect(noTime.status == 400)
            #expect(noTime.body == #"{"message": "Missing required request parameters: [time]"}"#)
            let noDay = try await send(server, "POST", "/test/Boston?time=x", body: "no object")
            #expect(noDay.status == 400)
            #expect(noDay.body == #"{"message": "Missing required request parameters: [day]"}"#)
            let wrong = try await send(
                server, "POST", "/test/Boston?time=x", "day: Monday\r\n", body: #"{"callerName":17}"#)
            #expect(wrong.status == 400)
            #expect(functions.calls.isEmpty)
            #expect(await functions.host.processCount() == 0)
        }
    }

    @Test("A2.10: without a template for its type a body is 415, or passes", arguments: ["WHEN_NO_TEMPLATES", "NEVER"])
    func unsupported(_ passthrough: String) async throws {
        try await withCustom(passthrough) { server, functions in
            let target = "/test/Boston?time=night"
            let xml = try await send(
                server, "POST", target, "day: Monday\r\nContent-Type: application/xml\r\n", body: "<a/>")
            #expect(xml.status == 415)
            #expect(xml.body == #"{"message": "Unsupported Media Type"}"#)
            #expect(functions.calls.isEmpty)
            for type in ["", "Content-Type: application/json; charset=utf-8\r\n"] {
                let answer = try await send(server, "POST", target, "day: Monday\r\n" + type, body: "{}")
                #expect(
                    try JSONValue(parsing: answer.body) == ["greeting": "Good night, you of Boston. Happy Monday!"])
            }
        }
    }

    @Test("A2.10: where no match is enough, the payload passes as it is")
    func passes() async throws {
        try await withCustom("WHEN_NO_MATCH") { server, functions in
            let answer = try await send(
                server, "POST", "/test/Boston?time=night", "day: Monday\r\nContent-Type: text/plain\r\n",
                body: #"{"name": "Ann"}"#)
            #expect(try JSONValue(parsing: answer.body) == ["greeting": "Good day, Ann of World."])
            #expect(functions.calls.first.map { String(decoding: $0.event, as: UTF8.self) } == #"{"name": "Ann"}"#)
        }
    }
}
