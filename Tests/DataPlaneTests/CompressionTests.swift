import Bytes
import Testing

@testable import DataPlane

/// `minimumCompressionSize`: responses packed for the client, packed requests unpacked.
@Suite("Compression")
struct CompressionTests {
    static let text = #"{"name":"Rex","kind":"dog"}"#
    /// ``text`` as other programs pack it.
    static let gzipped =
        Base64.decoded(Array("H4sIAAAAAAACA6tWykvMTVWyUgpKrVDSUcrOzEsBclLy05VqASJMQpkbAAAA".utf8)) ?? []
    static let zlibbed = Base64.decoded(Array("eJyrVspLzE1VslIKSq1Q0lHKzsxLAXJS8tOVagF1NwhZ".utf8)) ?? []

    static func stage(_ routes: [Route], size: Int? = 0, binary: [String] = []) -> StageDefinition {
        var definition = StageDefinition.testing(routes, binaryMediaTypes: binary)
        definition.minimumCompressionSize = size
        return definition
    }

    /// Answers what it is sent.
    static func echo(_ path: String = "/echo") throws -> Route {
        try Route(
            "POST", path,
            """
            {"type": "MOCK", "requestTemplates": {"application/json":
             "#set($context.responseOverride.header.x-name = $input.path('$.name')){\\"statusCode\\": 200}"},
             "integrationResponses": {"200": {"statusCode": "200", "responseTemplates": {"application/json": "ok"}}}}
            """)
    }

    static func post(_ target: String, _ headers: String, _ body: [UInt8]) -> [UInt8] {
        Array(
            "POST \(target) HTTP/1.1\r\nHost: abc123.execute-api.test\r\n\(headers)Content-Length: \(body.count)\r\n\r\n"
                .utf8) + body
    }

    /// The body as its Content-Encoding says it is packed; nil if it is not.
    static func unpacked(_ answer: WireClient.Answer) -> String? {
        do {
            guard let name = answer.header("Content-Encoding") else { return nil }
            let headers = HeaderFields([("Content-Encoding", name)])
            guard let coding = try ContentCoding.declared(by: headers) else { return nil }
            return String(decoding: try BodyInflater.unpacked(answer.bytes, coding), as: UTF8.self)
        } catch {
            return nil
        }
    }

    @Test(
        "The coding that a client likes best is chosen, gzip where it does not say",
        arguments: [
            (nil, nil), ("", nil), ("gzip", "gzip"), ("deflate", "deflate"), ("deflate, gzip", "gzip"), ("*", "gzip"),
            ("br", nil), ("identity", nil), ("x-gzip", "gzip"), ("GZIP", "gzip"), ("gzip;q=0", nil),
            ("deflate;q=0.5,gzip;q=1.0", "gzip"), ("deflate;q=0.9, gzip;q=0.1", "deflate"),
            ("gzip;q=1.0,identity;q=0.5,*;q=0", "gzip"), ("gzip;q=0.2, identity", nil), ("*;q=0", nil),
            ("gzip;q=0, *", "deflate"), ("gzip;q=2", nil), ("gzip;q=0.0001", nil), ("gzip;q=x, deflate", "deflate"),
            ("gzip ; q=0.5", "gzip"), (",,", nil), ("br;q=1, gzip;q=0.001", "gzip"),
        ] as [(String?, String?)])
    func negotiation(accept: String?, expected: String?) {
        let headers = HeaderFields(accept.map { [("Accept-Encoding", $0)] } ?? [])
        #expect(ContentCoding.accepted(by: headers)?.rawValue == expected)
    }

    @Test("What other programs packed is unpacked, in any pieces", arguments: [1, 2, 7, 1000])
    func pieces(size: Int) throws {
        for (packed, coding) in [(Self.gzipped, ContentCoding.gzip), (Self.zlibbed, .deflate)] {
            let inflater = BodyInflater(coding)
            var whole: [UInt8] = []
            for start in stride(from: 0, to: packed.count, by: size) {
                whole += try inflater.take(Array(packed[start..<min(start + size, packed.count)]))
            }
            try inflater.finish()
            #expect(String(decoding: whole, as: UTF8.self) == Self.text)
        }
    }

    @Test("Packed wholes may follow one another in gzip only; what follows else is refused")
    func members() throws {
        let twice = try BodyInflater.unpacked(Self.gzipped + Self.gzipped, .gzip)
        #expect(twice.count == 2 * Self.text.utf8.count)
        for (body, coding) in [
            (Self.zlibbed + Self.zlibbed, ContentCoding.deflate), (Self.gzipped + [1, 2, 3], .gzip),
            (Array(Self.gzipped.dropLast()), .gzip), (Array(Self.text.utf8), .gzip), (Self.gzipped, .deflate),
            (Self.gzipped.enumerated().map { $0.offset == 15 ? $0.element ^ 0xFF : $0.element }, .gzip),
        ] {
            #expect(throws: GatewayError.unsupportedMediaType) { try BodyInflater.unpacked(body, coding) }
        }
    }

