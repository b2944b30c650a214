import ControlPlane
import JSON
import Testing

@Suite struct DomainNameTests {
    private static let domain = "/domainnames/api.example.com"

    @Test("a domain is answered by its type, with the service's names for it")
    func create() async throws {
        let engine = try await Engine()
        let arn = "arn:aws:acm:us-east-1:123456789012:certificate/a"
        let edge = try await engine.send(
            "POST", "/domainnames", ["domainName": "API.example.com", "certificateArn": .string(arn)])
        #expect(edge.status == 201)
        let body = try edge.body
        #expect(body["domainName"] == "api.example.com")
        #expect(body["domainNameStatus"] == "AVAILABLE")
        #expect(body["securityPolicy"] == "TLS_1_2")
        #expect(body["endpointConfiguration"]?["types"] == ["EDGE"])
        #expect(body["distributionDomainName"]?.string?.hasSuffix(".cloudfront.net") == true)
        #expect(body["distributionHostedZoneId"] == "Z2FDTNDATAQYW2")
        #expect(body["regionalDomainName"] == nil)
        #expect(body["tags"] == nil)
        #expect(try await engine.make("GET", "/domainnames/Api.Example.com")["tags"] == [:])
        let regional = try await engine.make(
            "POST", "/domainnames",
            [
                "domainName": "*.example.com", "regionalCertificateArn": .string(arn), "tags": ["a": "b"],
                "securityPolicy": "TLS_1_0", "endpointConfiguration": ["types": ["REGIONAL"]],
                "mutualTlsAuthentication": ["truststoreUri": "s3://b/k", "truststoreVersion": "1"],
            ])
        #expect(regional["regionalDomainName"]?.string?.hasSuffix(".execute-api.us-east-1.amazonaws.com") == true)
        #expect(regional["distributionDomainName"] == nil)
        #expect(regional["mutualTlsAuthentication"] == ["truststoreUri": "s3://b/k", "truststoreVersion": "1"])
        #expect(regional["securityPolicy"] == "TLS_1_0")
        let listed = try await engine.make("GET", "/domainnames?limit=1")
        #expect(listed["item"]?[0]?["domainName"] == "*.example.com")
        #expect(listed["position"] != nil)
        #expect(try await engine.make("GET", "/domainnames?resourceOwner=OTHER_ACCOUNTS")["item"] == [])
    }

