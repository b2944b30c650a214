import Foundation
import JSON
import Testing

extension Acceptance {
    /// `x-amazon-apigateway-documentation.version`: snapshots of the documentation.
    @Suite struct DocumentationTests {
        private static let definition = "apis/petstore.openapi.json"

        @Test(
            "a version of the documentation is made, published by the stage, and read back by the AWS command line",
            .enabled(if: Program.isInstalled("aws"), "the AWS command line is not installed"))
        func published() async throws {
            let repository = try await Repository.example("petstore")
            let server = try await Server.serve(repository)
            let api = try #require(try await server.aws("apigateway", "get-rest-apis")["items"]?[0]?["id"]?.string)
            let version = try await server.aws(
                "apigateway", "get-documentation-version", "--rest-api-id", api, "--documentation-version", "v2.1")
            #expect(version["version"] == "v2.1", "\(version.text(.pretty))")
            #expect(version["description"]?.string?.contains("[gatewright fingerprint=") == true)
            let stage = try await server.aws(
                "apigateway", "get-stage", "--rest-api-id", api, "--stage-name", "test")
            #expect(stage["documentationVersion"] == "v2.1", "\(stage.text(.pretty))")

            try repository.replace(Self.definition, #""version": "v2.1""#, by: #""version": "v2.2""#)
            let commit = try await repository.commit("Publish the documentation again")
            _ = try await server.reaches("ready", commit: commit)
            let versions = try await server.aws("apigateway", "get-documentation-versions", "--rest-api-id", api)
            #expect(versions["items"]?.array?.compactMap { $0["version"]?.string } == ["v2.1", "v2.2"])
        }

        @Test("other parts under the same version are refused by the plan and by the apply, and change nothing")
        func taken() async throws {
            let repository = try await Repository.example("petstore")
            try await repository.apply()
            let text = try repository.read(Self.definition)
            let edited = text.replacingOccurrences(
                of: #""documentationParts": ["#,
                with: """
                    "documentationParts": [
                          { "location": { "type": "RESOURCE", "path": "/pets" }, "properties": { "description": "All" } },
                    """)
            #expect(edited != text)
            try repository.write(Self.definition, edited)
            try await repository.commit("Describe the pets")
            for output in [
                try await repository.gatewright("plan"), try await repository.gatewright("apply", "--yes"),
            ] {
                #expect(output.status == 1, "\(output)")
                #expect(output.err.contains("planning.documentation-version-taken"), "\(output)")
                #expect(output.err.contains("another `version`"), "\(output)")
            }
            try repository.write(Self.definition, edited.replacingOccurrences(of: "v2.1", with: "v3"))
            try await repository.commit("Name the documentation anew")
            try await repository.apply()
            try await repository.expectConverged()
            // The version of before is still there: going back makes nothing new.
            try repository.write(Self.definition, text)
            try await repository.commit("Go back")
            let back = try await repository.gatewright("plan")
            #expect(!back.out.contains("create"), "\(back)")
            try await repository.apply()
            try await repository.expectConverged()
        }

        @Test(
            "a version that was made before the target refused the rest is taken back",
            .enabled(if: Program.isInstalled("aws"), "the AWS command line is not installed"))
        func takenBack() async throws {
            let repository = try await Repository.example("petstore")
            let server = try await Server.serve(repository, "--quota", "stages-per-api=1")
            let api = try #require(try await server.aws("apigateway", "get-rest-apis")["items"]?[0]?["id"]?.string)
            try repository.replace(Self.definition, #""version": "v2.1""#, by: #""version": "v2.2""#)
            try repository.replace("apis/petstore.yaml", "    test: {}", by: "    test: {}\n    more: {}")
            let commit = try await repository.commit("Publish more than there may be")
            let status = try await until("the commit to fail") {
                let status = try await server.status()
                let state = status["state"]?.string
                let isOver = status["headCommit"]?.string == commit && (state == "failed" || state == "refused")
                return (isOver ? status : JSONValue?.none, status.text(.pretty))
            }
            #expect(status["problem"]?["code"]?.string != nil, "\(status.text(.pretty))")
            #expect(server.program.output.all.contains("rolled back"), "\(server.program.output.all)")
            let versions = try await server.aws("apigateway", "get-documentation-versions", "--rest-api-id", api)
            #expect(versions["items"]?.array?.compactMap { $0["version"]?.string } == ["v2.1"])
            let stage = try await server.aws("apigateway", "get-stage", "--rest-api-id", api, "--stage-name", "test")
            #expect(stage["documentationVersion"] == "v2.1", "\(stage.text(.pretty))")
        }

        @Test("an export carries the version, and is imported again as it was", arguments: ["oas30", "oas20"])
        func exported(_ format: String) async throws {
            let repository = try await Repository.example("petstore")
            try await repository.apply()
            var texts: [String] = []
            for origin in ["desired", "live"] {
                let output = try await repository.gatewright(
                    "export", "RestApi/petstore", "--from", origin, "--format", format)
                #expect(output.status == 0, "\(output)")
                #expect(output.out.contains("  version: v2.1\n"), "\(output)")
                texts.append(output.out)
            }
            #expect(texts[0] == texts[1])
            try repository.write("exported.yaml", texts[0])
            let again = try await repository.gatewright(
                "import", "--from", "openapi", "exported.yaml", "--name", "petstore", "--force")
            #expect(again.status == 0, "\(again)")
            let valid = try await repository.gatewright("validate")
            #expect(valid.status == 0, "\(valid)")
            let plan = try await repository.gatewright("plan")
            #expect(!plan.out.contains("Documentation"), "\(plan)")
        }
    }
}
