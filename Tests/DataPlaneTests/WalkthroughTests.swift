import JSON
import Logging
import Testing

@testable import DataPlane

@Suite("Walkthroughs over sockets")
struct WalkthroughTests {
    private static let cors = #"{"method.response.header.Access-Control-Allow-Origin": "'*'"}"#

    /// The pet store's table.
    private static let store: @Sendable (TestEndpoint.Request) -> TestEndpoint.Action = { request in
        switch (request.method, request.target) {
        case ("GET", "/petstore/pets"), ("GET", "/petstore/pets?type=fish"), ("GET", "/petstore/pets?type=cat&page=2"):
            return .json(request.target)
        case ("GET", "/petstore/pets/1"): return .json(#"{"id":1,"type":"dog","price":249.99}"#)
        case ("POST", "/petstore/pets"): return .json(#"{"pet":\#(request.body),"message":"success"}"#)
        default: return .answer(404, "Cannot \(request.method) \(request.target)", "Content-Type: text/html\r\n")
        }
    }

    private func petStore(_ url: String) throws -> StageDefinition {
        let page = JSONValue.string("<a href=\"/$context.stage/pets/\">pets</a>").text(.compact)
        let response = #", "integrationResponses": {"200": {"responseParameters": \#(Self.cors)}}"#
        return try .testing([
            Route(
                "GET", "/",
                #"""
                {"type": "MOCK", "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
                 "integrationResponses": {"200": {"responseTemplates": {"text/html": \#(page)},
                  "responseParameters": {"method.response.header.Content-Type": "'text/html'"}}}}
                """#),
            Route.http(
                url + "/petstore/pets", "GET", "/pets",
                more: #"""
                    , "requestParameters": {"integration.request.querystring.type": "method.request.querystring.type",
                     "integration.request.querystring.page": "method.request.querystring.page"} \#(response)
                    """#),
            Route.http(url + "/petstore/pets", "POST", "/pets", more: response),
            Route.http(
                url + "/petstore/pets/{petId}", "GET", "/pets/{petId}",
                more:
                    #", "requestParameters": {"integration.request.path.petId": "method.request.path.petId"} \#(response)"#
            ),
            Route(
                "OPTIONS", "/pets",
                #"""
                {"type": "MOCK", "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
                 "integrationResponses": {"200": {"responseParameters": {
                  "method.response.header.Access-Control-Allow-Methods": "'POST,GET,OPTIONS'",
                  "method.response.header.Access-Control-Allow-Headers": "'Content-Type,X-Amz-Date,Authorization,X-Api-Key'",
                  "method.response.header.Access-Control-Allow-Origin": "'*'"}}}}
                """#),
        ])
    }

    @Test("A1.2 to A1.7: the pet store")
    func petStore() async throws {
        try await TestEndpoint.with(Self.store) { endpoint in
            try await TestServer.with([petStore(endpoint.url)]) { server in
                let welcome = try server.send("GET", "/test/")
                #expect(welcome.header("Content-Type") == "text/html")
                #expect(welcome.body == "<a href=\"/test/pets/\">pets</a>")
                let pet = try server.send("GET", "/test/pets/1")
                #expect(pet.status == 200)
                #expect(pet.body == #"{"id":1,"type":"dog","price":249.99}"#)
                #expect(pet.header("Access-Control-Allow-Origin") == "*")
                let new = #"{"type":"dog","price":249.99}"#
                let made = try server.send(
                    "POST", "/test/pets", headers: "Content-Type: application/json\r\n", body: new)
                #expect(made.body == #"{"pet":\#(new),"message":"success"}"#)
                let list = try server.send("GET", "/test/pets?type=cat&page=2&other=x")
                #expect(list.body == "/petstore/pets?type=cat&page=2")
                let calls = endpoint.requests.count
                let options = try server.send("OPTIONS", "/test/pets")
                #expect(options.status == 200)
                #expect(options.header("Access-Control-Allow-Methods") == "POST,GET,OPTIONS")
                #expect(options.header("Access-Control-Allow-Origin") == "*")
                #expect(
                    options.header("Access-Control-Allow-Headers") == "Content-Type,X-Amz-Date,Authorization,X-Api-Key")
                #expect(endpoint.requests.count == calls)
                let unknown = try server.send("DELETE", "/test/pets")
                #expect(unknown.body == #"{"message":"Missing Authentication Token"}"#)
            }
        }
    }

    @Test("A3.1 to A3.4: the HTTP proxy")
    func proxy() async throws {
        try await TestEndpoint.with(Self.store) { endpoint in
            try await TestServer.with([.testing([Route.proxy(endpoint.url + "/{proxy}")])]) { server in
                let fish = try server.send("GET", "/test/petstore/pets?type=fish")
                #expect(fish.body == "/petstore/pets?type=fish")
                let dog = try server.send("GET", "/test/petstore/pets/1")
                #expect(dog.body == #"{"id":1,"type":"dog","price":249.99}"#)
                let none = try server.send("GET", "/test/petstore")
                #expect(none.status == 404)
                #expect(none.body == "Cannot GET /petstore")
                #expect(none.header("Content-Type") == "text/html")
                try await endpoint.stopListening()
            }
        }
    }

    @Test("A3.11 to A3.14: mapped parameters")
    func mapped() async throws {
        try await TestEndpoint.with(Self.store) { endpoint in
            let stage = try StageDefinition.testing([
                Route.http(
                    endpoint.url + "/petstore/pets", "GET", "/petstorewalkthrough/pets",
                    more: #"""
                        , "requestParameters": {"integration.request.querystring.type": "method.request.querystring.petType",
                         "integration.request.querystring.page": "method.request.querystring.petsPage"}
                        """#),
                Route.http(
                    endpoint.url + "/petstore/pets/{id}", "GET", "/petstorewalkthrough/pets/{petId}",
                    more: #", "requestParameters": {"integration.request.path.id": "method.request.path.petId"}"#),
                Route.http(endpoint.url + "/petstore/pets", "POST", "/petstorewalkthrough/pets"),
            ])
            try await TestServer.with([stage]) { server in
                let base = "/restapis/abc123/test/_user_request_/petstorewalkthrough/pets"
                let all = try server.send("GET", base.replacing("/restapis/abc123/test/_user_request_", with: "/test"))
                #expect(all.body == "/petstore/pets")
                let cats = try server.send("GET", "/test/petstorewalkthrough/pets?petType=cat&petsPage=2")
                #expect(cats.body == "/petstore/pets?type=cat&page=2")
                let dog = try server.send("GET", "/test/petstorewalkthrough/pets/1")
                #expect(dog.body == #"{"id":1,"type":"dog","price":249.99}"#)
                let client = try server.client()
                let made = try client.exchange(
                    "POST \(base) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
                )
                #expect(made.body == #"{"pet":{},"message":"success"}"#)
            }
        }
    }

    // MARK: Test invocation

    private func invoke(_ invocation: TestInvocation) async -> TestInvocationResult? {
        var configuration = DataPlaneConfiguration()
        configuration.millisecondsSince1970 = { 1_500_000_000_000 }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return await TestInvoker(configuration: configuration, logger: logger).invoke(invocation)
    }

    @Test("A1.9: a test invocation runs without authorization and tells what happened")
    func testInvocation() async throws {
        try await TestEndpoint.with(Self.store) { endpoint in
            let route = try Route.http(
                endpoint.url + "/petstore/pets/{id}", "GET", "/pets/{petId}",
                more: #", "requestParameters": {"integration.request.path.id": "method.request.path.petId"}"#,
                method: #"{"authorizationType": "AWS_IAM"}"#)
            let result = try #require(
                await invoke(
                    TestInvocation(
                        definition: .testing([route]), resourcePath: "/pets/{petId}", httpMethod: "GET",
                        pathWithQueryString: "/pets/1?a=b", headers: [("X-H", "v")])))
            #expect(result.status == 200)
            #expect(result.body == #"{"id":1,"type":"dog","price":249.99}"#)
            #expect(result.headers.map(\.name) == ["Content-Type", "X-Amzn-Trace-Id"])
            #expect(result.latency == 0)
            var lines = result.log.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            #expect(lines.removeLast() == "")
            #expect(lines[0].hasPrefix("Execution log for request "))
            let prefix = "Fri Jul 14 02:40:00 UTC 2017 : "
            #expect(lines.dropFirst().allSatisfy { $0.hasPrefix(prefix) })
            let texts = lines.dropFirst().map { String($0.dropFirst(prefix.count)) }
            let url = endpoint.url + "/petstore/pets/1"
            #expect(
                texts[1...5] == [
                    "HTTP Method: GET, Resource Path: /pets/{petId}", "Method request path: {petId=1}",
                    "Method request query string: {a=b}", "Method request headers: {X-H=v}",
                    "Method request body before transformations: ",
                ])
            #expect(texts[6] == "Endpoint request URI: \(url)")
            #expect(
                texts[8...10] == [
                    "Endpoint request body after transformations: ", "Sending request to \(url)",
                    "Received response. Status: 200, Integration latency: 0 ms",
                ])
            #expect(texts[13] == "Method response body after transformations: \(result.body)")
            #expect(texts.suffix(2) == ["Successfully completed execution", "Method completed with status: 200"])
        }
    }

    @Test("a path that does not fit gives no parameters; without a path the variable's text is the value")
    func testInvocationPaths() async throws {
        let text = JSONValue.string("[$input.params('petId')]").text(.compact)
        let route = try Route(
            "ANY", "/pets/{petId}",
            #"{"type": "MOCK", "requestTemplates": {"application/json": "{\"statusCode\":200}"}, "integrationResponses": {"200": {"responseTemplates": {"application/json": \#(text)}}}}"#
        )
        func body(_ path: String?, _ resource: String = "/pets/{petId}") async throws -> String? {
            await invoke(
                TestInvocation(
                    definition: .testing([route]), resourcePath: resource, httpMethod: "GET",
                    pathWithQueryString: path))?.body
        }
        #expect(try await body("/wrong") == "[]")
        #expect(try await body(nil) == "[{petId}]")
        #expect(try await body("/pets/7") == "[7]")
        #expect(try await body("/pets/7", "/none") == nil)
    }

    @Test("an endpoint that refuses a test invocation is a 504 in its result")
    func testInvocationFails() async throws {
        let route = try Route.http("http://169.254.1.1/", "GET", "/a")
        let result = try #require(
            await invoke(TestInvocation(definition: .testing([route]), resourcePath: "/a", httpMethod: "GET")))
        #expect(result.status == 504)
        #expect(result.body == #"{"message": "Network error communicating with endpoint"}"#)
        #expect(result.log.contains("link-local"))
        #expect(result.log.hasSuffix("Method completed with status: 504\n"))
    }
}
