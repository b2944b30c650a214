import JSON
import Testing

@testable import DataPlane

@Suite("Events of AWS_PROXY")
struct ProxyEventTests {
    private func event(
        _ request: ExchangeRequest, path: String = "/{proxy+}", body: [UInt8] = [], variables: [String: String] = [:],
        binary: [String] = []
    ) throws -> JSONValue {
        let trial = try ExchangeTrial(
            .testing([.lambda("AWS_PROXY", "ANY", path)], variables: variables, binaryMediaTypes: binary))
        return try JSONValue(parsing: trial.invocation(request, body: body).call.event)
    }

    @Test("an event is as recorded, to the byte")
    func whole() throws {
        let trial = try ExchangeTrial(.testing([.lambda("AWS_PROXY", "ANY", "/{proxy+}")], variables: ["b": "2"]))
        let (call, exchange) = try trial.invocation(
            "POST", "/Seattle?time=evening&a=1&a=2",
            headers: [("Host", "abc123.execute-api.test"), ("tEsT-HEADeR", "x"), ("Via", "v"), ("TE", "gzip")],
            body: "{\"a\": \"\u{e9}\"}")
        let identity = ExchangeTrial.identity
        let trace = exchange.traceID
        #expect(
            String(decoding: call.event, as: UTF8.self) == """
                {"resource":"/{proxy+}","path":"/Seattle","httpMethod":"POST","headers":{"tEsT-HEADeR":"x","Via":"v",\
                "Host":"abc123.execute-api.test","X-Amzn-Trace-Id":"\(trace)","X-Forwarded-For":"192.0.2.7",\
                "X-Forwarded-Port":"80","X-Forwarded-Proto":"http"},"multiValueHeaders":{"tEsT-HEADeR":["x"],\
                "Via":["v"],"Host":["abc123.execute-api.test"],"X-Amzn-Trace-Id":["\(trace)"],\
                "X-Forwarded-For":["192.0.2.7"],"X-Forwarded-Port":["80"],"X-Forwarded-Proto":["http"]},\
                "queryStringParameters":{"time":"evening","a":"2"},\
                "multiValueQueryStringParameters":{"time":["evening"],"a":["1","2"]},\
                "pathParameters":{"proxy":"Seattle"},"stageVariables":{"b":"2"},"requestContext":{"resourceId":"r0",\
                "resourcePath":"/{proxy+}","httpMethod":"POST","extendedRequestId":"\(identity.extendedRequestID)",\
                "requestTime":"14/Jul/2017:02:40:00 +0000","path":"/test/Seattle","accountId":"123456789012",\
                "protocol":"HTTP/1.1","stage":"test","domainPrefix":"abc123","requestTimeEpoch":1500000000123,\
                "requestId":"\(identity.requestID)","identity":{"cognitoIdentityPoolId":null,"accountId":null,\
                "cognitoIdentityId":null,"caller":null,"sourceIp":"192.0.2.7","principalOrgId":null,\
                "accessKey":null,"cognitoAuthenticationType":null,"cognitoAuthenticationProvider":null,\
                "userArn":null,"userAgent":null,"user":null},"domainName":"abc123.execute-api.test",\
                "deploymentId":"dep1","apiId":"abc123"},"body":"{\\"a\\": \\"\u{e9}\\"}","isBase64Encoded":false}
                """)
    }

    @Test("what a request lacks is null, not empty")
    func nulls() throws {
        let event = try event(ExchangeTrial.request("GET", "/"), path: "/")
        for name in [
            "queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables", "body",
        ] { #expect(event[name] == JSONValue.null, "\(name)") }
        #expect(event["path"] == "/")
        #expect(event["isBase64Encoded"] == false)
    }

    @Test("a doubled slash after the stage is gone from the path and stays in the context")
    func doubledSlash() throws {
        let event = try event(ExchangeTrial.request("GET", "//proxy-value//double-slash"))
        #expect(event["path"] == "/proxy-value//double-slash")
        #expect(event["requestContext"]?["path"] == "/test//proxy-value//double-slash")
        #expect(event["pathParameters"]?["proxy"] == "proxy-value//double-slash")
    }

    @Test("headers that the edge removes are not in the event; forwarded addresses are appended to")
    func headers() throws {
        let request = ExchangeTrial.request(
            "POST", "/a",
            headers: [
                ("Content-Length", "2"), ("Connection", "close"), ("Content-MD5", "x"), ("Upgrade", "x"),
                ("Content-Encoding", "br"), ("X-Forwarded-For", "203.0.113.9"), ("x-forwarded-PROTO", "ftp"),
                ("A", "1"), ("a", "2"),
            ])
        let event = try event(request, body: Array("{}".utf8))
        let names = event["headers"]?.object?.members.map(\.name)
        #expect(
            names == [
                "Content-Encoding", "A", "Host", "X-Amzn-Trace-Id", "X-Forwarded-For", "X-Forwarded-Port",
                "X-Forwarded-Proto",
            ])
        #expect(event["headers"]?["X-Forwarded-For"] == "203.0.113.9, 192.0.2.7")
        #expect(event["headers"]?["X-Forwarded-Proto"] == "http")
        #expect(event["headers"]?["A"] == "2")
        #expect(event["multiValueHeaders"]?["A"] == ["1", "2"])
    }

    @Test("values of the path stay encoded, those of the query do not")
    func encoding() throws {
        let event = try event(ExchangeTrial.request("GET", "/test%2Balias@gmail.com?q=a%2Bb+c"))
        #expect(event["pathParameters"]?["proxy"] == "test%2Balias@gmail.com")
        #expect(event["queryStringParameters"]?["q"] == "a+b c")
    }

    @Test("a binary body is base64 and says so; text that is no UTF-8 is repaired")
    func bodies() throws {
        let image = ExchangeTrial.request("POST", "/a", headers: [("Content-Type", "image/png")])
        let binary = try event(image, body: [0xFF, 0x00], binary: ["image/*"])
        #expect(binary["body"] == "/wA=")
        #expect(binary["isBase64Encoded"] == true)
        let text = try event(image, body: [0x41, 0xFF])
        #expect(text["body"] == "A\u{FFFD}")
        #expect(text["isBase64Encoded"] == false)
        let none = try event(image, binary: ["*/*"])
        #expect(none["body"] == JSONValue.null)
        #expect(none["isBase64Encoded"] == false)
    }

    @Test("the function is asked for the API's route, with parameters as stars")
    func source() throws {
        let trial = try ExchangeTrial(.testing([.lambda("AWS_PROXY", "ANY", "/pets/{petId}/{rest+}")]))
        let call = try trial.invocation("PUT", "/pets/7/a/b").call
        guard case .service(let source, let account) = call.authority else { throw Unexpected("\(call.authority)") }
        #expect(source == "arn:aws:execute-api:us-east-1:123456789012:abc123/test/PUT/pets/*/*")
        #expect(account == "123456789012")
        #expect(call.function == "arn:aws:lambda:us-east-1:123456789012:function:greeter")
        #expect(call.timeout == 29_000)
        #expect(call.requestID == ExchangeTrial.identity.requestID)
    }
}
