import Foundation
import JSON
import Testing

extension Acceptance {
    /// `gatewright drift`.
    @Suite struct DriftTests {
        private static let hasAWS = Program.isInstalled("aws")

        /// The id of the API `hello`.
        private static func api(_ server: Server) async throws -> String {
            let apis = try await server.aws("apigateway", "get-rest-apis")["items"]?.array ?? []
            return try #require(apis.first { $0["name"]?.string == "hello" }?["id"]?.string)
        }

        /// A stage variable, set as on a console.
        private static func setVariable(_ server: Server, _ value: String) async throws {
            _ = try await server.aws(
                "apigateway", "update-stage", "--rest-api-id", try await api(server), "--stage-name", "test",
                "--patch-operations", "op=replace,path=/variables/tier,value=\(value)")
        }

        @Test("no example has drift after its apply, nor after its engine was started again", arguments: examples)
        func quiet(_ name: String) async throws {
            let repository =
                name == "manifests" ? try await Self.manifests() : try await Repository.example(name)
            try await repository.apply()
            for _ in 1...2 {
                let quiet = try await repository.gatewright("drift", "--environment", "dev")
                #expect(quiet.status == 0 && quiet.out.contains("dev: no drift"), "\(quiet)")
                let server = try await Server.engine(repository)
                let served = try await repository.gatewright("drift", "--environment", "dev", "--format", "json")
                #expect(served.status == 0, "\(served)")
                try await server.stop()
            }
        }

        private static var examples: [String] { ExampleTests.names + ["manifests"] }

        private static func manifests() async throws -> Repository {
            let repository = try Repository(files: [".gitignore": ".gatewright/\n"])
            let source = Repository.project + "/manifests"
            for item in try FileManager.default.contentsOfDirectory(atPath: source) {
                try FileManager.default.copyItem(atPath: source + "/" + item, toPath: repository.folder + "/" + item)
            }
            try await repository.start()
            return repository
        }

        @Test(
            "a change by hand is told with exit code 3, is put back when asked to, and the correction is a revision",
            .enabled(if: hasAWS, "the AWS command line is not installed"))
        func corrected() async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            let server = try await Server.engine(repository)
            try await Self.setVariable(server, "byhand")
            let found = try await repository.gatewright("drift")
            #expect(found.status == 3, "\(found)")
            #expect(found.out.contains("changed Stage/hello test"), "\(found)")
            #expect(found.out.contains("variables.tier: (none) → \"byhand\""), "\(found)")
            let markdown = try await repository.gatewright("drift", "--format", "markdown")
            #expect(markdown.status == 3 && markdown.out.contains("**Functional**"), "\(markdown)")
            let document = try await repository.gatewright("drift", "--format", "json")
            #expect(document.status == 3, "\(document)")
            let report = try JSONValue(parsing: Array(document.out.utf8))
            #expect(report["format"] == "gatewright.drift/v1")
            #expect(report["counts"]?["functional"] == 1)
            #expect(report["drift"]?[0]?["properties"]?[0]?["pointer"] == "/variables/tier")

            try await repository.expectFailure("drift", "--correct", status: 4, says: "command.not-confirmed")
            try await repository.expectFailure(
                "drift", "--correct", "--expect-digest", "sha256:0", status: 4, says: "command.stale-digest")
            let done = try await repository.gatewright("drift", "--correct", "--yes", "--format", "json")
            #expect(done.status == 0, "\(done)")
            let corrected = try JSONValue(parsing: Array(done.out.utf8))
            #expect(corrected["correction"]?["outcome"] == "applied", "\(done)")
            #expect(corrected["correction"]?["left"] == [], "\(done)")
            let quiet = try await repository.gatewright("drift")
            #expect(quiet.status == 0, "\(quiet)")
            let history = try await repository.gatewright("history", "--format", "json")
            let revisions = try JSONValue(parsing: Array(history.out.utf8)).array ?? []
            #expect(revisions.count == 2 && revisions[0]["commit"] == revisions[1]["commit"], "\(history)")
            try await repository.expectConverged()
        }

