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

    /// Asks on other connections until a body waits: each is answered by the one event loop.
    private static func ask(_ server: TestServer, until packer: BodyPacker, waits count: Int) throws {
        for _ in 0..<10_000 where packer.waiting < count {
            #expect(try server.send("GET", "/test/marked").body == "here")
        }
        #expect(packer.waiting == count)
        #expect(try server.send("GET", "/test/marked").body == "here")
    }

    @Test("others are answered while a long answer waits to be packed, and those behind it come after it")
    func packing() async throws {
        try await Self.held { server, packer, _, open in
            let client = try server.client()
            let host = "Host: abc123.execute-api.test\r\nAccept-Encoding: gzip\r\n\r\n"
            client.send("GET /test/long HTTP/1.1\r\n\(host)GET /test/marked HTTP/1.1\r\n\(host)")
            try Self.ask(server, until: packer, waits: 1)
            open()
            let first = try client.answer()
            #expect(first.status == 200 && first.header("Content-Length") == String(first.bytes.count))
            #expect(CompressionTests.unpacked(first) == Self.long)
            let second = try client.answer()
            #expect(CompressionTests.unpacked(second) == "here")
        }
    }

    @Test("others are answered while a long request waits to be unpacked")
    func unpacking() async throws {
        try await Self.held { server, packer, _, open in
            let text = #"{"name": "Rex", "more": "\#(Self.long)"}"#
            let body = BodyDeflater.packed(Array(text.utf8), .gzip)
            let client = try server.client()
            client.send(CompressionTests.post("/test/echo", "Content-Encoding: gzip\r\n", body))
            try Self.ask(server, until: packer, waits: 1)
            open()
            let answer = try client.answer()
            #expect(answer.status == 200 && answer.header("x-name") == "Rex")
        }
    }

    @Test("a client that goes while its body waits leaves nothing behind, and others are served")
    func gone() async throws {
        try await Self.held { server, packer, _, open in
            for _ in 0..<2 {
                let client = try server.client()
                client.send("GET /test/long HTTP/1.1\r\nHost: abc123.execute-api.test\r\nAccept-Encoding: gzip\r\n\r\n")
                try Self.ask(server, until: packer, waits: packer.waiting + 1)
            }
            open()
            let answer = try server.send("GET", "/test/long", headers: "Accept-Encoding: deflate\r\n")
            #expect(CompressionTests.unpacked(answer) == Self.long)
        }
    }

    @Test("what a thread cannot unpack is refused as what the loop cannot")
    func refusals() async throws {
        let text = BodyDeflater.packed(
            Array(Self.long.utf8) + (0..<99_999).map { UInt8(truncatingIfNeeded: $0 &* $0) }, .gzip)
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
                let answer = try client.answer()
                #expect(answer.status == status, "\(coding) \(body.count)")
            }
        }
    }

    /// Without the head and the sum of the zlib format: the service, as RFC 9110, wants them.
    private static func raw(_ packed: [UInt8]) -> [UInt8] { Array(packed.dropFirst(2).dropLast(4)) }
}
