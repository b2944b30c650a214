import Foundation
import Testing

extension Acceptance {
    /// The whole life of an environment on an endpoint that is neither AWS nor an engine: moto's server.
    @Suite(.enabled(if: Program.isInstalled("moto_server"), "moto_server is not installed"))
    struct MotoTests {
        static let keys = [
            "AWS_ACCESS_KEY_ID": "AKIAMOTO", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1",
        ]

        func gatewright(_ repository: Repository, _ arguments: String...) async throws -> Output {
            try await Program.run(
                "gatewright", arguments, in: repository.folder, repository.workspace, environment: Self.keys)
        }

        func succeed(_ repository: Repository, _ arguments: String...) async throws {
            let output = try await Program.run(
                "gatewright", arguments, in: repository.folder, repository.workspace, environment: Self.keys)
            #expect(output.status == 0, "\(output)")
        }

        /// As an applied environment is: nothing to do, nothing drifted.
        func isAtRest(_ repository: Repository) async throws {
            try await succeed(repository, "plan", "--refresh", "--detailed-exitcode")
            try await succeed(repository, "drift")
            // From the recorded state alone: no keys are needed, and there are none.
            let unasked = try await Program.run(
                "gatewright", ["plan", "--detailed-exitcode"], in: repository.folder, repository.workspace,
                environment: ["AWS_EC2_METADATA_DISABLED": "true"])
            #expect(unasked.status == 0, "\(unasked)")
        }

        func aws(_ repository: Repository, _ moto: Moto, _ arguments: String...) async throws -> String {
            try await aws(repository, moto, service: "apigateway", arguments)
        }

        func aws(
            _ repository: Repository, _ moto: Moto, service: String, _ arguments: [String]
        ) async throws -> String {
            let output = try await Program.run(
                "aws",
                [service] + arguments + ["--endpoint-url", moto.url, "--region", "us-east-1", "--output", "text"],
                in: repository.folder, repository.workspace, environment: Self.keys)
            try #require(output.status == 0, "\(output)")
            return output.out.trimmingCharacters(in: .whitespacesAndNewlines)
        }

        /// The demo's pet store, its target being `moto`.
        func petstore(_ moto: Moto, in workspace: Workspace) async throws -> Repository {
            let repository = try Repository(files: [".gitignore": ".gatewright/\n"], in: workspace)
            let source = Repository.project + "/manifests"
            for item in ["apis", "gatewright.yaml"] {
                try FileManager.default.copyItem(atPath: source + "/" + item, toPath: repository.folder + "/" + item)
            }
            try repository.replace("gatewright.yaml", "[apis, iam, functions]", by: "[apis]")
            try repository.replace(
                "gatewright.yaml", "target: { engine: {} }",
                by: "target: { aws: { region: us-east-1, accountId: \"123456789012\", endpoint: \"\(moto.url)\" } }")
            try await repository.start()
            return repository
        }

        /// The same beside the users, groups, roles and policies of `examples/iam`.
        func petstoreWithIAM(_ moto: Moto, in workspace: Workspace) async throws -> Repository {
            let repository = try await petstore(moto, in: workspace)
            try FileManager.default.copyItem(
                atPath: Repository.project + "/examples/iam/iam", toPath: repository.folder + "/iam")
            try repository.replace("gatewright.yaml", "manifests: [apis]", by: "manifests: [apis, iam]")
            try repository.replace("gatewright.yaml", "  variables:\n", by: "  variables:\n    documented: \"*\"\n")
            try await repository.commit("Add who may do what")
            return repository
        }

        @Test("the pet store is applied, changed, rolled back, found again and destroyed")
        func life() async throws {
            let workspace = try Workspace()
            let moto = try await Moto(workspace)
            let repository = try await petstore(moto, in: workspace)
            try await succeed(repository, "apply", "--yes")
            try await isAtRest(repository)

            try repository.replace("apis/petstore.openapi.yaml", "operationId: GetPet", by: "operationId: ShowPet")
            try await repository.commit("Rename an operation")
            try await succeed(repository, "apply", "--yes")
            try await isAtRest(repository)

            try await succeed(repository, "rollback", "1", "--yes")
            try await succeed(repository, "drift")
            try await succeed(repository, "resume")

            try FileManager.default.removeItem(atPath: repository.folder + "/.gatewright")
            try await succeed(repository, "state", "rebuild")
            try await succeed(repository, "apply", "--yes")
            try await isAtRest(repository)

            try await succeed(repository, "destroy", "--yes")
            if Program.isInstalled("aws") {
                #expect(try await aws(repository, moto, "get-rest-apis", "--query", "length(items)") == "0")
            }
        }

        @Test(
            "why asks the account of the target",
            .enabled(if: Program.isInstalled("aws"), "the AWS command line is not installed"))
        func why() async throws {
            let workspace = try Workspace()
            let moto = try await Moto(workspace)
            let repository = try await petstore(moto, in: workspace)
            func iam(_ arguments: String...) async throws {
                _ = try await aws(repository, moto, service: "iam", arguments)
            }
            let call = WhyLiveTests.statement("Allow", "execute-api:Invoke", "*")
            try await iam("create-group", "--group-name", "callers")
            try await iam(
                "put-group-policy", "--group-name", "callers", "--policy-name", "call", "--policy-document", call)
            try await iam("create-user", "--user-name", "dev")
            try await iam("add-user-to-group", "--group-name", "callers", "--user-name", "dev")
            try await iam(
                "create-policy", "--policy-name", "stop", "--policy-document", call.replacing("Allow", with: "Deny"))
            let question = [
                "why", "User/dev", "execute-api:Invoke", "arn:aws:execute-api:us-east-1:123456789012:a1/test/GET/",
                "--from",
                "live",
            ]
            func ask() async throws -> Output {
                try await Program.run(
                    "gatewright", question, in: repository.folder, repository.workspace, environment: Self.keys)
            }
            let allowed = try await ask()
            #expect(allowed.status == 0 && allowed.out.contains("of `Group/callers call`"), "\(allowed)")
            try await iam(
                "attach-user-policy", "--user-name", "dev", "--policy-arn", "arn:aws:iam::123456789012:policy/stop")
            let denied = try await ask()
            #expect(denied.status == 4 && denied.out.contains("explicitly denied by statement 1"), "\(denied)")
        }

