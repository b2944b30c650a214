import Foundation
import JSON
import Testing

extension Acceptance {
    /// A1.1 to A1.9: an API from an example.
    @Suite struct PetStoreTests {
        @Test("A1.1: the pet store has 3 resources, 6 methods and 6 models, and importing it again is an empty plan")
        func importing() async throws {
            let repository = try await Repository.example("petstore")
            let plan = try await repository.gatewright("plan", "--format", "json", "--detailed-exitcode")
            #expect(plan.status == 2, "\(plan)")
            let changes = try #require(JSONValue(parsing: Array(plan.out.utf8))["changes"]?.array)
            let addresses = changes.compactMap { $0["address"]?.string }
            func keys(_ kind: String) -> [String] {
                let start = "\(kind)/petstore "
                return addresses.filter { $0.hasPrefix(start) }.map { String($0.dropFirst(start.count)) }.sorted()
            }
            #expect(keys("Resource") == ["/", "/pets", "/pets/{petId}"])
            #expect(
                keys("Method") == [
                    "GET /", "GET /pets", "GET /pets/{petId}", "OPTIONS /pets", "OPTIONS /pets/{petId}", "POST /pets",
                ])
            #expect(keys("Model") == ["Empty", "NewPet", "NewPetResponse", "Pet", "PetType", "Pets"])
            try await repository.apply()
            try await repository.expectConverged()
            let second = try await repository.gatewright("plan", "--detailed-exitcode")
            #expect(second.status == 0, "\(second)")
        }

        @Test("A1.2, A1.3, A1.4, A1.5, A1.6 and A1.7: the pet store answers as the walkthrough says")
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
                let headers = [
                    "Methods": "POST,GET,OPTIONS", "Headers": "Content-Type,X-Amz-Date,Authorization,X-Api-Key",
                    "Origin": "*",
                ]
                for (name, value) in headers {
                    #expect(options.header("Access-Control-Allow-\(name)") == value, "A1.6 \(options.text)")
                }
                let one = try await site.get("/pets/1", "-X", "OPTIONS")
                #expect(one.header("Access-Control-Allow-Methods") == "GET,OPTIONS", "A1.6 \(one.text)")
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
            "A1.8: a change without a deployment is seen by a test invocation at once, and not by the stage",
            .enabled(if: Program.isInstalled("aws"), "the AWS command line is not installed"))
        func changesWithoutDeployment() async throws {
            let workspace = try Workspace()
            let backend = try await Backend(workspace)
            let repository = try await Repository.example("petstore", backend: backend.url, in: workspace)
            let server = try await Server.serve(repository)
            let site = try await server.site("petstore")
            let (api, resource) = try await server.resource("/pets/{petId}")
            let method = ["--rest-api-id", api, "--resource-id", resource, "--http-method", "GET"]

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

        @Test(
            "A1.9: before a deployment a test invocation runs without authorization and tells what happened",
            .enabled(if: Program.isInstalled("aws"), "the AWS command line is not installed"))
        func beforeDeployment() async throws {
            let workspace = try Workspace()
            let backend = try await Backend(workspace)
            let repository = try await Repository.example("petstore", backend: backend.url, in: workspace)
            try repository.replace("apis/petstore.yaml", "  stages:\n    test: {}\n", by: "")
            try repository.replace(
                "apis/petstore.openapi.json", "\"operationId\": \"GetPet\",",
                by: "\"operationId\": \"GetPet\", \"x-amazon-apigateway-auth\": { \"type\": \"AWS_IAM\" },")
            try await repository.commit("Deploy nothing, and let nobody in")
            let server = try await Server.engine(repository)
            try await repository.apply()
            let (api, resource) = try await server.resource("/pets/{petId}")
            let deployments = try await server.aws("apigateway", "get-deployments", "--rest-api-id", api)
            #expect(deployments["items"]?.array == [], "\(deployments)")
            let method = ["--rest-api-id", api, "--resource-id", resource, "--http-method", "GET"]
            let shown = try await server.aws(["apigateway", "get-method"] + method)
            #expect(shown["authorizationType"] == "AWS_IAM")

            let said = try await server.aws(
                ["apigateway", "test-invoke-method"] + method + ["--path-with-query-string", "/pets/1"])
            #expect(said["status"]?.int == 200, "\(said.text(.pretty))")
            let body = try JSONValue(parsing: Array((said["body"]?.string ?? "").utf8))
            #expect(try body == JSONValue(parsing: Array(#"{"id":1,"type":"dog","price":249.99}"#.utf8)))
            #expect(said["headers"]?["Access-Control-Allow-Origin"] == "*", "\(said.text(.pretty))")
            #expect(said["multiValueHeaders"]?["Access-Control-Allow-Origin"] == ["*"], "\(said.text(.pretty))")
            #expect(said["log"]?.string?.contains("Method completed with status: 200") == true)
            #expect((said["latency"]?.int ?? -1) >= 0, "\(said.text(.pretty))")
        }
    }
}
