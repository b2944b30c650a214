import Foundation
import JSON
import Testing

extension Acceptance {
    /// `gatewright export` of objects that are part of no API, on an engine; on moto in `MotoTests`.
    @Suite(.enabled(if: Program.isInstalled("aws"), "the AWS command line is not installed"))
    struct ExportObjectsTests {
        private static let secret = "a-secret-of-more-than-twenty-characters"
        private static let trust = """
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
             "Principal": {"Service": "apigateway.amazonaws.com"}}]}
            """
        private static let invoke = WhyLiveTests.statement("Allow", "execute-api:Invoke", "*")

        /// Everything by hand that manifests can have, in an account.
        ///
        /// - Parameter call: `aws`, service first.
        static func populate(_ call: ([String]) async throws -> Void) async throws {
            func iam(_ arguments: String...) async throws { try await call(["iam"] + arguments) }
            let account = "arn:aws:iam::123456789012:"
            try await iam(
                "create-policy", "--policy-name", "call", "--path", "/api/", "--policy-document", invoke, "--tags",
                "Key=team,Value=gateway")
            try await iam("create-group", "--group-name", "callers", "--path", "/teams/")
            try await iam(
                "attach-group-policy", "--group-name", "callers", "--policy-arn", account + "policy/api/call")
            try await iam(
                "put-group-policy", "--group-name", "callers", "--policy-name", "more", "--policy-document",
                WhyLiveTests.statement("Deny", "s3:*", "*"))
            try await iam(
                "create-user", "--user-name", "dev", "--path", "/people/", "--tags", "Key=team,Value=gateway")
            try await iam("add-user-to-group", "--group-name", "callers", "--user-name", "dev")
            try await iam(
                "create-role", "--role-name", "logs", "--description", "Writes logs", "--max-session-duration", "7200",
                "--assume-role-policy-document", trust)
            try await iam("create-instance-profile", "--instance-profile-name", "machine")
            try await iam(
                "add-role-to-instance-profile", "--instance-profile-name", "machine", "--role-name", "logs")
            try await iam(
                "create-open-id-connect-provider", "--url", "https://ci.example.com", "--client-id-list",
                "sts.amazonaws.com", "--thumbprint-list", String(repeating: "a", count: 40))
            func gateway(_ arguments: String...) async throws { try await call(["apigateway"] + arguments) }
            try await gateway("create-api-key", "--name", "partner", "--enabled", "--value", secret)
            try await gateway(
                "create-usage-plan", "--name", "gold", "--throttle", "burstLimit=20,rateLimit=10", "--quota",
                "limit=1000,period=DAY")
        }

        private func repository() async throws -> Repository {
            let repository = try Repository(files: [
                "gatewright.yaml": """
                apiVersion: gatewright/v1
                kind: Environment
                metadata: { name: dev }
                spec: { manifests: [iam], target: { engine: {} } }
                """,
                ".gitignore": ".gatewright/\n",
                "iam/declared.yaml": "apiVersion: gatewright/v1\nkind: Group\nmetadata: { name: declared }\nspec: {}\n",
            ])
            try await repository.start()
            return repository
        }

        private func gatewright(_ repository: Repository, _ arguments: String...) async throws -> Output {
            try await Program.run(
                "gatewright", arguments, in: repository.folder, repository.workspace,
                environment: ["APIKEY_PARTNER_VALUE": Self.secret])
        }

