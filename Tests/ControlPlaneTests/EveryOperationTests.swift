import ControlPlane
import Testing

/// Every operation of the services once at least, by boto3; the scripts hold each answer against botocore's own model of
/// the service, in which there may be nothing that it does not know and must be all that it asks for.
@Suite(.enabled(if: Client.hasBoto3, "boto3 is not installed"))
struct EveryOperationTests {
    @Test("boto3 calls all operations of API Gateway, and botocore knows all that is answered")
    func apiGateway() async throws {
        try await LiveEngine.run { live in
            let done = try await Client.fixture("gateway.py", live.port)
            #expect(done.status == 0 && done.output == "ok\n", "\(done.output)")
        }
    }

    @Test(
        "boto3 calls all operations of IAM and STS, and botocore knows all that is answered",
        .enabled(if: Client.exists("openssl"), "openssl is not installed"))
    func identity() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path
        try await LiveEngine.run(configure: { configuration in
            configuration.fetch = { url in
                guard url.hasSuffix("/openid-configuration") else { return try Corpus.read(path + "/keys.json") }
                return Array(#"{"jwks_uri": "https://id.example.com/keys"}"#.utf8)
            }
        }) { live in
            let done = try await Client.fixture("identity.py", live.port, path)
            #expect(done.status == 0 && done.output == "ok 152 8\n", "\(done.output)")
        }
    }

    @Test(
        "the AWS command line makes a key, a plan, a domain and a role, tags, exports, takes the role on and deletes",
        .enabled(if: Client.exists("aws"), "the AWS command line is not installed"))
    func commandLine() async throws {
        try await LiveEngine.run { live in
            @Sendable func aws(_ service: String, _ arguments: String...) async throws -> String {
                let done = try await Client.aws(live.port, arguments + ["--output", "text"], service: service)
                #expect(done.status == 0, "\(arguments): \(done.output)")
                return done.output.split(separator: "\n").first.map(String.init) ?? ""
            }
            let api = try await aws("apigateway", "create-rest-api", "--name", "pets", "--query", "id")
            let root = try await aws(
                "apigateway", "get-resources", "--rest-api-id", api, "--query", "items[0].id")
            let method = ["--rest-api-id", api, "--resource-id", root, "--http-method", "GET"]
            for arguments in [
                ["put-method"] + method + ["--authorization-type", "NONE"],
                ["put-integration"] + method + ["--type", "MOCK"],
                ["create-deployment", "--rest-api-id", api, "--stage-name", "test"],
                ["tag-resource", "--resource-arn", "arn:aws:apigateway:us-east-1::/restapis/\(api)", "--tags", "a=b"],
                [
                    "create-domain-name", "--domain-name", "api.example.com", "--endpoint-configuration",
                    "types=REGIONAL",
                ],
                [
                    "create-base-path-mapping", "--domain-name", "api.example.com", "--rest-api-id", api, "--stage",
                    "test",
                ],
            ] {
                let done = try await Client.aws(live.port, arguments)
                #expect(done.status == 0, "\(arguments): \(done.output)")
            }
            let folder = try TemporaryFolder()
            _ = try await aws(
                "apigateway", "get-export", "--rest-api-id", api, "--stage-name", "test", "--export-type", "oas30",
                folder.path + "/export.json")
            #expect(try Corpus.read(folder.path + "/export.json").count > 100)
            let key = try await aws(
                "apigateway", "create-api-key", "--name", "team", "--enabled", "--query", "id")
            let plan = try await aws(
                "apigateway", "create-usage-plan", "--name", "gold", "--api-stages", "apiId=\(api),stage=test",
                "--throttle", "rateLimit=10,burstLimit=5", "--query", "id")
            #expect(
                try await aws(
                    "apigateway", "create-usage-plan-key", "--usage-plan-id", plan, "--key-id", key, "--key-type",
                    "API_KEY", "--query", "name") == "team")
            let trust = Documents.trust("AWS", "123456789012")
            let role = try await aws(
                "iam", "create-role", "--role-name", "reader", "--assume-role-policy-document", trust, "--query",
                "Role.Arn")
            #expect(role == Engine.roleARN("reader"))
            let done = try await Client.aws(
                live.port, ["assume-role", "--role-arn", role, "--role-session-name", "me"], service: "sts")
            #expect(done.output.contains("Roles may not be assumed by root accounts."), "\(done.output)")
            _ = try await aws("iam", "delete-role", "--role-name", "reader")
            _ = try await aws("apigateway", "delete-usage-plan-key", "--usage-plan-id", plan, "--key-id", key)
            _ = try await aws("apigateway", "delete-api-key", "--api-key", key)
            #expect(try await aws("apigateway", "get-api-keys", "--query", "length(items)") == "0")
        }
    }
}
