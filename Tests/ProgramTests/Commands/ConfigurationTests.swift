import Foundation
import Testing

extension Acceptance {
    /// `gatewright.conf.yaml`, its variables and its flags, as `gatewright doctor` shows them.
    @Suite struct ConfigurationTests {
        let repository: Repository

        init() async throws { repository = try await Repository.hello() }

        private func doctor(_ arguments: String..., environment: [String: String] = [:]) async throws -> Output {
            try await Program.run(
                "gatewright", ["doctor"] + arguments, in: repository.folder, repository.workspace,
                environment: environment)
        }

        /// What stands behind a load balancer.
        private static func targets(_ settings: String) -> String {
            "engine: { endpoints: { targets: { a: \(settings) } } }"
        }

        private func write(_ text: String) throws { try repository.write(".gatewright/gatewright.conf.yaml", text) }

        @Test("flags win over variables, variables over the file, the file over defaults; doctor says which it was")
        func precedence() async throws {
            try write("logs: { level: info, format: json, requests: errors }\nengine: { region: eu-west-1 }\n")
            let output = try await doctor(
                "--log-level", "error",
                environment: [
                    "GATEWRIGHT_LOGS_LEVEL": "debug", "GATEWRIGHT_LOGS_FORMAT": "text",
                    "GATEWRIGHT_LISTENERS_PUBLIC_URL": "https://gw.example.com",
                ])
            #expect(output.status == 0, "\(output)")
            for line in [
                "logs.level = error  (--log-level)", "logs.format = text  ($GATEWRIGHT_LOGS_FORMAT)",
                "listeners.publicURL = https://gw.example.com  ($GATEWRIGHT_LISTENERS_PUBLIC_URL)",
                "logs.requests = errors  (\(repository.folder)/.gatewright/gatewright.conf.yaml:1)",
                "engine.region = eu-west-1  (\(repository.folder)/.gatewright/gatewright.conf.yaml:2)",
                "listeners.data = 127.0.0.1:8080  (default)",
            ] { #expect(output.out.contains(line), "\(line)\n\(output)") }
        }

        @Test("every section is read, and nothing secret is shown")
        func everything() async throws {
            for (file, source) in [("crt", "server.crt"), ("key", "server.key")] {
                try repository.write("conf/\(file)", String(contentsOfFile: TLSTests.fixture(source), encoding: .utf8))
            }
            for file in ["hosts", "ssh", "signers", "ring"] { try repository.write("conf/\(file)", file) }
            try repository.write("conf/hook", "s3cret\n")
            try repository.write("conf/secrets/x", "x")
            try repository.write("conf/all.yaml", Self.whole)
            let output = try await doctor(
                "--config", "conf/all.yaml", environment: ["TOKEN": "t0ken-itself", "NOTES": "n0tes"])
            #expect(output.status == 0, "\(output)")
            let folder = repository.folder + "/conf"
            for line in [
                "listeners.controller = 0.0.0.0:0", "tls.certificate = \(folder)/crt", "tls.data.key = \(folder)/key",
                "git.certificateAuthorities = \(folder)/crt", "git.credentials.git.example.com.username = bot",
                "git.credentials.git.example.com.password = {env: TOKEN}", "git.timeoutSeconds = 20",
                "git.signatures.allowedSigners[0].paths = iam/**, apis/**",
                "guards.environments.prod.approval = true", "guards.environments.prod.target = {\"engine\":{}}",
                "secrets.env = A, B", "webhooks[0].secret = {file: \(folder)/hook}", "statuses.project = team/shop",
                "notifications[0].events = applied, failed", "telemetry.otlp.headers.authorization = •••",
                "telemetry.sampleRatio = 0.25", "ok    secret webhooks[0].secret",
            ] { #expect(output.out.contains(line), "\(line)\n\(output)") }
            for secret in ["s3cret", "t0ken-itself", "n0tes", "key-in-header"] { #expect(!output.all.contains(secret)) }
        }

        private static let whole = """
            listeners: { management: 127.0.0.1:0, data: "[::1]:0", controller: 0.0.0.0:0 }
            tls: { certificate: crt, key: key, data: { certificate: crt, key: key } }
            engine: { accountId: 012345678901, region: eu-west-1 }
            git:
              knownHosts: hosts
              sshKey: ssh
              certificateAuthorities: crt
              credentials: { git.example.com: { username: bot, password: { env: TOKEN } } }
              timeoutSeconds: 20
              signatures:
                required: true
                allowedSigners: [{ paths: ["iam/**", "apis/**"], ssh: signers }, { gpg: ring }]
            guards:
              maxDeletes: 5
              protect: ["Role/admin*"]
              environments: { prod: { maxDeletes: 0, protect: [RestApi/shop], target: { engine: {} }, approval: true } }
            secrets: { env: [A, B], dir: secrets }
            webhooks: [{ forge: github, secret: { file: hook } }]
            statuses: { forge: gitea, url: "https://git.example.com", project: team/shop, token: { env: TOKEN } }
            notifications:
              - { kind: slack, url: "https://hooks.example.com/x", secret: { env: NOTES }, events: [applied, failed] }
            telemetry:
              otlp: { endpoint: "http://127.0.0.1:4318", headers: { authorization: key-in-header } }
              sampleRatio: 0.25
            logs: { level: info, format: json }
            """

        @Test(
            "what is wrong is said with its place and its remedy, all of it at once",
            arguments: [
                ("listeners: { managment: 127.0.0.1:0 }", "unknown-key", "did you mean `management`?"),
                ("lisners: {}", "unknown-key", "did you mean `listeners`?"),
                ("webhooks: { forge: github }", "wrong-type", "wants a list"),
                ("git: { timeoutSeconds: soon }", "wrong-type", "wants a whole number"),
                ("git: { timeoutSeconds: 99999999999999999999 }", "out-of-range", "1 to 86400"),
                ("git: { timeoutSeconds: 1.5 }", "wrong-type", "wants a whole number"),
                ("tls: { certificate: no.crt, key: no.key }", "missing-file", "no.crt"),
                ("listeners: { data: 8080 }", "bad-address", "HOST:PORT"),
                ("statuses: { url: 'ftp://x', forge: gitea, project: a, token: {env: X} }", "bad-url", "https://"),
                ("statuses: { url: 'https://me:pw@x', forge: gitea, project: a, token: {env: X} }", "bad-url", "•••@x"),
                ("webhooks: [{ forge: github }]", "missing-key", "add `secret`"),
                ("webhooks: [{ forge: github, secret: hunter2 }]", "plain-secret", "{file: PATH}"),
                ("webhooks: [{ forge: bitbucket, secret: {env: X} }]", "unknown-value", "`gitlab`"),
                ("logs: { level: loud }", "unknown-value", "`info`"),
                ("engine: { accountId: 12 }", "unknown-value", "12 digits"),
                ("tls: { data: { certificate: gatewright.conf.yaml } }", "missing-key", "add `key`"),
                ("tls: { certificate: gatewright.conf.yaml }", "missing-key", "no `key`"),
                (targets("{ healthCheck: { path: /h } }"), "missing-key", "has no `addresses`"),
                (targets("{ addresses: [] }"), "out-of-range", "write at least one HOST:PORT"),
                (targets("{ addresses: [10.0.0.1] }"), "bad-address", "write HOST:PORT"),
                (targets("{ addresses: [b:1], healthCheck: { path: h } }"), "unknown-value", "write a path"),
                (targets("{ addresses: [b:1], healthCheck: { intervalSeconds: 0 } }"), "out-of-range", "1 to 300"),
                ("a: 1\n---\nb: 2", "one-document", "2 documents"),
                ("[1, 2]", "wrong-type", "the file wants a map"),
                // Of a version that calls AWS services; nothing is ignored in silence.
                ("engine: { endpoints: { lambda: http://127.0.0.1:1 } }", "unknown-key", "no setting"),
                ("telemetry: { sampleRatio: 2 }", "out-of-range", "0 to 1"),
                ("engine: { region: '' }", "out-of-range", "on one line"),
            ])
        func mistakes(_ text: String, _ code: String, _ words: String) async throws {
            try write(text + "\n")
            let output = try await repository.gatewright("plan")
            try await repository.expectFailure(
                output, status: 1,
                says: ["[configuration.\(code)]", words, "gatewright.conf.yaml:", "configuration.invalid"])
            #expect(!output.all.contains("hunter2") && !output.all.contains("me:pw"), "\(output)")
        }

        @Test("two mistakes are both said")
        func severalMistakes() async throws {
            try write("logs: { level: loud }\ngit: { timeoutSeconds: 0 }\n")
            try await repository.expectFailure("plan", status: 1, says: "loud", "timeoutSeconds", "2 errors")
        }

        @Test("a variable that is wrong is named; one that is nearly ours is pointed out")
        func variables() async throws {
            let wrong = try await doctor(environment: ["GATEWRIGHT_GIT_TIMEOUT_SECONDS": "soon"])
            try await repository.expectFailure(
                wrong, status: 1, says: ["$GATEWRIGHT_GIT_TIMEOUT_SECONDS:1:1", "wants a whole number"])
            let near = try await doctor(environment: ["GATEWRIGHT_LOG_LEVEL": "info"])
            #expect(near.status == 0 && near.err.contains("did you mean `GATEWRIGHT_LOGS_LEVEL`?"), "\(near)")
        }

        @Test("a configuration that was named must be there; one that is a folder is refused")
        func missing() async throws {
            try await repository.expectFailure(
                "plan", "--config", "nowhere.yaml", status: 1, says: "configuration.missing", "/nowhere.yaml")
            let output = try await Program.run(
                "gatewright", ["plan"], in: repository.folder, repository.workspace,
                environment: ["GATEWRIGHT_CONFIG": "apis"])
            try await repository.expectFailure(output, status: 1, says: ["configuration.unreadable", "/apis"])
        }

        @Test("a secret that is not there, is empty, or that others may write fails doctor; a readable one warns")
        func secrets() async throws {
            try repository.write("hook", "s3cret\n")
            try write("webhooks: [{ forge: github, secret: { file: ../hook } }]\n")
            for (mode, words) in [
                (0o600, ["ok    secret"]), (0o644, ["ok    secret", "[configuration.secret-exposed]"]),
            ] {
                try FileManager.default.setAttributes(
                    [.posixPermissions: mode], ofItemAtPath: repository.folder + "/hook")
                let output = try await doctor()
                #expect(output.status == 0, "\(output)")
                for word in words { #expect(output.all.contains(word), "\(output)") }
                #expect(output.all.contains("secret-exposed") == (mode == 0o644))
            }
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o622], ofItemAtPath: repository.folder + "/hook")
            try await repository.expectFailure(
                "doctor", status: 1, says: "configuration.secret-exposed", "others may write")
            try write("webhooks: [{ forge: github, secret: { file: empty } }]\n")
            try await repository.expectFailure("doctor", status: 1, says: "configuration.missing-secret", "/empty")
            try repository.write(".gatewright/empty", "\n")
            try await repository.expectFailure("doctor", status: 1, says: "configuration.missing-secret", "is empty")
        }
    }
}
