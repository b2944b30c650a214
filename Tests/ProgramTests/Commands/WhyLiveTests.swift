import Foundation
import JSON
import Testing

extension Acceptance {
    /// `gatewright why --from live` on an engine; on moto in `MotoTests`.
    @Suite(.enabled(if: Program.isInstalled("aws"), "the AWS command line is not installed"))
    struct WhyLiveTests {
        private static let environment = """
            apiVersion: gatewright/v1
            kind: Environment
            metadata: { name: dev }
            spec: { manifests: [iam], target: { engine: {} } }
            """

        static func statement(_ effect: String, _ action: String, _ resource: String) -> String {
            """
            {"Version": "2012-10-17", "Statement": [
              {"Sid": "one", "Effect": "\(effect)", "Action": "\(action)", "Resource": "\(resource)"}]}
            """
        }

        private static let account = "123456789012"

        private static func arn(_ resource: String) -> String { "arn:aws:iam::\(account):\(resource)" }

        private func repository() async throws -> Repository {
            let repository = try Repository(files: [
                "gatewright.yaml": Self.environment, ".gitignore": ".gatewright/\n",
                // Not applied: what git wants does not count here.
                "iam/user.yaml": "apiVersion: gatewright/v1\nkind: User\nmetadata: { name: nobody }\nspec: {}\n",
            ])
            try await repository.start()
            return repository
        }

        private func why(_ repository: Repository, _ arguments: String...) async throws -> Output {
            try await Program.run(
                "gatewright", ["why"] + arguments + ["--from", "live"], in: repository.folder, repository.workspace)
        }

