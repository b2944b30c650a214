import Foundation
import JSON
import Testing

extension Acceptance {
    /// `gatewright why`
    @Suite struct WhyTests {
        static let invoke = "arn:aws:execute-api:us-east-1:123456789012:abc123/test/GET/pets"
        static let dev = "arn:aws:iam::123456789012:user/dev"
        static let policy = """
            {
              "Version": "2012-10-17",
              "Statement": [
                {"Sid": "manage", "Effect": "Allow", "Action": "apigateway:*", "Resource": "arn:aws:apigateway:*::/*"},
                {"Sid": "call", "Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*",
                 "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}},
                {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
              ]
            }
            """

        private func run(_ repository: Repository, _ arguments: [String]) async throws -> Output {
            try await Program.run("gatewright", arguments, in: repository.folder, repository.workspace)
        }

        @Test("the answer names the statement and its place, and its status is the decision's")
        func decides() async throws {
            let repository = try Repository(files: ["dev.json": Self.policy])
            func why(_ more: String...) async throws -> Output {
                try await run(
                    repository, ["why", Self.dev, "execute-api:Invoke", Self.invoke, "--policy", "dev.json"] + more)
            }
            let allowed = try await why("--context", "aws:sourceip=203.0.113.9")
            #expect(allowed.status == 0, "\(allowed)")
            #expect(
                allowed.out == "allowed by statement 2 (call) of `dev.json`, an identity policy\n  dev.json:5:5\n")
            let silent = try await why()
            #expect(silent.status == 4, "\(silent)")
            #expect(silent.out == "implicitly denied: no identity policy allows it\n")
            let denied = try await why("--context", "aws:SecureTransport=false", "--format", "json")
            #expect(denied.status == 4, "\(denied)")
            let answer = try JSONValue(parsing: denied.out)
            #expect(answer["decision"] == "explicitly denied")
            #expect(answer["statement"]?["index"] == 2)
            #expect(answer["statement"]?["line"] == 7)
            let bounded = try await why(
                "--context", "aws:SourceIp=203.0.113.9", "--boundary", "arn:aws:iam::aws:policy/IAMReadOnlyAccess")
            #expect(bounded.out == "implicitly denied: the permissions boundary does not allow it\n", "\(bounded)")
        }

        @Test("policies in manifests are read where they stand")
        func manifests() async throws {
            let manifest = """
                apiVersion: gatewright/v1
                kind: Role
                metadata: { name: worker }
                spec:
                  assumeRolePolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - { Effect: Allow, Principal: { Service: apigateway.amazonaws.com }, Action: "sts:AssumeRole" }
                  inlinePolicies:
                    call:
                      Version: "2012-10-17"
                      Statement: [{ Effect: Allow, Action: "lambda:InvokeFunction", Resource: "*" }]
                """
            let repository = try Repository(files: ["role.yaml": manifest])
            let role = "arn:aws:iam::123456789012:role/worker"
            let call = try await repository.gatewright(
                "why", role, "lambda:InvokeFunction", "arn:aws:lambda:us-east-1:123456789012:function:f", "--policy",
                "role.yaml")
            #expect(call.status == 0, "\(call)")
            #expect(call.out.contains("`role.yaml worker/call`"), "\(call)")
            let assume = try await repository.gatewright(
                "why", "apigateway.amazonaws.com", "sts:AssumeRole", role, "--trust-policy", "role.yaml")
            #expect(assume.status == 0, "\(assume)")
            #expect(assume.err.contains("policy.confused-deputy"), "\(assume)")
            let other = try await repository.gatewright(
                "why", "lambda.amazonaws.com", "sts:AssumeRole", role, "--trust-policy", "role.yaml")
            #expect(other.status == 4, "\(other)")
        }

        @Test("what cannot be read or asked is said, with its status")
        func refusals() async throws {
            let repository = try Repository(files: [
                "bad.json": #"{"Statement": [{"Effect": "allow"}]}"#, "none.yaml": "kind: Role\nspec: {}\n",
            ])
            func status(_ arguments: String...) async throws -> (Int32, String) {
                let output = try await run(repository, ["why"] + arguments)
                return (output.status, output.all)
            }
            let bad = try await status(Self.dev, "s3:Get", "*", "--policy", "bad.json")
            #expect(bad.0 == 1 && bad.1.contains("policy.bad-effect") && bad.1.contains("bad.json:1:27"), "\(bad)")
            let none = try await status(Self.dev, "s3:Get", "*", "--policy", "none.yaml")
            #expect(none.0 == 1 && none.1.contains("policy.missing-element"), "\(none)")
            let gone = try await status(Self.dev, "s3:Get", "*", "--policy", "gone.json")
            #expect(gone.0 == 1 && gone.1.contains("command.file-missing"), "\(gone)")
            #expect(try await status("dev", "s3:Get", "*").0 == 64)
            #expect(try await status(Self.dev, "s3:*", "*").0 == 64)
            #expect(try await status(Self.dev, "s3:Get", "bucket").0 == 64)
            #expect(try await status(Self.dev, "s3:Get", "*", "--context", "x").0 == 64)
        }

