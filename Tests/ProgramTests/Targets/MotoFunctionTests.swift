import Foundation
import Testing

extension Acceptance.MotoTests {
    private static let role = """
        apiVersion: gatewright/v1
        kind: Role
        metadata: { name: hello }
        spec:
          assumeRolePolicyDocument:
            Version: "2012-10-17"
            Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }]

        """

    private static func function(_ name: String, role: String = "${Role/hello.arn}") -> String {
        """
        apiVersion: gatewright/v1
        kind: Function
        metadata: { name: \(name) }
        spec:
          runtime: python3.13
          handler: app.handler
          code: code/hello
          role: \(role)
          environment: { GREETING: Hello }
          timeout: 5
          permissions:
            gateway:
              principal: apigateway.amazonaws.com
              sourceArn: "arn:aws:execute-api:us-east-1:123456789012:${RestApi/front.id}/*"
          tags: { team: gateway }

        """
    }

    private static let api = """
        apiVersion: gatewright/v1
        kind: RestApi
        metadata: { name: front }
        spec:
          definition:
            inline:
              openapi: 3.0.1
              info: { title: front, version: "1" }
              paths:
                /:
                  get:
                    responses: { "200": { description: ok } }
                    x-amazon-apigateway-integration:
                      type: aws_proxy
                      httpMethod: POST
                      uri: ${Function/hello.invokeArn}
          stages: { test: {} }

        """

    private func functions(_ moto: Moto, in workspace: Workspace) async throws -> Repository {
        let target = "{ aws: { region: us-east-1, accountId: \"123456789012\", endpoint: \"\(moto.url)\" } }"
        let repository = try Repository(
            files: [
                ".gitignore": ".gatewright/\n",
                "gatewright.yaml": """
                apiVersion: gatewright/v1
                kind: Environment
                metadata: { name: moto }
                spec:
                  target: \(target)
                  manifests: [all]

                """,
                "all/role.yaml": Self.role, "all/hello.yaml": Self.function("hello"), "all/front.yaml": Self.api,
                "all/code/hello/app.py": "def handler(event, context): return {'statusCode': 200}\n",
            ], in: workspace)
        try await repository.start()
        return repository
    }

    private func lambda(_ repository: Repository, _ moto: Moto, _ arguments: String...) async throws -> String {
        try await aws(repository, moto, service: "lambda", arguments)
    }

    private func codeHash(_ repository: Repository, _ moto: Moto) async throws -> String {
        try await lambda(
            repository, moto, "get-function-configuration", "--function-name", "hello", "--query", "CodeSha256")
    }

