import Dispatch
import NIOPosix
import Testing

@testable import DataPlane

/// Long bodies are packed and unpacked beside the event loops.
@Suite("Packing beside the event loops")
struct BodyPackerTests {
    private static let long = String(repeating: "0123456789abcdef", count: 9 * 65_536)

    /// Holds all packing threads of a server with one event loop, for the time of `body`.
    private static func held(_ body: (TestServer, BodyPacker, TestEndpoint, () -> Void) async throws -> Void)
        async throws
    {
        try await TestEndpoint.with { _ in
            .answer(200, long)
        } _: { endpoint in
            let routes = [
                try Route.http(endpoint.url + "/long", "GET", "/long"), try Route.marked("GET", "/marked", "here"),
                try CompressionTests.echo(), try Route.proxy(endpoint.url + "/x", "POST", "/passed"),
            ]
            try await TestServer.with(
                [CompressionTests.stage(routes)], configure: { $0.eventLoops = 1 }
            ) { server in
                let packer = try #require(server.server.packer)
                let gate = DispatchSemaphore(value: 0)
                for _ in 0..<Limits.packingThreads { packer.threads.submit { _ in gate.wait() } }
                var isOpen = false
                func open() {
                    if !isOpen { for _ in 0..<Limits.packingThreads { gate.signal() } }
                    isOpen = true
                }
                defer { open() }
                try await body(server, packer, endpoint, open)
            }
        }
    }

    /// Asks on another connection until a body waits: each is answered by the one event loop.
    private static func ask(_ server: TestServer, until packer: BodyPacker, waits count: Int) async throws {
        let bodies = try await server.client().waiting { client in
            var bodies: [String] = []
            repeat {
                bodies.append(
                    try client.exchange("GET /test/marked HTTP/1.1\r\nHost: abc123.execute-api.test\r\n\r\n").body)
            } while packer.waiting < count && bodies.count < 100_000
            return bodies
        }
        #expect(packer.waiting == count && bodies.allSatisfy { $0 == "here" })
    }

    @Test("others are answered while a long answer waits to be packed, and those behind it come after it")
    func packing() async throws {
        try await Self.held { server, packer, _, open in
            let client = try server.client()
            let host = "Host: abc123.execute-api.test\r\nAccept-Encoding: gzip\r\n\r\n"
            client.send("GET /test/long HTTP/1.1\r\n\(host)GET /test/marked HTTP/1.1\r\n\(host)")
            try await Self.ask(server, until: packer, waits: 1)
            open()
            let first = try await client.waiting { try $0.answer() }
            #expect(first.status == 200 && first.header("Content-Length") == String(first.bytes.count))
            #expect(CompressionTests.unpacked(first) == Self.long)
            let second = try await client.waiting { try $0.answer() }
            #expect(CompressionTests.unpacked(second) == "here")
        }
    }

    @Test("others are answered while a long request waits to be unpacked", arguments: ["echo", "passed"])
    func unpacking(_ path: String) async throws {
        try await Self.held { server, packer, endpoint, open in
            let text = #"{"name": "Rex", "more": "\#(Self.long.prefix(1_000_000))"}"#
            let body = BodyDeflater.packed(Array(text.utf8), .gzip)
            let client = try server.client()
            client.send(CompressionTests.post("/test/\(path)", "Content-Encoding: gzip\r\n", body))
            try await Self.ask(server, until: packer, waits: 1)
            open()
            let answer = try await client.waiting { try $0.answer() }
            #expect(answer.status == 200)
            if path == "echo" {
                #expect(answer.header("x-name") == "Rex")
            } else {
                #expect(endpoint.requests.map(\.body) == [text])
            }
        }
    }

    @Test("a client that goes while its body waits leaves nothing behind, and others are served")
    func gone() async throws {
        try await Self.held { server, packer, _, open in
            for _ in 0..<2 {
                let client = try server.client()
                client.send("GET /test/long HTTP/1.1\r\nHost: abc123.execute-api.test\r\nAccept-Encoding: gzip\r\n\r\n")
                try await Self.ask(server, until: packer, waits: packer.waiting + 1)
            }
            open()
            let answer = try await server.client().waiting {
                try $0.exchange(
                    "GET /test/long HTTP/1.1\r\nHost: abc123.execute-api.test\r\nAccept-Encoding: deflate\r\n\r\n")
            }
            #expect(CompressionTests.unpacked(answer) == Self.long)
        }
    }

    @Test("what a thread cannot unpack is refused as what the loop cannot")
    func refusals() async throws {
        let text = BodyDeflater.packed(
            Array(Self.long.utf8.prefix(1_000_000)) + (0..<99_999).map { UInt8(truncatingIfNeeded: $0 &* $0) }, .gzip)
        let bomb = BodyDeflater.packed([UInt8](repeating: 0x20, count: 40 << 20), .deflate)
        try await TestServer.with([CompressionTests.stage([try CompressionTests.echo()])]) { server in
            for (coding, body, status) in [
                ("gzip", Array(text.dropLast()), 415), ("gzip", text + [0, 0, 0], 415), ("deflate", text, 415),
                ("gzip, identity", text, 400), ("deflate", bomb, 413), ("gzip", bomb, 415),
                ("identity", text, 400),
                ("deflate", Self.raw(bomb), 415),
            ] {
                let client = try server.client()
                client.send(CompressionTests.post("/test/echo", "Content-Encoding: \(coding)\r\n", body))
                let answer = try await client.waiting { try $0.answer() }
                #expect(answer.status == status, "\(coding) \(body.count)")
            }
        }
    }

    /// Without the head and the sum of the zlib format: the service, as RFC 9110, wants them.
    private static func raw(_ packed: [UInt8]) -> [UInt8] { Array(packed.dropFirst(2).dropLast(4)) }
}
