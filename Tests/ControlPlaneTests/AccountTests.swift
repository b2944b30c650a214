import ControlPlane
import JSON
import Synchronization
import Testing

@Suite struct AccountTests {
    @Test("the account has limits, and a role that can be set and taken away")
    func account() async throws {
        let engine = try await Engine()
        let bare: JSONValue = [
            "throttleSettings": ["burstLimit": 5000, "rateLimit": 10000], "features": ["UsagePlans"],
            "apiKeyVersion": "4",
        ]
        #expect(try await engine.make("GET", "/account") == bare)
        let arn = "arn:aws:iam::123456789012:role/path/logs"
        let set = try await engine.make(
            "PATCH", "/account",
            Engine.patch(("replace", "/cloudwatchRoleArn", arn), ("add", "/features", "UsagePlans")))
        #expect(set["cloudwatchRoleArn"]?.string == arn)
        #expect(try await engine.make("GET", "/account") == set)
        for value in [
            "x", "arn:aws:iam::123456789012:user/a", "arn:aws:iam::1:role/a", "arn:aws:iam::123456789012:role/",
        ] {
            try await engine.refused(
                "PATCH", "/account", Engine.patch(("replace", "/cloudwatchRoleArn", value)),
                "Invalid ARN specified in the request")
        }
        try await engine.refused(
            "PATCH", "/account", Engine.patch(("replace", "/throttleSettings/rateLimit", "1")),
            "Invalid patch path /throttleSettings/rateLimit")
        try await engine.refused(
            "PATCH", "/account", Engine.patch(("remove", "/features", "UsagePlans")),
            "Invalid patch operation specified. Must be one of: [add]")
        #expect(try await engine.make("PATCH", "/account", Engine.patch(("replace", "/cloudwatchRoleArn", ""))) == bare)
    }

    @Test("the account's objects outlive a restart")
    func restart() async throws {
        let folder = try TemporaryFolder()
        var engine = try await Engine(database: folder.path + "/engine.db")
        let arn = "arn:aws:iam::123456789012:role/logs"
        try await engine.make("PATCH", "/account", Engine.patch(("replace", "/cloudwatchRoleArn", arn)))
        try await engine.make("POST", "/clientcertificates", ["description": "d", "tags": ["a": "b"]])
        try await engine.make("POST", "/vpclinks", ["name": "n", "targetArns": [.string(VPCLinkTests.target)]])
        let api = try await engine.mockAPI()
        _ = try await engine.deployment(api, stage: "test")
        try await engine.make("POST", "/domainnames", ["domainName": "api.example.com"])
        try await engine.make(
            "POST", "/domainnames/api.example.com/basepathmappings",
            ["restApiId": .string(api.id), "stage": "test", "basePath": "pets"])
        let paths = [
            "/account", "/clientcertificates", "/vpclinks", "/domainnames",
            "/domainnames/api.example.com/basepathmappings",
        ]
        var before: [JSONValue] = []
        for path in paths { before.append(try await engine.make("GET", path)) }
        await engine.plane.close()
        engine = try await Engine(database: folder.path + "/engine.db")
        for (path, answer) in zip(paths, before) { #expect(try await engine.make("GET", path) == answer) }
        await engine.plane.close()
    }
}

@Suite struct ClientCertificateTests {
    @Test("a certificate is real, good for a year, and its key is never shown")
    func generate() async throws {
        let engine = try await Engine()
        let made = try await engine.make("POST", "/clientcertificates", ["description": "d", "tags": ["a": "b"]])
        let id = try #require(made["clientCertificateId"]?.string)
        #expect(made["createdDate"] == 1_767_225_600)
        #expect(made["expirationDate"]?.int == 1_767_225_600 + 365 * 86_400)
        #expect(made["tags"] == ["a": "b"])
        #expect(made.object?.count == 6)
        #expect(try await engine.make("GET", "/clientcertificates/\(id)") == made)
        #expect(try await engine.make("GET", "/clientcertificates")["item"] == [made])
        let pem = try #require(made["pemEncodedCertificate"]?.string)
        #expect(pem.hasPrefix("-----BEGIN CERTIFICATE-----\n"))
        #expect(pem.split(separator: "\n").allSatisfy { $0.count <= 64 })
        let other = try await engine.make("POST", "/clientcertificates", [:])
        #expect(other["pemEncodedCertificate"]?.string != pem)
        #expect(other["description"] == nil)
    }

