import Logging
import Seeds
import Testing

@testable import DataPlane

@Suite("The server")
struct ServerTests {
    private static func pets() throws -> StageDefinition {
        try .testing([Route.marked("GET", "/pets"), Route.marked("POST", "/pets"), Route.marked("ANY", "/any")])
    }

    @Test("one connection serves many requests, each with ids of its own")
    func keepAlive() async throws {
        try await TestServer.with([Self.pets()]) { server in
            let client = try server.client()
            var ids: Set<String> = []
            for _ in 0..<50 {
                let answer = try client.exchange("GET /test/pets HTTP/1.1\r\nHost: abc123.execute-api.x\r\n\r\n")
                #expect(answer.status == 200)
                #expect(answer.body == "GET /pets")
                #expect(answer.header("Connection") == "keep-alive")
                #expect(answer.header("Date") != nil)
                ids.insert(try #require(answer.header("x-amzn-RequestId")))
                ids.insert(try #require(answer.header("x-amz-apigw-id")))
            }
            #expect(ids.count == 100)
        }
    }

    @Test("pipelined requests are answered in order, also when they come byte by byte")
    func pipelining() async throws {
        try await TestServer.with([Self.pets()]) { server in
            let client = try server.client()
            let body = "POST /test/pets HTTP/1.1\r\nHost: abc123.execute-api.x\r\nContent-Length: 5\r\n\r\nabcde"
            let chunked =
                "POST /test/any HTTP/1.1\r\nHost: abc123.execute-api.x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
            let get = "GET /test/pets HTTP/1.1\r\nHost: abc123.execute-api.x\r\n\r\n"
            client.send(body + get + chunked + get)
            let expected = ["POST /pets", "GET /pets", "ANY /any", "GET /pets"]
            #expect(try expected.map { _ in try client.answer().body } == expected)
            for byte in (body + get + chunked + get).utf8 { client.send([byte]) }
            #expect(try expected.map { _ in try client.answer().body } == expected)
        }
    }

    @Test("unknown stages, APIs and hosts are forbidden; unknown routes miss a token")
    func unknown() async throws {
        try await TestServer.with([Self.pets()]) { server in
            for target in ["/other/pets", "/", "/restapis/abc123/test"] {
                let answer = try server.send("GET", target)
                #expect(answer.status == 403)
                #expect(answer.body == #"{"message":"Forbidden"}"#)
                #expect(answer.header("x-amzn-ErrorType") == "ForbiddenException")
            }
            for (method, target) in [("DELETE", "/test/pets"), ("GET", "/test/nope")] {
                let answer = try server.send(method, target)
                #expect(answer.status == 403)
                #expect(answer.body == #"{"message":"Missing Authentication Token"}"#)
                #expect(answer.header("x-amzn-ErrorType") == "MissingAuthenticationTokenException")
                #expect(answer.header("Content-Type") == "application/json")
            }
        }
    }

    @Test(
        "what is no request is refused and the connection ends",
        arguments: [
            ("GARBAGE\r\n\r\n", 400), ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
            ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400), ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", 400),
            ("GET / HTTP/1.1\nHost: a\n\r\n\r\n", 400), ("GET /\u{7F} HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\nx", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\nx", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
            ("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
            ("GET /test/../x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 400),
            ("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ])
    func malformed(_ text: String, _ status: Int) async throws {
        try await TestServer.with([Self.pets()]) { server in
            let client = try server.client()
            let answer = try client.exchange(text)
            #expect(answer.status == status)
            #expect(answer.header("Connection") == "close")
            #expect(try client.untilClose().isEmpty)
        }
    }

    @Test("a head may have 10240 bytes and no more")
    func headLimit() async throws {
        try await TestServer.with([Self.pets()]) { server in
            let start = "GET /test/pets HTTP/1.1\r\nHost: abc123.execute-api.x\r\nX-Fill: "
            let room = 10240 - start.utf8.count - 4
            let fits = try server.client().exchange(start + String(repeating: "a", count: room) + "\r\n\r\n")
            #expect(fits.status == 200)
            let tooLong = try server.client().exchange(start + String(repeating: "a", count: room + 1) + "\r\n\r\n")
            #expect(tooLong.status == 431)
            let endless = try server.client().exchange(start + String(repeating: "a", count: 20000))
            #expect(endless.status == 431)
        }
    }

    @Test("a body above 10 MiB is too large, whether its length is said or not")
    func bodyLimit() async throws {
        try await TestServer.with([Self.pets()]) { server in
            let client = try server.client()
            let said = try client.exchange(
                "POST /test/pets HTTP/1.1\r\nHost: abc123.execute-api.x\r\nContent-Length: 10485761\r\n\r\n")
            #expect(said.status == 413)
            #expect(said.header("x-amzn-ErrorType") == "RequestTooLargeException")
            let other = try server.client()
            other.send(
                "POST /test/pets HTTP/1.1\r\nHost: abc123.execute-api.x\r\nContent-Type: text/x\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n")
            let chunk = Array(("100000\r\n" + String(repeating: "x", count: 1 << 20) + "\r\n").utf8)
            for _ in 0..<11 where other.send(chunk) {}
            #expect(try other.answer().status == 413)
        }
    }

    @Test("HTTP/1.0 closes unless asked to keep the connection; HTTP/1.1 keeps it unless asked to close")
    func versions() async throws {
        try await TestServer.with([Self.pets()]) { server in
            let old = try server.client()
            let closed = try old.exchange("GET /test/pets HTTP/1.0\r\nHost: abc123.execute-api.x\r\n\r\n")
            #expect(closed.header("Connection") == "close")
            #expect(try old.untilClose().isEmpty)
            let kept = try server.client()
            for _ in 0..<2 {
                let request = "GET /test/pets HTTP/1.0\r\nHost: abc123.execute-api.x\r\nConnection: keep-alive\r\n\r\n"
                #expect(try kept.exchange(request).header("Connection") == "keep-alive")
            }
            let new = try server.client()
            let asked = try new.exchange(
                "GET /test/pets HTTP/1.1\r\nHost: abc123.execute-api.x\r\nConnection: close\r\n\r\n")
            #expect(asked.header("Connection") == "close")
            #expect(try new.untilClose().isEmpty)
        }
    }

    @Test("HEAD has the headers of GET and no body; a client that expects it is told to continue")
    func headAndExpect() async throws {
        try await TestServer.with([Self.pets()]) { server in
            let client = try server.client()
            let head = try client.exchange("HEAD /test/any HTTP/1.1\r\nHost: abc123.execute-api.x\r\n\r\n")
            #expect(head.header("Content-Length") == "8")
            client.send(
                "POST /test/any HTTP/1.1\r\nHost: abc123.execute-api.x\r\nContent-Length: 2\r\n"
                    + "Content-Type: text/x\r\nExpect: 100-continue\r\n\r\n")
            #expect(try client.take(25) == Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
            client.send("{}")
            #expect(try client.answer().status == 500)
        }
    }

    @Test("a stage that is swapped while requests run drops none of them")
    func swap() async throws {
        let definitions = try (0..<2).map { try StageDefinition.testing([Route.marked("GET", "/v", "version \($0)")]) }
        try await TestServer.with([definitions[0]]) { server in
            let client = try server.client()
            var seen: Set<String> = []
            for turn in 0..<400 {
                server.registry.publish(StageSnapshot(compiling: definitions[turn % 2]))
                let answer = try client.exchange("GET /test/v HTTP/1.1\r\nHost: abc123.execute-api.x\r\n\r\n")
                #expect(answer.body == "version \(turn % 2)")
                seen.insert(answer.body)
            }
            #expect(seen.count == 2)
            server.registry.remove(apiID: "abc123", stageName: "test")
            #expect(try server.send("GET", "/test/v").body == #"{"message":"Forbidden"}"#)
        }
    }

    @Test("a client that sends half a request is answered 408, one that sends none is let go")
    func timeouts() async throws {
        try await TestServer.with(
            [Self.pets()],
            configure: {
                $0.headTimeout = .milliseconds(50)
                $0.idleTimeout = .milliseconds(150)
            },
            { server in
                let half = try server.client()
                half.send("GET /test/pets HTT")
                #expect(try half.answer().status == 408)
                #expect(try half.untilClose().isEmpty)
                let body = try server.client()
                body.send(
                    "POST /test/pets HTTP/1.1\r\nHost: abc123.execute-api.x\r\nContent-Type: a/b\r\nContent-Length: 9\r\n\r\nx"
                )
                #expect(try body.answer().status == 408)
                let silent = try server.client()
                #expect(try silent.untilClose().isEmpty)
            })
    }

    @Test("bytes by seed never harm the server", arguments: 0..<60)
    func fuzz(_ seed: UInt64) async throws {
        try await TestServer.with([Self.pets()]) { server in
            var random = SeededGenerator(seed: seed)
            let pieces = [
                "GET ", "POST ", "/test/pets", " HTTP/1.1\r\n", " HTTP/1.0\r\n", "Host: abc123.execute-api.x\r\n",
                "\r\n",
                "Content-Length: ", "5", "0", "Transfer-Encoding: chunked\r\n", "ffffffff\r\n", "\r\n\r\n", "\n", ":",
                " ",
                "Connection: close\r\n", "a", "\u{0}", "é", "%", "..", "//", "?", "5;x=y\r\nabcde\r\n",
                "Expect: 100-continue\r\n",
            ]
            for _ in 0..<8 {
                let client = try server.client()
                var text = ""
                for _ in 0..<(1 + random.next() % 24) { text += pieces[Int(random.next() % UInt64(pieces.count))] }
                var bytes = Array(text.utf8)
                if random.next() % 2 == 0, !bytes.isEmpty {
                    bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
                }
                client.send(bytes)
            }
            #expect(try server.send("GET", "/test/pets").status == 200)
        }
    }

    @Test("a port that is taken is refused with a code; a server starts once")
    func listening() async throws {
        try await TestServer.with([Self.pets()]) { server in
            await #expect(throws: DataPlaneFailure.self) { try await server.server.start() }
            let configuration = DataPlaneConfiguration(host: "127.0.0.1", port: server.port)
            let other = DataPlaneServer(
                configuration: configuration, registry: SnapshotRegistry(), logger: .init(label: "t"))
            let failure = await #expect(throws: DataPlaneFailure.self) { try await other.start() }
            #expect(failure?.code == .listenRefused)
        }
    }

    @Test("a shutdown lets a request in flight finish and closes idle connections")
    func shutdown() async throws {
        let gate = Gate()
        try await TestEndpoint.with(
            { _ in
                .after(gate, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate")
            },
            { endpoint in
                try await TestServer.with([.testing([Route.proxy("\(endpoint.url)/{proxy}")])]) {
                    // What happens when is decided by the gate; the limits only end a test that failed.
                    $0.shutdownGrace = .seconds(300)
                } _: { server in
                    defer { gate.open() }
                    let idle = try WireClient(port: server.port, secondsMax: 200)
                    let busy = try WireClient(port: server.port, secondsMax: 200)
                    busy.send("GET /test/x HTTP/1.1\r\nHost: abc123.execute-api.x\r\n\r\n")
                    await endpoint.wait { !$0.requests.isEmpty }
                    async let stopped: Void = server.server.shutdown()
                    // Waits on threads of their own: the shutdown needs one of those that tasks share.
                    #expect(try await idle.waiting { try $0.untilClose() }.isEmpty)
                    gate.open()
                    #expect(try await busy.waiting { try $0.answer() }.body == "late")
                    await stopped
                }
            })
    }
}
