import JSON
import Testing

@testable import DataPlane

@Suite("From the endpoint to the client")
struct ResponseMappingTests {
    private func http(_ responses: String, binaryMediaTypes: [String] = []) throws -> ExchangeTrial {
        ExchangeTrial(
            try .testing(
                [Route.http("http://h/", "GET", "/a", more: #", "integrationResponses": \#(responses)"#)],
                binaryMediaTypes: binaryMediaTypes))
    }

    @Test("HTTP passes no header of the endpoint unless it is mapped")
    func httpHeaders() throws {
        let trial = try http(
            #"{"200": {"responseParameters": {"method.response.header.X-A": "integration.response.header.x-in", "method.response.header.X-None": "integration.response.header.none", "method.response.header.X-B": "integration.response.body.b.c"}}}"#
        )
        let answer = try trial.answer(
            "GET", "/a", endpoint: EndpointAnswer(200, #"{"b": {"c": 5}}"#, [("X-In", "1"), ("X-Other", "2")]))
        #expect(answer.headers.all.map(\.name) == ["X-A", "X-B", "Content-Type", "X-Amzn-Trace-Id"])
        #expect(answer.headers.first("X-A") == "1")
        #expect(answer.headers.first("X-B") == "5")
        #expect(answer.headers.first("Content-Type") == "application/json")
        #expect(answer.text == #"{"b": {"c": 5}}"#)
    }

    private static let asIs = [
        "Accept", "Accept-Charset", "Accept-Encoding", "Age", "Content-Encoding", "Content-Type", "Pragma", "Range",
        "Referer", "TE", "Via", "Warn",
    ]
    private static let remapped = [
        "Authorization", "Connection", "Content-Length", "Content-MD5", "Date", "Expect", "Host", "Max-Forwards",
        "Proxy-Authenticate", "Server", "Trailer", "Upgrade", "User-Agent", "WWW-Authenticate",
    ]

    private func mapped(_ name: String) throws -> ExchangeResponse {
        try http(#"{"200": {"responseParameters": {"method.response.header.\#(name)": "'v'"}}}"#)
            .answer("GET", "/a", endpoint: EndpointAnswer(200, "{}"))
    }

    @Test("these mapped headers pass as they are", arguments: asIs)
    func passes(_ name: String) throws { #expect(try mapped(name).headers.values(name) == ["v"]) }

    @Test("these mapped headers are renamed", arguments: remapped)
    func renames(_ name: String) throws {
        let headers = try mapped(name).headers
        #expect(!headers.contains(name))
        #expect(headers.first("x-amzn-Remapped-\(name)") == "v")
    }

    @Test("a mapped Transfer-Encoding is dropped")
    func drops() throws {
        #expect(try mapped("Transfer-Encoding").headers.all.map(\.name) == ["Content-Type", "X-Amzn-Trace-Id"])
    }

    @Test("HTTP_PROXY passes headers of the endpoint, some renamed, and adds no trace id")
    func proxyHeaders() throws {
        let trial = ExchangeTrial(try .testing([Route.proxy("http://h/{proxy}")]))
        let answer = try trial.answer(
            "GET", "/a",
            endpoint: EndpointAnswer(
                201, "x",
                [
                    ("Connection", "c"), ("Content-Length", "1"), ("Date", "d"), ("Server", "s"),
                    ("x-amzn-RequestId", "r"),
                    ("Access-Control-Allow-Origin", "*"), ("Set-Cookie", "a"), ("Set-Cookie", "b"),
                    ("Transfer-Encoding", "chunked"), ("Content-Type", "text/x"),
                ]))
        #expect(
            answer.headers.all.map { "\($0.name)=\($0.value)" } == [
                "x-amzn-Remapped-Connection=c", "x-amzn-Remapped-Content-Length=1", "x-amzn-Remapped-Date=d",
                "x-amzn-Remapped-Server=s", "x-amzn-Remapped-x-amzn-RequestId=r", "Access-Control-Allow-Origin=*",
                "Set-Cookie=a", "Set-Cookie=b", "Content-Type=text/x",
            ])
        #expect(answer.status == 201)
    }

    @Test(
        "the response is chosen by a pattern that matches the whole status, the lowest status first",
        arguments: [(200, 200), (404, 404), (405, 400), (503, 500), (302, 200)])
    func selection(_ endpoint: Int, _ client: Int) throws {
        let trial = try http(
            #"{"500": {"selectionPattern": "5\\d{2}"}, "404": {"selectionPattern": "404"}, "418": {"selectionPattern": "4.*"}, "200": {}, "400": {"selectionPattern": "40[5-9]"}, "410": {"selectionPattern": "5|4"}}"#
        )
        #expect(try trial.answer("GET", "/a", endpoint: EndpointAnswer(endpoint, "")).status == client)
    }

    @Test("no fitting response and no default is an error")
    func noResponse() throws {
        let trial = try http(#"{"200": {"selectionPattern": "200"}}"#)
        #expect(try trial.answer("GET", "/a", endpoint: EndpointAnswer(201, "")).status == 500)
    }

    @Test("the template is chosen by Accept, otherwise the first one is taken")
    func accept() throws {
        let trial = try http(
            #"{"200": {"responseTemplates": {"text/html": "<p>", "application/json": "{}", "text/x": null}}}"#)
        func body(_ accept: String?) throws -> String {
            try trial.answer(
                "GET", "/a", headers: accept.map { [("Accept", $0)] } ?? [], endpoint: EndpointAnswer(200, "raw")
            ).text
        }
        #expect(try body(nil) == "{}")
        #expect(try body("text/html") == "<p>")
        #expect(try body("image/png, application/json;q=0.5") == "{}")
        #expect(try body("image/png") == "<p>")
        #expect(try body("text/x") == "raw")
    }

    @Test("overrides of either template reach the client")
    func overrides() throws {
        let set = "#set($context.responseOverride.status = 444)#set($context.responseOverride.header.foo = 'bar')"
        let request = JSONValue.string(set + #"{"statusCode": 200}"#).text(.compact)
        let response = JSONValue.string(set + "made").text(.compact)
        let trial = ExchangeTrial(
            try .testing([
                Route(
                    "GET", "/early",
                    #"{"type": "MOCK", "requestTemplates": {"application/json": \#(request)}, "integrationResponses": {"200": {}}}"#
                ),
                Route.http(
                    "http://h/", "GET", "/late",
                    more:
                        #", "integrationResponses": {"200": {"responseTemplates": {"application/json": \#(response)}}}"#
                ),
            ]))
        let early = try trial.answer("GET", "/early")
        #expect(early.status == 444)
        #expect(early.headers.first("foo") == "bar")
        let late = try trial.answer("GET", "/late", endpoint: EndpointAnswer(200, "{}"))
        #expect(late.status == 444)
        #expect(late.headers.first("foo") == "bar")
        #expect(late.text == "made")
    }

    @Test(
        "contentHandling of responses: the endpoint's type decides",
        arguments: [
            ("CONVERT_TO_BINARY", "text/plain", "YWJj", 200, "abc"), ("CONVERT_TO_BINARY", "text/plain", "a!", 500, ""),
            ("CONVERT_TO_BINARY", "image/png", "YWJj", 200, "YWJj"),
            ("CONVERT_TO_TEXT", "image/png", "abc", 200, "YWJj"),
            ("CONVERT_TO_TEXT", "text/plain", "abc", 200, "abc"),
        ])
    func contentHandling(
        _ handling: String, _ type: String, _ body: String, _ status: Int, _ expected: String
    ) throws {
        let trial = try http(#"{"200": {"contentHandling": "\#(handling)"}}"#, binaryMediaTypes: ["image/png"])
        for accept in ["image/png", "text/plain"] {
            let answer = try trial.answer(
                "GET", "/a", headers: [("Accept", accept)],
                endpoint: EndpointAnswer(200, body, [("Content-Type", type)]))
            #expect(answer.status == status)
            if status == 200 { #expect(answer.text == expected) }
        }
    }

    @Test("$context is complete in a template")
    func context() throws {
        let names = [
            "accountId", "apiId", "deploymentId", "domainName", "domainPrefix", "extendedRequestId", "httpMethod",
            "path",
            "protocol", "requestId", "requestTime", "requestTimeEpoch", "resourceId", "resourcePath", "stage",
            "identity.sourceIp", "identity.userAgent",
        ]
        let text = JSONValue.string(names.map { "$context.\($0)" }.joined(separator: "|")).text(.compact)
        let trial = ExchangeTrial(
            try .testing([
                Route(
                    "GET", "/a/{x}",
                    #"{"type": "MOCK", "requestTemplates": {"application/json": "{\"statusCode\":200}"}, "integrationResponses": {"200": {"responseTemplates": {"application/json": \#(text)}}}}"#
                )
            ]))
        let answer = try trial.answer("GET", "/a/1", headers: [("User-Agent", "me")])
        let identity = ExchangeTrial.identity
        #expect(
            answer.text.split(separator: "|").map(String.init) == [
                "123456789012", "abc123", "dep1", "abc123.execute-api.test", "abc123", identity.extendedRequestID,
                "GET",
                "/test/a/1", "HTTP/1.1", identity.requestID, "14/Jul/2017:02:40:00 +0000", "1500000000123", "r0",
                "/a/{x}",
                "test", "192.0.2.7", "me",
            ])
    }

    @Test("MOCK needs JSON with a status code", arguments: ["", "x", "{}", "[]", #"{"statusCode": "abc"}"#])
    func mockFails(_ template: String) throws {
        let text = JSONValue.string(template).text(.compact)
        let trial = ExchangeTrial(
            try .testing([
                Route(
                    "GET", "/a",
                    #"{"type": "MOCK", "requestTemplates": {"application/json": \#(text)}, "integrationResponses": {"200": {}}}"#
                )
            ]))
        #expect(try trial.answer("GET", "/a").status == 500)
    }

    @Test("MOCK matches its status code against the patterns; a fixed one gives the same as a made one")
    func mock() throws {
        let responses =
            #""integrationResponses": {"200": {}, "404": {"selectionPattern": "404", "responseParameters": {"method.response.header.X": "'1'"}}}"#
        let trial = ExchangeTrial(
            try .testing([
                Route(
                    "GET", "/fixed",
                    #"{"type": "MOCK", "requestTemplates": {"application/json": "{\"statusCode\": 404}"}, \#(responses)}"#
                ),
                Route(
                    "GET", "/made",
                    #"{"type": "MOCK", "requestTemplates": {"application/json": "{\"statusCode\": $input.params('s')}"}, \#(responses)}"#
                ),
            ]))
        let fixed = try trial.answer("GET", "/fixed")
        let made = try trial.answer("GET", "/made?s=404")
        #expect(fixed.status == 404)
        #expect(made.status == fixed.status)
        #expect(made.headers == fixed.headers)
        #expect(try trial.answer("GET", "/made?s=207").status == 200)
        #expect(try trial.answer("GET", "/made?s=oops").status == 500)
        #expect(try trial.answer("GET", "/fixed", headers: [("Content-Type", "text/x")]).status == 500)
    }
}
