import Foundation
import JSON
import Testing

extension Acceptance {
    /// Renames that keep an API, and APIs made by hand that a manifest takes over.
    @Suite struct TakeoverTests {
        private func rename(_ repository: Repository) throws {
            try repository.replace("apis/hello.yaml", "name: hello }", by: "name: hallo, previousName: hello }")
        }

        private func apiIDs(_ server: Server) async throws -> [String] {
            let apis = try await server.aws("apigateway", "get-rest-apis")
            return (apis["items"]?.array ?? []).compactMap { $0["id"]?.string }
        }

        @Test("a renamed API keeps its id and answers under it; a revert gives the old name back")
        func rename() async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            let before = try await repository.git("rev-parse", "HEAD")
            try rename(repository)
            try await repository.commit("Rename")
            let diff = try await repository.gatewright("diff", "\(before)..HEAD", "--format", "json")
            let plan = try await repository.gatewright("plan", "--format", "json")
            let shown = try JSONValue(parsing: Array(diff.out.utf8))["environments"]?.array?.first?["plan"]
            let planned = try JSONValue(parsing: Array(plan.out.utf8))
            #expect(shown?["digest"] == planned["digest"] && planned["digest"]?.string != nil, "\(diff) \(plan)")
            #expect(planned["changes"]?.array?.first?["origin"]?["address"] == "RestApi/hello", "\(plan)")
            let text = try await repository.gatewright("plan")
            #expect(text.out.contains("= RestApi/hallo  (was `RestApi/hello`"), "\(text)")
            #expect(!text.out.contains("- RestApi") && !text.out.contains("+ RestApi"), "\(text)")
            try await repository.apply()
            try await repository.expectConverged()

            let engine = try await Server.engine(repository)
            let ids = try await apiIDs(engine)
            #expect(ids.count == 1)
            #expect(try await repository.namesOfAPIs(on: engine) == ["hallo"])
            #expect(try await engine.site("hallo").get("/hello").status == 200)
            let tags = try await engine.aws("apigateway", "get-rest-api", "--rest-api-id", ids[0])["tags"]
            #expect(tags?["gatewright:address"]?.string == "RestApi/hallo", "\(String(describing: tags))")
            try await repository.git("revert", "--no-edit", "HEAD")
            try await repository.apply()
            #expect(try await apiIDs(engine) == ids)
            #expect(try await repository.namesOfAPIs(on: engine) == ["hello"])
            #expect(try await engine.site("hello").get("/hello").status == 200)
        }

        @Test("rollback goes back to the revision with the old name, on the same API")
        func rollback() async throws {
            let repository = try await Repository.hello()
            try await repository.apply()
            try rename(repository)
            try await repository.commit("Rename")
            try await repository.apply()
            let back = try await repository.gatewright("rollback", "1", "--yes")
            #expect(back.status == 0, "\(back)")
            let list = try await repository.gatewright("state", "list")
            #expect(list.out.contains("RestApi/hello  ") && !list.out.contains("hallo"), "\(list)")
        }

        @Test("names that contradict each other are refused at their places")
        func conflicts() async throws {
            let repository = try await Repository.hello()
            let text = try repository.read("apis/hello.yaml")
            try repository.write(
                "apis/other.yaml", text.replacing("name: hello }", with: "name: b, previousName: hello }"))
            try await repository.expectFailure(
                "validate", status: 1, says: "manifest.bad-rename", "apis/other.yaml:3:36", "which is declared as well")
        }

        @Test(
            "an API made by hand is read, shown, taken over, and the line may stay",
            .enabled(if: Program.isInstalled("aws"), "the AWS command line is not installed"))
        func adopt() async throws {
            let repository = try await Repository.hello()
            let engine = try await Server.engine(repository)
            let made = try await engine.aws(
                "apigateway", "create-rest-api", "--name", "by-hand", "--description", "made by hand")
            let id = try #require(made["id"]?.string)
            try repository.replace("apis/hello.yaml", "name: hello }", by: "name: hello, adopt: \(id) }")
            try await repository.commit("Adopt")
            let plan = try await repository.gatewright("plan")
            #expect(plan.status == 0, "\(plan)")
            for text in ["= RestApi/hello", "takes over `\(id)`", "~ RestApi/hello", "\"by-hand\" → \"hello\""] {
                #expect(plan.out.contains(text), "no \(text) in \(plan)")
            }
            try await repository.apply()
            #expect(try await apiIDs(engine) == [id])
            #expect(try await engine.site("hello").get("/hello").status == 200)
            let api = try await engine.aws("apigateway", "get-rest-api", "--rest-api-id", id)
            #expect(api["tags"]?["gatewright:environment"]?.string == "dev", "\(api)")
            try await repository.expectConverged()
            // Another environment, or another manifest, cannot have it.
            let other = try repository.read("gatewright.yaml").replacing("name: dev", with: "name: prod")
            try repository.write("gatewright.yaml", other)
            try await repository.commit("Prod")
            try await repository.expectFailure(
                "plan", status: 1, says: "reconciling.cannot-adopt", "of the environment `dev`", "apis/hello.yaml:3:")
        }

        @Test(
            "what is not there is refused, and nothing is made",
            .enabled(if: Program.isInstalled("aws"), "the AWS command line is not installed"))
        func nothing() async throws {
            let repository = try await Repository.hello()
            try repository.replace("apis/hello.yaml", "name: hello }", by: "name: hello, adopt: a1b2c3d4e5 }")
            try await repository.commit("Adopt")
            try await repository.expectFailure(
                "apply", "--yes", status: 1, says: "reconciling.cannot-adopt", "the target has no such object")
            let engine = try await Server.engine(repository)
            #expect(try await apiIDs(engine).isEmpty)
        }

        @Test(
            "a failed adoption leaves the API as it was made, without a marker",
            .enabled(if: Program.isInstalled("aws"), "the AWS command line is not installed"))
        func rolledBack() async throws {
            let repository = try await Repository.hello()
            let engine = try await Server.engine(repository, "--quota", "stages-per-api=1")
            let made = try await engine.aws("apigateway", "create-rest-api", "--name", "by-hand")
            let id = try #require(made["id"]?.string)
            let before = try await engine.aws("apigateway", "get-rest-api", "--rest-api-id", id)
            let resources = try await engine.aws("apigateway", "get-resources", "--rest-api-id", id)
            try repository.replace("apis/hello.yaml", "name: hello }", by: "name: hello, adopt: \(id) }")
            try repository.addStage("second")
            try await repository.commit("Adopt, with one stage too many")
            let applied = try await repository.gatewright("apply", "--yes")
            #expect(applied.status == 6, "\(applied)")
            #expect(try await engine.aws("apigateway", "get-rest-api", "--rest-api-id", id) == before)
            #expect(try await engine.aws("apigateway", "get-resources", "--rest-api-id", id) == resources)
            #expect(try await repository.gatewright("state", "list").out.isEmpty)
        }
    }
}
