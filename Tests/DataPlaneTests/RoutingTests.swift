import Testing

@testable import DataPlane

@Suite("Routes")
struct RoutingTests {
    private func body(_ routes: [Route], _ method: String, _ target: String) throws -> String {
        let response = try ExchangeTrial(.testing(routes)).answer(method, target)
        return response.status == 200 ? response.text : "\(response.status)"
    }

    @Test("a resource that lacks the method falls through to a greedy one that has it")
    func fallThrough() throws {
        let routes = try [
            Route.marked("POST", "/test"), Route.marked("ANY", "/test/any"), Route.marked("OPTIONS", "/{proxy+}"),
        ]
        #expect(try body(routes, "OPTIONS", "/test") == "OPTIONS /{proxy+}")
        #expect(try body(routes, "POST", "/test") == "POST /test")
        #expect(try body(routes, "OPTIONS", "/test/any") == "ANY /test/any")
        #expect(try body(routes, "GET", "/test/any") == "ANY /test/any")
        #expect(try body(routes, "GET", "/test") == "403")
    }

    @Test("a literal beats a parameter, which beats a greedy one, in any order of creation", arguments: 0..<6)
    func precedence(_ order: Int) throws {
        var routes = try [
            Route.marked("GET", "/a/b"), Route.marked("GET", "/a/{x}"), Route.marked("GET", "/{proxy+}"),
        ]
        routes = [
            [0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0],
        ][order].map { routes[$0] }
        #expect(try body(routes, "GET", "/a/b") == "GET /a/b")
        #expect(try body(routes, "GET", "/a/c") == "GET /a/{x}")
        #expect(try body(routes, "GET", "/a/b/c") == "GET /{proxy+}")
    }

    @Test("a method of its own beats ANY")
    func anyMethod() throws {
        let routes = try [Route.marked("ANY", "/a"), Route.marked("GET", "/a")]
        #expect(try body(routes, "GET", "/a") == "GET /a")
        #expect(try body(routes, "PUT", "/a") == "ANY /a")
        #expect(try body(routes, "HEAD", "/a") == "ANY /a")
    }

    @Test("a trailing slash does not matter; the root is not matched by a greedy resource")
    func slashes() throws {
        let routes = try [Route.marked("GET", "/a/{x}"), Route.marked("GET", "/{proxy+}")]
        #expect(try body(routes, "GET", "/a/b/") == "GET /a/{x}")
        #expect(try body(routes, "GET", "/a/") == "GET /{proxy+}")
        #expect(try body(routes, "GET", "/") == "403")
        #expect(try body(routes, "GET", "") == "403")
        #expect(try body([Route.marked("GET", "/")], "GET", "") == "GET /")
    }

    @Test(
        "path parameters stay as sent, doubled slashes inside a proxy value too",
        arguments: [
            ("/a/test%2Balias@gmail.com", "x", "test%2Balias@gmail.com"),
            ("/p/proxy-value//double-slash", "proxy", "proxy-value//double-slash"),
            ("//p/proxy-value", "proxy", "proxy-value"), ("/p/a/b/", "proxy", "a/b"), ("/p/%2e", "proxy", "%2e"),
        ])
    func values(_ path: String, _ name: String, _ value: String) throws {
        var table = RouteTable()
        let method = CompiledMethod(
            resourceID: "r", resourcePath: "/", authorization: .open, requiredParameters: [], plan: .failing(reason: "")
        )
        table.add(method, path: "/a/{x}", httpMethod: "GET")
        table.add(method, path: "/p/{proxy+}", httpMethod: "GET")
        let match = try #require(table.match(Array(path.utf8)[...], httpMethod: "GET"))
        #expect(match.pathParameters.map(\.name) == [name])
        #expect(match.pathParameters.map(\.value) == [value])
    }

    @Test("a parameter of an abandoned way leaves nothing behind")
    func backtracking() throws {
        var table = RouteTable()
        let method = CompiledMethod(
            resourceID: "r", resourcePath: "/", authorization: .open, requiredParameters: [], plan: .failing(reason: "")
        )
        table.add(method, path: "/{a}/x/{b}/end", httpMethod: "GET")
        table.add(method, path: "/{a}/{c+}", httpMethod: "GET")
        let match = try #require(table.match(Array("/1/x/2/other".utf8)[...], httpMethod: "GET"))
        #expect(match.pathParameters.map(\.name) == ["a", "c"])
        #expect(match.pathParameters.map(\.value) == ["1", "x/2/other"])
    }

    @Test(
        "the three forms of address name API, stage and rest",
        arguments: [
            ("abc.execute-api.us-east-1.amazonaws.com", "/test/pets/1", "abc", "test", "/pets/1"),
            ("ABC.Execute-API.localhost:8080", "/test", "abc", "test", ""),
            ("abc.execute-api.x", "//test//pets", "abc", "test", "//pets"),
            ("localhost", "/restapis/abc/test/_user_request_/pets", "abc", "test", "/pets"),
            ("localhost", "/restapis/abc/test/_user_request_", "abc", "test", ""),
            ("127.0.0.1:8080", "/_aws/execute-api/abc/test/pets/", "abc", "test", "/pets/"),
        ])
    func addresses(_ host: String, _ path: String, _ api: String, _ stage: String, _ rest: String) throws {
        let bytes = Array((host + path).utf8)
        let address = try #require(
            StageAddress(bytes, authority: 0..<host.utf8.count, path: host.utf8.count..<bytes.count))
        #expect(address.apiID == api)
        #expect(address.stageName == stage)
        #expect(String(decoding: bytes[address.restStart...], as: UTF8.self) == rest)
    }

    @Test(
        "what is none of the forms is no address",
        arguments: [
            ("localhost", "/"), ("localhost", "/pets"), ("abc.execute-api.x", "/"), ("localhost", "/restapis/abc/test"),
            ("localhost", "/restapis/abc/test/pets"), ("localhost", "/_aws/execute-api/abc"), (".execute-api.x", "/a"),
            ("execute-api.x", "/a"), ("abc.execute-apis.x", "/a"), ("", "/test"),
        ])
    func noAddress(_ host: String, _ path: String) {
        let bytes = Array((host + path).utf8)
        #expect(StageAddress(bytes, authority: 0..<host.utf8.count, path: host.utf8.count..<bytes.count) == nil)
    }

    @Test(
        "a dot segment is seen however it is written",
        arguments: [
            "/..", "/a/../b", "/.", "/%2e%2E/x", "/a/.%2e", "/a/%2e/b", "..", "/a\\..\\b",
        ])
    func dotSegments(_ path: String) { #expect(hasDotSegment(Array(path.utf8))) }

    @Test("other dots are no dot segments", arguments: ["/a.b", "/...", "/..a", "/a..", "/%2ea", "/", ""])
    func otherDots(_ path: String) { #expect(!hasDotSegment(Array(path.utf8))) }
}