        private static let environment = """
            apiVersion: gatewright/v1
            kind: Environment
            metadata: { name: dev }
            spec: { manifests: [iam], target: { engine: {} } }
            """

        private static func policy(_ name: String, _ actions: String, _ resource: String) -> String {
            """
            apiVersion: gatewright/v1
            kind: Policy
            metadata: { name: \(name) }
            spec:
              policyDocument:
                Version: "2012-10-17"
                Statement:
                  - { Effect: Allow, Action: \(actions), Resource: "\(resource)" }

            """
        }

        private static func user(_ name: String, _ spec: String) -> String {
            "apiVersion: gatewright/v1\nkind: User\nmetadata: { name: \(name) }\nspec: { \(spec) }\n"
        }

        @Test("A0.1 and A0.2 hold for the users of manifests, with the place of the statement")
        func ofManifests() async throws {
            let group = """
                apiVersion: gatewright/v1
                kind: Group
                metadata: { name: api-admins }
                spec: { managedPolicyArns: ["${Policy/administrator.arn}"] }

                """
            let repository = try Repository(files: [
                "gatewright.yaml": Self.environment,
                "iam/all.yaml": [
                    Self.policy("administrator", "[\"apigateway:*\"]", "arn:aws:apigateway:*::/*"),
                    Self.policy("invoker", "[\"execute-api:Invoke\"]", "arn:aws:execute-api:*:*:*"), group,
                    Self.user("dev", "groups: [api-admins]"),
                    Self.user("caller", "managedPolicyArns: [\"${Policy/invoker.arn}\"]"),
                ].joined(separator: "---\n"),
            ])
            let management = "arn:aws:apigateway:us-east-1::/restapis"
            let create = try await run(repository, ["why", "User/dev", "apigateway:POST", management])
            #expect(create.status == 0, "\(create)")
            #expect(
                create.out
                    == "allowed by statement 1 of `Policy/administrator`, an identity policy\n  iam/all.yaml:8:9\n")
            #expect(try await run(repository, ["why", "User/dev", "execute-api:Invoke", Self.invoke]).status == 4)
            let call = try await run(repository, ["why", "User/caller", "execute-api:Invoke", Self.invoke, "."])
            #expect(call.status == 0, "\(call)")
            let read = try await run(repository, ["why", "User/caller", "apigateway:GET", management])
            #expect(read.status == 4 && read.out == "implicitly denied: no identity policy allows it\n", "\(read)")
            let nobody = try await run(repository, ["why", "User/nobody", "apigateway:GET", management])
            #expect(nobody.status == 1 && nobody.all.contains("command.unknown-object"), "\(nobody)")
            #expect(
                try await run(repository, ["why", "User/dev", "apigateway:GET", "*", "--policy", "x"]).status == 64)
        }

        @Test("A0.3: the documentation policy of the guide allows nothing and is warned of, the corrected one does")
        func documentationOnly() async throws {
            func ask(_ pattern: String, _ action: String, _ path: String) async throws -> (Int32, String) {
                let repository = try Repository(files: [
                    "gatewright.yaml": Self.environment,
                    "iam/all.yaml": Self.policy("docs", "[\"apigateway:GET\", \"apigateway:POST\"]", pattern)
                        + "---\n"
                        + Self.user("writer", "managedPolicyArns: [\"${Policy/docs.arn}\"]"),
                ])
                let answer = try await run(
                    repository, ["why", "User/writer", action, "arn:aws:apigateway:us-east-1::\(path)"])
                return (answer.status, try await run(repository, ["validate"]).all)
            }
            let parts = "/restapis/a1b2c3/documentation/parts"
            let literal = try await ask(
                "arn:aws:apigateway::123456789012:/restapis/*/documentation/*", "apigateway:GET", parts)
            #expect(literal.0 == 4)
            #expect(literal.1.contains("no API Gateway management ARN has an account"), "\(literal)")
            #expect(literal.1.contains("did you mean"), "\(literal)")
            let pattern = "arn:aws:apigateway:*::/restapis/*/documentation/*"
            #expect(try await ask(pattern, "apigateway:GET", parts).0 == 0)
            #expect(try await ask(pattern, "apigateway:POST", parts).0 == 0)
            #expect(try await ask(pattern, "apigateway:DELETE", parts).0 == 4)
            #expect(try await ask(pattern, "apigateway:GET", "/restapis/a1b2c3/resources").0 == 4)
        }
    }
}
