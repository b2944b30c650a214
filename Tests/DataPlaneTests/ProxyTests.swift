import Testing

@testable import DataPlane

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite("Calls to endpoints over sockets")
struct ProxyTests {
    private static let endpointOK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    /// A proxy to an endpoint, and a MOCK beside it that must keep answering.
    private func proxied(
        timeout: Int = 29000, _ respond: @escaping @Sendable (TestEndpoint.Request) -> TestEndpoint.Action,
        _ body: (TestServer, TestEndpoint) async throws -> Void
    ) async throws {
        try await TestEndpoint.with(respond) { endpoint in
            let stage = try StageDefinition.testing([
                Route.proxy("\(endpoint.url)/{proxy}", more: #", "timeoutInMillis": \#(timeout)"#),
                Route.http(
                    endpoint.url + "/held", "POST", "/held",
                    more: #", "timeoutInMillis": \#(timeout)"#),
                Route.marked("GET", "/mock"),
            ])
            try await TestServer.with([stage]) { server in try await body(server, endpoint) }
        }
    }

    @Test("method, path, query, headers and body pass, and so do status, headers and body of the answer")
    func passes() async throws {
        try await proxied({ _ in
            .raw("HTTP/1.1 418 Tea\r\nX-Pot: brown\r\nServer: pot\r\nContent-Length: 4\r\n\r\nfull")
        }) { server, endpoint in
            let answer = try server.send(
                "PUT", "/test/a%2Fb/c?x=1&x=2&y=%20z", headers: "X-Cup: 1\r\nUser-Agent: me\r\nTE: trailers\r\n",
                body: "tea?")
            #expect(answer.status == 418)
            #expect(answer.body == "full")
            #expect(answer.header("X-Pot") == "brown")
            #expect(answer.header("x-amzn-Remapped-Server") == "pot")
            #expect(answer.header("x-amzn-Remapped-Content-Length") == "4")
            #expect(answer.header("Content-Type") == "application/json")
            let request = try #require(endpoint.requests.first)
            #expect(request.method == "PUT")
            #expect(request.target == "/a%2Fb/c?x=1&x=2&y=%20z")
            #expect(request.body == "tea?")
            #expect(request.header("X-Cup") == "1")
            #expect(request.header("User-Agent") == "me")
            #expect(request.header("TE") == nil)
            #expect(request.header("Content-Length") == "4")
            #expect(request.header("Host") == "127.0.0.1:\(endpoint.port)")
            #expect(request.header("X-Amzn-Apigateway-Api-Id") == "abc123")
            #expect(request.header("X-Amzn-Trace-Id")?.hasPrefix("Root=1-") == true)
        }
    }

    @Test("requests share connections to the endpoint")
    func pooling() async throws {
        try await proxied({ _ in .raw(Self.endpointOK) }) { server, endpoint in
            let client = try server.client()
            for _ in 0..<20 {
                #expect(try client.exchange("GET /test/x HTTP/1.1\r\nHost: abc123.execute-api.x\r\n\r\n").body == "ok")
            }
            #expect(endpoint.connections == 1)
        }
    }

    @Test("an endpoint that refuses is a network error, and other routes still answer")
    func refuses() async throws {
        try await proxied({ _ in .hang }) { server, endpoint in
            try await endpoint.stopListening()
            for target in ["/test/x", "/test/held"] {
                let answer = try server.send("POST", target, body: "{}")
                #expect(answer.status == 504)
                #expect(answer.body == #"{"message": "Network error communicating with endpoint"}"#)
                #expect(answer.header("x-amzn-ErrorType") == "InternalServerErrorException")
            }
            #expect(try server.send("GET", "/test/mock").status == 200)
        }
    }

    @Test("an endpoint that hangs is a timeout, and its connection is closed")
    func hangs() async throws {
        try await proxied(timeout: 60, { _ in .hang }) { server, endpoint in
            let client = try server.client()
            for target in ["/test/x", "/test/held"] {
                let answer = try client.exchange("POST \(target) HTTP/1.1\r\nHost: abc123.execute-api.x\r\n\r\n")
                #expect(answer.status == 504)
                #expect(answer.body == #"{"message": "Endpoint request timed out"}"#)
            }
            #expect(try client.exchange("GET /test/mock HTTP/1.1\r\nHost: abc123.execute-api.x\r\n\r\n").status == 200)
            await endpoint.wait { $0.closed == 2 }
        }
    }

    @Test(
        "an endpoint that closes early or talks nonsense is a network error",
        arguments: [
            TestEndpoint.Action.close, .rawThenClose("HTTP/1.1 200 OK\r\nContent-Le"), .raw("garbage\r\n\r\n"),
            .raw("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"),
            .raw("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
            .raw("HTTP/1.1 101 Switching\r\n\r\n"), .raw("HTTP/1.1 999 No\r\n\r\n"),
            .raw("HTTP/1.1 200 OK\r\n" + String(repeating: "X-Fill: aaaaaaaaaa\r\n", count: 5000)),
        ])
    func nonsense(_ action: TestEndpoint.Action) async throws {
        try await proxied({ _ in action }) { server, _ in
            for target in ["/test/x", "/test/held"] {
                let answer = try server.send("POST", target, body: "{}")
                #expect(answer.status == 504)
                #expect(answer.body == #"{"message": "Network error communicating with endpoint"}"#)
            }
            #expect(try server.send("GET", "/test/mock").status == 200)
        }
    }

    @Test("an answer that breaks off in its body ends the client's connection, or is a network error where it is held")
    func breaksOff() async throws {
        try await proxied({ _ in .rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf") }) { server, _ in
            #expect(throws: Unexpected.self) { try server.send("GET", "/test/x") }
            let held = try server.send("POST", "/test/held", body: "{}")
            #expect(held.status == 504)
            let mock = try server.send("GET", "/test/mock")
            #expect(mock.status == 200)
        }
    }

    @Test("an answer without a length passes in chunks, or to the end of the connection for HTTP/1.0")
    func framings() async throws {
        let chunked =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\nabc\r\n2\r\nde\r\n0\r\nX-T: 1\r\n\r\n"
        let untilClose = "HTTP/1.1 200 OK\r\n\r\nabcde"
        try await proxied({ $0.target == "/c" ? .raw(chunked) : .rawThenClose(untilClose) }) { server, _ in
            for target in ["/test/c", "/test/u"] {
                let answer = try server.send("GET", target)
                #expect(answer.header("Transfer-Encoding") == "chunked")
                #expect(answer.body == "abcde")
                let client = try server.client()
                let old = try client.exchange("GET \(target) HTTP/1.0\r\nHost: abc123.execute-api.x\r\n\r\n")
                #expect(old.body == "abcde")
                #expect(old.header("Connection") == "close")
            }
        }
    }

    @Test("answers without a body are complete: HEAD, 204, 304", arguments: ["HEAD", "GET"])
    func bodyless(_ method: String) async throws {
        let noBody = "HTTP/1.1 204 No\r\n\r\n"
        try await proxied({ $0.method == "HEAD" ? .raw("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n") : .raw(noBody) }
        ) {
            server, endpoint in
            let client = try server.client()
            for _ in 0..<3 {
                let answer = try client.exchange("\(method) /test/x HTTP/1.1\r\nHost: abc123.execute-api.x\r\n\r\n")
                #expect(answer.status == (method == "HEAD" ? 200 : 204))
                #expect(answer.header("Content-Length") == (method == "HEAD" ? "99" : nil))
            }
            #expect(endpoint.connections == 1)
        }
    }

    @Test("a redirect is passed on, never followed")
    func redirects() async throws {
        try await proxied({ _ in .answer(302, "", "Location: http://127.0.0.1:1/\r\n") }) { server, endpoint in
            let answer = try server.send("GET", "/test/x")
            #expect(answer.status == 302)
            #expect(answer.header("Location") == "http://127.0.0.1:1/")
            #expect(endpoint.requests.count == 1)
        }
    }

    @Test("a request over a connection that the endpoint has just closed is tried once more if that is harmless")
    func staleConnections() async throws {
        // Every second request over a connection is met by its end.
        let respond: @Sendable (TestEndpoint.Request) -> TestEndpoint.Action = { request in
            request.target == "/drop" ? .close : .raw(Self.endpointOK)
        }
        try await proxied(respond) { server, endpoint in
            let client = try server.client()
            func ask(_ method: String, _ path: String) throws -> Int {
                try client.exchange("\(method) /test\(path) HTTP/1.1\r\nHost: abc123.execute-api.x\r\n\r\n").status
            }
            #expect(try ask("GET", "/x") == 200)
            // Tried on the old connection and on a new one, no more.
            #expect(try ask("GET", "/drop") == 504)
            #expect(endpoint.requests.filter { $0.target == "/drop" }.count == 2)
            #expect(try ask("GET", "/x") == 200)
            #expect(try ask("POST", "/drop") == 504)
            #expect(endpoint.requests.filter { $0.target == "/drop" }.count == 3)
            #expect(try ask("GET", "/x") == 200)
        }
    }

    @Test("an endless answer keeps memory flat while its reader waits, and ends when the reader goes")
    func endless() async throws {
        try await proxied({ _ in .endless }) { server, endpoint in
            var client: WireClient? = try server.client()
            client?.send("GET /test/x HTTP/1.1\r\nHost: abc123.execute-api.x\r\n\r\n")
            try client?.skip(30 << 20)
            let before = try residentBytes()
            // The reader rests; what is on its way fills the sockets' buffers and no more.
            for _ in 0..<200 { #expect(try server.send("GET", "/test/mock").status == 200) }
            try client?.skip(100 << 20)
            let after = try residentBytes()
            #expect(after - before < 60 << 20)
            client = nil
            await endpoint.wait { $0.closed == 1 }
            #expect(try server.send("GET", "/test/mock").status == 200)
        }
    }

    @Test("a client that goes while the endpoint works takes the call with it")
    func clientGone() async throws {
        try await proxied({ _ in .hang }) { server, endpoint in
            var client: WireClient? = try server.client()
            client?.send("GET /test/x HTTP/1.1\r\nHost: abc123.execute-api.x\r\n\r\n")
            await endpoint.wait { !$0.requests.isEmpty }
            client = nil
            await endpoint.wait { $0.closed == 1 }
        }
    }

    @Test("a long body passes as it is: bytes with their length, text in chunks", arguments: [true, false])
    func longBodies(_ isBinary: Bool) async throws {
        try await TestEndpoint.with({ _ in .raw(Self.endpointOK) }) { endpoint in
            let stage = try StageDefinition.testing(
                [Route.proxy("\(endpoint.url)/{proxy}")], binaryMediaTypes: isBinary ? ["*/*"] : [])
            try await TestServer.with([stage]) { server in
                let body = String(repeating: "0123456789abcdé ", count: 60_000)
                let answer = try server.send("POST", "/test/x", headers: "Content-Type: text/plain\r\n", body: body)
                #expect(answer.body == "ok")
                let request = try #require(endpoint.requests.first)
                #expect(request.body == body)
                #expect((request.header("Content-Length") != nil) == isBinary)
            }
        }
    }

    @Test("own listeners and link-local addresses are never called")
    func forbiddenAddresses() async throws {
        let stage = try StageDefinition.testing([
            Route.proxy("http://169.254.169.254/{proxy}", "ANY", "/meta/{proxy+}"),
            Route.proxy("http://127.0.0.1:${stageVariables.port}/{proxy}", "ANY", "/own/{proxy+}"),
        ])
        try await TestServer.with([stage]) { server in
            let linkLocal = try server.send("GET", "/test/meta/latest")
            #expect(linkLocal.status == 504)
            var own = stage
            own.variables = ["port": "\(server.port)"]
            server.registry.publish(StageSnapshot(compiling: own))
            let itself = try server.send("GET", "/test/own/test/own/x")
            #expect(itself.status == 504)
        }
    }

    private func residentBytes() throws -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { throw Unexpected("no statm") }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = fread(&buffer, 1, buffer.count, file)
        let fields = String(decoding: buffer[..<count], as: UTF8.self).split(separator: " ")
        return (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
