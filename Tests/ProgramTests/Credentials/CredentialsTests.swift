import Foundation
import Testing

extension Acceptance {
    /// The program finds the keys that AWS's own tools find: real files, programs and services, asked by both.
    @Suite struct CredentialsTests {
        struct Case: Sendable, CustomTestStringConvertible {
            let name: String
            var variables: [String: String] = [:]
            var config = ""
            var credentials = ""
            /// What `doctor` says about it.
            let source: String

            var testDescription: String { name }
        }

        private static let base = "[base]\naws_access_key_id = AKIABASE\naws_secret_access_key = s\n"
        private static let role = "arn:aws:iam::123456789012:role/"

        /// `SERVER` stands for the URL of the services, `HOME` for the home folder.
        static let cases = [
            Case(
                name: "environment", variables: ["AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "s"],
                credentials: "[default]\naws_access_key_id = AKIAFILE\naws_secret_access_key = s\n",
                source: "AWS_ACCESS_KEY_ID"),
            Case(
                name: "default profile", config: "[default]\nregion = eu-west-1\n",
                credentials: "[default]\naws_access_key_id = AKIAFILE\naws_secret_access_key = s\n",
                source: "profile `default`"),
            Case(
                name: "keys in the config file", variables: ["AWS_PROFILE": "a b"],
                config:
                    "[default]\nregion = r\n[profile 'a b']\ns3 =\n  max_queue_size = 1\naws_access_key_id = AKIACONFIG\n"
                    + "aws_secret_access_key = s\n", source: "profile `a b`"),
            Case(
                name: "roles in a chain", variables: ["AWS_PROFILE": "last"],
                config:
                    "[profile last]\nrole_arn = \(role)last\nsource_profile = first\nexternal_id = team\n"
                    + "[profile first]\nrole_arn = \(role)first\nsource_profile = base\n", credentials: base,
                source: "role/first"),
            Case(
                name: "a profile that is its own source", variables: ["AWS_PROFILE": "base"],
                config: "[profile base]\nrole_arn = \(role)own\nsource_profile = base\n", credentials: base,
                source: "role/own"),
            Case(
                name: "a program", variables: ["AWS_PROFILE": "p"],
                config: "[profile p]\ncredential_process = sh 'HOME/get keys.sh' AKIAPROGRAM\n",
                source: "credential_process"),
            Case(
                name: "a web identity",
                variables: [
                    "AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/token", "AWS_ROLE_ARN": "\(role)pod",
                    "AWS_ROLE_SESSION_NAME": "pod",
                ], source: "the token in"),
            Case(
                name: "a profile's web identity", variables: ["AWS_PROFILE": "w"],
                config: "[profile w]\nrole_arn = \(role)web\nweb_identity_token_file = HOME/token\n",
                source: "role/web"),
            Case(
                name: "a sign-in", variables: ["AWS_PROFILE": "s"],
                config:
                    "[profile s]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Admin\n"
                    + "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n",
                source: "the sign-in"),
            Case(
                name: "a container", variables: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "SERVER/container"],
                source: "the container's role"),
            Case(name: "a machine", source: "the machine's role `web`"),
        ]

        private static func services() async throws -> FakeServer {
            try await FakeServer { request in
                switch (request.method, request.path) {
                case ("POST", "/"): token(request.text)
                case ("PUT", "/latest/api/token"): .status(200, body: "TOKEN")
                case ("GET", "/latest/meta-data/iam/security-credentials/"): .status(200, body: "web")
                case ("GET", "/latest/meta-data/iam/security-credentials/web"): metadata("ASIAMACHINE")
                case ("GET", "/container"): metadata("ASIACONTAINER")
                case ("GET", "/federation/credentials"):
                    .status(
                        200,
                        body: "{\"roleCredentials\": {\"accessKeyId\": \"ASIASIGNEDIN\", \"secretAccessKey\": \"s\", "
                            + "\"sessionToken\": \"t\", \"expiration\": 4000000000000}}")
                case ("GET", "/restapis"): .status(200, body: "{\"item\": []}")
                default: .status(404, body: "{\"message\": \"nothing here\"}")
                }
            }
        }

        private static func metadata(_ key: String) -> FakeServer.Reply {
            .status(
                200,
                body:
                    "{\"Code\": \"Success\", \"AccessKeyId\": \"\(key)\", \"SecretAccessKey\": \"s\", \"Token\": \"t\", "
                    + "\"Expiration\": \"2090-01-01T00:00:00Z\"}")
        }

        /// A key named after the role that is asked for.
        private static func token(_ form: String) -> FakeServer.Reply {
            let fields = form.split(separator: "&").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
            let action = fields.first { $0[0] == "Action" }?.last ?? ""
            let role = fields.first { $0[0] == "RoleArn" }?.last?.split(separator: "F").last ?? ""
            let result =
                action == "GetCallerIdentity"
                ? "<Account>123456789012</Account><Arn>a</Arn><UserId>u</UserId>"
                : "<Credentials><AccessKeyId>ASIA\(role.uppercased())</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
                    + "<SessionToken>t</SessionToken><Expiration>2090-01-01T00:00:00Z</Expiration></Credentials>"
            return .status(
                200, headers: ["Content-Type": "text/xml"],
                body: "<\(action)Response><\(action)Result>\(result)</\(action)Result></\(action)Response>")
        }

