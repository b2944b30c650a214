import HTTPTypes
import IAMPolicy
import JSON
import SigV4
import Testing

@testable import DataPlane

@Suite("policies before routes")
struct RoutePolicyTests {
    private static func denied(
        _ resource: String, by user: String = SignedTrial.dev, isExplicit: Bool = false
    ) -> String {
        "403 AccessDeniedException {\"Message\":\"User: \(user) is not authorized to perform: execute-api:Invoke on "
            + "resource: \(SignedTrial.masked)/\(resource)\(isExplicit ? " with an explicit deny" : "")\"}"
    }

    @Test("A3.7: a valid signature of somebody who is not allowed is refused by name, with the account masked")
    func refused() throws {
        var trial = SignedTrial(try SignedTrial.petStore())
        trial.publish()
        #expect(try trial.send() == Self.denied("GET/pets/1"))
        #expect(try trial.send("POST", "/pets", body: "x") == Self.denied("POST/pets"))
        trial.publish([try SignedTrial.allowing(effect: "Deny")])
        #expect(try trial.send() == Self.denied("GET/pets/1", isExplicit: true))
    }

    @Test(
        "A0.2: a pattern of an ARN opens what it names and nothing else",
        arguments: [
            ("arn:aws:execute-api:*:*:*", "GET", "/pets/1", true),
            ("arn:aws:execute-api:us-east-1:123456789012:abc123/*", "GET", "/pets/1", true),
            ("arn:aws:execute-api:us-east-1:123456789012:abc123/test/GET/pets/*", "GET", "/pets/1", true),
            ("arn:aws:execute-api:us-east-1:123456789012:abc123/*/GET/pets/1", "GET", "/pets/1", true),
            ("arn:aws:execute-api:us-east-1:123456789012:abc123/test/GET/pets/{id}", "GET", "/pets/1", false),
            ("arn:aws:execute-api:us-east-1:123456789012:abc123/test/POST/*", "GET", "/pets/1", false),
            ("arn:aws:execute-api:us-east-1:123456789012:abc123/prod/*", "GET", "/pets/1", false),
            ("arn:aws:execute-api:us-east-1:123456789012:abc124/*", "GET", "/pets/1", false),
            ("arn:aws:execute-api:eu-west-1:123456789012:abc123/*", "GET", "/pets/1", false),
            ("arn:aws:execute-api:us-east-1:123456789012:abc123/test/ANY/*", "PATCH", "/x", false),
            ("arn:aws:execute-api:us-east-1:123456789012:abc123/test/PATCH/x", "PATCH", "/x", true),
            ("arn:aws:execute-api:us-east-1:123456789012:abc123/test/GET//pets/1", "GET", "/pets/1", false),
        ])
    func patterns(_ pattern: String, _ method: String, _ path: String, _ isAllowed: Bool) throws {
        var trial = SignedTrial(try SignedTrial.petStore())
        trial.publish([try SignedTrial.allowing(pattern)])
        #expect(try trial.send(method, path).hasPrefix(isAllowed ? "200 " : "403 AccessDeniedException "))
    }

    /// Own policies, policy of the API, caller of another account, what comes of it: nil is allowed.
    private static let table: [(String?, String?, Bool, Bool?)] = [
        ("Allow", "Allow", false, nil), ("Allow", "other", false, nil), ("Allow", nil, false, nil),
        ("Allow", "Deny", false, true), (nil, "Allow", false, nil), (nil, "other", false, false),
        (nil, nil, false, false), (nil, "Deny", false, true), ("Deny", "Allow", false, true),
        ("Deny", "other", false, true), ("Deny", "Deny", false, true), ("Deny", nil, false, true),
        ("Allow", "Allow", true, nil), ("Allow", "other", true, false), ("Allow", nil, true, false),
        ("Allow", "Deny", true, true), (nil, "Allow", true, false), (nil, "other", true, false),
        (nil, nil, true, false), (nil, "Deny", true, true), ("Deny", "Allow", true, true),
    ]

