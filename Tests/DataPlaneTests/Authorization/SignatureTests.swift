import HTTPTypes
import IAMPolicy
import JSON
import SigV4
import Testing

@testable import DataPlane

@Suite("signatures of requests to routes under IAM control")
struct SignatureTests {
    static let invalidToken =
        #"403 UnrecognizedClientException {"message":"The security token included in the request is invalid."}"#
    static let mismatch =
        #"403 InvalidSignatureException {"message":"The request signature we calculated does not match the "#
        + #"signature you provided. Check your AWS Secret Access Key and signing method. Consult the service "#
        + #"documentation for details."}"#

    private static func trial(_ definition: StageDefinition? = nil) throws -> SignedTrial {
        var trial = SignedTrial(try definition ?? SignedTrial.petStore())
        trial.publish(.user(arn: SignedTrial.dev, id: "AIDADEV"), [try SignedTrial.allowing()])
        return trial
    }

    @Test("A3.5: a signed request of an allowed user is served, in both forms and with a body")
    func served() throws {
        var trial = try Self.trial()
        #expect(trial.trial.snapshot.problems.isEmpty)
        #expect(try trial.send("GET", "/pets/1?type=Dog&page=2") == "200 GET /pets/{id}")
        #expect(try trial.send("POST", "/pets", body: #"{"type":"dog"}"#) == "200 POST /pets")
        #expect(try trial.send("POST", "/pets") == "200 POST /pets")
        #expect(try trial.send("GET", "/pets/1", body: "a body that the route drops") == "200 GET /pets/{id}")
        #expect(try trial.send("PATCH", "/a/b%20c/d?x=%7E&x=a+b&=") == "200 ANY /{proxy+}")
        trial.payload = .hashedWithHeader
        #expect(try trial.send("POST", "/pets", body: "x") == "200 POST /pets")
        trial.payload = .hashed
        trial.expiresSeconds = 60
        #expect(try trial.send("GET", "/pets/1?type=Dog&page=2") == "200 GET /pets/{id}")
        #expect(try trial.send("POST", "/pets", body: "x") == "200 POST /pets")
        trial.skew = 120
        #expect(try trial.send() == "200 GET /pets/{id}")
    }

    @Test("A3.6: an unsigned request is refused as one for no route is, and an open route stays open")
    func unsigned() throws {
        let trial = try Self.trial()
        for method in ["GET", "POST"] {
            let request = ExchangeTrial.request(method, method == "GET" ? "/pets/1" : "/pets")
            #expect(
                try trial.trial.said(request)
                    == #"403 MissingAuthenticationTokenException {"message":"Missing Authentication Token"}"#)
        }
        #expect(try trial.trial.said(ExchangeTrial.request("GET", "/open")) == "200 GET /open")
        #expect(try trial.trial.said(ExchangeTrial.request("OPTIONS", "/pets")) == "200 OPTIONS /pets")
    }

    @Test("A3.8: a wrong secret, and anything changed after signing, is an invalid signature")
    func tampered() throws {
        var trial = try Self.trial()
        func changed(_ edit: (inout HTTPRequest) -> Void) throws -> String {
            try trial.send("POST", "/pets?a=1", headers: [("X-Amz-Meta", "1")], body: "x", edit: edit)
        }
        #expect(try changed { _ in } == "200 POST /pets")
        #expect(try changed { $0.path = "/test/pets?a=2" } == Self.mismatch)
        #expect(try changed { $0.path = "/test/pets/x?a=1" } == Self.mismatch)
        #expect(try changed { $0.path = "/prod/pets?a=1" } == Self.mismatch)
        #expect(try changed { $0.method = .put } == Self.mismatch)
        #expect(try changed { $0.authority = "abc124.execute-api.test" } == Self.mismatch)
        #expect(try changed { $0.headerFields[.init("X-Amz-Meta")!] = "2" } == Self.mismatch)
        #expect(try trial.send("POST", "/pets", body: "x", sent: "y") == Self.mismatch)
        #expect(try trial.send("POST", "/pets", body: "x", sent: "") == Self.mismatch)
        trial.credentials.secretAccessKey = "wrong"
        #expect(try trial.send() == Self.mismatch)
        #expect(try trial.send("POST", "/pets", body: "x") == Self.mismatch)
        trial.expiresSeconds = 60
        #expect(try trial.send() == Self.mismatch)
    }

    @Test("A3.9: a date more than five minutes off is refused, in either direction", arguments: [-301, 301])
    func skewed(_ skew: Int) throws {
        var trial = try Self.trial()
        trial.skew = skew < 0 ? skew + 1 : skew - 1
        #expect(try trial.send() == "200 GET /pets/{id}")
        trial.skew = skew
        let words = skew < 0 ? "Signature expired: " : "Signature not yet current: "
        #expect(try trial.send().hasPrefix(#"403 InvalidSignatureException {"message":"\#(words)"#))
        trial.expiresSeconds = 100
        let presigned = try trial.send()
        #expect(presigned.hasPrefix("403 InvalidSignatureException "))
        #expect(presigned.contains(skew < 0 ? "Request has expired." : words))
    }