        /// A repository whose target are those services, and a home that says what the case says.
        private func prepare(_ one: Case, _ server: FakeServer) async throws -> (Repository, [String: String]) {
            let repository = try await Repository.hello()
            try repository.replace(
                "gatewright.yaml", "target: { engine: {} }",
                by: "target: { aws: { region: eu-west-1, accountId: \"123456789012\", endpoint: \"\(server.url)\" } }")
            try await repository.commit("Deploy elsewhere")
            let home = repository.workspace.path + "/home"
            func filled(_ text: String) -> String {
                text.replacing("SERVER", with: server.url).replacing("HOME", with: home)
            }
            try repository.workspace.folder("home/.aws/sso/cache")
            func write(_ name: String, _ text: String) throws {
                try filled(text).write(toFile: "\(home)/\(name)", atomically: true, encoding: .utf8)
            }
            try write(".aws/config", one.config)
            try write(".aws/credentials", one.credentials)
            try write("token", "header.claims.signature\n")
            try write(
                "get keys.sh",
                "echo secrets >&2\necho '{\"Version\": 1, \"AccessKeyId\": \"'$1'\", \"SecretAccessKey\": \"s\"}'\n")
            try write(
                ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json",
                "{\"accessToken\": \"TOKEN\", \"expiresAt\": \"2090-01-01T00:00:00Z\", \"region\": \"eu-west-1\", "
                    + "\"startUrl\": \"https://corp.awsapps.com/start\"}")
            var environment = one.variables.mapValues(filled)
            for name in ["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_SSO", "AWS_EC2_METADATA_SERVICE_ENDPOINT"] {
                environment[name] = server.url
            }
            for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] { environment[name] = "eu-west-1" }
            return (repository, environment)
        }

        @Test("calls are signed with the key that boto3 finds, and doctor says where it is from", arguments: cases)
        func sources(_ one: Case) async throws {
            let server = try await Self.services()
            let (repository, environment) = try await prepare(one, server)
            let plan = try await Program.run(
                "gatewright", ["plan", "--refresh"], in: repository.folder, repository.workspace,
                environment: environment)
            #expect(plan.status == 0, "\(plan)")
            let signed = try #require(server.requests.last { $0.path == "/restapis" }?.header("Authorization"))
            let key = try #require(signed.firstMatch(of: /Credential=(\w+)\//)?.1)

            let doctor = try await Program.run(
                "gatewright", ["doctor"], in: repository.folder, repository.workspace, environment: environment)
            #expect(doctor.all.contains("credentials of dev: "), "\(doctor)")
            #expect(doctor.all.contains(one.source) && !doctor.all.contains("secrets"), "\(doctor)")

            guard Program.isInstalled("python3") else { return }
            let peer = try await Program.run(
                "python3",
                [
                    "-c",
                    "import boto3; print('key', boto3.Session().get_credentials().get_frozen_credentials().access_key)",
                ],
                in: repository.folder, repository.workspace, environment: environment)
            // Without boto3 the key of the case itself is what counts.
            if peer.err.contains("No module named") { return }
            #expect(peer.out == "key \(key)\n", "\(peer)")
        }

        @Test("keys of another account than the target names are refused before anything is read")
        func otherAccount() async throws {
            let server = try await Self.services()
            let (repository, environment) = try await prepare(Self.cases[0], server)
            try repository.replace("gatewright.yaml", "123456789012", by: "210987654321")
            try await repository.commit("Another account")
            let plan = try await Program.run(
                "gatewright", ["plan", "--refresh"], in: repository.folder, repository.workspace,
                environment: environment)
            try await repository.expectFailure(
                plan, status: 4, says: ["credentials.other-account", "123456789012", "210987654321"])
            #expect(!server.requests.contains { $0.path == "/restapis" })
        }

        @Test("a source that fails is named, with its code and no secret")
        func failing() async throws {
            let server = try await Self.services()
            let (repository, environment) = try await prepare(Self.cases[5], server)
            let home = repository.workspace.path + "/home"
            try "echo secret-of-the-program; exit 3\n".write(
                toFile: home + "/get keys.sh", atomically: true, encoding: .utf8)
            let plan = try await Program.run(
                "gatewright", ["plan", "--refresh"], in: repository.folder, repository.workspace,
                environment: environment)
            try await repository.expectFailure(
                plan, status: 1, says: ["credentials.source-failed", "credential_process", "status 3"])
            #expect(!plan.all.contains("secret-of-the-program"))
        }

        @Test("without any keys, the message says where they were looked for")
        func none() async throws {
            let server = try await Self.services()
            let (repository, _) = try await prepare(Self.cases[10], server)
            let plan = try await Program.run(
                "gatewright", ["plan", "--refresh"], in: repository.folder, repository.workspace,
                environment: ["AWS_EC2_METADATA_DISABLED": "true"])
            try await repository.expectFailure(plan, status: 1, says: ["credentials.missing", "container"])
        }
    }
}
