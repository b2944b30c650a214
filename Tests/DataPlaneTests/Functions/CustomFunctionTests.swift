import Diagnostics
import JSON
import Testing

@testable import DataPlane

@Suite("Functions behind AWS")
struct CustomFunctionTests {
    private func trial(_ more: String, method: String = "{}") throws -> ExchangeTrial {
        try ExchangeTrial(.testing([.lambda("AWS", "POST", "/greet", more: more, method: method)]))
    }

    private func event(_ call: FunctionCall) -> String { String(decoding: call.event, as: UTF8.self) }

    @Test("the body goes as it is where there is no template, and an empty one stays empty")
    func passthrough() throws {
        let trial = try trial("")
        #expect(event(try trial.invocation("POST", "/greet", body: "[1, 2]").call) == "[1, 2]")
        #expect(event(try trial.invocation("POST", "/greet").call) == "")
    }

    @Test("the event is what the template makes of the request")
    func template() throws {
        let trial = try trial(
            #", "requestTemplates": {"application/json": "{\"name\": \"$input.params('name')\"}"}"#)
        #expect(event(try trial.invocation("POST", "/greet?name=Ann", body: "{}").call) == #"{"name": "Ann"}"#)
    }

    @Test("the answer passes as it is, whatever it is")
    func answers() throws {
        let trial = try trial("")
        for text in [#""Pass""#, "null", "", "<not json>", #"{"statusCode":500}"#] {
            let response = try trial.response(to: .answer(text), "POST")
            #expect(response.status == 200)
            #expect(response.text == text)
            #expect(response.headers.first("Content-Type") == "application/json")
        }
    }

    private static let patterns = """
        , "integrationResponses": {"200": {"statusCode": "200"},
           "405": {"statusCode": "405", "selectionPattern": ".*four hundred.*"},
           "502": {"statusCode": "502", "selectionPattern": ".+"},
           "503": {"statusCode": "503", "selectionPattern": "200"}}
        """

    @Test(
        "patterns are held against the error's message; the lowest status wins",
        arguments: [
            (#"{"errorMessage":"it is four hundred now","errorType":"E"}"#, 405),
            (#"{"errorMessage":"other"}"#, 502), (#"{"errorMessage":""}"#, 200), (#"{"errorMessage":null}"#, 200),
            ("{}", 200), ("garbage", 200), ("[]", 200),
        ])
    func selection(_ payload: String, _ status: Int) throws {
        let response = try trial(Self.patterns).response(to: .error(payload), "POST")
        #expect(response.status == status)
        #expect(response.text == payload)
    }

    @Test("no pattern is held against an answer that is no error, though it looks like one")
    func noError() throws {
        let answer = FunctionReply.answer(#"{"errorMessage":"four hundred"}"#)
        #expect(try trial(Self.patterns).response(to: answer, "POST").status == 200)
    }

    @Test("without a default, what fits no pattern is 500")
    func noDefault() throws {
        let trial = try trial(
            #", "integrationResponses": {"400": {"statusCode": "400", "selectionPattern": "bad.*"}}"#)
        #expect(try trial.response(to: .answer("{}"), "POST").status == 500)
        #expect(try trial.response(to: .error(#"{"errorMessage":"worse"}"#), "POST").status == 500)
        #expect(try trial.response(to: .error(#"{"errorMessage":"bad one"}"#), "POST").status == 400)
    }

    @Test("a template sees the error's document; headers of the answer can be mapped")
    func responseMapping() throws {
        let trial = try trial(
            #"""
            , "integrationResponses": {"200": {"statusCode": "200"}, "400": {"statusCode": "400",
               "selectionPattern": "no .*",
               "responseTemplates": {"application/json": "{\"why\": \"$input.path('$.errorMessage')\"}"},
               "responseParameters": {"method.response.header.X-Error": "integration.response.header.X-Amz-Function-Error",
                "method.response.header.X-Request": "integration.response.header.x-amzn-RequestId",
                "method.response.header.X-Type": "integration.response.body.errorType"}}}
            """#)
        let response = try trial.response(to: .error(#"{"errorMessage":"no pet","errorType":"T"}"#), "POST")
        #expect(response.status == 400)
        #expect(response.text == #"{"why": "no pet"}"#)
        #expect(response.headers.first("X-Error") == "Unhandled")
        #expect(response.headers.first("X-Request") == ExchangeTrial.identity.requestID)
        #expect(response.headers.first("X-Type") == "T")
    }

    @Test("an invocation of type Event is asynchronous, and its answer is the default's")
    func asynchronous() throws {
        let trial = try trial(
            #", "requestParameters": {"integration.request.header.X-Amz-Invocation-Type": "'Event'"}"#)
        #expect(try trial.invocation("POST", "/greet").call.isAsynchronous)
        let response = try trial.response(to: .accepted, "POST")
        #expect(response.status == 200)
        #expect(response.body == [])
    }

    @Test("the invocation type may come from the request; one that nobody knows is 500")
    func invocationType() throws {
        let trial = try trial(
            """
            , "requestParameters": {"integration.request.header.x-amz-invocation-type": "method.request.header.Kind"}
            """)
        for (kind, expected) in [("Event", true), ("RequestResponse", false)] {
            let call = try trial.invocation("POST", "/greet", headers: [("Kind", kind)]).call
            #expect(call.isAsynchronous == expected)
        }
        let response = try trial.answer("POST", "/greet", headers: [("Kind", "Sometimes")])
        #expect(response.status == 500)
        #expect(response.error?.detail?.contains("`Sometimes`") == true)
    }

    @Test(
        "headers that belong to the call itself cannot be mapped: the route is 500 and says so",
        arguments: ["Authorization", "connection", "Expect", "Proxy-Authenticate", "TE", "Content-Length"])
    func refusedHeaders(_ name: String) throws {
        for type in ["AWS", "AWS_PROXY"] {
            let more = #", "requestParameters": {"integration.request.header.\#(name)": "'x'"}"#
            let trial = try ExchangeTrial(.testing([.lambda(type, "GET", "/greet", more: more)]))
            #expect(try trial.answer("GET", "/greet").status == 500)
            #expect(trial.snapshot.problems.map(\.code) == [ConfigurationProblem.mapping.rawValue])
        }
    }

    @Test("a role is named in the call; the caller's credentials need a caller")
    func credentials() throws {
        let role = "arn:aws:iam::123456789012:role/apigw"
        let byRole = try trial(#", "credentials": "\#(role)""#)
        guard case .role(let arn, _) = try byRole.invocation("POST", "/greet").call.authority else {
            throw Unexpected("not by role")
        }
        #expect(arn == role)
        let byCaller = try trial(#", "credentials": "arn:aws:iam::*:user/*""#)
        let response = try byCaller.answer("POST", "/greet")
        #expect(response.status == 500)
        #expect(response.error?.detail?.contains("did not sign") == true)
    }
}

@Suite("Which function an integration names")
struct FunctionTargetTests {
    private func target(
        _ path: String, credentials: JSONValue? = nil, variables: [String: String] = [:]
    ) throws -> FunctionTarget {
        try FunctionTarget(
            parsing: "arn:aws:apigateway:us-east-1:lambda:\(path)", credentials: credentials,
            stageVariables: variables, account: "123456789012")
    }

    private static let arn = "arn:aws:lambda:us-east-1:123456789012:function:f"

    @Test("an ARN with a version or an alias, and stage variables anywhere")
    func good() throws {
        #expect(try target("path/2015-03-31/functions/\(Self.arn):prod/invocations").function == Self.arn + ":prod")
        let variable = try target(
            "path/2015-03-31/functions/\(Self.arn.dropLast())${stageVariables.f}/invocations",
            variables: ["f": "g:blue"])
        #expect(variable.function == "arn:aws:lambda:us-east-1:123456789012:function:g:blue")
        let whole = try target(
            "path/2015-03-31/functions/${stageVariables.arn}/invocations", variables: ["arn": Self.arn])
        #expect(whole.function == Self.arn)
        #expect(
            whole.url
                == "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/\(Self.arn)/invocations")
    }

    @Test(
        "an address that names no function is refused",
        arguments: [
            "action/Invoke", "path/2015-03-31/functions//invocations", "path/2015-03-31/functions/\(arn)",
            "path/2015-03-31/functions/\(arn)/invocations/more", "path/2014-11-13/functions/\(arn)/invocations",
            "path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:/invocations",
            "path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:${stageVariables.x}/invocations",
            "path/2015-03-31/functions/arn:aws:sqs:us-east-1:123456789012:function:f/invocations",
        ])
    func refused(_ path: String) {
        let stop = #expect(throws: CompileStop.self) { _ = try target(path) }
        #expect(stop?.problem == .endpoint)
    }

    @Test("a function of another account is refused by name")
    func otherAccount() {
        let arn = "arn:aws:lambda:us-east-1:999999999999:function:f"
        let stop = #expect(throws: CompileStop.self) {
            _ = try target("path/2015-03-31/functions/\(arn)/invocations")
        }
        #expect(
            stop?.reason
                == "the function `\(arn)` is of account `999999999999`; only those of `123456789012` can be invoked")
    }

    @Test(
        "credentials are nobody's, a role's or the caller's",
        arguments: [("arn:aws:iam::*:user/*", true), ("arn:aws:iam::123456789012:user/ann", false), ("me", false)])
    func credentials(_ text: String, _ isGood: Bool) throws {
        let path = "path/2015-03-31/functions/\(Self.arn)/invocations"
        if isGood {
            #expect(try target(path, credentials: .string(text)).credentials == .caller)
        } else {
            #expect(throws: CompileStop.self) { _ = try target(path, credentials: .string(text)) }
        }
        #expect(try target(path, credentials: .null).credentials == .none)
        #expect(
            try target(path, credentials: "arn:aws:iam::1:role/p/r").credentials == .role("arn:aws:iam::1:role/p/r"))
    }
}
