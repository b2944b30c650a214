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
    }
}
