import JSON
import Testing

@testable import DataPlane

@Suite("Answers of functions behind AWS_PROXY")
struct ProxyAnswerTests {
    private func response(
        _ reply: FunctionReply, accept: String? = nil, binary: [String] = [], responses: [String: JSONValue] = [:]
    ) throws -> ExchangeResponse {
        let trial = try ExchangeTrial(
            .testing(
                [.lambda("AWS_PROXY", "GET", "/greet")], binaryMediaTypes: binary, gatewayResponses: responses))
        return try trial.response(to: reply, headers: accept.map { [("Accept", $0)] } ?? [])
    }

    @Test(
        "what is in the form asked for is passed on",
        arguments: [
            (#"{"statusCode":200}"#, 200), (#"{"statusCode":"201"}"#, 201), (#"{"headers":{"a":"b"}}"#, 200),
            ("{}", 200), (#"{"statusCode":200,"headers":null,"multiValueHeaders":null,"body":null}"#, 200),
            (#"{"statusCode":404.0,"isBase64Encoded":null}"#, 404),
        ])
    func good(_ answer: String, _ status: Int) throws {
        let response = try response(.answer(answer))
        #expect(response.error == nil)
        #expect(response.status == status)
        #expect(response.body == [])
        #expect(response.headers.first("Content-Type") == "application/json")
        #expect(response.headers.first("X-Amzn-Trace-Id")?.hasPrefix("Root=1-") == true)
    }

    @Test(
        "everything else is 502",
        arguments: [
            #"{"statusCode":"test"}"#, #"{"statusCode":200,"wrongValue":1}"#, #""text""#, "null", "[]", "17", "",
            "{", "<html>", #"{"multiValueHeaders":{"a":"b"}}"#, #"{"statusCode":99}"#, #"{"statusCode":600}"#,
            #"{"statusCode":101}"#, #"{"statusCode":200.5}"#, #"{"statusCode":1e400}"#, #"{"statusCode":[]}"#,
            #"{"body":{"a":1}}"#, #"{"body":17}"#, #"{"headers":[]}"#, #"{"headers":{"a":{"b":1}}}"#,
            #"{"headers":{"a":["b"]}}"#, #"{"headers":{"a b":"c"}}"#, #"{"headers":{"a":"b\r\nSet-Cookie: c"}}"#,
            #"{"headers":{"":"b"}}"#, #"{"isBase64Encoded":"yes"}"#, #"{"multiValueHeaders":{"a":[["b"]]}}"#,
            #"{"statusCode":200}x"#, #"{"StatusCode":200}"#, String(repeating: "[", count: 100_000),
        ])
    func malformed(_ answer: String) throws {
        let response = try response(.answer(answer))
        #expect(response.status == 502)
        #expect(response.text == #"{"message": "Internal server error"}"#)
        #expect(response.headers.first("x-amzn-ErrorType") == "InternalServerErrorException")
        #expect(response.error?.type == .default5XX)
        #expect(response.error?.detail?.hasPrefix("malformed Lambda proxy response: ") == true)
    }

    @Test("a function that failed is 502, whatever its error says")
    func functionError() throws {
        let response = try response(.error(#"{"statusCode":200,"body":"secret"}"#))
        #expect(response.status == 502)
        #expect(response.text == #"{"message": "Internal server error"}"#)
    }

    @Test(
        "why a function failed is for the log alone, and bounded",
        arguments: [
            (
                #"{"errorType":"Runtime.InvalidEntrypoint","errorMessage":"no bootstrap"}"#,
                "the function failed: Runtime.InvalidEntrypoint: no bootstrap"
            ),
            (#"{"errorMessage":"boom"}"#, "the function failed: boom"),
            (#"{"errorMessage":17}"#, "the function failed"), ("garbage", "the function failed"),
            (
                #"{"errorMessage":"\#(String(repeating: "x", count: 10_000))"}"#,
                "the function failed: " + String(repeating: "x", count: 512)
            ),
        ])
    func reasonOfFailure(_ payload: String, _ reason: String) throws {
        let response = try response(.error(payload))
        #expect(response.error?.detail == "malformed Lambda proxy response: \(reason)")
        #expect(response.text == #"{"message": "Internal server error"}"#)
    }

    @Test("an answer of more than 10 MiB, and one of too many headers, are 502")
    func tooMuch() throws {
        let body = String(repeating: "a", count: Limits.responseBodyBytesMax)
        #expect(try response(.answer(#"{"body":"\#(body)"}"#)).status == 502)
        let headers = (0...Limits.headerCountMax).map { "\"h\($0)\":\"v\"" }.joined(separator: ",")
        #expect(try response(.answer("{\"headers\":{\(headers)}}")).status == 502)
    }

    @Test("headers of both maps are merged: lists first, each pair once, scalars as text")
    func headers() throws {
        let answer = #"""
            {"headers": {"X-Solo": true, "x-both": "value-solo", "x-Same": "one", "N": 1.50},
             "multiValueHeaders": {"X-Both": ["value-multi"], "X-Same": ["one", "two"]}}
            """#
        let response = try response(.answer(answer))
        let headers = response.headers.all.filter { !["Content-Type", "X-Amzn-Trace-Id"].contains($0.name) }
            .map { "\($0.name): \($0.value)" }
        #expect(
            headers == [
                "X-Both: value-multi", "X-Both: value-solo", "X-Same: one", "X-Same: two", "X-Solo: true", "N: 1.50",
            ])
    }

    @Test("headers that belong to the connection are renamed or left out")
    func connectionHeaders() throws {
        let response = try response(
            .answer(#"{"headers":{"Content-Length":"1","Connection":"close","Transfer-Encoding":"chunked"}}"#))
        #expect(response.headers.first("Content-Length") == nil)
        #expect(response.headers.first("x-amzn-Remapped-Content-Length") == "1")
        #expect(response.headers.first("x-amzn-Remapped-Connection") == "close")
        #expect(!response.headers.contains("Transfer-Encoding"))
    }

    @Test(
        "base64 is decoded where the first type that the client accepts is binary",
        arguments: [
            ("image/png", ["image/png"], "A"), ("image/png, text/html", ["image/*"], "A"),
            ("text/html, image/png", ["image/png"], "QQ=="), ("image/png", [], "QQ=="), ("*/*", ["*/*"], "A"),
        ])
    func base64(_ accept: String, _ binary: [String], _ body: String) throws {
        let answer = #"{"body":"QQ==","isBase64Encoded":true,"headers":{"Content-Type":"image/png"}}"#
        #expect(try response(.answer(answer), accept: accept, binary: binary).text == body)
    }

    @Test("what is said to be base64 and is not is 502")
    func badBase64() throws {
        let answer = FunctionReply.answer(#"{"body":"not base64!","isBase64Encoded":true}"#)
        #expect(try response(answer, accept: "image/png", binary: ["image/png"]).status == 502)
        #expect(try response(answer, accept: "text/plain", binary: ["image/png"]).text == "not base64!")
    }

    @Test(
        "a call that Lambda refuses is 500, one too large is 413",
        arguments: [
            (403, "AccessDeniedException", 500), (404, "ResourceNotFoundException", 500),
            (429, "TooManyRequestsException", 500), (413, "RequestTooLargeException", 413),
        ])
    func refused(_ status: Int, _ type: String, _ answered: Int) throws {
        let response = try response(.refused(status: status, type: type, message: "secret reason"))
        #expect(response.status == answered)
        #expect(!response.text.contains("secret"))
        #expect(response.text.hasPrefix(answered == 500 ? #"{"message": "Internal server error"}"# : #"{"message":"#))
    }

    @Test("functions that are off are 500; the reason is for the log alone")
    func unavailable() throws {
        let response = try response(.unavailable("functions are off"))
        #expect(response.status == 500)
        #expect(response.text == #"{"message": "Internal server error"}"#)
        #expect(response.error?.detail == "the function cannot be invoked: functions are off")
    }

    @Test("an event that was only taken is no answer")
    func accepted() throws { #expect(try response(.accepted).status == 502) }

    @Test("a customised answer for all of 5xx is given for a malformed one")
    func customised() throws {
        let response = try response(
            .answer("no"),
            responses: ["DEFAULT_5XX": ["statusCode": "503", "responseTemplates": ["text/plain": "sorry"]]])
        #expect(response.status == 503)
        #expect(response.text == "sorry")
    }

    @Test("a function is invoked by POST alone; a customised failure without a status is 500")
    func wrongMethod() throws {
        for by in ["GET", "ANY"] {
            let trial = try ExchangeTrial(
                .testing(
                    [.lambda("AWS_PROXY", "GET", "/greet", by: by)],
                    gatewayResponses: ["INTEGRATION_FAILURE": ["responseTemplates": ["text/plain": "failed"]]]))
            let response = try trial.answer("GET", "/greet")
            #expect(response.status == 500)
            #expect(response.text == "failed")
        }
    }
}
