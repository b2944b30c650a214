import HTTPTypes
import IAMPolicy
import SigV4
import Testing

@testable import DataPlane

@Suite("signed requests over sockets")
struct SignedServerTests {
    private static func with(
        _ definition: StageDefinition, _ body: (TestServer, SignedTrial) async throws -> Void
    ) async throws {
        try await TestServer.with([definition]) { configuration in
            configuration.millisecondsSince1970 = { ExchangeTrial.identity.milliseconds }
        } _: { server in
            var trial = SignedTrial(definition)
            trial.publish([try SignedTrial.allowing()])
            server.registry.callers.publish(trial.directory)
            try await body(server, trial)
        }
    }

    /// The head of a signed request, without its empty line.
    private static func head(
        _ trial: SignedTrial, _ method: String, _ path: String, body: String = "", headers: [(String, String)] = []
    ) throws -> String {
        let request = try trial.request(method, path, headers: headers, body: body)
        let target = String(decoding: Array(request.path), as: UTF8.self)
        let lines = request.headers.all.map { "\($0.name): \($0.value)\r\n" }.joined()
        return "\(method) \(target) HTTP/1.1\r\nHost: abc123.execute-api.test\r\n\(lines)"
    }

    @Test("a body in chunks is checked as a whole and goes to the endpoint; a refusal leaves the connection usable")
    func chunked() async throws {
        try await TestEndpoint.with({ .answer(200, $0.body) }) { endpoint in
            let route = try Route.proxy(endpoint.url + "/{proxy}", method: #"{"authorizationType": "AWS_IAM"}"#)
            try await Self.with(.testing([route])) { server, trial in
                let client = try server.client()
                let body = String(repeating: "x", count: 100_000)
                let head = try Self.head(trial, "POST", "/a", body: body) + "Transfer-Encoding: chunked\r\n\r\n"
                let size = String(body.utf8.count, radix: 16)
                for sent in [body, "y" + body.dropFirst(), body] {
                    client.send(head + "\(size)\r\n\(sent)\r\n0\r\n\r\n")
                    let answer = try client.answer()
                    #expect(answer.status == (sent == body ? 200 : 403))
                    #expect(sent != body || answer.body == body)
                }
                // Refused before the body is read: what follows is the next request.
                client.send("POST /test/a HTTP/1.1\r\nHost: abc123.execute-api.test\r\nContent-Length: 3\r\n\r\nabc")
                let unsigned = try client.answer()
                #expect(unsigned.status == 403 && unsigned.body == #"{"message":"Missing Authentication Token"}"#)
                let get = try client.exchange(try Self.head(trial, "GET", "/b") + "\r\n")
                #expect(get.status == 200)
                #expect(endpoint.requests.map(\.method) == ["POST", "POST", "GET"])
            }
        }
    }

    @Test("a body above 10 MiB is too large to be checked, and nothing of it reaches the endpoint")
    func tooLarge() async throws {
        try await TestEndpoint.with({ .answer(200, $0.body) }) { endpoint in
            let route = try Route.proxy(endpoint.url + "/{proxy}", method: #"{"authorizationType": "AWS_IAM"}"#)
            try await Self.with(.testing([route])) { server, trial in
                let client = try server.client()
                client.send(try Self.head(trial, "POST", "/a", body: "x") + "Transfer-Encoding: chunked\r\n\r\n")
                let chunk = Array(("100000\r\n" + String(repeating: "x", count: 1 << 20) + "\r\n").utf8)
                for _ in 0..<11 where client.send(chunk) {}
                #expect(try client.answer().status == 413)
                #expect(endpoint.requests.isEmpty)
            }
        }
    }

    @Test("while the directory of callers changes, every answer is of one state or the other")
    func changing() async throws {
        try await Self.with(try SignedTrial.petStore()) { server, trial in
            var denied = trial
            denied.publish([try SignedTrial.allowing(effect: "Deny")])
            let (with, without) = (trial.directory, denied.directory)
            let head = try Self.head(trial, "GET", "/pets/1") + "\r\n"
            let callers = server.registry.callers
            async let swaps: Void = {
                for _ in 0..<2_000 {
                    callers.publish(without)
                    callers.publish(with)
                    await Task.yield()
                }
            }()
            let client = try server.client()
            for _ in 0..<300 {
                let answer = try client.exchange(head)
                let isServed = answer.status == 200 && answer.body == "GET /pets/{id}"
                let isDenied = answer.status == 403 && answer.body.contains("with an explicit deny")
                #expect(isServed || isDenied, "\(answer)")
            }
            await swaps
            server.registry.callers.publish(without)
            #expect(try server.client().exchange(head).status == 403)
            server.registry.callers.publish(with)
            #expect(try server.client().exchange(head).status == 200)
        }
    }
}
