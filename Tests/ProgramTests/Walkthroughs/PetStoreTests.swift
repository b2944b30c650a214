import Foundation
import JSON
import Testing

extension Acceptance {
    /// A1.1 to A1.9: an API from an example.
    @Suite struct PetStoreTests {
        @Test("the pet store has 3 resources, 6 methods and 6 models, and a second plan is empty")
        func importing() async throws {
            let repository = try await Repository.example("petstore")
            let plan = try await repository.gatewright("plan", "--format", "json", "--detailed-exitcode")
            #expect(plan.status == 2, "\(plan)")
            let changes = try #require(JSONValue(parsing: Array(plan.out.utf8))["changes"]?.array)
            let kinds = changes.compactMap { $0["address"]?.string }.map { address in
                address.split(separator: "/").first.map(String.init) ?? ""
            }
            let counts = Dictionary(kinds.map { ($0, 1) }, uniquingKeysWith: +)
            #expect(counts["Resource"] == 3, "\(counts)")
            #expect(counts["Method"] == 6, "\(counts)")
            #expect(counts["Model"] == 6, "\(counts)")
            try await repository.apply()
            let second = try await repository.gatewright("plan", "--detailed-exitcode")
            #expect(second.status == 0, "\(second)")
        }

        @Test("the pet store answers as the walkthrough says")
        func answers() async throws {
            let workspace = try Workspace()
            let backend = try await Backend(workspace)
            let repository = try await Repository.example("petstore", backend: backend.url, in: workspace)
            let server = try await Server.serve(repository)
            let site = try await server.site("petstore")

            let welcome = try await site.get("/")
            #expect(welcome.status == 200, "A1.2 \(welcome.text)")
            #expect(welcome.header("Content-Type")?.hasPrefix("text/html") == true, "A1.2 \(welcome.text)")
            #expect(welcome.body.contains(/href\s*=\s*["']?\/test\/pets\//), "A1.2 \(welcome.text)")

            let pet = try await site.get("/pets/1")
            #expect(pet.status == 200, "A1.3 \(pet.text)")
            #expect(try pet.isJSON(#"{"id":1,"type":"dog","price":249.99}"#), "A1.3 \(pet.text)")
            #expect(pet.header("Access-Control-Allow-Origin") == "*", "A1.3 \(pet.text)")

            let created = try await site.get(
                "/pets", "-H", "Content-Type: application/json", "-d", #"{"type":"dog","price":249.99}"#)
            #expect(created.status == 200, "A1.4 \(created.text)")
            #expect(
                try created.isJSON(#"{"pet":{"type":"dog","price":249.99},"message":"success"}"#),
                "A1.4 \(created.text)")

            let cats = try await site.get("/pets?type=cat&page=2")
            let rows = """
                [{"id":4,"type":"cat","price":999.99},{"id":5,"type":"cat","price":249.99},
                 {"id":6,"type":"cat","price":49.97}]
                """
            #expect(cats.status == 200, "A1.5 \(cats.text)")
            #expect(try cats.isJSON(rows), "A1.5 \(cats.text)")

            try await expectNoBackend(backend) {
                let options = try await site.get("/pets", "-X", "OPTIONS")
                #expect(options.status == 200, "A1.6 \(options.text)")
                for name in ["Methods", "Headers", "Origin"] {
                    #expect(options.header("Access-Control-Allow-\(name)") != nil, "A1.6 \(options.text)")
                }
                #expect(
                    options.header("Access-Control-Allow-Methods") == "POST,GET,OPTIONS", "A1.6 \(options.text)")
            }
            try await expectNoBackend(backend) {
                for unknown in [try await site.get("/pets", "-X", "DELETE"), try await site.get("/nope")] {
                    #expect(unknown.status == 403, "A1.7 \(unknown.text)")
                    #expect(try unknown.isJSON(#"{"message":"Missing Authentication Token"}"#), "A1.7 \(unknown.text)")
                }
                let other = Site(url: String(site.url.dropLast("test".count)) + "nope", workspace: workspace)
                let stage = try await other.get("/pets/1")
                #expect(stage.status == 403, "A1.7 \(stage.text)")
                #expect(try stage.isJSON(#"{"message":"Forbidden"}"#), "A1.7 \(stage.text)")
            }
        }

        private func expectNoBackend(_ backend: Backend, _ work: () async throws -> Void) async throws {
            let before = try await backend.requests.filter { !$0.contains("/__requests") }
            try await work()
            let after = try await backend.requests.filter { !$0.contains("/__requests") }
            #expect(before == after, "the backend was asked")
        }

        @Test(
            "a change without a deployment is seen by a test invocation at once, and not by the stage",
            .enabled(if: Program.isInstalled("aws"), "the AWS command line is not installed"))
        func changesWithoutDeployment() async throws {
            let workspace = try Workspace()
            let backend = try await Backend(workspace)
            let repository = try await Repository.example("petstore", backend: backend.url, in: workspace)
            let server = try await Server.serve(repository)
            let site = try await server.site("petstore")
            let api = try #require(try await server.aws("apigateway", "get-rest-apis")["items"]?[0]?["id"]?.string)
            let resources = try #require(
                try await server.aws("apigateway", "get-resources", "--rest-api-id", api)["items"]?.array)
            let resource = try #require(
                resources.first { $0["path"]?.string == "/pets/{petId}" }?["id"]?.string, "\(resources)")
            let method = ["--rest-api-id", api, "--resource-id", resource, "--http-method", "GET"]

            // A1.9: the test invocation runs without authorization and tells all about it.
            let first = try await server.aws(
                ["apigateway", "test-invoke-method"] + method + ["--path-with-query-string", "/pets/1"])
            #expect(first["status"]?.int == 200, "\(first.text(.pretty))")
            #expect(first["body"]?.string?.contains(#""dog""#) == true, "\(first.text(.pretty))")
            for member in ["headers", "log", "latency"] {
                #expect(first[member] != nil, "A1.9 no `\(member)` in \(first.text(.pretty))")
            }
            #expect(first["log"]?.string?.contains("status: 200") == true, "A1.9 \(first.text(.pretty))")

            // A1.8: every pet is now number 3.
            _ = try await server.aws(
                ["apigateway", "update-integration"] + method + [
                    "--patch-operations", "op=replace,path=/uri,value=\(backend.url)/petstore/pets/3",
                ])
            let second = try await server.aws(
                ["apigateway", "test-invoke-method"] + method + ["--path-with-query-string", "/pets/1"])
            #expect(second["body"]?.string?.contains(#""fish""#) == true, "A1.8 \(second.text(.pretty))")
            let served = try await site.get("/pets/1")
            #expect(served.body.contains(#""dog""#), "A1.8 \(served.text)")
        }
    }
}