    @Test("the policies of caller and API come together row by row", arguments: 0..<table.count)
    func combined(_ row: Int) throws {
        let (own, resource, isOther, isExplicit) = Self.table[row]
        let user = isOther ? "arn:aws:iam::999999999999:user/them" : SignedTrial.dev
        let policy = try resource.map {
            try SignedTrial.resourcePolicy(
                $0 == "Deny" ? "Deny" : "Allow",
                principal: #"{"AWS": "\#($0 == "other" ? "arn:aws:iam::123456789012:user/nobody" : user)"}"#)
        }
        var trial = SignedTrial(try SignedTrial.petStore(policy: policy))
        trial.publish(.user(arn: user, id: "AIDA"), try own.map { [try SignedTrial.allowing(effect: $0)] } ?? [])
        let expected = isExplicit.map { Self.denied("GET/pets/1", by: user, isExplicit: $0) }
        #expect(try trial.send() == expected ?? "200 GET /pets/{id}")
    }

    @Test("a policy that names the account leaves the decision to the caller's own policies")
    func account() throws {
        let policy = try SignedTrial.resourcePolicy(principal: #"{"AWS": "123456789012"}"#)
        var trial = SignedTrial(try SignedTrial.petStore(policy: policy))
        trial.publish()
        #expect(try trial.send() == Self.denied("GET/pets/1"))
        trial.publish([try SignedTrial.allowing()])
        #expect(try trial.send() == "200 GET /pets/{id}")
        trial.publish(.root(account: SignedTrial.account))
        #expect(try trial.send() == "200 GET /pets/{id}")
    }

    @Test("boundaries and session policies limit what own policies and a grant to the role allow")
    func limits() throws {
        let role = "arn:aws:iam::123456789012:role/caller"
        let session = Caller.session(ofRole: role, name: "s", roleID: "AROA")
        let arn = "arn:aws:sts::123456789012:assumed-role/caller/s"
        let (all, none) = (try SignedTrial.allowing(), try SignedTrial.allowing("arn:aws:execute-api:*:*:other/*"))
        var trial = SignedTrial(try SignedTrial.petStore())
        trial.publish(session, [all])
        #expect(try trial.send() == "200 GET /pets/{id}")
        trial.publish(session, [all], boundary: none)
        #expect(try trial.send() == Self.denied("GET/pets/1", by: arn))
        trial.publish(session, [all], session: none)
        #expect(try trial.send() == Self.denied("GET/pets/1", by: arn))
        let policy = try SignedTrial.resourcePolicy(principal: #"{"AWS": "\#(role)"}"#)
        trial = SignedTrial(try SignedTrial.petStore(policy: policy))
        trial.publish(session)
        #expect(try trial.send() == "200 GET /pets/{id}")
        trial.publish(session, session: none)
        #expect(try trial.send() == Self.denied("GET/pets/1", by: arn))
    }

    @Test("without an authorization of its own a route asks the resource policy alone, which must allow everybody")
    func anonymous() throws {
        func said(_ policy: JSONValue?, _ path: String = "/open") throws -> String {
            try ExchangeTrial(try SignedTrial.petStore(policy: policy)).said(ExchangeTrial.request("GET", path))
        }
        let user = #"{"AWS": "\#(SignedTrial.dev)"}"#
        #expect(try said(nil) == "200 GET /open")
        #expect(try said(SignedTrial.resourcePolicy()) == "200 GET /open")
        #expect(
            try said(SignedTrial.resourcePolicy(resource: "execute-api:/test/GET/pets"))
                == Self.denied(
                    "GET/open", by: "anonymous"))
        #expect(try said(SignedTrial.resourcePolicy(principal: user)) == Self.denied("GET/open", by: "anonymous"))
        #expect(
            try said(SignedTrial.resourcePolicy(principal: #"{"AWS": "123456789012"}"#))
                == Self.denied("GET/open", by: "anonymous"))
        #expect(
            try said(SignedTrial.resourcePolicy("Deny")) == Self.denied("GET/open", by: "anonymous", isExplicit: true))
        #expect(
            try said(SignedTrial.resourcePolicy(), "/pets/1")
                == #"403 MissingAuthenticationTokenException {"message":"Missing Authentication Token"}"#)
    }

    @Test("a private API without a resource policy refuses everybody")
    func isPrivate() throws {
        var definition = try SignedTrial.petStore()
        definition.isPrivate = true
        var trial = SignedTrial(definition)
        trial.publish([try SignedTrial.allowing()])
        #expect(try trial.send() == Self.denied("GET/pets/1"))
        #expect(try trial.trial.said(ExchangeTrial.request("GET", "/open")) == Self.denied("GET/open", by: "anonymous"))
        definition.policy = try SignedTrial.resourcePolicy()
        #expect(try ExchangeTrial(definition).said(ExchangeTrial.request("GET", "/open")) == "200 GET /open")
        definition.policy = try SignedTrial.resourcePolicy(
            condition: #"{"StringEquals": {"aws:SourceVpce": "vpce-1"}}"#)
        #expect(
            try ExchangeTrial(definition).said(ExchangeTrial.request("GET", "/open"))
                == Self.denied("GET/open", by: "anonymous"))
    }

    @Test(
        "conditions see the address, the browser, the time and how the request came",
        arguments: [
            (#"{"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}"#, true),
            (#"{"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}"#, false),
            (#"{"StringLike": {"aws:UserAgent": "curl/*"}}"#, true),
            (#"{"StringEquals": {"aws:Referer": "https://example.com/"}}"#, true),
            (#"{"StringEquals": {"aws:Referer": "https://example.org/"}}"#, false),
            (#"{"Bool": {"aws:SecureTransport": "true"}}"#, false),
            (#"{"Bool": {"aws:SecureTransport": "false"}}"#, true),
            (#"{"DateLessThan": {"aws:CurrentTime": "2017-07-14T02:40:01Z"}}"#, true),
            (#"{"DateLessThan": {"aws:CurrentTime": "2017-07-14T02:40:00Z"}}"#, false),
            (#"{"NumericEquals": {"aws:EpochTime": "1500000000"}}"#, true),
            (#"{"StringEquals": {"aws:RequestedRegion": "us-east-1"}}"#, true),
            (#"{"Null": {"aws:SourceVpc": "true"}}"#, true),
            (#"{"Null": {"aws:PrincipalArn": "true"}}"#, true),
        ])
    func conditions(_ condition: String, _ isAllowed: Bool) throws {
        let trial = ExchangeTrial(try SignedTrial.petStore(policy: SignedTrial.resourcePolicy(condition: condition)))
        let request = ExchangeTrial.request(
            "GET", "/open", headers: [("User-Agent", "curl/8"), ("Referer", "https://example.com/")])
        #expect(try trial.said(request).hasPrefix(isAllowed ? "200 " : "403 AccessDenied"))
    }

    @Test(
        "conditions see who signed and with what",
        arguments: [
            (#"{"StringEquals": {"aws:username": "dev"}}"#, true),
            (#"{"StringEquals": {"aws:userid": "AIDADEV"}}"#, true),
            (#"{"StringEquals": {"aws:PrincipalType": "User"}}"#, true),
            (#"{"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::123456789012:user/team/*"}}"#, true),
            (#"{"StringEquals": {"aws:PrincipalAccount": "123456789012"}}"#, true),
            (#"{"StringEquals": {"aws:PrincipalTag/team": "pets"}}"#, true),
            (#"{"StringEquals": {"aws:PrincipalTag/team": "cars"}}"#, false),
            (#"{"Null": {"aws:PrincipalOrgID": "true"}}"#, true),
            (#"{"DateGreaterThan": {"aws:TokenIssueTime": "2017-01-01T00:00:00Z"}}"#, true),
            (#"{"Bool": {"aws:MultiFactorAuthPresent": "true"}}"#, true),
            (#"{"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}"#, false),
        ])
    func callerConditions(_ condition: String, _ isAllowed: Bool) throws {
        var trial = SignedTrial(try SignedTrial.petStore(policy: SignedTrial.resourcePolicy(condition: condition)))
        trial.publish(
            facts: [
                "aws:PrincipalTag/team": "pets", "aws:TokenIssueTime": "2017-07-14T02:00:00Z",
                "aws:MultiFactorAuthPresent": "true",
            ])
        #expect(try trial.send().hasPrefix(isAllowed ? "200 " : "403 AccessDenied"))
    }

    @Test("the age of a second factor counts from when it was proved")
    func factorAge() throws {
        var trial = SignedTrial(try SignedTrial.petStore())
        let now = Int(ExchangeTrial.identity.milliseconds / 1000)
        let identity = [try SignedTrial.allowing(condition: #"{"NumericLessThan": {"aws:MultiFactorAuthAge": "60"}}"#)]
        for (age, isAllowed) in [(59, true), (60, false)] {
            trial.directory.add(
                KnownCaller(
                    accessKeyID: "AKIADEV", secret: "hush", caller: .user(arn: SignedTrial.dev),
                    layers: PolicyLayers(identity: identity), factorTime: now - age))
            trial.registry.publish(trial.directory)
            #expect(try trial.send().hasPrefix(isAllowed ? "200 " : "403 "))
        }
    }

    @Test(
        "another spelling of a denied path does not get past the denial",
        arguments: [
            "/secret/x", "/secret/x/", "/secret//x", "//secret/x", "/s%65cret/x", "/secret%2Fx", "/%73ecret/%78",
        ])
    func spellings(_ path: String) throws {
        var trial = SignedTrial(try SignedTrial.petStore())
        let deny = try SignedTrial.allowing("\(SignedTrial.arn)/*/secret/x", effect: "Deny")
        trial.publish([try SignedTrial.allowing(), deny])
        let said = try trial.send("PATCH", path)
        #expect(said.hasPrefix("403 AccessDeniedException ") && said.contains("with an explicit deny"), "\(said)")
        #expect(try trial.send("PATCH", "/secret/y") == "200 ANY /{proxy+}")
        #expect(try trial.send("patch", "/secret/x").hasPrefix("403 AccessDeniedException "))
    }

    @Test("a request over TLS is one over a secure transport")
    func secure() throws {
        let policy = try SignedTrial.resourcePolicy(condition: #"{"Bool": {"aws:SecureTransport": "true"}}"#)
        let trial = ExchangeTrial(try SignedTrial.petStore(policy: policy))
        var request = ExchangeTrial.request("GET", "/open")
        #expect(try trial.said(request).hasPrefix("403 "))
        request.isSecure = true
        #expect(try trial.said(request) == "200 GET /open")
    }

    @Test("an ARN of more than 1600 bytes is answered 414")
    func tooLong() throws {
        var trial = SignedTrial(try SignedTrial.petStore())
        trial.publish([try SignedTrial.allowing()])
        let fixed = "\(SignedTrial.arn)/PATCH/".utf8.count
        let most = String(repeating: "a", count: Limits.resourceARNBytesMax - fixed)
        #expect(try trial.send("PATCH", "/" + most) == "200 ANY /{proxy+}")
        #expect(
            try trial.send("PATCH", "/a" + most)
                == #"414 RequestURITooLongException {"message":"Request-URI Too Long"}"#)
    }

    @Test("an IPv4 client of a listener on IPv6 is known by its own address")
    func mapped() throws {
        let policy = try SignedTrial.resourcePolicy(condition: #"{"IpAddress": {"aws:SourceIp": "192.0.2.7"}}"#)
        let trial = ExchangeTrial(try SignedTrial.petStore(policy: policy))
        var request = ExchangeTrial.request("GET", "/open")
        request.sourceIP = "::ffff:192.0.2.7"
        #expect(try trial.said(request) == "200 GET /open")
        request.sourceIP = "::ffff:192.0.2.8"
        #expect(try trial.said(request).hasPrefix("403 "))
        request.sourceIP = ""
        #expect(try trial.said(request).hasPrefix("403 "))
    }
}