    @Test("OpenSSL takes the certificate as one for clients that signs itself", .enabled(if: Client.exists("openssl")))
    func openSSL() async throws {
        let engine = try await Engine()
        let made = try await engine.make("POST", "/clientcertificates", [:])
        let folder = try TemporaryFolder()
        let file = folder.path + "/client.pem"
        try Client.write(try #require(made["pemEncodedCertificate"]?.string), to: file)
        let verified = try await Client.run(
            "openssl", "verify", "-attime", "1767225700", "-check_ss_sig", "-x509_strict", "-purpose", "sslclient",
            "-partial_chain", "-CAfile", file, file)
        #expect(verified.output.contains("\(file): OK"), "\(verified.output)")
        let expired = try await Client.run(
            "openssl", "verify", "-attime", "1798761601", "-partial_chain", "-CAfile", file, file)
        #expect(expired.output.contains("expired"), "\(expired.output)")
        let text = try await Client.run("openssl", "x509", "-in", file, "-noout", "-text").output
        #expect(text.contains("Not Before: Jan  1 00:00:00 2026 GMT"), "\(text)")
        #expect(text.contains("Not After : Jan  1 00:00:00 2027 GMT"), "\(text)")
        #expect(text.contains("TLS Web Client Authentication"), "\(text)")
    }

    @Test("a certificate's description changes; one that a stage shows stays; a stage shows none that is not there")
    func changes() async throws {
        let engine = try await Engine { $0.quotas.clientCertificates = 1 }
        let made = try await engine.make("POST", "/clientcertificates", [:])
        let id = try #require(made["clientCertificateId"]?.string)
        let path = "/clientcertificates/\(id)"
        let updated = try await engine.make("PATCH", path, Engine.patch(("replace", "/description", "e")))
        #expect(updated["description"] == "e")
        #expect(updated["tags"] == [:])
        try await engine.refused(
            "PATCH", path, Engine.patch(("replace", "/id", "e")),
            "Invalid patch path  '/id' specified for op 'replace'. Must be one of: [/description]")
        #expect(try await engine.send("POST", "/clientcertificates", [:]).errorType == "LimitExceededException")
        let api = try await engine.mockAPI()
        _ = try await engine.deployment(api, stage: "test")
        try await engine.refused(
            "PATCH", api.path + "/stages/test", Engine.patch(("replace", "/clientCertificateId", "nope")),
            "Invalid Client Certificate identifier specified")
        try await engine.make(
            "PATCH", api.path + "/stages/test", Engine.patch(("replace", "/clientCertificateId", id)))
        #expect(try await engine.send("DELETE", path).errorType == "ConflictException")
        try await engine.make(
            "PATCH", api.path + "/stages/test", Engine.patch(("remove", "/clientCertificateId", nil)))
        #expect(try await engine.send("DELETE", path).status == 202)
        for method in ["GET", "DELETE"] {
            try await engine.notFound(method, path, "Invalid Client Certificate identifier specified")
        }
    }
}

@Suite struct VPCLinkTests {
    static let target = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/pets/50dc6c495c0c9188"

    @Test("a link is pending at first, and usable a moment later")
    func pending() async throws {
        let clock = Moment()
        let engine = try await Engine(clock: { clock.now })
        let made = try await engine.send(
            "POST", "/vpclinks", ["name": "n", "description": "d", "targetArns": [.string(Self.target)]])
        #expect(made.status == 202)
        let id = try #require(try made.body["id"]?.string)
        #expect(
            try made.body == [
                "id": .string(id), "name": "n", "description": "d", "targetArns": [.string(Self.target)],
                "status": "PENDING",
            ])
        clock.advance()
        let ready = try await engine.make("GET", "/vpclinks/\(id)")
        #expect(ready["status"] == "AVAILABLE")
        #expect(ready["statusMessage"] == "Your vpc link is ready for use")
        #expect(ready["tags"] == [:])
        let renamed = try await engine.make("PATCH", "/vpclinks/\(id)", Engine.patch(("replace", "/name", "m")))
        #expect(renamed["name"] == "m")
        #expect(renamed["tags"] == [:])
        try await engine.refused(
            "PATCH", "/vpclinks/\(id)", Engine.patch(("replace", "/targetArns", "x")), "Invalid patch path /targetArns")
        try await engine.refused(
            "PATCH", "/vpclinks/\(id)", Engine.patch(("replace", "/name", "")), "Vpc link name cannot be blank")
    }

