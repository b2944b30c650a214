import Diagnostics
import JSON
import SigV4
import Testing

@testable import DataPlane

@Suite("calls of AWS services")
struct ServiceCallTests {
    private static func map(
        _ name: String, _ url: String? = "http://127.0.0.1:5000", _ keys: SigningCredentials? = nil
    ) throws -> EndpointMap {
        EndpointMap([name: try #require(EndpointMap.Entry(url: url, credentials: keys))])
    }

    @Test("A5.1: an action of a query service is asked for as JSON, signed by the role's session")
    func query() throws {
        let trial = try ServiceTrial("sns:action/ListTopics", "GET")
        let call = try trial.signed("GET", service: "sns")
        #expect(call.origin.host == "sns.us-east-1.amazonaws.com")
        #expect(call.target == "/?Action=ListTopics&Version=2010-03-31&ContentType=JSON")
        #expect(call.method == "GET")
        #expect(call.headers.first("Accept") == "application/json")
        #expect(call.headers.first("X-Amz-Security-Token") == "token")
        #expect(call.headers.first("Authorization")?.contains("Credential=ASIATEST1/20170714/us-east-1/sns/") == true)
    }

    @Test("parameters of a query service come from the uri, from mappings, or in a form")
    func queryParameters() throws {
        let mapped = try ServiceTrial(
            "sns:action/Publish&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A1%3At", "GET",
            more: #", "requestParameters": {"integration.request.querystring.Message": "method.request.querystring.m"}"#
        )
        let call = try mapped.signed("GET", "/call?m=a%20b", service: "sns")
        #expect(
            call.target == "/?Message=a%20b&Action=Publish&Version=2010-03-31"
                + "&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A1%3At&ContentType=JSON")
        let form = try ServiceTrial(
            "sqs:action/SendMessage",
            more: """
                , "requestParameters": {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"},
                "requestTemplates": {"application/json": "Action=SendMessage&MessageBody=$util.urlEncode($input.body)"}
                """)
        let sent = try form.signed(body: Array(#"{"a": 1}"#.utf8), service: "sqs")
        #expect(sent.bodyText == "Action=SendMessage&MessageBody=%7B%22a%22%3A+1%7D&ContentType=JSON")
        #expect(sent.target == "/")
        #expect(sent.headers.values("Content-Type") == ["application/x-www-form-urlencoded"])
        let empty = try ServiceTrial("sns:action/ListTopics").signed(service: "sns")
        #expect(empty.bodyText == "Action=ListTopics&Version=2010-03-31&ContentType=JSON")
    }

    @Test("who maps Accept to XML is answered in XML")
    func xml() throws {
        let trial = try ServiceTrial(
            "sns:action/ListTopics", "GET",
            more: #", "requestParameters": {"integration.request.header.Accept": "'application/xml'"}"#)
        let call = try trial.signed("GET", service: "sns")
        #expect(call.target == "/?Action=ListTopics&Version=2010-03-31")
        #expect(call.headers.values("Accept") == ["application/xml"])
    }

    @Test(
        "an action of a JSON service is a target and a body",
        arguments: [
            ("dynamodb:action/PutItem", "DynamoDB_20120810.PutItem", "1.0", "dynamodb"),
            ("kinesis:action/PutRecord", "Kinesis_20131202.PutRecord", "1.1", "kinesis"),
            ("states:action/StartExecution", "AWSStepFunctions.StartExecution", "1.0", "states"),
            ("events:action/PutEvents", "AWSEvents.PutEvents", "1.1", "events"),
            ("ssm:action/GetParameter", "AmazonSSM.GetParameter", "1.1", "ssm"),
            ("streams.dynamodb:action/ListStreams", "DynamoDBStreams_20120810.ListStreams", "1.0", "dynamodb"),
        ])
    func json(_ uri: String, _ target: String, _ version: String, _ service: String) throws {
        let call = try ServiceTrial(uri).signed(body: Array(#"{"a":1}"#.utf8), service: service)
        #expect(call.method == "POST")
        #expect(call.target == "/")
        #expect(call.headers.first("X-Amz-Target") == target)
        #expect(call.headers.values("Content-Type") == ["application/x-amz-json-\(version)"])
        #expect(call.bodyText == #"{"a":1}"#)
    }

    @Test("a JSON service is asked by POST, and for nothing with an empty object")
    func emptyJSON() throws {
        let call = try ServiceTrial("events:action/ListRules", "GET").signed("GET", service: "events")
        #expect(call.method == "POST")
        #expect(call.bodyText == "{}")
    }

    @Test("a path takes its parameters, is signed as it stands for S3, and carries bytes as they are")
    func path() throws {
        let trial = try ServiceTrial(
            "s3:path/{bucket}/{key}", "PUT", path: "/files/{name}",
            more: """
                , "requestParameters": {"integration.request.path.bucket": "stageVariables.bucket",
                "integration.request.path.key": "method.request.path.name"}
                """, variables: ["bucket": "pictures"], binary: ["image/png"])
        let bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0xFF, 0x00]
        let call = try trial.signed(
            "PUT", "/files/a%20b+c.png", headers: [("Content-Type", "image/png")], body: bytes, service: "s3")
        #expect(call.url == "https://s3.us-east-1.amazonaws.com/pictures/a%20b+c.png")
        #expect(call.bodyBytes == bytes)
        #expect(call.headers.first("Content-Type") == "image/png")
        #expect(call.headers.first("X-Amz-Content-Sha256") == PayloadHash(of: bytes).text)
    }

    @Test("a path parameter cannot leave the path of the uri")
    func traversal() throws {
        let trial = try ServiceTrial(
            "s3:path/bucket/{key}", "GET",
            more: #", "requestParameters": {"integration.request.path.key": "method.request.querystring.key"}"#)
        let response = try trial.trial.answer("GET", "/call?key=../other/secret")
        #expect(response.status == 500)
        #expect(response.error?.detail?.contains("would leave") == true)
    }

    @Test("a subdomain is a host at AWS, and a path for buckets elsewhere")
    func subdomains() throws {
        let aws = try ServiceTrial("my.bucket.s3:path/a", "GET").signed("GET", service: "s3")
        #expect(aws.url == "https://my.bucket.s3.us-east-1.amazonaws.com/a")
        let mapped = try ServiceTrial("my.bucket.s3:path/a", "GET", endpoints: Self.map("s3")).signed(
            "GET", service: "s3")
        #expect(mapped.url == "http://127.0.0.1:5000/my.bucket/a")
        let other = try ServiceTrial("abc.iotdata:path/things/x", "GET", endpoints: Self.map("iotdata")).signed(
            "GET", service: "iotdata")
        #expect(other.url == "http://127.0.0.1:5000/things/x")
        #expect(other.headers.first("Host") == "abc.127.0.0.1:5000")
    }

    @Test("names in signatures and hosts are the service's own")
    func names() throws {
        let mail = try ServiceTrial("email:action/ListIdentities", "GET").signed("GET", service: "ses")
        #expect(mail.origin.host == "email.us-east-1.amazonaws.com")
        let iam = try ServiceTrial("iam:action/ListUsers", "GET").signed("GET", service: "iam")
        #expect(iam.origin.host == "iam.amazonaws.com")
        let model = try ServiceTrial("runtime.sagemaker:path/endpoints/e/invocations").signed(service: "sagemaker")
        #expect(model.origin.host == "runtime.sagemaker.us-east-1.amazonaws.com")
    }

    @Test("an entry for the region is closer than one for the service, and a base path is kept")
    func entries() throws {
        var map = try Self.map("sns", "http://127.0.0.1:1")
        map.services["sns.us-east-1"] = EndpointMap.Entry(url: "http://127.0.0.1:2/base/")
        let call = try ServiceTrial("sns:path/x", "GET", endpoints: map).signed("GET", service: "sns")
        #expect(call.url == "http://127.0.0.1:2/base/x")
    }

    @Test("credentials of an entry sign instead of the role's, whose trust and permission still count")
    func configured() throws {
        let keys = SigningCredentials(accessKeyID: "AKIAREAL", secretAccessKey: "real")
        let map = try Self.map("sns", nil, keys)
        let call = try ServiceTrial("sns:action/ListTopics", "GET", endpoints: map).signed(
            "GET", service: "sns", secret: "real")
        #expect(call.origin.host == "sns.us-east-1.amazonaws.com")
        #expect(call.headers.first("X-Amz-Security-Token") == nil)
        let denied = try ServiceTrial(
            "sns:action/ListTopics", "GET", policy: ServiceTrial.allowing("sns:Publish"), endpoints: map)
        #expect(try denied.trial.answer("GET", "/call").status == 403)
        let unnamed = try ServiceTrial("sns:action/ListTopics", "GET", credentials: nil, endpoints: map)
        _ = try unnamed.signed("GET", service: "sns", secret: "real")
    }

    @Test("A5.2: without the permission the 403 of the service goes through the integration responses, with no call")
    func notAllowed() throws {
        let trial = try ServiceTrial(
            "sns:action/ListTopics", "GET",
            more: """
                , "integrationResponses": {"200": {"statusCode": "200"}, "409": {"statusCode": "409",
                "selectionPattern": "4\\\\d\\\\d", "responseTemplates": {"application/json":
                "{\\"why\\": $input.json('$.Error.Code')}"}}}
                """, policy: ServiceTrial.allowing("sns:Publish"))
        let response = try trial.trial.answer("GET", "/call")
        #expect(response.status == 409)
        #expect(response.text == #"{"why": "AuthorizationError"}"#)
    }

    @Test(
        "what the request says of its action and resource is held against the policies",
        arguments: [
            ("s3:path/b/k", "GET", "s3:GetObject", "arn:aws:s3:::b/*", 0),
            ("s3:path/b/k", "GET", "s3:GetObject", "arn:aws:s3:::other/*", 403),
            ("s3:path/b/k", "PUT", "s3:GetObject", "*", 403),
            ("s3:path/b", "GET", "s3:ListBucket", "arn:aws:s3:::b", 0),
            ("b.s3:path/k", "DELETE", "s3:DeleteObject", "arn:aws:s3:::b/k", 0),
            ("b.s3:path/k", "DELETE", "s3:DeleteObject", "arn:aws:s3:::c/k", 403),
            ("s3:path/b/k?tagging", "GET", "sns:Publish", "*", 0),
            ("dynamodb:action/PutItem", "POST", "dynamodb:PutItem", "arn:aws:dynamodb:us-east-1:1:table/t", 403),
            ("dynamodb:action/PutItem", "POST", "dynamodb:PutItem", "*", 0),
            ("dynamodb:action/PutItem", "POST", "dynamodb:Get*", "*", 403),
            ("monitoring:action/ListMetrics", "POST", "cloudwatch:ListMetrics", "*", 0),
            ("sqs:action/SendMessageBatch", "POST", "sqs:SendMessage", "*", 0),
        ])
    func access(_ uri: String, _ verb: String, _ action: String, _ resource: String, _ status: Int) throws {
        let policy = ServiceTrial.allowing(action, on: resource)
        let outcome = try ServiceTrial(uri, verb, policy: policy).trial.run(verb, "/call")
        switch outcome {
        case .called: #expect(status == 0)
        case .answered(let response): #expect(response.status == status, "\(response.error?.detail ?? response.text)")
        case .invoked: Issue.record("a function was invoked")
        }
    }

    @Test(
        "A5.3: a role that is missing or does not trust the gateway is 500, and nothing is called",
        arguments: [
            RoleRefusal.notTrusted(arn: ServiceTrial.role, service: "apigateway.amazonaws.com"),
            .unknownRole(arn: ServiceTrial.role), .unavailable("sealed"),
        ])
    func notTrusted(_ refusal: RoleRefusal) throws {
        let response = try ServiceTrial("sns:action/ListTopics", "GET", refusal: refusal).trial.answer("GET", "/call")
        #expect(response.status == 500)
        #expect(response.text == #"{"message": "Internal server error"}"#)
        #expect(response.error?.type == .apiConfigurationError)
        #expect(response.error?.detail?.isEmpty == false)
    }

    @Test("credentials are kept until shortly before their end, and not past a change of the account")
    func kept() throws {
        let backends = ServiceBackends()
        let roles = ServiceTrial.Roles(ServiceTrial.allowing("*"))
        func key(at seconds: Int64, for source: String = "arn:a") throws -> String {
            try backends.roles.credentials(
                ofRole: ServiceTrial.role, service: "apigateway.amazonaws.com", source: source, at: seconds * 1000
            ).signing.accessKeyID
        }
        #expect(throws: RoleRefusal.unavailable("the account is not loaded")) { try key(at: 0) }
        backends.roles.publish(roles)
        #expect(try key(at: 0) == "ASIATEST1")
        #expect(try key(at: 3299) == "ASIATEST1")
        #expect(try key(at: 3300) == "ASIATEST2")
        #expect(try key(at: 3300, for: "arn:b") == "ASIATEST3", "the role may trust one API and not another")
        #expect(try key(at: 3300) == "ASIATEST2")
        backends.roles.publish(ServiceTrial.Roles("", refusal: .unknownRole(arn: ServiceTrial.role)))
        #expect(throws: RoleRefusal.unknownRole(arn: ServiceTrial.role)) { try key(at: 3301) }
    }

    @Test("the caller's credentials need a caller who signed")
    func unsignedCaller() throws {
        let trial = try ServiceTrial("sns:action/ListTopics", "GET", credentials: "arn:aws:iam::*:user/*")
        let response = try trial.trial.answer("GET", "/call")
        #expect(response.status == 500)
        #expect(response.error?.detail?.contains("must be AWS_IAM") == true)
    }

    @Test(
        "what cannot be called closes its route, and says why",
        arguments: [
            ("sns:action/", "names no action"), ("sns:other/x", "neither `path/` nor `action/`"),
            ("polly:action/Speak", "use `path/`"), ("dynamodb:action/GetItem&a=b", "from the body"),
            ("${stageVariables.none}:path/x", "unset variable"), ("sn s:path/x", "no valid region or service"),
        ])
    func closed(_ uri: String, _ reason: String) throws {
        let trial = try ServiceTrial(uri, "GET")
        #expect(trial.trial.snapshot.problems.first?.message.contains(reason) == true)
        #expect(try trial.trial.answer("GET", "/call").status == 500)
    }

    @Test("an integration without credentials calls nothing")
    func withoutCredentials() throws {
        let trial = try ServiceTrial("sns:action/ListTopics", "GET", credentials: nil)
        #expect(trial.trial.snapshot.problems.first?.message.contains("has no credentials") == true)
    }

    @Test(
        "an address that no request could be sent to is no entry",
        arguments: [
            "ftp://x", "http://", "http://a b", "http://x?y=1", "http://user@x", "127.0.0.1:5000", "http://x:0",
        ])
    func badEntries(_ url: String) {
        #expect(EndpointMap.Entry(url: url) == nil)
    }

    private static let arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
    private static let function = "lambda:path/2015-03-31/functions/\(arn)/invocations"

    @Test("a function that the map has elsewhere is invoked there, and its answer read as Invoke's")
    func functionElsewhere() throws {
        let trial = try ServiceTrial(
            Self.function,
            more: #", "integrationResponses": {"200": {"statusCode": "200"}, "#
                + #""400": {"statusCode": "400", "selectionPattern": ".*bad.*"}}"#, endpoints: Self.map("lambda"))
        let call = try trial.signed(body: Array(#"{"n":1}"#.utf8), service: "lambda")
        #expect(
            call.url == "http://127.0.0.1:5000/2015-03-31/functions/\(Self.arn)/invocations")
        #expect(call.bodyText == #"{"n":1}"#)
        let good = try trial.trial.answer("POST", "/call", body: "{}", endpoint: EndpointAnswer(200, #"{"ok":true}"#))
        #expect(good.status == 200 && good.text == #"{"ok":true}"#)
        let failed = EndpointAnswer(200, #"{"errorMessage":"bad input"}"#, [("X-Amz-Function-Error", "Unhandled")])
        #expect(try trial.trial.answer("POST", "/call", body: "{}", endpoint: failed).status == 400)
        let refused = EndpointAnswer(429, #"{"Message":"slow"}"#, [("x-amzn-ErrorType", "TooManyRequestsException")])
        #expect(try trial.trial.answer("POST", "/call", body: "{}", endpoint: refused).status == 500)
    }

    @Test("A0.4: a role that may not invoke the function elsewhere calls nothing")
    func functionNotAllowed() throws {
        let trial = try ServiceTrial(
            Self.function, policy: ServiceTrial.allowing("sns:*"), endpoints: Self.map("lambda"))
        #expect(try trial.trial.answer("POST", "/call", body: "{}").status == 500)
    }
}

/// Services as the server calls them.
@Suite("calls of AWS services by the server")
struct ServiceServerTests {
    private static let trusted = ServiceTrial.Roles(ServiceTrial.allowing("*"))

    private static func stage(timeout: Int = 29_000) throws -> StageDefinition {
        .testing([
            try Route(
                "ANY", "/topics",
                """
                {"type": "AWS", "httpMethod": "GET", "uri": "arn:aws:apigateway:us-east-1:sns:action/ListTopics",
                 "credentials": "\(ServiceTrial.role)", "timeoutInMillis": \(timeout),
                 "integrationResponses": {"200": {"statusCode": "200"},
                  "502": {"statusCode": "502", "selectionPattern": "5\\\\d\\\\d"}}}
                """)
        ])
    }

    @Test("A5.4: a service that does not answer in time is called once: 504")
    func silent() async throws {
        try await TestEndpoint.with({ _ in .hang }) { endpoint in
            let map = EndpointMap(["sns": try #require(EndpointMap.Entry(url: endpoint.url))])
            try await TestServer.with([try Self.stage(timeout: 100)], endpoints: map, roles: Self.trusted) { server in
                let answer = try server.send("GET", "/test/topics")
                #expect(answer.status == 504)
                #expect(answer.body == #"{"message": "Endpoint request timed out"}"#)
                #expect(endpoint.requests.map(\.target) == ["/?Action=ListTopics&Version=2010-03-31&ContentType=JSON"])
            }
        }
    }

    @Test("A5.3: nothing reaches a service whose role does not trust the gateway")
    func notTrusted() async throws {
        let refusal = RoleRefusal.notTrusted(arn: ServiceTrial.role, service: "apigateway.amazonaws.com")
        try await TestEndpoint.with({ _ in .json("{}") }) { endpoint in
            let map = EndpointMap(["sns": try #require(EndpointMap.Entry(url: endpoint.url))])
            let roles = ServiceTrial.Roles("", refusal: refusal)
            try await TestServer.with([try Self.stage()], endpoints: map, roles: roles) { server in
                let answer = try server.send("GET", "/test/topics")
                #expect(answer.status == 500)
                #expect(endpoint.requests.isEmpty)
            }
        }
    }

    @Test("an error of the service chooses its integration response")
    func failing() async throws {
        try await TestEndpoint.with({ _ in .answer(503, "slow down") }) { endpoint in
            let map = EndpointMap(["sns": try #require(EndpointMap.Entry(url: endpoint.url))])
            try await TestServer.with([try Self.stage()], endpoints: map, roles: Self.trusted) { server in
                let answer = try server.send("GET", "/test/topics")
                #expect(answer.status == 502)
                #expect(answer.body == "slow down")
            }
        }
    }
}