    @Test("A body that unpacks to more than 10 MiB is refused when the limit is reached, one of 10 MiB is not")
    func bomb() throws {
        let limit = Limits.requestBodyBytesMax
        let fits = BodyDeflater.packed([UInt8](repeating: 0x20, count: limit), .gzip)
        let whole = try BodyInflater.unpacked(fits, .gzip)
        #expect(whole.count == limit)
        let bomb = BodyDeflater.packed([UInt8](repeating: 0x20, count: limit + 1), .gzip)
        #expect(throws: GatewayError.requestTooLarge) { try BodyInflater.unpacked(bomb, .gzip) }
    }

    @Test("A response is packed from the given size on, and says so")
    func threshold() async throws {
        let route = try Route.marked("GET", "/marked", "0123456789")
        try await TestServer.with([Self.stage([route], size: 10)]) { server in
            let plain = try server.send("GET", "/test/marked")
            #expect(
                plain.body == "0123456789" && plain.header("Content-Encoding") == nil && plain.header("Vary") == nil)
            let packed = try server.send("GET", "/test/marked", headers: "Accept-Encoding: deflate;q=0.5, gzip\r\n")
            #expect(packed.header("Content-Encoding") == "gzip" && packed.header("Vary") == "Accept-Encoding")
            #expect(packed.header("Content-Length") == String(packed.bytes.count))
            #expect(Self.unpacked(packed) == "0123456789")
        }
        try await TestServer.with([Self.stage([route], size: 11)]) { server in
            let plain = try server.send("GET", "/test/marked", headers: "Accept-Encoding: gzip\r\n")
            #expect(plain.body == "0123456789" && plain.header("Content-Encoding") == nil)
        }
        try await TestServer.with([Self.stage([route], size: nil)]) { server in
            let plain = try server.send("GET", "/test/marked", headers: "Accept-Encoding: gzip\r\n")
            #expect(plain.body == "0123456789" && plain.header("Content-Encoding") == nil)
        }
    }

    @Test("The gateway's own answers are packed like the others")
    func errors() async throws {
        try await TestServer.with([Self.stage([try Route.marked("GET", "/marked")])]) { server in
            let missing = try server.send("GET", "/test/none", headers: "Accept-Encoding: deflate\r\n")
            #expect(missing.status == 403 && missing.header("Content-Encoding") == "deflate")
            #expect(Self.unpacked(missing) == #"{"message":"Missing Authentication Token"}"#)
        }
    }

    @Test("An endpoint's answer is packed as it passes; packed, partial and no-transform ones are left")
    func streamed() async throws {
        let long = String(repeating: "0123456789abcdef", count: 20_000)
        let chunked = "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
        try await TestEndpoint.with { request in
            switch request.target {
            case "/long": .answer(200, long, "ETag: \"a\"\r\nVary: Origin\r\n")
            case "/short": .answer(200, "abc")
            case "/chunked": .raw("HTTP/1.1 200 X\r\n" + chunked)
            case "/packed": .answer(200, "xyz", "Content-Encoding: br\r\n")
            case "/part": .answer(206, "xyz", "Content-Range: bytes 0-2/9\r\n")
            case "/empty": .answer(200, "")
            default: .answer(200, "xyz", "Cache-Control: public, no-transform\r\n")
            }
        } _: { endpoint in
            let route = try Route.proxy(endpoint.url + "/{proxy}")
            try await TestServer.with([Self.stage([route], size: 3)]) { server in
                let client = try server.client()
                func get(_ path: String) throws -> WireClient.Answer {
                    try client.exchange(
                        "GET /test\(path) HTTP/1.1\r\nHost: abc123.execute-api.test\r\nAccept-Encoding: gzip\r\n\r\n")
                }
                let packed = try get("/long")
                #expect(packed.header("Content-Encoding") == "gzip" && packed.header("Content-Length") == nil)
                #expect(packed.headers("Vary") == ["Origin", "Accept-Encoding"])
                #expect(packed.bytes.count < long.utf8.count / 10)
                #expect(Self.unpacked(packed) == long)
                let (chunked, short, packedThere) = (try get("/chunked"), try get("/short"), try get("/packed"))
                #expect(Self.unpacked(chunked) == "hello world" && Self.unpacked(short) == "abc")
                #expect(packedThere.body == "xyz" && packedThere.headers("Content-Encoding") == ["br"])
                for path in ["/part", "/kept"] {
                    let answer = try get(path)
                    #expect(answer.body == "xyz" && answer.header("Content-Encoding") == nil, "\(path)")
                }
                let empty = try get("/empty")
                #expect(empty.body == "" && empty.header("Content-Encoding") == nil)
                let old = try server.client().exchange(
                    "GET /test/long HTTP/1.0\r\nHost: abc123.execute-api.test\r\nAccept-Encoding: gzip\r\n\r\n")
                #expect(old.header("Transfer-Encoding") == nil)
                #expect(Self.unpacked(old) == long)
            }
        }
    }

    @Test("What an endpoint has sent reaches the client packed before the rest comes")
    func flushed() async throws {
        try await TestEndpoint.with { _ in
            .raw("HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
        } _: { endpoint in
            try await TestServer.with([Self.stage([try Route.proxy(endpoint.url + "/{proxy}")])]) { server in
                let client = try server.client()
                client.send("GET /test/a HTTP/1.1\r\nHost: abc123.execute-api.test\r\nAccept-Encoding: gzip\r\n\r\n")
                // The head of the packing alone, then what was flushed.
                let first = try client.firstChunks(2)
                let text = try BodyInflater(.gzip).take(first)
                #expect(text == Array("hello".utf8))
            }
        }
    }

    @Test("Templates read the unpacked text of a packed request")
    func templates() async throws {
        try await TestServer.with([Self.stage([try Self.echo()])]) { server in
            for (headers, body) in [
                ("Content-Encoding: gzip\r\n", Self.gzipped), ("Content-Encoding: deflate\r\n", Self.zlibbed),
                ("Content-Encoding: X-GZIP\r\n", Self.gzipped),
                ("Content-Encoding: identity\r\n", Array(Self.text.utf8)),
            ] {
                let client = try server.client()
                client.send(Self.post("/test/echo", headers, body))
                let answer = try client.answer()
                #expect(answer.status == 200 && answer.header("x-name") == "Rex", "\(headers)")
            }
        }
    }

    @Test("An endpoint is sent the unpacked body and no Content-Encoding", arguments: ["HTTP_PROXY", "HTTP"])
    func forwarded(type: String) async throws {
        let long = String(repeating: "a pet of some length, ", count: 20_000)
        try await TestEndpoint.with { _ in
            .json("{}")
        } _: { endpoint in
            let responses = #", "integrationResponses": {"200": {"statusCode": "200"}}"#
            let route = try Route(
                "POST", "/pets",
                #"{"type": "\#(type)", "httpMethod": "POST", "uri": "\#(endpoint.url)/pets" \#(responses)}"#)
            for binary in [[], ["*/*"]] {
                try await TestServer.with([Self.stage([route], binary: binary)]) { server in
                    for (text, body) in [
                        (Self.text, Self.gzipped), (long, BodyDeflater.packed(Array(long.utf8), .gzip)),
                    ] {
                        let client = try server.client()
                        client.send(Self.post("/test/pets", "Content-Encoding: gzip\r\n", body))
                        let answer = try client.answer()
                        #expect(answer.status == 200)
                        let request = try #require(endpoint.requests.last)
                        #expect(request.body == text && request.header("Content-Encoding") == nil)
                    }
                }
            }
        }
    }

    @Test("What cannot be unpacked is refused with 415, what unpacks to too much with 413", arguments: [true, false])
    func refusals(isStreamed: Bool) async throws {
        try await TestEndpoint.with { _ in
            .json("{}")
        } _: { endpoint in
            let route = isStreamed ? try Route.proxy(endpoint.url + "/x", "POST", "/echo") : try Self.echo()
            let bomb = BodyDeflater.packed([UInt8](repeating: 0x20, count: 40 << 20), .gzip)
            try await TestServer.with([Self.stage([route])]) { server in
                for (coding, body, status) in [
                    ("br", Self.gzipped, 415), ("gzip, gzip", Self.gzipped, 415), ("gzip", Array(Self.text.utf8), 415),
                    ("gzip", Array(Self.gzipped.dropLast(3)), 415), ("gzip", bomb, 413),
                ] {
                    let client = try server.client()
                    client.send(Self.post("/test/echo", "Content-Encoding: \(coding)\r\n", body))
                    let answer = try client.answer()
                    #expect(answer.status == status, "\(coding) \(body.count)")
                }
            }
            #expect(endpoint.requests.isEmpty)
        }
    }

    @Test("Without a size a packed request passes as it is")
    func disabled() async throws {
        try await TestEndpoint.with { _ in
            .json("{}")
        } _: { endpoint in
            let route = try Route.proxy(endpoint.url + "/x", "POST", "/echo")
            try await TestServer.with([Self.stage([route], size: nil)]) { server in
                let answer = try server.send("POST", "/test/echo", headers: "Content-Encoding: br\r\n", body: "abc")
                #expect(answer.status == 200)
                #expect(endpoint.requests.map(\.body) == ["abc"])
            }
        }
    }
}
