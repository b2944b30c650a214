import JSON
import Testing

@testable import DataPlane

@Suite("Lambda authorizers over sockets")
struct AuthorizerServerTests {
    private func with(_ body: (TestServer, HeldCalls) async throws -> Void) async throws {
        let calls = HeldCalls()
        defer { calls.end() }
        try await TestServer.with([AuthorizerTrial.definition()]) { server in
            server.registry.functions.publish(calls)
            try await body(server, calls)
        }
    }

    private static func request(_ token: String?, body: String = "") -> String {
        let header = token.map { "Authorization: \($0)\r\n" } ?? ""
        return "POST /test/pets/1 HTTP/1.1\r\nHost: abc123.execute-api.test\r\n\(header)"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test("the body waits for the authorizer, and requests behind it for both")
    func waits() async throws {
        try await with { server, calls in
            let client = try server.client()
            client.send(Self.request("t", body: String(repeating: " ", count: 200_000)) + Self.request("t"))
            await calls.arrived(1)
            calls.reply(AuthorizerTrial.says(), to: 0)
            let statuses = try await client.waiting { [try $0.answer().status, try $0.answer().status] }
            #expect(statuses == [200, 200])
        }
    }

    @Test("a refused request does not end the connection, and its body is passed over")
    func refused() async throws {
        try await with { server, calls in
            let client = try server.client()
            client.send(Self.request("t", body: String(repeating: "x", count: 100_000)))
            await calls.arrived(1)
            calls.reply(AuthorizerTrial.says("Deny"), to: 0)
            #expect(try await client.waiting { try $0.answer().status } == 403)
            client.send(Self.request(nil))
            #expect(try await client.waiting { try $0.answer().status } == 401)
            client.send(Self.request("u"))
            await calls.arrived(2)
            calls.reply(.error(#"{"errorMessage": "Unauthorized"}"#), to: 1)
            #expect(try await client.waiting { try $0.answer().status } == 401)
        }
    }

    @Test("a body is asked for only once the authorizer has let it in")
    func expectContinue() async throws {
        try await with { server, calls in
            let client = try server.client()
            client.send(
                Self.request("t", body: "").replacing(
                    "Content-Length: 0", with: "Expect: 100-continue\r\nContent-Length: 2"))
            await calls.arrived(1)
            calls.reply(AuthorizerTrial.says("Deny"), to: 0)
            let head = try await client.waiting { try $0.take(12) }
            #expect(String(decoding: head, as: UTF8.self) == "HTTP/1.1 403")
        }
    }

    @Test("a client that goes while the authorizer thinks leaves nothing behind")
    func gone() async throws {
        try await with { server, calls in
            var gone: WireClient? = try server.client()
            gone?.send(Self.request("t", body: "{}"))
            await calls.arrived(1)
            gone = nil
            calls.reply(AuthorizerTrial.says(), to: 0)
            let client = try server.client()
            client.send(Self.request("other"))
            await calls.arrived(2)
            calls.reply(AuthorizerTrial.says(), to: 1)
            #expect(try await client.waiting { try $0.answer().status } == 200)
        }
    }

    @Test("without anybody to run functions nobody passes")
    func off() async throws {
        try await TestServer.with([AuthorizerTrial.definition()]) { server in
            let answer = try server.send("GET", "/test/pets/1", headers: "Authorization: t\r\n")
            #expect(answer.status == 500)
            #expect(answer.body == #"{"message":null}"#)
        }
    }

    @Test("a function in a real host decides")
    func hosted() async throws {
        try await HostedFunctions.with { functions in
            try functions.addShell(
                "door",
                answer: #"""
                    case "$EVENT" in
                    *'"authorizationToken":"open"'*) effect=Allow ;;
                    *) effect=Deny ;;
                    esac
                    echo '{"principalId": "ann", "policyDocument": {"Version": "2012-10-17", "Statement":
                     [{"Effect": "'$effect'", "Action": "execute-api:Invoke", "Resource": "*"}]}}'
                    """#)
            try await TestServer.with([AuthorizerTrial.definition()]) { server in
                server.registry.functions.publish(functions)
                for (token, status) in [("open", 200), ("shut", 403), ("open", 200)] {
                    let client = try server.client()
                    let answer = try await client.waiting { try $0.exchange(Self.request(token)) }
                    #expect(answer.status == status)
                }
                #expect(functions.calls.count == 2)
            }
        }
    }
}