        @Test(
            "what is exported of the account is taken over without a change",
            .enabled(if: Program.isInstalled("aws"), "the AWS command line is not installed"))
        func export() async throws {
            let workspace = try Workspace()
            let moto = try await Moto(workspace)
            let repository = try await petstore(moto, in: workspace)
            try await Acceptance.ExportObjectsTests.populate { arguments in
                _ = try await aws(repository, moto, service: arguments[0], Array(arguments.dropFirst()))
            }
            let out = "apis/account.yaml"
            try await succeed(repository, "export", "*", "--from", "live", "--out", out)
            // No secret can be read here: the service keeps the key that it has.
            let text = try repository.read(out)
            try repository.write(out, text.replacing(#/  value:\n +valueFrom:\n +env: \w+\n/#, with: ""))
            try await repository.commit("Take over the account")
            let plan = try await gatewright(repository, "plan", "--format", "json")
            for action in ["delete", "replace"] {
                #expect(!plan.out.contains("\"action\": \"\(action)\""), "\(plan)")
            }
            try await succeed(repository, "apply", "--yes")
            try await isAtRest(repository)
        }

        @Test("the pet store with its users, groups, roles and policies is applied, changed, rolled back and destroyed")
        func identity() async throws {
            let workspace = try Workspace()
            let moto = try await Moto(workspace, environment: ["MOTO_IAM_LOAD_MANAGED_POLICIES": "true"])
            let repository = try await petstoreWithIAM(moto, in: workspace)
            try await succeed(repository, "apply", "--yes")
            try await isAtRest(repository)

            try repository.replace("iam/people.yaml", "  groups: [api-admins]\n", by: "  tags: { team: gateway }\n")
            try repository.replace(
                "iam/policies.yaml", "[\"apigateway:GET\", \"apigateway:POST\"]", by: "apigateway:GET")
            try await repository.commit("Take permissions away")
            try await succeed(repository, "apply", "--yes")
            try await isAtRest(repository)

            if Program.isInstalled("aws") {
                let administrator = "arn:aws:iam::aws:policy/AdministratorAccess"
                _ = try await aws(
                    repository, moto, service: "iam",
                    ["attach-user-policy", "--user-name", "dev", "--policy-arn", administrator])
                let drift = try await gatewright(repository, "drift")
                #expect(drift.status == 3 && drift.out.contains(administrator), "\(drift)")
                try await succeed(repository, "drift", "--correct", "--yes")
                try await isAtRest(repository)
            }

            try await succeed(repository, "rollback", "1", "--yes")
            try await succeed(repository, "drift")
            try await succeed(repository, "destroy", "--yes")
            if Program.isInstalled("aws") {
                let left = try await aws(repository, moto, service: "iam", ["list-users", "--query", "length(Users)"])
                #expect(left == "0")
            }
        }

        @Test("an apply that moto refuses half way leaves it as it was")
        func refused() async throws {
            let workspace = try Workspace()
            // Without AWS's managed policies, one of which the example attaches.
            let moto = try await Moto(workspace)
            let repository = try await petstoreWithIAM(moto, in: workspace)
            let failed = try await gatewright(repository, "apply", "--yes")
            #expect(failed.status == 6 && failed.all.contains("equal: the target is as it was"), "\(failed)")
            #expect(failed.all.contains("provider.not-found"), "\(failed)")
        }

        @Test("what somebody changes there is drift, and corrected", .enabled(if: Program.isInstalled("aws")))
        func drift() async throws {
            let workspace = try Workspace()
            let moto = try await Moto(workspace)
            let repository = try await petstore(moto, in: workspace)
            try await succeed(repository, "apply", "--yes")
            let api = try await aws(repository, moto, "get-rest-apis", "--query", "items[0].id")
            let pets = try await aws(
                repository, moto, "get-resources", "--rest-api-id", api, "--query", "items[?path=='/pets'].id")
            _ = try await aws(
                repository, moto, "delete-method", "--rest-api-id", api, "--resource-id", pets, "--http-method", "POST")
            let drift = try await gatewright(repository, "drift")
            #expect(drift.status == 3 && drift.out.contains("POST /pets"), "\(drift)")
            try await succeed(repository, "drift", "--correct", "--yes")
            try await isAtRest(repository)
        }

        @Test("an API that is there already is adopted", .enabled(if: Program.isInstalled("aws")))
        func adopt() async throws {
            let workspace = try Workspace()
            let moto = try await Moto(workspace)
            let repository = try await petstore(moto, in: workspace)
            let api = try await aws(repository, moto, "create-rest-api", "--name", "old", "--query", "id")
            try repository.replace(
                "apis/petstore.yaml", "metadata: { name: petstore }",
                by: "metadata: { name: petstore, adopt: \(api) }")
            try await repository.commit("Take the old one over")
            try await succeed(repository, "apply", "--yes")
            try await isAtRest(repository)
            #expect(try await aws(repository, moto, "get-rest-apis", "--query", "items[].id") == api)
        }
    }
}