    @Test("A3.10: an unknown access key is an invalid security token, as is one with another's token or with none")
    func unknownKey() throws {
        var trial = try Self.trial()
        trial.credentials.accessKeyID = "AKIANOBODY"
        #expect(try trial.send() == Self.invalidToken)
        trial.credentials.accessKeyID = "AKIADEV"
        trial.credentials.sessionToken = "made up"
        #expect(try trial.send() == Self.invalidToken)
        trial.publish([try SignedTrial.allowing()], token: "real")
        #expect(try trial.send() == Self.invalidToken)
        trial.credentials.sessionToken = nil
        #expect(try trial.send() == Self.invalidToken)
        trial.credentials.sessionToken = "real"
        #expect(try trial.send() == "200 GET /pets/{id}")
    }

    @Test("temporary credentials past their life are an expired token, once the signature is right")
    func expiredSession() throws {
        var trial = try Self.trial()
        trial.credentials.sessionToken = "t"
        let now = Int(ExchangeTrial.identity.milliseconds / 1000)
        trial.publish([try SignedTrial.allowing()], expires: now, token: "t")
        #expect(
            try trial.send()
                == #"403 ExpiredTokenException {"message":"The security token included in the request is expired"}"#)
        trial.credentials.secretAccessKey = "wrong"
        #expect(try trial.send() == Self.mismatch)
        trial.credentials.secretAccessKey = "hush"
        trial.publish([try SignedTrial.allowing()], expires: now + 1, token: "t")
        #expect(try trial.send() == "200 GET /pets/{id}")
    }

    @Test("A0.5: a scope of another service or region names the one that is expected")
    func scope() throws {
        var trial = try Self.trial()
        trial.scope.service = "apigateway"
        #expect(try trial.send().contains("Credential should be scoped to correct service: 'execute-api'."))
        trial.scope = SigningScope(service: "execute-api", region: "eu-west-1")
        #expect(
            try trial.send()
                == "403 InvalidSignatureException "
                + #"{"message":"Credential should be scoped to a valid region: 'us-east-1'."}"#)
    }

    @Test(
        "what is no signature of this kind is incomplete",
        arguments: [
            ("Bearer abc", "Authorization header requires 'Credential' parameter."),
            ("AWS4-HMAC-SHA256 Credential=AKIADEV", "requires 'Signature' parameter."),
            ("AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=x", "exactly 5 slash-delimited elements"),
        ])
    func incomplete(_ authorization: String, _ words: String) throws {
        let trial = try Self.trial()
        let said = try trial.send { $0.headerFields[.authorization] = authorization }
        #expect(said.hasPrefix("403 IncompleteSignatureException ") && said.contains(words), "\(said)")
    }

    @Test("an unsigned payload is not accepted, and headers of the service's own must be signed")
    func unsignedParts() throws {
        var trial = try Self.trial()
        let added = try trial.send { $0.headerFields[.init("X-Amz-Added")!] = "1" }
        #expect(added.contains("'x-amz-added' must be a 'SignedHeader'"), "\(added)")
        trial.payload = .unsigned
        #expect(try trial.send("POST", "/pets", body: "x") == Self.mismatch)
    }