        @Test("groups, attached policies and boundaries of the account decide, and the answer says what was seen")
        func identities() async throws {
            let repository = try await repository()
            let engine = try await Server.engine(repository)
            _ = try await engine.aws("iam", "create-group", "--group-name", "callers", "--path", "/teams/")
            let made = try await engine.aws(
                "iam", "create-policy", "--policy-name", "call", "--path", "/api/", "--policy-document",
                Self.statement("Allow", "execute-api:Invoke", "*"))
            let policy = try #require(made["Policy"]?["Arn"]?.string)
            _ = try await engine.aws("iam", "attach-group-policy", "--group-name", "callers", "--policy-arn", policy)
            _ = try await engine.aws("iam", "create-user", "--user-name", "dev")
            let call = ["execute-api:Invoke", "arn:aws:execute-api:us-east-1:\(Self.account):none/test/GET/pets"]
            let before = try await why(repository, "User/dev", call[0], call[1])
            #expect(before.status == 4 && before.out.contains("implicitly denied"), "\(before)")
            _ = try await engine.aws("iam", "add-user-to-group", "--group-name", "callers", "--user-name", "dev")
            let after = try await why(repository, "User/dev", call[0], call[1])
            #expect(after.status == 0, "\(after)")
            for text in [
                "allowed by statement 1 (one) of `Policy/call`", "1 user, 1 group, 0 roles", "no such API",
            ] { #expect(after.out.contains(text), "no \(text) in \(after)") }
            // By the ARN, and bounded by a policy of AWS that no manifest has.
            _ = try await engine.aws(
                "iam", "put-user-permissions-boundary", "--user-name", "dev", "--permissions-boundary",
                "arn:aws:iam::aws:policy/IAMReadOnlyAccess")
            let bounded = try await why(repository, Self.arn("user/dev"), call[0], call[1], "--format", "json")
            #expect(bounded.status == 4, "\(bounded)")
            #expect(try JSONValue(parsing: bounded.out)["layer"] == "boundary", "\(bounded)")
        }

        @Test("the default version of a policy counts, not the newest")
        func versions() async throws {
            let repository = try await repository()
            let engine = try await Server.engine(repository)
            _ = try await engine.aws("iam", "create-user", "--user-name", "dev")
            let made = try await engine.aws(
                "iam", "create-policy", "--policy-name", "p", "--policy-document",
                Self.statement("Allow", "s3:GetObject", "*"))
            let policy = try #require(made["Policy"]?["Arn"]?.string)
            _ = try await engine.aws("iam", "attach-user-policy", "--user-name", "dev", "--policy-arn", policy)
            _ = try await engine.aws(
                "iam", "create-policy-version", "--policy-arn", policy, "--policy-document",
                Self.statement("Deny", "*", "*"))
            #expect(try await why(repository, "User/dev", "s3:GetObject", "arn:aws:s3:::a/b").status == 0)
            _ = try await engine.aws(
                "iam", "set-default-policy-version", "--policy-arn", policy, "--version-id", "v2")
            let denied = try await why(repository, "User/dev", "s3:GetObject", "arn:aws:s3:::a/b")
            #expect(denied.status == 4 && denied.out.contains("explicitly denied by statement 1"), "\(denied)")
        }

        @Test("a role is assumed as its trust policy in the account says")
        func trust() async throws {
            let repository = try await repository()
            let engine = try await Server.engine(repository)
            _ = try await engine.aws(
                "iam", "create-role", "--role-name", "worker", "--path", "/jobs/", "--assume-role-policy-document",
                """
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                 "Principal": {"Service": "apigateway.amazonaws.com"}}]}
                """)
            let service = try await why(repository, "apigateway.amazonaws.com", "sts:AssumeRole", "Role/worker")
            #expect(service.status == 0, "\(service)")
            let other = try await why(
                repository, "lambda.amazonaws.com", "sts:AssumeRole", Self.arn("role/jobs/worker"))
            #expect(other.status == 4, "\(other)")
        }

        @Test("the policy and the routes of an API are read; two of a name are told apart by their ids")
        func routes() async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            let engine = try await Server.engine(repository)
            let apis = try await engine.aws("apigateway", "get-rest-apis")
            let id = try #require(apis["items"]?.array?.first?["id"]?.string)
            let open = try await why(repository, "anonymous", "execute-api:Invoke", "RestApi/hello test GET /hello")
            #expect(open.status == 0 && open.out.contains("asks for no signature"), "\(open)")
            #expect(open.out.contains("deployed to it last"), "\(open)")
            let policy = #"""
                {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke",
                 "Resource": "execute-api:/*"}]}
                """#
            let patch = JSONValue.array([
                ["op": "replace", "path": "/policy", "value": .string(policy)]
            ]).text(.compact)
            _ = try await engine.aws("apigateway", "update-rest-api", "--rest-api-id", id, "--patch-operations", patch)
            let arn = "arn:aws:execute-api:us-east-1:\(Self.account):\(id)/test/GET/hello"
            let denied = try await why(repository, "anonymous", "execute-api:Invoke", arn)
            #expect(denied.status == 4 && denied.out.contains("explicitly denied"), "\(denied)")
            _ = try await engine.aws("apigateway", "create-rest-api", "--name", "hello")
            let two = try await why(repository, "anonymous", "execute-api:Invoke", "RestApi/hello test GET /hello")
            #expect(two.status == 1 && two.all.contains("command.ambiguous-object"), "\(two)")
            #expect(try await why(repository, "anonymous", "execute-api:Invoke", arn).status == 4)
        }

        @Test("who is not in the account, and a FILE beside it, are refused")
        func refusals() async throws {
            let repository = try await repository()
            let unknown = try await why(repository, "User/nobody", "s3:GetObject", "*")
            #expect(unknown.status == 1 && unknown.all.contains("command.unknown-object"), "\(unknown)")
            #expect(unknown.all.contains("the account 123456789012 has no `User/nobody`"), "\(unknown)")
            let arn = try await why(repository, Self.arn("user/nobody"), "s3:GetObject", "*")
            #expect(arn.status == 4 && arn.out.contains("is not in the account"), "\(arn)")
            let file = try await why(repository, "User/dev", "s3:GetObject", "*", "--policy", "x.json")
            #expect(file.status == 64, "\(file)")
            let folder = try await why(repository, "User/dev", "s3:GetObject", "*", "gone")
            #expect(folder.status == 1, "\(folder)")
        }

        @Test("an account that may not be read is a failure, never an answer")
        func forbidden() async throws {
            let repository = try await repository()
            let engine = try await Server.engine(repository)
            _ = try await engine.aws("iam", "create-user", "--user-name", "nosy")
            let key = try await engine.aws("iam", "create-access-key", "--user-name", "nosy")["AccessKey"]
            try repository.replace(
                "gatewright.yaml", "{ engine: {} }",
                by: "{ engine: { endpoint: \"http://\(try engine.address("management"))\" } }")
            let asked = try await Program.run(
                "gatewright", ["why", "User/nosy", "s3:GetObject", "*", "--from", "live"], in: repository.folder,
                repository.workspace,
                environment: [
                    "AWS_ACCESS_KEY_ID": try #require(key?["AccessKeyId"]?.string),
                    "AWS_SECRET_ACCESS_KEY": try #require(key?["SecretAccessKey"]?.string),
                ])
            #expect(asked.status != 0 && asked.status != 4 && asked.out.isEmpty, "\(asked)")
            #expect(asked.all.contains("GetAccountAuthorizationDetails"), "\(asked)")
        }
    }
}