        @Test("what is exported and adopted leaves nothing to do, and no secret is in it")
        func roundTrip() async throws {
            let repository = try await repository()
            try repository.write(
                ".gatewright/gatewright.conf.yaml", "secrets: { env: [APIKEY_PARTNER_VALUE] }\n")
            let engine = try await Server.engine(repository)
            try await Self.populate { _ = try await engine.aws($0) }
            // Moto's server fails at a boundary with a path.
            _ = try await engine.aws(
                "iam", "put-user-permissions-boundary", "--user-name", "dev", "--permissions-boundary",
                "arn:aws:iam::123456789012:policy/api/call")
            _ = try await engine.aws("apigateway", "generate-client-certificate", "--description", "For backends")
            _ = try await engine.aws(
                "apigateway", "create-domain-name", "--domain-name", "api.example.com", "--regional-certificate-arn",
                "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
                "--endpoint-configuration", "types=REGIONAL")
            _ = try await engine.aws(
                "apigateway", "update-account", "--patch-operations",
                "op=replace,path=/cloudwatchRoleArn,value=arn:aws:iam::123456789012:role/logs")
            _ = try await engine.aws(
                "iam", "create-service-linked-role", "--aws-service-name", "ops.apigateway.amazonaws.com")

            let all = try await gatewright(repository, "export", "*", "--from", "live", "--out", "iam/account.yaml")
            #expect(all.status == 0, "\(all)")
            #expect(
                all.err.contains("AWSServiceRoleForOps` is left out: it is kept by a service of AWS"), "\(all)")
            let text = try repository.read("iam/account.yaml")
            #expect(!text.contains(Self.secret) && !all.all.contains(Self.secret))
            for kind in [
                "User", "Group", "Role", "Policy", "InstanceProfile", "OIDCProvider", "ApiKey", "UsagePlan",
                "DomainName",
                "Account", "ClientCertificate",
            ] { #expect(text.contains("kind: \(kind)\n"), "no \(kind) in \(text)") }
            #expect(text.contains("${Policy/call.arn}") && !text.contains("aws:policy/"), "\(text)")

            try await repository.commit("Take over the account")
            let plan = try await gatewright(repository, "plan")
            #expect(plan.status == 0 && !plan.all.contains(Self.secret), "\(plan)")
            for line in plan.out.split(separator: "\n") {
                for sign in ["  ~ ", "  - ", "  ± "] { #expect(!line.hasPrefix(sign), "\(line) in \(plan)") }
            }
            let apply = try await gatewright(repository, "apply", "--yes")
            #expect(apply.status == 0, "\(apply)")
            for options in [["plan", "--detailed-exitcode"], ["plan", "--refresh", "--detailed-exitcode"], ["drift"]] {
                let rest = try await Program.run(
                    "gatewright", options, in: repository.folder, repository.workspace,
                    environment: ["APIKEY_PARTNER_VALUE": Self.secret])
                #expect(rest.status == 0, "\(rest)")
            }
            // Now all of it is declared, and nothing is exported twice.
            let again = try await gatewright(repository, "export", "*", "--from", "live")
            #expect(again.status == 0 && !again.out.contains("kind: User"), "\(again)")
            #expect(again.err.contains("it is `User/dev` of the environment `dev`"), "\(again)")
        }

        @Test("one object, or all of a kind, are exported by themselves; two of a name are left out and named")
        func some() async throws {
            let repository = try await repository()
            let engine = try await Server.engine(repository)
            for name in ["a", "b"] { _ = try await engine.aws("iam", "create-user", "--user-name", name) }
            for _ in 0..<2 { _ = try await engine.aws("apigateway", "create-api-key", "--name", "twin") }
            _ = try await engine.aws("apigateway", "create-api-key", "--name", "with blank")
            let one = try await gatewright(repository, "export", "User/a", "--from", "live")
            #expect(one.status == 0 && one.out.contains("name: a\n") && !one.out.contains("name: b\n"), "\(one)")
            let kind = try await gatewright(repository, "export", "User/*", "--from", "live")
            #expect(kind.out.contains("name: a\n") && kind.out.contains("name: b\n"), "\(kind)")
            let keys = try await gatewright(repository, "export", "ApiKey/*", "--from", "live")
            #expect(keys.status == 0 && !keys.out.contains("twin"), "\(keys)")
            #expect(keys.err.contains("is left out: 2 have that name"), "\(keys)")
            #expect(keys.err.contains("`with blank` is left out: no manifest can have this name"), "\(keys)")
        }

        @Test("what is not there, is no kind, or is asked of a commit is refused, and no file is written over")
        func refusals() async throws {
            let repository = try await repository()
            for (arguments, says) in [
                (["export", "User/gone", "--from", "live"], "has no `User/gone`"),
                (["export", "Cat/x", "--from", "live"], "is not `RestApi/NAME`"),
                (["export", "User", "--from", "live"], "is not `RestApi/NAME`"),
                (["export", "User/declared"], "--from live"),
            ] {
                let output = try await Program.run(
                    "gatewright", arguments, in: repository.folder, repository.workspace)
                #expect(output.status == 1 && output.all.contains(says) && output.out.isEmpty, "\(output)")
            }
            let engine = try await Server.engine(repository)
            _ = try await engine.aws("iam", "create-user", "--user-name", "a")
            let over = try await gatewright(
                repository, "export", "User/a", "--from", "live", "--out", "iam/declared.yaml")
            #expect(over.status == 1 && over.all.contains("command.file-exists"), "\(over)")
            #expect(try repository.read("iam/declared.yaml").contains("name: declared"))
        }

        @Test("an object that is gone, another environment's, or recorded already is not taken over")
        func adoptions() async throws {
            let repository = try await repository()
            let engine = try await Server.engine(repository)
            func declare(_ name: String, _ id: String) throws {
                try repository.write(
                    "iam/user.yaml",
                    "apiVersion: gatewright/v1\nkind: User\nmetadata: { name: \(name), adopt: \(id) }\nspec: {}\n")
            }
            try declare("dev", "gone")
            try await repository.commit("Adopt nobody")
            try await repository.expectFailure(
                "apply", "--yes", status: 1, says: "reconciling.cannot-adopt", "the target has no such object")
            let tags = [
                "Key=gatewright:environment,Value=prod", "Key=gatewright:address,Value=User/dev",
                "Key=gatewright:commit,Value=0123456789012345678901234567890123456789",
            ]
            _ = try await engine.aws(["iam", "create-user", "--user-name", "theirs", "--tags"] + tags)
            try declare("dev", "theirs")
            try await repository.commit("Adopt another's")
            try await repository.expectFailure(
                "apply", "--yes", status: 1, says: "reconciling.cannot-adopt", "of the environment `prod`")
            try await repository.expectFailure(
                "state", "import", "User/dev", "theirs", status: 1, says: "command.cannot-import", "environment `prod`")
            try await repository.expectFailure(
                "state", "import", "User/dev", "gone", status: 1, says: "command.cannot-import", "no `User`")
            try await repository.expectFailure(
                "state", "import", "User/nobody", "theirs", status: 1, says: "command.cannot-import",
                "no manifest declares")

            _ = try await engine.aws("iam", "create-user", "--user-name", "dev")
            try declare("dev", "\"\"")
            try await repository.commit("Declare only")
            try await repository.expectFailure("apply", "--yes", status: 6, says: "metadata.adopt")
            let imported = try await gatewright(repository, "state", "import", "User/dev", "dev")
            #expect(imported.status == 0 && imported.out.contains("recorded as dev"), "\(imported)")
            try await repository.apply()
            try await repository.expectConverged()
            try await repository.expectFailure(
                "state", "import", "User/dev", "dev", status: 1, says: "command.cannot-import", "is recorded already")
            let user = try await engine.aws("iam", "get-user", "--user-name", "dev")["User"]
            let marks = (user?["Tags"]?.array ?? []).compactMap { $0["Key"]?.string }
            #expect(marks.contains("gatewright:environment"), "\(String(describing: user))")
            // One that is recorded under one name is not adopted under another.
            try repository.write(
                "iam/second.yaml",
                "apiVersion: gatewright/v1\nkind: User\nmetadata: { name: second, adopt: dev }\nspec: {}\n")
            try await repository.commit("Adopt what is recorded")
            try await repository.expectFailure(
                "plan", status: 1, says: "reconciling.cannot-adopt", "recorded as `User/dev`")
        }

        @Test("the folder of secrets can be named on the command line")
        func secretsFolder() async throws {
            let repository = try await repository()
            let folder = try repository.workspace.folder("secrets")
            try Self.secret.write(toFile: folder + "/partner.key", atomically: true, encoding: .utf8)
            try repository.write(
                "iam/key.yaml",
                """
                apiVersion: gatewright/v1
                kind: ApiKey
                metadata: { name: partner }
                spec: { value: { valueFrom: { file: partner.key } } }
                """)
            try await repository.commit("A key")
            let without = try await gatewright(repository, "apply", "--yes")
            #expect(without.status != 0 && without.all.contains("secrets.dir"), "\(without)")
            let applied = try await gatewright(repository, "apply", "--yes", "--secrets-dir", folder)
            #expect(applied.status == 0 && !applied.all.contains(Self.secret), "\(applied)")
            let gone = try await gatewright(repository, "plan", "--secrets-dir", folder + "/gone")
            #expect(gone.status != 0 && gone.all.contains("--secrets-dir"), "\(gone)")
            #expect(try await gatewright(repository, "plan", "--secrets-dir", "").status == 64)
        }
    }
}
