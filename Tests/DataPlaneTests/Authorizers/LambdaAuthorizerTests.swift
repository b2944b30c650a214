import Diagnostics
import JSON
import Testing

@testable import DataPlane

@Suite("Lambda authorizers")
struct LambdaAuthorizerTests {
    private static let unauthorized = #"{"message":"Unauthorized"}"#
    private static let denied = #"{"Message":"User is not authorized to access this resource"}"#
    private static let failed = #"{"message":null}"#

    // MARK: What the function is asked

    @Test("a TOKEN authorizer is sent the token and the method's ARN")
    func tokenEvent() throws {
        let call = try AuthorizerTrial().call("POST", "/pets/a%20b?q=1", [("authorization", "Bearer x")])
        #expect(
            String(decoding: call.event, as: UTF8.self)
                == #"{"type":"TOKEN","methodArn":"\#(AuthorizerTrial.stage)/POST/pets/a%20b","#
                + #""authorizationToken":"Bearer x"}"#)
        #expect(call.function == "arn:aws:lambda:us-east-1:123456789012:function:door")
        guard case .service(let source, "123456789012") = call.authority else { throw Unexpected("\(call.authority)") }
        #expect(source == "arn:aws:execute-api:us-east-1:123456789012:abc123/authorizers/a1")
    }

    @Test("a REQUEST authorizer is sent the request without its body; what is not there is an empty map")
    func requestEvent() throws {
        let trial = try AuthorizerTrial("REQUEST", #"{"authorizerResultTtlInSeconds": 0}"#)
        let event = try JSONValue(parsing: trial.call("PUT", "/pets/1", [("X", "y")]).event)
        #expect(
            event.object?.members.map(\.name) == [
                "type", "methodArn", "resource", "path", "httpMethod", "headers", "multiValueHeaders",
                "queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables",
                "requestContext",
            ])
        #expect(event["type"] == "REQUEST")
        #expect(event["headers"]?["X"] == "y")
        #expect(event["queryStringParameters"] == [:])
        #expect(event["pathParameters"] == ["id": "1"])
        #expect(event["stageVariables"] == ["tier": "gold"])
    }

