import JSON
import Testing

@testable import DataPlane

@Suite("From the client to the endpoint")
struct RequestMappingTests {
    @Test("HTTP sends mapped parameters and its own headers only")
    func httpHeaders() throws {
        let trial = ExchangeTrial(
            try .testing(
                [
                    Route.http(
                        "http://host:81/p/{id}", "POST", "/a/{petId}",
                        more: #"""
                            , "requestParameters": {"integration.request.path.id": "method.request.path.petId",
                              "integration.request.querystring.type": "method.request.querystring.petType",
                              "integration.request.header.X-Stage": "stageVariables.v",
                              "integration.request.header.X-Id": "context.requestId",
                              "integration.request.header.X-Name": "method.request.body.name",
                              "integration.request.header.X-Literal": "'lit'"}
                            """#)
                ], variables: ["v": "7"]))
        let call = try trial.call(
            "POST", "/a/x%20y?petType=a%2Bb+c&other=1",
            headers: [("Accept", "text/x"), ("User-Agent", "me"), ("X", "1")],
            body: Array(#"{"name": "rex"}"#.utf8))
        #expect(call.origin.host == "host")
        #expect(call.origin.port == 81)
        #expect(call.target == "/p/x%20y?type=a%2Bb%20c")
        #expect(call.bodyText == #"{"name": "rex"}"#)
        let names = call.headers.all.map(\.name).sorted()
        #expect(
            names == [
                "Accept", "Content-Type", "Host", "User-Agent", "X-Amzn-Apigateway-Api-Id", "X-Amzn-Trace-Id", "X-Id",
                "X-Literal", "X-Name", "X-Stage",
            ])
        #expect(call.headers.first("Accept") == "application/json")
        #expect(call.headers.first("User-Agent") == "AmazonAPIGateway_abc123")
        #expect(call.headers.first("Content-Type") == "application/json")
        #expect(call.headers.first("Host") == "host:81")
        #expect(call.headers.first("X-Stage") == "7")
        #expect(call.headers.first("X-Name") == "rex")
        #expect(call.headers.first("X-Literal") == "lit")
        #expect(call.headers.first("X-Id") == ExchangeTrial.identity.requestID)
    }

    private static let dropped = [
        "Connection", "Content-Encoding", "Content-MD5", "Expect", "Max-Forwards", "Proxy-Authenticate", "Server", "TE",
        "Transfer-Encoding", "Trailer", "Upgrade", "Via", "WWW-Authenticate",
    ]
    private static let kept = [
        "Accept", "Accept-Charset", "Accept-Encoding", "Age", "Authorization", "Content-Type", "Date", "Pragma",
        "Range",
        "Referer", "User-Agent", "Warn", "X-Own",
    ]

    @Test("HTTP_PROXY takes these client headers out", arguments: dropped)
    func proxyDrops(_ name: String) throws {
        let trial = ExchangeTrial(try .testing([Route.proxy("http://h/{proxy}")]))
        #expect(try !trial.call("GET", "/a", headers: [(name, "v")]).headers.contains(name))
    }

    @Test("HTTP_PROXY keeps these client headers as they are", arguments: kept)
    func proxyKeeps(_ name: String) throws {
        let trial = ExchangeTrial(try .testing([Route.proxy("http://h/{proxy}")]))
        #expect(try trial.call("GET", "/a", headers: [(name, "v"), (name, "w")]).headers.values(name) == ["v", "w"])
    }

    private static let sent = [
        "Accept", "Accept-Charset", "Accept-Encoding", "Age", "Authorization", "Content-Encoding", "Content-MD5",
        "Content-Type", "Date", "Host", "Max-Forwards", "Pragma", "Range", "Referer", "Server", "Trailer", "Upgrade",
        "User-Agent", "Warn", "WWW-Authenticate",
    ]

    private func mapped(_ name: String, isProxy: Bool) throws -> ExchangeTrial {
        let more = #", "requestParameters": {"integration.request.header.\#(name)": "'mapped'"}"#
        let route =
            isProxy
            ? try Route.proxy("http://h/x", "POST", "/a", more: more)
            : try Route.http("http://h/x", "POST", "/a", more: more)
        return ExchangeTrial(.testing([route]))
    }

    @Test("these headers are sent as mapped, once", arguments: sent, [true, false])
    func mappedSent(_ name: String, _ isProxy: Bool) throws {
        let call = try mapped(name, isProxy: isProxy).call(
            "POST", "/a", headers: [(name, "client")], body: [0x7B, 0x7D])
        #expect(call.headers.values(name) == ["mapped"])
    }

    @Test(
        "these mapped headers are dropped", arguments: ["Connection", "Expect", "Proxy-Authenticate", "TE", "Via"],
        [true, false])
    func mappedDropped(_ name: String, _ isProxy: Bool) throws {
        #expect(try !mapped(name, isProxy: isProxy).call("POST", "/a").headers.contains(name))
    }

    @Test("these mapped headers are an error", arguments: ["Content-Length", "Transfer-Encoding"], [true, false])
    func mappedRefused(_ name: String, _ isProxy: Bool) throws {
        let answer = try mapped(name, isProxy: isProxy).answer("POST", "/a")
        #expect(answer.status == 500)
        #expect(answer.text == #"{"message": "Internal server error"}"#)
    }

    @Test(
        "templates cannot read headers that the edge takes out",
        arguments: [
            "Connection", "Content-Length", "Content-MD5", "Expect", "Max-Forwards", "Proxy-Authenticate", "Server",
            "TE",
            "Transfer-Encoding", "Trailer", "Upgrade", "WWW-Authenticate",
        ])
    func edgeHeaders(_ name: String) {
        let request = ExchangeTrial.request("GET", "/", headers: [(name, "v"), ("Via", "w"), ("Host", "h")])
        #expect(request.templateHeaders.map(\.name) == ["Via", "Host"])
    }

    @Test("mapped query parameters take the place of the client's of the same name; the rest passes")
    func proxyQuery() throws {
        let trial = ExchangeTrial(
            try .testing([
                Route.proxy(
                    "http://h/x?fixed=1", "GET", "/a",
                    more: #", "requestParameters": {"integration.request.querystring.b": "'2'"}"#),
                Route.proxy("http://h/x?fixed=1", "GET", "/raw"),
            ]))
        #expect(try trial.call("GET", "/a?a=%C3%A9&b=1").target == "/x?fixed=1&a=%C3%A9&b=2")
        #expect(try trial.call("GET", "/raw?a=+%2b&&b").target == "/x?fixed=1&a=+%2b&&b")
    }

    @Test(
        "a value that would break the address or leave its path is an error",
        arguments: ["..", "a/../b", "%2e%2e", "."])
    func traversal(_ value: String) throws {
        let trial = ExchangeTrial(
            try .testing([
                Route.http(
                    "http://h/base/{x}", "GET", "/a",
                    more: #", "requestParameters": {"integration.request.path.x": "method.request.header.x"}"#)
            ]))
        #expect(try trial.answer("GET", "/a", headers: [("x", value)]).status == 500)
        #expect(try trial.call("GET", "/a", headers: [("x", "a?b#c d")]).target == "/base/a%3Fb%23c%20d")
        #expect(try trial.answer("GET", "/a").status == 500)
    }

    @Test("a mapped value with a line break never becomes a header")
    func headerInjection() throws {
        let trial = ExchangeTrial(
            try .testing([
                Route.http(
                    "http://h/", "GET", "/a",
                    more: #", "requestParameters": {"integration.request.header.x": "method.request.querystring.x"}"#),
                Route.http(
                    "http://h/", "GET", "/host",
                    more: #", "requestParameters": {"integration.request.header.Host": "method.request.querystring.x"}"#
                ),
            ]))
        #expect(try trial.answer("GET", "/a?x=1%0d%0aEvil:%201").status == 500)
        #expect(try trial.answer("GET", "/host?x=1%0d%0aEvil:%201").status == 500)
    }

    @Test(
        "without a fitting template the body passes, or the type is not supported",
        arguments: [
            ("WHEN_NO_MATCH", "text/plain", true), ("WHEN_NO_MATCH", "application/json", true),
            ("WHEN_NO_TEMPLATES", "text/plain", false), ("NEVER", "text/plain", false),
            ("NEVER", "application/json; charset=utf-8", true), ("WHEN_NO_TEMPLATES", "", true),
        ])
    func passthrough(_ behavior: String, _ type: String, _ isServed: Bool) throws {
        let trial = ExchangeTrial(
            try .testing([
                Route.http(
                    "http://h/", "POST", "/a",
                    more: #", "passthroughBehavior": "\#(behavior)", "requestTemplates": {"application/json": "made"}"#)
            ]))
        let headers = type.isEmpty ? [] : [("Content-Type", type)]
        guard isServed else {
            let answer = try trial.answer("POST", "/a", headers: headers, body: "x")
            #expect(answer.status == 415)
            #expect(answer.text == #"{"message": "Unsupported Media Type"}"#)
            #expect(answer.headers.first("x-amzn-ErrorType") == "BadRequestException")
            return
        }
        let call = try trial.call("POST", "/a", headers: headers, body: Array("x".utf8))
        #expect(call.bodyText == (type == "text/plain" ? "x" : "made"))
    }

    @Test("no templates at all: WHEN_NO_TEMPLATES passes the body, NEVER refuses it")
    func noTemplates() throws {
        func route(_ behavior: String) throws -> ExchangeTrial {
            ExchangeTrial(
                try .testing([Route.http("http://h/", "POST", "/a", more: #", "passthroughBehavior": "\#(behavior)""#)])
            )
        }
        #expect(try route("WHEN_NO_TEMPLATES").call("POST", "/a", body: [0x78]).bodyText == "x")
        #expect(try route("NEVER").answer("POST", "/a", body: "x").status == 415)
    }

    @Test(
        "contentHandling of requests",
        arguments: [
            (String?.none, false, "a\u{FFFD}b"), (nil, true, "raw"), ("CONVERT_TO_TEXT", false, "a\u{FFFD}b"),
            ("CONVERT_TO_TEXT", true, "Yf9i"), ("CONVERT_TO_BINARY", true, "raw"),
        ])
    func contentHandling(_ handling: String?, _ isBinary: Bool, _ expected: String) throws {
        let more = handling.map { #", "contentHandling": "\#($0)""# } ?? ""
        for route in [
            try Route.http("http://h/", "POST", "/a", more: more),
            try Route.proxy("http://h/", "POST", "/a", more: more),
        ] {
            let trial = ExchangeTrial(.testing([route], binaryMediaTypes: ["image/png"]))
            let bytes: [UInt8] = [0x61, 0xFF, 0x62]
            let type = isBinary ? "Image/PNG; q=1" : "text/plain"
            let call = try trial.call("POST", "/a", headers: [("Content-Type", type)], body: bytes)
            #expect(call.bodyBytes == (expected == "raw" ? bytes : Array(expected.utf8)))
        }
    }

    @Test("text that is to become binary must be base64; a template cannot take the bytes")
    func toBinary() throws {
        let handling = #", "contentHandling": "CONVERT_TO_BINARY""#
        let trial = ExchangeTrial(
            try .testing([
                Route.http("http://h/", "POST", "/a", more: handling),
                Route.http(
                    "http://h/", "POST", "/t",
                    more: handling + #", "requestTemplates": {"application/json": "$input.body"}"#),
            ]))
        #expect(try trial.call("POST", "/a", body: Array("Yf9i".utf8)).bodyBytes == [0x61, 0xFF, 0x62])
        #expect(try trial.answer("POST", "/a", body: "not base64!").status == 500)
        #expect(try trial.answer("POST", "/t", body: "Yf9i").status == 500)
        let other = try trial.call("POST", "/t", headers: [("Content-Type", "text/x")], body: Array("Yf9i".utf8))
        #expect(other.bodyBytes == [0x61, 0xFF, 0x62])
    }

    @Test("overrides of a request template reach the endpoint")
    func overrides() throws {
        let template = #"""
            #set($context.requestOverride.header.X-A = 'over')#set($context.requestOverride.querystring.q = 'a b')#set($context.requestOverride.path.id = '9'){}
            """#
        let text = JSONValue.string(template).text(.compact)
        let trial = ExchangeTrial(
            try .testing([
                Route.http(
                    "http://h/p/{id}", "POST", "/a/{id}",
                    more: #"""
                        , "requestTemplates": {"application/json": \#(text)}, "requestParameters":
                          {"integration.request.path.id": "method.request.path.id", "integration.request.header.x-a": "'old'"}
                        """#)
            ]))
        let call = try trial.call("POST", "/a/1", body: Array("{}".utf8))
        #expect(call.target == "/p/9?q=a%20b")
        #expect(call.headers.values("X-A") == ["over"])
        #expect(call.bodyText.trimmingBlanks == "{}")
    }

    @Test("the client's trace root is kept, otherwise one is made")
    func traceID() throws {
        let trial = ExchangeTrial(try .testing([Route.proxy("http://h/{proxy}")]))
        let made = try trial.call("GET", "/a").headers.first("X-Amzn-Trace-Id")
        #expect(made == "Root=1-59682f00-000000000000411100002222")
        let sent = try trial.call("GET", "/a", headers: [("x-amzn-trace-id", "Root=1-a-b")])
        #expect(sent.headers.values("X-Amzn-Trace-Id") == ["Root=1-a-b"])
    }
}

extension String {
    var trimmingBlanks: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