    @Test("each refusal has its gateway response, which may be customised")
    func customised() throws {
        var definition = try SignedTrial.petStore()
        for type in ["MISSING_AUTHENTICATION_TOKEN", "INVALID_SIGNATURE", "EXPIRED_TOKEN", "ACCESS_DENIED"] {
            definition.gatewayResponses[type] = [
                "statusCode": "418",
                "responseTemplates": ["application/json": .string("\(type) $context.error.message")],
            ]
        }
        var trial = try Self.trial(definition)
        trial.publish()
        #expect(
            try trial.send()
                == "418 AccessDeniedException ACCESS_DENIED User: \(SignedTrial.dev) is not authorized to perform: "
                + "execute-api:Invoke on resource: \(SignedTrial.masked)/GET/pets/1")
        #expect(
            try trial.trial.said(ExchangeTrial.request("GET", "/pets/1"))
                == "418 MissingAuthenticationTokenException MISSING_AUTHENTICATION_TOKEN Missing Authentication Token")
        trial.publish([try SignedTrial.allowing()], expires: 0)
        #expect(try trial.send().hasPrefix("418 ExpiredTokenException EXPIRED_TOKEN "))
        trial.credentials.accessKeyID = "AKIANOBODY"
        #expect(try trial.send().hasPrefix("418 UnrecognizedClientException INVALID_SIGNATURE "))
    }

    @Test("a key that is withdrawn, and a policy that is taken away, hold for the next request")
    func atOnce() throws {
        var trial = try Self.trial()
        #expect(try trial.send() == "200 GET /pets/{id}")
        #expect(trial.registry.count == 1)
        trial.publish([try SignedTrial.allowing(effect: "Deny")])
        #expect(try trial.send().hasPrefix("403 AccessDeniedException "))
        trial.registry.publish(TestCallers())
        #expect(try trial.send() == Self.invalidToken)
        #expect(trial.registry.count == 0)
    }

    @Test("callers are kept up to a limit")
    func bounded() throws {
        let registry = CallerRegistry()
        var directory = TestCallers()
        for number in 0...Limits.knownCallersMax {
            directory.add(
                KnownCaller(accessKeyID: "A\(number)", secret: "s", caller: .anonymous, layers: PolicyLayers()))
        }
        registry.publish(directory)
        for number in 0...Limits.knownCallersMax {
            #expect(registry.caller(accessKeyID: "A\(number)", sessionToken: nil) != nil)
        }
        #expect(registry.count == 1)
    }

    @Test("templates, mappings and gateway responses know who signed")
    func identity() throws {
        let template = """
            "$context.identity.accessKey $context.identity.accountId $context.identity.caller $context.identity.user \
            $context.identity.userArn $context.identity.principalOrgId|"
            """
        let route = try Route(
            "GET", "/who",
            """
            {"type": "MOCK", "requestTemplates": {"application/json": "{\\"statusCode\\": 200}"},
             "integrationResponses": {"200": {"statusCode": "200",
              "responseParameters": {"method.response.header.X-Who": "context.identity.userArn"},
              "responseTemplates": {"application/json": \(template)}}}}
            """, method: #"{"authorizationType": "AWS_IAM"}"#)
        var trial = SignedTrial(.testing([route]))
        trial.publish([try SignedTrial.allowing()])
        guard case .answered(let answer) = trial.trial.run(try trial.request("GET", "/who")) else {
            throw Unexpected("an endpoint was called")
        }
        #expect(answer.text == "AKIADEV 123456789012 AIDADEV AIDADEV \(SignedTrial.dev) |")
        #expect(answer.headers.first("X-Who") == SignedTrial.dev)
        trial.publish(
            .session(ofRole: "arn:aws:iam::123456789012:role/app/caller", name: "s1", roleID: "AROA1"),
            [try SignedTrial.allowing()])
        let session = try trial.send("GET", "/who")
        #expect(
            session
                == "200 AKIADEV 123456789012 AROA1:s1 AROA1:s1 arn:aws:sts::123456789012:assumed-role/caller/s1 |")
    }

    @Test("an API key is asked for after the signature")
    func withAPIKey() throws {
        let keys = APIKeyRegistry()
        let route = try Route.marked("GET", "/pets/{id}").needingKey()
        var document = route.document.object ?? [:]
        document["authorizationType"] = "AWS_IAM"
        var both = route
        both.document = .object(document)
        var trial = SignedTrial(.testing([both]), keys: keys)
        trial.publish([try SignedTrial.allowing()])
        keys.publish(
            APIKeyTable(
                keys: [APIKeyTable.Key(id: "k", value: "twenty-letters-or-more", isEnabled: true)],
                plans: [
                    APIKeyTable.Plan(
                        id: "p", stages: [APIKeyTable.Stage(apiID: "abc123", stageName: "test")], throttle: nil,
                        quota: APIKeyTable.Quota(limit: 1, period: .day, offset: 0), keys: ["k"])
                ]))
        let key = [("x-api-key", "twenty-letters-or-more")]
        #expect(try trial.send() == #"403 ForbiddenException {"message":"Forbidden"}"#)
        trial.credentials.secretAccessKey = "wrong"
        #expect(try trial.send(headers: key) == Self.mismatch)
        trial.credentials.secretAccessKey = "hush"
        // The refused one has spent nothing of the quota of one.
        #expect(try trial.send(headers: key) == "200 GET /pets/{id}")
        #expect(try trial.send(headers: key).hasPrefix("429 LimitExceededException "))
    }

    @Test("a streamed route takes the whole body first, checks it, and sends it as it came")
    func streamed() throws {
        let route = try Route.proxy("http://h/{proxy}", method: #"{"authorizationType": "AWS_IAM"}"#)
        var trial = SignedTrial(.testing([route], binaryMediaTypes: ["image/png"]))
        trial.publish([try SignedTrial.allowing()])
        let body = "abc\u{0}def"
        func call(_ headers: [(String, String)]) throws -> EndpointCall {
            let request = try trial.request("POST", "/a/b", headers: headers, body: body)
            guard case .called(let call, _) = trial.trial.run(request, body: Array(body.utf8)) else {
                throw Unexpected("answered")
            }
            return call
        }
        for type in ["text/plain", "image/png"] {
            let call = try call([("Content-Type", type)])
            #expect(call.bodyText == body && call.target == "/a/b" && call.method == "POST")
        }
        #expect(try trial.send("POST", "/a/b", body: body, sent: body + "!") == Self.mismatch)
    }
}
