import Testing

extension Acceptance {
    /// A3.15 to A3.18 over HTTP: payloads under other names; and bodies held against models.
    @Suite struct PayloadMappingTests {
        @Test("templates map payloads, and numbers keep their form")
        func mapping() async throws {
            let workspace = try Workspace()
            let backend = try await Backend(workspace)
            let repository = try await Repository.example("payload-mapping", backend: backend.url, in: workspace)
            let server = try await Server.serve(repository)
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

            let all = try await site.get("/petstorewalkthrough/flattenall")
            let listings = """
                {"listings":["Item number 1 is a dog. The asking price is 249.99.",
                 "Item number 2 is a cat. The asking price is 124.99.",
                 "Item number 3 is a fish. The asking price is 0.99."]}
                """
            #expect(try all.isJSON(listings), "A3.17 \(all.text)")

            try await refuses(site, backend)
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