    @Test("a link to a load balancer that the engine does not know fails, says why, and can be deleted")
    func failing() async throws {
        let clock = Moment()
        let engine = try await Engine(clock: { clock.now })
        let target = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/other/1"
        let made = try await engine.make("POST", "/vpclinks", ["name": "n", "targetArns": [.string(target)]])
        let id = try #require(made["id"]?.string)
        #expect(made["status"] == "PENDING" && made["statusMessage"] == nil)
        clock.advance()
        let failed = try await engine.make("GET", "/vpclinks/\(id)")
        #expect(failed["status"] == "FAILED")
        #expect(
            failed["statusMessage"]
                == .string(
                    "NLB \(target) is not known to this engine: its configuration has no such entry in "
                        + "engine.endpoints.targets"))
        let listed = try await engine.make("GET", "/vpclinks")
        #expect(listed["item"]?.array?.first?["status"] == "FAILED")
        #expect(try await engine.send("DELETE", "/vpclinks/\(id)").status == 202)
    }

    @Test("what a link cannot be is refused")
    func refusals() async throws {
        let engine = try await Engine { $0.quotas.vpcLinks = 1 }
        let target = JSONValue.string(Self.target)
        for (body, message) in [
            (["name": "", "targetArns": [target]] as JSONValue, "Vpc link name cannot be blank"),
            (["name": "a", "targetArns": []], "Exactly one target ARN must be specified for a vpc link"),
            (
                ["name": "a", "targetArns": [target, target]], "Exactly one target ARN must be specified for a vpc link"
            ),
            (
                ["name": "a", "targetArns": ["x"]],
                "Invalid target ARN specified: x. It must be that of a network load balancer"
            ),
        ] { try await engine.refused("POST", "/vpclinks", body, message) }
        #expect(try await engine.send("POST", "/vpclinks", ["name": "a"]).errorType == "ValidationException")
        try await engine.make("POST", "/vpclinks", ["name": "a", "targetArns": [target]])
        #expect(
            try await engine.send("POST", "/vpclinks", ["name": "a", "targetArns": [target]]).errorType
                == "LimitExceededException")
        try await engine.notFound("GET", "/vpclinks/x", "Invalid Vpc Link identifier specified")
    }

    @Test("a link that an integration uses, as it is or as a stage serves it, stays")
    func used() async throws {
        let engine = try await Engine()
        let link = try #require(
            try await engine.make("POST", "/vpclinks", ["name": "n", "targetArns": [.string(Self.target)]])["id"]?
                .string)
        let api = try await engine.mockAPI()
        let integration = api.methods() + "/GET/integration"
        try await engine.make(
            "PUT", integration,
            [
                "type": "HTTP_PROXY", "httpMethod": "GET", "uri": "http://example.com/",
                "connectionType": "VPC_LINK", "connectionId": .string(link),
            ])
        _ = try await engine.deployment(api, stage: "test")
        func inUse(_ users: String) async throws {
            try await engine.refused(
                "DELETE", "/vpclinks/\(link)",
                "Cannot delete vpc link. Vpc link '\(link)', is referenced in [\(users)] "
                    + "in format of [Method:Resource:Stage].")
        }
        try await inUse("GET:\(api.root), GET:\(api.root):test")
        try await engine.make("DELETE", integration)
        try await inUse("GET:\(api.root):test")
        try await engine.make("DELETE", api.path + "/stages/test")
        #expect(try await engine.send("DELETE", "/vpclinks/\(link)").status == 202)
        #expect(try await engine.send("DELETE", "/vpclinks/\(link)").status == 404)
    }
}

/// A clock that a test moves.
private final class Moment: Sendable {
    private let seconds = Mutex(Engine.now)
    var now: Int { seconds.withLock { $0 } }
    func advance() { seconds.withLock { $0 += 1 } }
}
