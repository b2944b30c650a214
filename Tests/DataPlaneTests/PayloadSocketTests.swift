import Bytes
import JSON
import NIOCore
import SigV4
import Synchronization
import Testing

@testable import DataPlane

/// Section 4.6 of the recordings over real sockets: every row for every type of integration.
@Suite("Payloads over sockets")
struct PayloadSocketTests {
    /// What is sent, and what the other side gets of it; nil: 500.
    struct Row: Sendable, CustomTestStringConvertible {
        var isBinary: Bool
        var handling: String?
        var sent: [UInt8]
        var got: [UInt8]?

        var type: String { isBinary ? "image/png" : "text/plain" }
        var member: String { handling.map { #", "contentHandling": "\#($0)""# } ?? "" }
        var testDescription: String {
            "\(isBinary ? "binary" : "text"), \(handling ?? "no handling"), \(sent.count) bytes"
        }
    }

    static let bytes: [UInt8] = [0x00, 0xFF, 0x61]
    static let requestRows = [
        Row(isBinary: false, handling: nil, sent: [0x61, 0xFF, 0x62], got: Array("a\u{FFFD}b".utf8)),
        Row(isBinary: false, handling: "CONVERT_TO_TEXT", sent: [0x61, 0xFF, 0x62], got: Array("a\u{FFFD}b".utf8)),
        Row(isBinary: false, handling: "CONVERT_TO_BINARY", sent: Array("AP9h".utf8), got: bytes),
        Row(isBinary: false, handling: "CONVERT_TO_BINARY", sent: Array("no base64".utf8), got: nil),
        Row(isBinary: true, handling: nil, sent: bytes, got: bytes),
        Row(isBinary: true, handling: "CONVERT_TO_TEXT", sent: bytes, got: Array("AP9h".utf8)),
        Row(isBinary: true, handling: "CONVERT_TO_BINARY", sent: bytes, got: bytes),
    ]
    /// Without a handling, and as text, an answer passes as its bytes.
    static let answerRows = [
        Row(isBinary: false, handling: nil, sent: [0x61, 0xFF, 0x62], got: [0x61, 0xFF, 0x62]),
        Row(isBinary: false, handling: "CONVERT_TO_TEXT", sent: [0x61, 0xFF, 0x62], got: [0x61, 0xFF, 0x62]),
        Row(isBinary: false, handling: "CONVERT_TO_BINARY", sent: Array("AP9h".utf8), got: bytes),
        Row(isBinary: false, handling: "CONVERT_TO_BINARY", sent: Array("no base64".utf8), got: nil),
        Row(isBinary: true, handling: nil, sent: bytes, got: bytes),
        Row(isBinary: true, handling: "CONVERT_TO_TEXT", sent: bytes, got: Array("AP9h".utf8)),
        Row(isBinary: true, handling: "CONVERT_TO_BINARY", sent: bytes, got: bytes),
    ]

    /// Answers what it is told, and keeps the events.
    private final class OneFunction: FunctionInvoker {
        let events = Mutex<[[UInt8]]>([])
        private let answer: String

        init(_ answer: String) { self.answer = answer }

        func invoke(_ call: FunctionCall, on eventLoop: any EventLoop) -> EventLoopFuture<FunctionReply> {
            events.withLock { $0.append(call.event) }
            return eventLoop.makeSucceededFuture(.answered(payload: Array(answer.utf8), functionError: nil))
        }
    }

    private static func uri(_ type: String, _ endpoint: TestEndpoint) -> String {
        type == "AWS" ? "arn:aws:apigateway:us-east-1:s3:path/bucket/key" : endpoint.url + "/x"
    }

    private static func map(_ endpoint: TestEndpoint) throws -> EndpointMap {
        let keys = SigningCredentials(accessKeyID: "AKIATEST", secretAccessKey: "secret", sessionToken: nil)
        return EndpointMap(["s3": try #require(EndpointMap.Entry(url: endpoint.url, credentials: keys))])
    }

    /// A server with one route, and what it answers to one request.
    private static func answer(
        _ route: Route, _ endpoint: TestEndpoint, function: OneFunction? = nil, type: String, accept: String? = nil,
        body: [UInt8]
    ) async throws -> WireClient.Answer {
        let stage = StageDefinition.testing([route], binaryMediaTypes: ["image/*"])
        return try await TestServer.with([stage], endpoints: try map(endpoint)) { server in
            server.registry.functions.publish(function)
            let client = try server.client()
            let accepted = accept.map { "Accept: \($0)\r\n" } ?? ""
            let head = "Content-Type: \(type)\r\n\(accepted)Content-Length: \(body.count)\r\n\r\n"
            client.send(Array("POST /test/a HTTP/1.1\r\nHost: abc123.execute-api.test\r\n\(head)".utf8) + body)
            return try await client.waiting { try $0.answer() }
        }
    }

    @Test("an endpoint gets what the tables say", arguments: ["HTTP", "HTTP_PROXY", "AWS"], requestRows)
    func requests(_ type: String, _ row: Row) async throws {
        try await TestEndpoint.with { _ in
            .json("{}")
        } _: { endpoint in
            // A template for another type: the bytes pass.
            let route = try Route(
                "POST", "/a",
                """
                {"type": "\(type)", "httpMethod": "POST", "uri": "\(Self.uri(type, endpoint))" \(row.member),
                 "requestTemplates": {"application/x-other": "never"},
                 "integrationResponses": {"200": {"statusCode": "200"}}}
                """)
            let answer = try await Self.answer(route, endpoint, type: row.type, body: row.sent)
            #expect(answer.status == (row.got == nil ? 500 : 200), "\(answer.body)")
            #expect(endpoint.requests.map(\.bytes) == (row.got.map { [$0] } ?? []))
        }
    }

    @Test("a client gets what the tables say, whatever it accepts", arguments: ["HTTP", "AWS"], answerRows)
    func answers(_ type: String, _ row: Row) async throws {
        let head = "HTTP/1.1 200 X\r\nContent-Type: \(row.type)\r\nContent-Length: \(row.sent.count)\r\n\r\n"
        try await TestEndpoint.with { _ in
            .bytes(Array(head.utf8) + row.sent)
        } _: { endpoint in
            let route = try Route(
                "POST", "/a",
                """
                {"type": "\(type)", "httpMethod": "POST", "uri": "\(Self.uri(type, endpoint))",
                 "integrationResponses": {"200": {"statusCode": "200" \(row.member)}}}
                """)
            for accept in [nil, "text/plain", "image/png"] {
                let answer = try await Self.answer(
                    route, endpoint, type: "application/json", accept: accept, body: Array("{}".utf8))
                #expect(answer.status == (row.got == nil ? 500 : 200))
                if let got = row.got { #expect(answer.bytes == got) }
            }
        }
    }

    @Test("the answer of a passed request passes as its bytes", arguments: answerRows.filter { $0.handling == nil })
    func proxied(_ row: Row) async throws {
        let head = "HTTP/1.1 200 X\r\nContent-Type: \(row.type)\r\nContent-Length: \(row.sent.count)\r\n\r\n"
        try await TestEndpoint.with { _ in
            .bytes(Array(head.utf8) + row.sent)
        } _: { endpoint in
            let route = try Route.proxy(endpoint.url + "/x", "POST", "/a")
            let answer = try await Self.answer(route, endpoint, type: "application/json", body: Array("{}".utf8))
            #expect(answer.status == 200 && answer.bytes == row.sent && answer.header("Content-Type") == row.type)
        }
    }

    /// type is binary, handling, what a template sees of `YWJj`; nil: 500.
    static let seen = BinaryPayloadTests.table

    @Test("a request template sees what the tables say", arguments: ["HTTP", "AWS", "MOCK"], seen)
    func templates(_ type: String, _ row: (isBinary: Bool, handling: String?, seen: String?)) async throws {
        try await TestEndpoint.with { _ in
            .json("{}")
        } _: { endpoint in
            let handling = row.handling.map { #", "contentHandling": "\#($0)""# } ?? ""
            let template =
                type == "MOCK"
                ? #"#set($context.responseOverride.header.x = $input.body){\"statusCode\": 200}"# : "<$input.body>"
            let route = try Route(
                "POST", "/a",
                """
                {"type": "\(type)", "httpMethod": "POST", "uri": "\(Self.uri(type, endpoint))" \(handling),
                 "requestTemplates": {"text/plain": "\(template)", "image/png": "\(template)"},
                 "integrationResponses": {"200": {"statusCode": "200"}}}
                """)
            let answer = try await Self.answer(
                route, endpoint, type: row.isBinary ? "image/png" : "text/plain", body: Array("YWJj".utf8))
            #expect(answer.status == (row.seen == nil ? 500 : 200))
            if type == "MOCK" {
                #expect(answer.header("x") == row.seen)
            } else {
                #expect(endpoint.requests.map(\.body) == (row.seen.map { ["<\($0)>"] } ?? []))
            }
        }
    }

    @Test("a template without any reference takes no bytes either", arguments: ["HTTP", "AWS", "MOCK"])
    func constants(_ type: String) async throws {
        try await TestEndpoint.with { _ in
            .json("{}")
        } _: { endpoint in
            let route = try Route(
                "POST", "/a",
                """
                {"type": "\(type)", "httpMethod": "POST", "uri": "\(Self.uri(type, endpoint))",
                 "requestTemplates": {"image/png": "{\\"statusCode\\": 200}"},
                 "integrationResponses": {"200": {"statusCode": "200"}}}
                """)
            let full = try await Self.answer(route, endpoint, type: "image/png", body: Self.bytes)
            let empty = try await Self.answer(route, endpoint, type: "image/png", body: [])
            #expect(full.status == 500 && empty.status == 200)
        }
    }

    @Test("a function's event holds text as text and bytes in base64, whatever the handling", arguments: requestRows)
    func events(_ row: Row) async throws {
        let function = OneFunction(#"{"statusCode": 200}"#)
        try await TestEndpoint.with { _ in
            .json("{}")
        } _: { endpoint in
            let route = try Route(
                "POST", "/a",
                """
                {"type": "AWS_PROXY", "httpMethod": "POST", "uri": "\(HostedFunctions.uri("f"))" \(row.member)}
                """)
            let answer = try await Self.answer(route, endpoint, function: function, type: row.type, body: row.sent)
            #expect(answer.status == 200)
            let event = try JSONValue(parsing: try #require(function.events.withLock { $0.last }))
            #expect(event["isBase64Encoded"] == .bool(row.isBinary))
            let text = row.isBinary ? Base64.encoded(row.sent) : UTF8Repair.repaired(row.sent)
            #expect(event["body"]?.string == String(decoding: text, as: UTF8.self))
        }
    }

    @Test(
        "a function's base64 is decoded for whom accepts bytes first",
        arguments: [
            ("true", "AP9h", "image/png", bytes), ("true", "AP9h", "text/plain", Array("AP9h".utf8)),
            ("true", "AP9h", nil, Array("AP9h".utf8)), ("true", "AP9h", "image/png, text/plain", bytes),
            ("true", "AP9h", "text/plain, image/png", Array("AP9h".utf8)), ("true", "no base64", "image/png", nil),
            ("false", "AP9h", "image/png", Array("AP9h".utf8)), ("null", "AP9h", "image/png", Array("AP9h".utf8)),
        ] as [(String, String, String?, [UInt8]?)])
    func functionAnswers(_ flag: String, _ body: String, _ accept: String?, _ got: [UInt8]?) async throws {
        let function = OneFunction(#"{"statusCode": 200, "isBase64Encoded": \#(flag), "body": "\#(body)"}"#)
        try await TestEndpoint.with { _ in
            .json("{}")
        } _: { endpoint in
            let route = try Route(
                "POST", "/a", #"{"type": "AWS_PROXY", "httpMethod": "POST", "uri": "\#(HostedFunctions.uri("f"))"}"#)
            let answer = try await Self.answer(
                route, endpoint, function: function, type: "application/json", accept: accept, body: Array("{}".utf8))
            #expect(answer.status == (got == nil ? 502 : 200))
            if let got { #expect(answer.bytes == got) }
        }
    }
}