    @Test("what a domain cannot be is refused")
    func refusals() async throws {
        let engine = try await Engine { $0.quotas.domainNames = 1 }
        for name in [
            "", "example", "a..b", "-a.b", "a_b.c", "a.*.b", "a b.c", "a.b/c", String(repeating: "a", count: 64) + ".b",
        ] {
            try await engine.refused(
                "POST", "/domainnames", ["domainName": .string(name)], "Invalid domain name specified: \(name)")
        }
        for (member, value) in [
            ("endpointConfiguration", ["types": ["PRIVATE"]] as JSONValue), ("routingMode", "ROUTING_RULE_ONLY"),
            ("policy", "{}"), ("mutualTlsAuthentication", ["truststoreUri": "http://x"]),
            ("mutualTlsAuthentication", ["truststoreVersion": "1"]),
        ] {
            let body = JSONObject([("domainName", "a.b"), (member, value)])
            #expect(try await engine.send("POST", "/domainnames", .object(body)).errorType == "BadRequestException")
        }
        for member in ["securityPolicy", "routingMode", "endpointAccessMode"] {
            let body = JSONObject([("domainName", "a.b"), (member, "nope")])
            #expect(try await engine.send("POST", "/domainnames", .object(body)).errorType == "ValidationException")
        }
        #expect(try await engine.send("POST", "/domainnames", [:]).errorType == "ValidationException")
        try await engine.make("POST", "/domainnames", ["domainName": "a.b"])
        try await engine.refused(
            "POST", "/domainnames", ["domainName": "A.B"], "The domain name you provided already exists.")
        #expect(
            try await engine.send("POST", "/domainnames", ["domainName": "b.b"]).errorType == "LimitExceededException")
        for method in ["GET", "DELETE"] {
            try await engine.notFound(method, "/domainnames/x.y", "Invalid domain name identifier specified")
        }
        #expect(try await engine.send("GET", "/domainnames?resourceOwner=ME").errorType == "ValidationException")
    }

    @Test("a domain is updated by the paths that the service has")
    func update() async throws {
        let engine = try await Engine()
        try await engine.make("POST", "/domainnames", ["domainName": "api.example.com"])
        let changed = try await engine.make(
            "PATCH", Self.domain,
            Engine.patch(
                ("replace", "/endpointConfiguration/types/EDGE", "REGIONAL"),
                ("replace", "/endpointConfiguration/ipAddressType", "dualstack"),
                ("replace", "/regionalCertificateArn", "arn"), ("replace", "/securityPolicy", "TLS_1_0"),
                ("replace", "/mutualTlsAuthentication/truststoreUri", "s3://b/k"),
                ("replace", "/mutualTlsAuthentication/truststoreVersion", "2")))
        #expect(changed["endpointConfiguration"] == ["types": ["REGIONAL"], "ipAddressType": "dualstack"])
        #expect(changed["regionalDomainName"] != nil)
        #expect(changed["regionalCertificateArn"] == "arn")
        #expect(changed["mutualTlsAuthentication"] == ["truststoreUri": "s3://b/k", "truststoreVersion": "2"])
        #expect(changed["tags"] == [:])
        let bare = try await engine.make(
            "PATCH", Self.domain, Engine.patch(("replace", "/mutualTlsAuthentication/truststoreUri", "")))
        #expect(bare["mutualTlsAuthentication"] == nil)
        for (path, value) in [
            ("/domainName", "x"), ("/securityPolicy", "x"), ("/endpointConfiguration/types/0", "PRIVATE"),
            ("/endpointConfiguration/types/EDGE", "EDGE"), ("/mutualTlsAuthentication/truststoreUri", "x"),
            ("/endpointConfiguration/ipAddressType", "x"), ("/endpointAccessMode", "x"),
        ] {
            let answer = try await engine.send("PATCH", Self.domain, Engine.patch(("replace", path, value)))
            #expect(answer.errorType == "BadRequestException", "\(path)")
        }
    }

    @Test("a base path is mapped once, to what is there; `(none)` is the empty one")
    func mappings() async throws {
        let engine = try await Engine { $0.quotas.basePathMappingsPerDomain = 3 }
        let api = try await engine.mockAPI()
        _ = try await engine.deployment(api, stage: "test")
        let all = Self.domain + "/basepathmappings"
        let id = JSONValue.string(api.id)
        try await engine.notFound("POST", all, ["restApiId": id], "Invalid domain name identifier specified")
        try await engine.notFound("GET", all, "Invalid domain name identifier specified")
        try await engine.make("POST", "/domainnames", ["domainName": "api.example.com"])
        let root = try await engine.make("POST", all, ["restApiId": id, "stage": "test"])
        #expect(root == ["basePath": "(none)", "restApiId": id, "stage": "test"])
        #expect(try await engine.make("GET", all + "/(none)") == root)
        let pets = try await engine.make("POST", all, ["restApiId": id, "basePath": "pets"])
        #expect(pets == ["basePath": "pets", "restApiId": id])
        #expect(try await engine.make("GET", all)["item"] == [root, pets])
        for body in [
            ["restApiId": id], ["restApiId": id, "basePath": "(none)"], ["restApiId": id, "basePath": "pets"],
        ]
            as [JSONValue]
        {
            try await engine.refused(
                "POST", all, body, status: 409, type: "ConflictException",
                "Base path already exists for this domain name")
        }
        for (body, message) in [
            (["restApiId": "nope"] as JSONValue, "Invalid REST API identifier specified"),
            (["restApiId": id, "stage": "nope"], "Invalid stage identifier specified"),
        ] { try await engine.refused("POST", all, body, message) }
        for path in ["a/b", "a b", "ä", "%41"] {
            let answer = try await engine.send("POST", all, ["restApiId": id, "basePath": .string(path)])
            #expect(answer.errorType == "BadRequestException", "\(path)")
        }
        #expect(try await engine.send("POST", all, [:]).errorType == "ValidationException")
        let moved = try await engine.make(
            "PATCH", all + "/pets",
            Engine.patch(
                ("replace", "/basePath", "cats"), ("replace", "/stage", "test"), ("replace", "/restapiId", api.id)))
        #expect(moved == ["basePath": "cats", "restApiId": id, "stage": "test"])
        try await engine.notFound("GET", all + "/pets", "Invalid base path mapping identifier specified")
        try await engine.refused(
            "PATCH", all + "/cats", Engine.patch(("replace", "/basePath", "(none)")), status: 409,
            type: "ConflictException", "Base path already exists for this domain name")
        try await engine.refused(
            "PATCH", all + "/cats", Engine.patch(("replace", "/nope", "x")), "Invalid patch path /nope")
        try await engine.make("POST", all, ["restApiId": id, "basePath": "third"])
        #expect(
            try await engine.send("POST", all, ["restApiId": id, "basePath": "fourth"]).errorType
                == "LimitExceededException")
    }

    @Test("a domain with mappings stays, and so does an API that a domain serves")
    func inUse() async throws {
        let engine = try await Engine()
        let api = try await engine.mockAPI()
        _ = try await engine.deployment(api, stage: "test")
        try await engine.make("POST", "/domainnames", ["domainName": "api.example.com"])
        let mapping = Self.domain + "/basepathmappings/(none)"
        try await engine.make(
            "POST", Self.domain + "/basepathmappings", ["restApiId": .string(api.id), "stage": "test"])
        #expect(try await engine.send("DELETE", Self.domain).errorType == "ConflictException")
        let refused = try await engine.send("DELETE", api.path)
        #expect(refused.errorType == "BadRequestException")
        #expect(try refused.message?.contains("api.example.com") == true)
        #expect(try await engine.send("DELETE", mapping).status == 202)
        #expect(try await engine.send("DELETE", mapping).status == 404)
        #expect(try await engine.send("DELETE", Self.domain).status == 202)
        #expect(try await engine.send("DELETE", api.path).status == 202)
    }

    @Test("a domain has tags by ARN, whatever the case of its name")
    func tags() async throws {
        let engine = try await Engine()
        try await engine.make("POST", "/domainnames", ["domainName": "api.example.com"])
        let arn = "/tags/arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Fdomainnames%2FAPI.example.com"
        try await engine.make("PUT", arn, ["tags": ["a": "b"]])
        #expect(try await engine.make("GET", Self.domain)["tags"] == ["a": "b"])
    }
}
