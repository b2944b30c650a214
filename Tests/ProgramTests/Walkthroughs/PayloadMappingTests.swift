import JSON
import Testing

extension Acceptance {
    /// A3.15 to A3.19: payloads under other names, over HTTP and of a function; and bodies held against models.
    @Suite struct PayloadMappingTests {
        @Test("A3.15, A3.16, A3.17 and A3.18: templates map payloads, and numbers keep their form")
        func mapping() async throws {
            let workspace = try Workspace()
            let backend = try await Backend(workspace)
            let repository = try await Repository.example("payload-mapping", backend: backend.url, in: workspace)
            let server = try await Server.serve(repository, "--enable-functions")
            let site = try await server.site("payloads")

            let named = try await site.get("/petstorewalkthrough/noflatten")
            let names = """
                [{"number":1,"class":"dog","salesPrice":249.99},{"number":2,"class":"cat","salesPrice":124.99},
                 {"number":3,"class":"fish","salesPrice":0.99}]
                """
            #expect(named.status == 200, "A3.15 \(named.text)")
            #expect(try named.isJSON(names), "A3.15 \(named.text)")
            for number in [#""number": 1,"#, #""salesPrice": 249.99 "#, #""salesPrice": 0.99 "#] {
                #expect(named.text.contains(number), "A3.18 \(named.text)")
            }

            let some = try await site.get("/petstorewalkthrough/flattensome")
            let sentences = """
                [{"description":"Item 1 is a dog.","askingPrice":249.99},
                 {"description":"Item 2 is a cat.","askingPrice":124.99},
                 {"description":"Item 3 is a fish.","askingPrice":0.99}]
                """
            #expect(try some.isJSON(sentences), "A3.16 \(some.text)")
            let before = try await backend.requests.count
            let lambda = try await site.get("/petstorewalkthrough/lambdaflattensome")
            #expect(lambda.status == 200, "A3.16 \(lambda.text)")
            #expect(try lambda.isJSON(sentences), "A3.16 \(lambda.text)")
            for number in [#""askingPrice": 249.99 "#, #""askingPrice": 0.99 "#, "Item 1 is"] {
                #expect(lambda.text.contains(number), "A3.18 \(lambda.text)")
            }
            #expect(try await backend.requests.count == before, "A3.16: these are the function's pets")

            let all = try await site.get("/petstorewalkthrough/flattenall")
            let listings = """
                {"listings":["Item number 1 is a dog. The asking price is 249.99.",
                 "Item number 2 is a cat. The asking price is 124.99.",
                 "Item number 3 is a fish. The asking price is 0.99."]}
                """
            #expect(try all.isJSON(listings), "A3.17 \(all.text)")

            try await refuses(site, backend)
        }

        @Test(
            "A3.19: a model that a method names stays, and a plan changes the method first",
            .enabled(if: Program.isInstalled("aws"), "the AWS command line is not installed"))
        func modelInUse() async throws {
            let repository = try await Repository.example("payload-mapping")
            let server = try await Server.engine(repository)
            try await repository.apply()
            let (api, _) = try await server.resource("/petstorewalkthrough/flattenall")
            let refused = try await Program.run(
                "aws",
                [
                    "apigateway", "delete-model", "--rest-api-id", api, "--model-name", "PetsModelFlattenAll",
                    "--endpoint-url", "http://\(try server.address("management"))", "--region", "us-east-1",
                ], in: repository.folder, repository.workspace,
                environment: ["AWS_SHARED_CREDENTIALS_FILE": repository.folder + "/.gatewright/credentials"])
            #expect(refused.status != 0, "\(refused)")
            #expect(refused.all.contains("ConflictException"), "\(refused)")
            #expect(
                refused.all.contains(
                    "Cannot delete model 'PetsModelFlattenAll', is referenced in method response: "
                        + "/petstorewalkthrough/flattenall/GET/200"), "\(refused)")

            // A document whose method goes on naming it is an error at that method.
            let path = "apis/payloads.openapi.yaml"
            let model = """
                    PetsModelFlattenAll:
                      type: object
                      properties:
                        listings: { type: array, items: { type: string } }

                """
            try repository.replace(path, model, by: "")
            try await repository.commit("Take the model away")
            let named = try await repository.gatewright("plan")
            #expect(named.status == 1, "\(named)")
            #expect(named.all.contains("PetsModelFlattenAll") && named.all.contains("\(path):"), "\(named)")

            try repository.replace(
                path, "{ $ref: \"#/components/schemas/PetsModelFlattenAll\" }", by: "{ type: object }")
            try await repository.commit("Name it no more")
            let plan = try await repository.gatewright("plan", "--format", "json")
            let changes = try #require(JSONValue(parsing: Array(plan.out.utf8))["changes"]?.array, "\(plan)")
            let order = changes.compactMap { $0["address"]?.string }
            let method = order.firstIndex(of: "Method/payloads GET /petstorewalkthrough/flattenall")
            let gone = order.firstIndex(of: "Model/payloads PetsModelFlattenAll")
            #expect(try #require(method, "\(order)") < #require(gone, "\(order)"))
            try await repository.apply()
            try await repository.expectConverged()
            let models = try await server.aws("apigateway", "get-models", "--rest-api-id", api)["items"]?.array ?? []
            #expect(!models.contains { $0["name"] == "PetsModelFlattenAll" })
        }

        private func refuses(_ site: Site, _ backend: Backend) async throws {
            let path = "/petstorewalkthrough/pets"
            let json = ["-H", "Content-Type: application/json", "-d"]
            let before = try await backend.requests.count
            let missing = try await site.get(path, json[0], json[1], json[2], "{}")
            #expect(missing.status == 400)
            #expect(try missing.isJSON(#"{"message": "Missing required request parameters: [dryRun]"}"#))
            for body in ["{}", #"{"type":"cow","price":1}"#, #"{"type":"dog","price":-1}"#, "nonsense"] {
                let refused = try await site.get(path + "?dryRun=1", json[0], json[1], json[2], body)
                #expect(refused.status == 400, "\(body) \(refused.text)")
                #expect(try refused.isJSON(#"{"message": "Invalid request body"}"#))
            }
            let posts = try await backend.requests.dropFirst(before).filter { $0.hasPrefix("POST") }
            #expect(posts.isEmpty, "nothing reaches the backend when the validation fails")
            let pet = #"{"type":"dog","price":249.99}"#
            let created = try await site.get(path + "?dryRun=1", json[0], json[1], json[2], pet)
            #expect(created.status == 200)
            #expect(try created.isJSON(#"{"pet":{"type":"dog","price":249.99},"message":"success"}"#))
        }
    }
}