    @Test(
        "a function, its role, its API and its permission are applied, changed, rolled back, found again and destroyed",
        .enabled(if: Program.isInstalled("aws")))
    func functionLife() async throws {
        let workspace = try Workspace()
        let moto = try await Moto(workspace)
        let repository = try await functions(moto, in: workspace)
        try await succeed(repository, "apply", "--yes")
        try await isAtRest(repository)
        let first = try await codeHash(repository, moto)
        let api = try await aws(repository, moto, "get-rest-apis", "--query", "items[0].id")
        let policy = try await lambda(repository, moto, "get-policy", "--function-name", "hello", "--query", "Policy")
        #expect(policy.contains("arn:aws:execute-api:us-east-1:123456789012:\(api)/*"))

        try repository.replace("all/code/hello/app.py", "200", by: "201")
        try await repository.commit("Answer otherwise")
        let plan = try await gatewright(repository, "plan")
        #expect(plan.out.contains("Function/hello") && plan.out.contains("code"), "\(plan)")
        #expect(plan.out.contains("\(first.prefix(8))…"), "\(plan)")
        #expect(plan.out.contains("files of the code:\n          ~ app.py\n"), "\(plan)")
        try await succeed(repository, "apply", "--yes")
        try await isAtRest(repository)
        #expect(try await codeHash(repository, moto) != first)
        // Only the code that is recorded is kept here.
        let kept = try FileManager.default.contentsOfDirectory(atPath: repository.folder + "/.gatewright/functions")
        #expect(kept.filter { $0.hasSuffix(".zip") }.count == 1, "\(kept)")

        try await succeed(repository, "rollback", "1", "--yes")
        try await succeed(repository, "drift")
        #expect(try await codeHash(repository, moto) == first)
        try await succeed(repository, "resume")
        try await succeed(repository, "apply", "--yes")

        try FileManager.default.removeItem(atPath: repository.folder + "/.gatewright")
        try await succeed(repository, "state", "rebuild")
        try await succeed(repository, "apply", "--yes")
        try await isAtRest(repository)

        try await succeed(repository, "destroy", "--yes")
        #expect(
            try await lambda(repository, moto, "list-functions", "--query", "length(Functions)") == "0")
    }

    @Test(
        "what somebody does to a function there is drift, and corrected: settings, permissions, the whole function",
        .enabled(if: Program.isInstalled("aws")))
    func functionDrift() async throws {
        let workspace = try Workspace()
        let moto = try await Moto(workspace)
        let repository = try await functions(moto, in: workspace)
        try await succeed(repository, "apply", "--yes")
        for arguments in [
            ["update-function-configuration", "--function-name", "hello", "--timeout", "9"],
            ["remove-permission", "--function-name", "hello", "--statement-id", "gateway"],
            ["delete-function", "--function-name", "hello"],
        ] {
            _ = try await aws(repository, moto, service: "lambda", arguments)
            let drift = try await gatewright(repository, "drift")
            #expect(drift.status == 3 && drift.out.contains("hello"), "\(arguments): \(drift)")
            try await succeed(repository, "drift", "--correct", "--yes")
            try await isAtRest(repository)
        }
    }

    @Test(
        "a variable that is a secret is set, rotated and put right there, and its text is nowhere here",
        .enabled(if: Program.isInstalled("aws")))
    func functionSecret() async throws {
        let workspace = try Workspace()
        let moto = try await Moto(workspace)
        let repository = try await functions(moto, in: workspace)
        let folder = try workspace.folder("secrets")
        func set(_ text: String) throws {
            try (text + "\n").write(toFile: folder + "/token", atomically: true, encoding: .utf8)
        }
        func token() async throws -> String {
            try await lambda(
                repository, moto, "get-function-configuration", "--function-name", "hello:live", "--query",
                "Environment.Variables.TOKEN")
        }
        try set("first-secret-of-hello")
        try repository.write(".gatewright/gatewright.conf.yaml", "secrets: { dir: \(folder) }\n")
        try repository.replace(
            "all/hello.yaml", "{ GREETING: Hello }",
            by: "{ TOKEN: { valueFrom: { file: token } } }\n  aliases: { live: {} }")
        try await repository.commit("Give it a token")
        var outputs = [
            try await gatewright(repository, "validate"), try await gatewright(repository, "plan"),
            try await gatewright(repository, "apply", "--yes", "--log-level", "trace"),
        ]
        #expect(outputs.allSatisfy { $0.status == 0 }, "\(outputs)")
        #expect(try await token() == "first-secret-of-hello")

        try set("second-secret-of-hello")
        let plan = try await gatewright(repository, "plan")
        #expect(plan.out.contains("the secret of `environment.TOKEN` was rotated"), "\(plan)")
        outputs += [plan, try await gatewright(repository, "apply", "--yes", "--log-level", "trace")]
        #expect(try await token() == "second-secret-of-hello")
        try await succeed(repository, "drift")

        _ = try await lambda(
            repository, moto, "update-function-configuration", "--function-name", "hello", "--environment",
            "Variables={TOKEN=third-secret-of-hello}")
        let drift = try await gatewright(repository, "drift")
        #expect(drift.status == 3 && drift.out.contains("environment.TOKEN"), "\(drift)")
        outputs += [drift, try await gatewright(repository, "drift", "--correct", "--yes")]
        outputs.append(try await gatewright(repository, "plan", "--refresh", "--detailed-exitcode"))
        #expect(outputs.last?.status == 0, "\(outputs)")
        try FileManager.default.removeItem(atPath: folder + "/token")
        try repository.replace("all/hello.yaml", "timeout: 5", by: "timeout: 6")
        try await repository.commit("Wait longer")
        let refused = try await gatewright(repository, "apply", "--yes")
        #expect(refused.all.contains("reconciling.secret-missing"), "\(refused)")
        for text in ["first-secret", "second-secret", "third-secret"] {
            let files = try #require(FileManager.default.enumerator(atPath: repository.folder + "/.gatewright"))
            for case let name as String in files {
                let data = FileManager.default.contents(atPath: repository.folder + "/.gatewright/" + name)
                #expect(data?.range(of: Data(text.utf8)) == nil, "\(name) has \(text)")
            }
            for output in outputs { #expect(!output.all.contains(text), "\(output)") }
        }
    }

    @Test(
        "a function that is there is adopted or imported with its alias and permission, renamed, and not exported",
        .enabled(if: Program.isInstalled("aws")))
    func functionTakeover() async throws {
        let workspace = try Workspace()
        let moto = try await Moto(workspace)
        let repository = try await functions(moto, in: workspace)
        let manifest = Self.function("hello").replacing("  timeout: 5", with: "  timeout: 5\n  aliases: { live: {} }")
            .replacing(#/ +sourceArn: .*\n/#, with: "")
        try FileManager.default.removeItem(atPath: repository.folder + "/all/front.yaml")
        try repository.write("all/hello.yaml", manifest)
        try await repository.commit("Name what is live")
        try await succeed(repository, "apply", "--yes")
        let arn = try await lambda(
            repository, moto, "get-function-configuration", "--function-name", "hello", "--query", "FunctionArn")
        let marks = ["address", "commit", "environment", "token"].map { "gatewright:" + $0 }
        func forget() async throws {
            try FileManager.default.removeItem(atPath: repository.folder + "/.gatewright")
            _ = try await aws(
                repository, moto, service: "lambda", ["untag-resource", "--resource", arn, "--tag-keys"] + marks)
        }
        // Nothing is known of it, and other objects are recorded.
        try await forget()
        try FileManager.default.removeItem(atPath: repository.folder + "/all/hello.yaml")
        try await repository.commit("Forget the function")
        try await succeed(repository, "apply", "--yes")

        try repository.write(
            "all/hello.yaml", manifest.replacing("name: hello }", with: "name: hello, adopt: nobody }"))
        try await repository.commit("Adopt what is not there")
        let missing = try await gatewright(repository, "apply", "--yes")
        #expect(missing.status == 1 && missing.all.contains("reconciling.cannot-adopt"), "\(missing)")
        try repository.write("all/hello.yaml", manifest.replacing("name: hello }", with: "name: hello, adopt: hello }"))
        try await repository.commit("Adopt it")
        let plan = try await gatewright(repository, "plan")
        #expect(plan.out.contains("takes over `hello`"), "\(plan)")
        #expect(!plan.out.contains("+ Alias/") && !plan.out.contains("+ Permission/"), "\(plan)")
        try await succeed(repository, "apply", "--yes")
        try await isAtRest(repository)

        try await forget()
        try repository.write("all/hello.yaml", manifest)
        try await repository.commit("Import it")
        let unknown = try await gatewright(repository, "state", "import", "Function/hello", "nobody")
        #expect(unknown.status == 1 && unknown.all.contains("with the id nobody"), "\(unknown)")
        let part = try await gatewright(repository, "state", "import", "Alias/hello live", "live")
        #expect(part.status == 1, "\(part)")
        let imported = try await gatewright(repository, "state", "import", "Function/hello", "hello")
        #expect(imported.status == 0 && imported.out.contains("with 3 objects"), "\(imported)")
        let again = try await gatewright(repository, "state", "import", "Function/hello", "hello")
        #expect(again.status == 1 && again.all.contains("recorded already"), "\(again)")
        let tags = try await lambda(repository, moto, "list-tags", "--resource", arn)
        #expect(tags.contains("Function/hello"), "\(tags)")

        let export = try await gatewright(repository, "export", "Function/hello", "--from", "live")
        #expect(export.status == 1 && export.all.contains("`Function/hello` cannot be exported"), "\(export)")
    }

    @Test(
        "a renamed function is made beside the old one with its alias, and the old one goes",
        .enabled(if: Program.isInstalled("aws")))
    func functionRename() async throws {
        let workspace = try Workspace()
        let moto = try await Moto(workspace)
        let repository = try await functions(moto, in: workspace)
        let manifest = Self.function("hello").replacing("  timeout: 5", with: "  timeout: 5\n  aliases: { live: {} }")
        try repository.write("all/hello.yaml", manifest)
        try repository.replace("all/front.yaml", "hello.invokeArn", by: "hello.aliases.live.invokeArn")
        try await repository.commit("Name what is live")
        try await succeed(repository, "apply", "--yes")
        try repository.write(
            "all/hello.yaml", manifest.replacing("name: hello }", with: "name: hallo, previousName: hello }"))
        try repository.replace("all/front.yaml", "Function/hello", by: "Function/hallo")
        try await repository.commit("Rename it")
        try await succeed(repository, "apply", "--yes")
        try await isAtRest(repository)
        #expect(
            try await lambda(repository, moto, "list-functions", "--query", "Functions[].FunctionName") == "hallo")
        #expect(
            try await lambda(
                repository, moto, "get-alias", "--function-name", "hallo", "--name", "live", "--query", "Name")
                == "live")
        let api = try await aws(repository, moto, "get-rest-apis", "--query", "items[0].id")
        let root = try await aws(
            repository, moto, "get-resources", "--rest-api-id", api, "--query", "items[?path=='/'].id")
        let uri = try await aws(
            repository, moto, "get-integration", "--rest-api-id", api, "--resource-id", root, "--http-method", "GET",
            "--query", "uri")
        #expect(uri.contains(":function:hallo:live/"), "\(uri)")
    }

    /// Moto keeps permissions of aliases with the function's own, and removes none of an alias: so there is none here.
    @Test(
        "an alias follows the code, goes back with a failed apply and a rollback, and drifts when it is moved",
        .enabled(if: Program.isInstalled("aws")))
    func functionAlias() async throws {
        let workspace = try Workspace()
        let moto = try await Moto(workspace)
        let repository = try await functions(moto, in: workspace)
        try repository.replace("all/hello.yaml", "  timeout: 5\n", by: "  timeout: 5\n  aliases: { live: {} }\n")
        try repository.replace("all/front.yaml", "hello.invokeArn", by: "hello.aliases.live.invokeArn")
        try await repository.commit("Name what is live")
        func version() async throws -> String {
            try await lambda(
                repository, moto, "get-alias", "--function-name", "hello", "--name", "live", "--query",
                "FunctionVersion")
        }
        try await succeed(repository, "apply", "--yes")
        try await isAtRest(repository)
        #expect(try await version() == "1")

        try repository.replace("all/code/hello/app.py", "200", by: "201")
        try await repository.commit("Answer otherwise")
        let plan = try await gatewright(repository, "plan")
        #expect(plan.out.contains("Alias/hello live"), "\(plan)")
        try await succeed(repository, "apply", "--yes")
        try await isAtRest(repository)
        #expect(try await version() == "2")

        _ = try await lambda(
            repository, moto, "update-alias", "--function-name", "hello", "--name", "live", "--function-version", "1")
        let drift = try await gatewright(repository, "drift")
        #expect(drift.status == 3 && drift.out.contains("Alias/hello live"), "\(drift)")
        try await succeed(repository, "drift", "--correct", "--yes")
        #expect(try await version() == "2")

        try repository.replace("all/code/hello/app.py", "201", by: "500")
        try repository.write(
            "all/other.yaml", Self.function("zother", role: "arn:aws:iam::123456789012:role/nobody"))
        try await repository.commit("Ask for too much")
        let failed = try await gatewright(repository, "apply", "--yes")
        #expect(failed.status == 6, "\(failed)")
        #expect(try await version() == "2")

        try await succeed(repository, "rollback", "1", "--yes")
        try await succeed(repository, "drift")
        #expect(try await version() == "1")
        try await succeed(repository, "destroy", "--yes")
        #expect(
            try await lambda(repository, moto, "list-functions", "--query", "length(Functions)") == "0")
    }

    @Test(
        "new code goes back when a later step of the apply is refused",
        .enabled(if: Program.isInstalled("aws")))
    func functionUndo() async throws {
        let workspace = try Workspace()
        let moto = try await Moto(workspace)
        let repository = try await functions(moto, in: workspace)
        try await succeed(repository, "apply", "--yes")
        let first = try await codeHash(repository, moto)
        try repository.replace("all/code/hello/app.py", "200", by: "500")
        try repository.write(
            "all/other.yaml", Self.function("zother", role: "arn:aws:iam::123456789012:role/nobody"))
        try await repository.commit("Ask for too much")
        let failed = try await gatewright(repository, "apply", "--yes")
        #expect(failed.status == 6, "\(failed)")
        #expect(try await codeHash(repository, moto) == first, "\(failed)")
        #expect(
            try await lambda(repository, moto, "list-functions", "--query", "length(Functions)") == "1")
    }
}