    @Test("credentials are a role")
    func role() throws {
        let trial = try AuthorizerTrial("TOKEN", #"{"authorizerCredentials": "arn:aws:iam::123456789012:role/r"}"#)
        guard case .role("arn:aws:iam::123456789012:role/r", _) = try trial.call().authority else {
            throw Unexpected("not by role")
        }
    }

    // MARK: Before it is asked

    @Test(
        "without the token, or with one that does not look like one, it is 401 without a call",
        arguments: [[], [("Authorization", "")], [("Authorization", "no digits")], [("Other", "t1")]])
    func noToken(_ headers: [(String, String)]) throws {
        let trial = try AuthorizerTrial("TOKEN", #"{"identityValidationExpression": "t[0-9]+"}"#)
        let response = try trial.unasked("GET", "/pets/1", headers)
        #expect(response.status == 401)
        #expect(response.text == Self.unauthorized)
        #expect(response.headers.first("x-amzn-ErrorType") == "UnauthorizedException")
        _ = try trial.call("GET", "/pets/1", [("Authorization", "t12")])
    }

    @Test("a REQUEST authorizer that keeps answers needs all of its identity sources")
    func missingSource() throws {
        let sources =
            "method.request.header.Auth, method.request.querystring.q,stageVariables.tier,context.identity.sourceIp"
        let trial = try AuthorizerTrial("REQUEST", #"{"identitySource": "\#(sources)"}"#)
        #expect(try trial.unasked("GET", "/pets/1?q=1").status == 401)
        #expect(try trial.unasked("GET", "/pets/1", [("Auth", "a")]).status == 401)
        #expect(try trial.unasked("GET", "/pets/1?q=", [("Auth", "a")]).text == Self.unauthorized)
        _ = try trial.call("GET", "/pets/1?q=1", [("Auth", "a")])
        let asksAlways = try AuthorizerTrial(
            "REQUEST", #"{"identitySource": "\#(sources)", "authorizerResultTtlInSeconds": 0}"#)
        _ = try asksAlways.call("GET", "/pets/1", [])
    }

    @Test("an explicit denial by the resource policy is 403 before anybody is asked")
    func resourcePolicyFirst() throws {
        let policy = try JSONValue(
            parsing: #"""
                {"Version": "2012-10-17", "Statement": [
                 {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"},
                 {"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/test/GET/pets/1"}]}
                """#)
        let trial = try AuthorizerTrial(policy: policy)
        let response = try trial.unasked("GET", "/pets/1", [("Authorization", "t")])
        #expect(response.status == 403)
        #expect(response.text.contains("with an explicit deny"))
        #expect(try trial.unasked("GET", "/pets/%31", [("Authorization", "t")]).status == 403)
        #expect(try trial.response(AuthorizerTrial.says("Allow"), "GET", "/pets/2").status == 200)
    }

    @Test("a private API without a resource policy refuses before anybody is asked")
    func isPrivate() throws {
        let trial = try AuthorizerTrial(isPrivate: true)
        #expect(try trial.unasked("GET", "/pets/1", [("Authorization", "t")]).status == 403)
    }

    // MARK: What it says

    @Test("whoever is allowed passes, and the context is texts")
    func allowed() throws {
        let reply = AuthorizerTrial.says(more: #", "context": {"n": 17, "ok": true}"#)
        let response = try AuthorizerTrial().response(reply)
        #expect(response.status == 200)
        #expect(response.text == #"{"id": "ann", "n": "17", "ok": "true"}"#)
    }

    @Test("the context is in the event of a proxied function")
    func proxiedContext() throws {
        let trial = try AuthorizerTrial()
        let request = ExchangeTrial.request("GET", "/proxied", headers: [("Authorization", "t")])
        guard case .asked(_, var exchange) = try trial.open(request),
            case .collect = exchange.resume(AuthorizerTrial.says(more: #", "context": {"n": 1.5}"#)),
            case .invoke(let call) = exchange.proceed(body: [])
        else { throw Unexpected("no call") }
        let event = try JSONValue(parsing: call.event)
        #expect(event["requestContext"]?["authorizer"] == ["principalId": "ann", "n": "1.5"])
    }

    @Test(
        "a policy that does not allow is 403",
        arguments: [
            ("Deny", "*", true), ("Allow", "arn:aws:execute-api:*:*:other/*", false),
            ("Allow", AuthorizerTrial.stage + "/POST/*", false), ("Deny", AuthorizerTrial.stage + "/GET/pets/1", true),
        ])
    func denied(_ effect: String, _ resource: String, _ isExplicit: Bool) throws {
        let response = try AuthorizerTrial().response(AuthorizerTrial.says(effect, resource))
        #expect(response.status == 403)
        #expect(
            response.text
                == (isExplicit
                    ? Self.denied.replacing("resource", with: "resource with an explicit deny") : Self.denied))
        #expect(response.headers.first("x-amzn-ErrorType") == "AccessDeniedException")
    }

    @Test("a denied path cannot be reached by another spelling of it")
    func spellings() throws {
        let reply = FunctionReply.answer(
            #"""
            {"principalId": "ann", "policyDocument": {"Version": "2012-10-17", "Statement": [
             {"Effect": "Allow", "Action": "*", "Resource": "*"},
             {"Effect": "Deny", "Action": "*", "Resource": "\#(AuthorizerTrial.stage)/GET/pets/1"}]}}
            """#)
        for path in ["/pets/1", "/pets/%31", "//pets/1", "/pets/1/"] {
            #expect(try AuthorizerTrial().response(reply, "GET", path).status == 403, "\(path)")
        }
        #expect(try AuthorizerTrial().response(reply, "GET", "/pets/2").status == 200)
    }

    @Test("the word Unauthorized is 401")
    func unauthorized() throws {
        let response = try AuthorizerTrial().response(.error(#"{"errorMessage":"Unauthorized"}"#))
        #expect(response.status == 401)
        #expect(response.text == Self.unauthorized)
    }

    private static let allow =
        #""policyDocument": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#

    @Test(
        "an answer that is none is 500, and nobody passes",
        arguments: [
            "", "null", "{}", "Unauthorized", "[]", #"{"principalId": "a"}"#, "{\(allow)}",
            #"{"principalId": 1, \#(allow)}"#, #"{"principalId": "", \#(allow)}"#,
            #"{"principalId": "a", "policyDocument": "text"}"#, #"{"principalId": "a", "policyDocument": {}}"#,
            #"{"principalId": "a", "policyDocument": {"Statement": [{"Effect": "Perhaps", "Action": "*", "Resource": "*"}]}}"#,
            #"{"principalId": "a", \#(allow), "context": [1]}"#,
            #"{"principalId": "a", \#(allow), "context": {"deep": {"a": 1}}}"#,
            #"{"principalId": "a", \#(allow), "context": {"none": null}}"#,
            #"{"principalId": "a", \#(allow), "usageIdentifierKey": 7}"#,
            #"{"principalId": "a", "policyDocument": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "\#(String(repeating: "a", count: 513))"}}}"#,
            #"{"principalId": "a", \#(allow), "more": "\#(String(repeating: "a", count: 1 << 20))"}"#,
        ])
    func nonsense(_ answer: String) throws {
        let response = try AuthorizerTrial().response(.answer(answer))
        #expect(response.status == 500)
        #expect(response.text == Self.failed)
        #expect(response.headers.first("x-amzn-ErrorType") == "AuthorizerConfigurationException")
        #expect(response.error?.type == .authorizerConfigurationError)
    }

    @Test("a function that fails, is refused, is off or is late lets nobody pass")
    func failing() throws {
        let replies: [FunctionReply?] = [
            .error(#"{"errorMessage":"unauthorized"}"#), .error("garbage"),
            .refused(status: 403, type: "AccessDeniedException", message: "no"), .unavailable("off"), .accepted, nil,
        ]
        for reply in replies {
            let response = try AuthorizerTrial().response(reply)
            #expect(response.status == 500)
            #expect(response.text == Self.failed)
        }
        #expect(try AuthorizerTrial().response(nil).error?.type == .authorizerFailure)
    }

    // MARK: What is remembered

    @Test("what was said counts for the same token until its time is over, for every method anew")
    func kept() throws {
        let trial = try AuthorizerTrial("TOKEN", #"{"authorizerResultTtlInSeconds": 60}"#)
        let onlyGet = AuthorizerTrial.says("Allow", AuthorizerTrial.stage + "/GET/*")
        #expect(try trial.response(onlyGet).status == 200)
        #expect(try trial.unasked("GET", "/pets/2", [("Authorization", "t")]).status == 200)
        #expect(try trial.unasked("POST", "/pets/2", [("Authorization", "t")]).status == 403)
        _ = try trial.call("GET", "/pets/1", [("Authorization", "u")])
        var later = ExchangeTrial.request("GET", "/pets/1", headers: [("Authorization", "t")])
        later.identity.milliseconds += 60_000
        guard case .asked = try trial.open(later) else { throw Unexpected("kept for too long") }
    }

    @Test("a time of 0 remembers nothing, nor does an authorizer that cannot tell callers apart")
    func notKept() throws {
        for trial in [
            try AuthorizerTrial("TOKEN", #"{"authorizerResultTtlInSeconds": 0}"#), try AuthorizerTrial("REQUEST"),
        ] {
            #expect(try trial.response(AuthorizerTrial.says()).status == 200)
            _ = try trial.call()
        }
    }

    @Test("failures are not remembered")
    func failuresNotKept() throws {
        let trial = try AuthorizerTrial()
        #expect(try trial.response(.unavailable("off")).status == 500)
        #expect(try trial.response(.error(#"{"errorMessage":"Unauthorized"}"#)).status == 401)
        #expect(try trial.response(AuthorizerTrial.says()).status == 200)
    }

    @Test("identities are kept apart however their values are cut")
    func keys() throws {
        let trial = try AuthorizerTrial(
            "REQUEST", #"{"identitySource": "method.request.header.A, method.request.header.B"}"#)
        #expect(
            try trial.response(AuthorizerTrial.says(), "GET", "/pets/1", [("A", "x,y"), ("B", "z")]).status == 200)
        _ = try trial.call("GET", "/pets/1", [("A", "x"), ("B", "y,z")])
    }

    @Test("no more is remembered than the limit")
    func bounded() throws {
        let cache = GrantCache<AuthorizerGrant>()
        guard case .answered(let payload, _) = AuthorizerTrial.says() else { throw Unexpected("no answer") }
        let grant = try AuthorizerGrant(parsing: payload)
        for number in 0...(2 * Limits.authorizerGrantsMax) {
            cache.keep(grant, ["\(number)"], from: 0, seconds: 300)
            #expect(cache.count <= Limits.authorizerGrantsMax)
        }
    }

    // MARK: Keys from the authorizer

    @Test("an API that takes keys from its authorizers asks for the one in the answer")
    func usageKey() throws {
        let keys = APIKeyRegistry()
        keys.publish(
            APIKeyTable(
                keys: [.init(id: "k1", value: "right", isEnabled: true)],
                plans: [
                    .init(
                        id: "p", stages: [.init(apiID: "abc123", stageName: "test")], throttle: nil, quota: nil,
                        keys: ["k1"])
                ]))
        func status(_ more: String, _ headers: [(String, String)] = []) throws -> Int {
            let trial = try AuthorizerTrial(method: #"{"apiKeyRequired": true}"#, keySource: "AUTHORIZER", keys: keys)
            return try trial.response(
                AuthorizerTrial.says(more: more), "GET", "/pets/1", [("Authorization", "t")] + headers
            ).status
        }
        #expect(try status(#", "usageIdentifierKey": "right""#) == 200)
        #expect(try status(#", "usageIdentifierKey": "wrong""#) == 403)
        #expect(try status("") == 403)
        #expect(try status("", [("x-api-key", "right")]) == 403)
    }

    // MARK: What cannot be enforced

    @Test(
        "an authorizer that cannot be asked closes its routes",
        arguments: [
            #"{"authorizerUri": "arn:aws:apigateway:us-east-1:sqs:path/x"}"#, #"{"authorizerUri": null}"#,
            #"{"identitySource": "method.request.body"}"#, #"{"identitySource": "method.request.querystring.q"}"#,
            #"{"identitySource": "method.request.header.A, method.request.header.B"}"#,
            #"{"identityValidationExpression": "("}"#, #"{"authorizerResultTtlInSeconds": 3601}"#,
            #"{"authorizerUri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:999999999999:function:f/invocations"}"#,
            #"{"authorizerCredentials": "nobody"}"#,
        ])
    func closed(_ authorizer: String) throws {
        let trial = try AuthorizerTrial("TOKEN", authorizer)
        let response = try trial.unasked("GET", "/pets/1", [("Authorization", "t")])
        #expect(response.status == 500)
        #expect(response.error?.type == .apiConfigurationError)
        #expect(Set(trial.trial.snapshot.problems.map(\.code)) == [ConfigurationProblem.authorization.rawValue])
    }

    @Test("an authorizer that is not there closes the route")
    func absent() throws {
        let trial = try AuthorizerTrial(method: #"{"authorizerId": "gone"}"#)
        #expect(try trial.unasked("GET", "/pets/1", [("Authorization", "t")]).status == 500)
    }
}
