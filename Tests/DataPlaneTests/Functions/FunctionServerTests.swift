import Testing

@testable import DataPlane

@Suite("Functions over sockets")
struct FunctionServerTests {
    private func with(
        _ body: (TestServer, HeldCalls) async throws -> Void
    ) async throws {
        let calls = HeldCalls()
        defer { calls.end() }
        let routes = [
            try Route.lambda("AWS_PROXY", "ANY", "/greet"),
            try Route.lambda("AWS_PROXY", "ANY", "/hurry", more: #", "timeoutInMillis": 60"#),
        ]
        try await TestServer.with([.testing(routes)]) { server in
            server.registry.functions.publish(calls)
            try await body(server, calls)
        }
    }

    private static let request = "GET /test/greet HTTP/1.1\r\nHost: abc123.execute-api.test\r\n\r\n"

    @Test("a function that never answers is 504 after the time of the integration, and its late answer goes nowhere")
    func timeout() async throws {
        try await with { server, calls in
            let client = try server.client()
            let hurry = Self.request.replacing("/greet", with: "/hurry")
            let late = try await client.waiting { try $0.exchange(hurry) }
            #expect(late.status == 504)
            #expect(late.body == #"{"message": "Endpoint request timed out"}"#)
            calls.reply(.answer(#"{"body":"too late"}"#), to: 0)
            client.send(Self.request)
            await calls.arrived(2)
            calls.reply(.answer(#"{"body":"in time"}"#), to: 1)
            #expect(try await client.waiting { try $0.answer() }.body == "in time")
        }
    }

    @Test("a client that goes while the function runs leaves nothing behind")
    func clientGone() async throws {
        try await with { server, calls in
            var gone: WireClient? = try server.client()
            gone?.send(Self.request)
            await calls.arrived(1)
            gone = nil
            let client = try server.client()
            client.send(Self.request)
            await calls.arrived(2)
            calls.reply(.answer("{}"), to: 0)
            calls.reply(.answer(#"{"statusCode":201}"#), to: 1)
            #expect(try await client.waiting { try $0.answer() }.status == 201)
        }
    }

    @Test("requests sent ahead wait for their turn")
    func pipelined() async throws {
        try await with { server, calls in
            let client = try server.client()
            client.send(Self.request + Self.request)
            await calls.arrived(1)
            calls.reply(.answer(#"{"body":"one"}"#), to: 0)
            await calls.arrived(2)
            calls.reply(.answer(#"{"body":"two"}"#), to: 1)
            let bodies = try await client.waiting { [try $0.answer().body, try $0.answer().body] }
            #expect(bodies == ["one", "two"])
        }
    }

    @Test("without anybody to run functions the answer is 500 at once")
    func off() async throws {
        let route = try Route.lambda("AWS_PROXY", "ANY", "/greet")
        try await TestServer.with([.testing([route])]) { server in
            let answer = try server.send("GET", "/test/greet")
            #expect(answer.status == 500)
            #expect(answer.body == #"{"message": "Internal server error"}"#)
        }
    }

    @Test("a shutdown lets a function in flight answer")
    func shutdown() async throws {
        try await with { server, calls in
            let client = try server.client()
            client.send(Self.request)
            await calls.arrived(1)
            async let ended: Void = server.server.shutdown()
            calls.reply(.answer(#"{"body":"done"}"#), to: 0)
            #expect(try await client.waiting { try $0.answer() }.body == "done")
            await ended
        }
    }

    // MARK: Functions that are no good, in the real host

    @Test("a function that exits, hangs, floods or answers garbage is 502, and the next one is served")
    func hostile() async throws {
        let answers: [(String, String, Int)] = [
            ("garbage", "echo '<html>'", 502), ("exits", "exit 3", 502),
            ("hangs", "sleep 100", 502), ("huge", "head -c 7000000 /dev/zero | tr '\\0' 1", 502),
            ("good", #"echo '{"statusCode": 202, "body": "fine"}'"#, 202),
        ]
        try await HostedFunctions.with { functions in
            for (name, answer, _) in answers {
                try functions.addShell(name, answer: answer, timeout: name == "hangs" ? .seconds(1) : .seconds(20))
            }
            let routes = try answers.map { name, _, _ in
                try Route.lambda("AWS_PROXY", "GET", "/\(name)", uri: HostedFunctions.uri(name))
            }
            try await TestServer.with([.testing(routes)]) { server in
                server.registry.functions.publish(functions)
                for (name, _, status) in answers {
                    let client = try server.client()
                    let answer = try await client.waiting {
                        try $0.exchange("GET /test/\(name) HTTP/1.1\r\nHost: abc123.execute-api.test\r\n\r\n")
                    }
                    #expect(answer.status == status, "\(name)")
                    #expect(answer.body == (status == 502 ? #"{"message": "Internal server error"}"# : "fine"))
                }
            }
        }
    }
}