        @Test(
            "a definition that somebody changed and deployed is told with both deployments, and flipped back",
            .enabled(if: hasAWS, "the AWS command line is not installed"))
        func servesSomethingElse() async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            let server = try await Server.engine(repository)
            let id = try await Self.api(server)
            let resources = try await server.aws("apigateway", "get-resources", "--rest-api-id", id)["items"]?.array
            let root = try #require(resources?.first { $0["path"] == "/" }?["id"]?.string)
            let made = try await server.aws(
                "apigateway", "create-resource", "--rest-api-id", id, "--parent-id", root, "--path-part", "open")
            let resource = try #require(made["id"]?.string)
            for arguments in [
                ["put-method", "--authorization-type", "NONE"], ["put-integration", "--type", "MOCK"],
            ] {
                _ = try await server.aws(
                    ["apigateway"] + arguments.prefix(1)
                        + ["--rest-api-id", id, "--resource-id", resource, "--http-method", "GET"]
                        + arguments.dropFirst())
            }
            let deployed = try await server.aws(
                "apigateway", "create-deployment", "--rest-api-id", id, "--stage-name", "test")
            let found = try await repository.gatewright("drift")
            #expect(found.status == 3, "\(found)")
            #expect(found.out.hasPrefix("Access widening\n"), "\(found)")
            #expect(found.out.contains("stage serves something else Stage/hello test"), "\(found)")
            #expect(found.out.contains(try #require(deployed["id"]?.string)), "\(found)")
            #expect(found.out.contains("it serves `GET /open` for NONE, which was not applied"), "\(found)")
            let site = try await server.site("hello")
            #expect(try await site.get("/hello").status == 200)
            let done = try await repository.gatewright("drift", "--correct", "--yes")
            #expect(done.status == 0, "\(done)")
            #expect(try await site.get("/open").status == 403)
            #expect(try await site.get("/hello").status == 200)
        }

        @Test(
            "what nobody declared is told and never deleted, and a guard holds for corrections too",
            .enabled(if: hasAWS, "the AWS command line is not installed"))
        func undeclared() async throws {
            let repository = try await Repository.hello()
            try repository.write(
                "gatewright.yaml",
                try repository.read("gatewright.yaml") + "\n  apply: { maxDeletes: 0 }\n")
            let valid = try await repository.gatewright("validate")
            try #require(valid.status == 0, "\(valid)")
            try await repository.commit("Delete nothing")
            try await repository.apply()
            let server = try await Server.engine(repository)
            _ = try await server.aws("apigateway", "create-rest-api", "--name", "byhand")
            let found = try await repository.gatewright("drift")
            #expect(found.status == 3 && found.out.contains("carries no mark of Gatewright"), "\(found)")
            let left = try await repository.gatewright("drift", "--correct", "--yes")
            #expect(left.status == 3 && left.err.contains("never deleted"), "\(left)")
            #expect(try await repository.namesOfAPIs(on: server) == ["byhand", "hello"])
            let id = try await Self.api(server)
            let resources = try await server.aws("apigateway", "get-resources", "--rest-api-id", id)["items"]?.array
            let root = try #require(resources?.first { $0["path"] == "/" }?["id"]?.string)
            _ = try await server.aws(
                "apigateway", "create-resource", "--rest-api-id", id, "--parent-id", root, "--path-part", "open")
            try await repository.expectFailure("drift", "--correct", "--yes", status: 4, says: "consent")
        }

        @Test("rules that hold are counted, expired ones are warned of, and wrong ones are refused")
        func rules() async throws {
            let repository = try await Repository.hello()
            let plain = try repository.read("gatewright.yaml")
            func rule(_ expires: String) -> String {
                plain + "\n  drift:\n    ignore:\n      - { target: { kind: Stage, name: \"*\" }, paths: [/variables], "
                    + "owner: Ann, reason: a job sets it, expires: \(expires) }\n"
            }
            try repository.write("gatewright.yaml", rule("2999-12-31"))
            try await repository.commit("Ignore variables")
            try await repository.apply()
            let unused = try await repository.gatewright("drift")
            #expect(unused.status == 0 && unused.out.contains("drift.rule-unused"), "\(unused)")
            if Self.hasAWS {
                let server = try await Server.engine(repository)
                try await Self.setVariable(server, "byhand")
                let ignored = try await repository.gatewright("drift", "--show-ignored")
                #expect(ignored.status == 0 && ignored.out.contains("no drift; 1 ignored"), "\(ignored)")
                #expect(ignored.out.contains("until 2999-12-31, Ann: a job sets it"), "\(ignored)")
            }
            try repository.write("gatewright.yaml", rule("2020-01-31"))
            try await repository.commit("It was until then")
            let valid = try await repository.gatewright("validate")
            #expect(valid.status == 0 && valid.all.contains("manifest.rule-expired"), "\(valid)")
            let plan = try await repository.gatewright("plan")
            #expect(plan.status == 0 && plan.all.contains("manifest.rule-expired"), "\(plan)")
            try repository.write("gatewright.yaml", rule("2020-02-31"))
            try await repository.expectFailure("validate", status: 1, says: "manifest.bad-date", "gatewright.yaml:")
            try repository.write(
                "gatewright.yaml", plain + "\n  drift: { schedule: \"0 0 31 2 *\" }\n")
            try await repository.expectFailure(
                "validate", status: 1, says: "manifest.bad-schedule", "none of its months has such a day")
        }

        @Test("a target that nobody answers at is exit code 5, also in the middle of a look")
        func unreachable() async throws {
            let repository = try await Repository.hello()
            try repository.replace(
                "gatewright.yaml", "target: { engine: {} }",
                by: "target: { engine: { endpoint: \"http://127.0.0.1:9\" } }")
            try await repository.commit("Nobody is there")
            let output = try await Program.run(
                "gatewright", ["drift"], in: repository.folder, repository.workspace,
                environment: ["AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "secret"])
            try await repository.expectFailure(output, status: 5, says: ["provider.unreachable"])
        }

        @Test("options that contradict each other are a usage error")
        func usage() async throws {
            let repository = try await Repository.hello()
            for arguments in [
                ["--last", "--correct"], ["--expect-digest", "x"], ["--last", "--format", "markdown"],
            ] {
                let output = try await Program.run(
                    "gatewright", ["drift"] + arguments, in: repository.folder, repository.workspace)
                #expect(output.status == 64, "\(output)")
            }
            let never = try await repository.gatewright("drift", "--last", "--environment", "dev")
            #expect(never.status == 0 && never.err.contains("nobody looked"), "\(never)")
        }
    }
}
