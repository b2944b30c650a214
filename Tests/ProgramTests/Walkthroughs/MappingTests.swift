import Testing

extension Acceptance {
    /// A3.11 to A3.14: request parameters under other names.
    @Suite struct MappingTests {
        @Test("A3.11, A3.12, A3.13 and A3.14: the backend sees its own names, and only those that are mapped")
        func mapping() async throws {
            let workspace = try Workspace()
            let backend = try await Backend(workspace)
            let repository = try await Repository.example("http-mapping", backend: backend.url, in: workspace)
            let server = try await Server.serve(repository)
            let site = try await server.site("demo")

            let all = try await site.get("/petstorewalkthrough/pets")
            let rows = """
                [{"id":1,"type":"dog","price":249.99},{"id":2,"type":"cat","price":124.99},
                 {"id":3,"type":"fish","price":0.99}]
                """
            #expect(all.status == 200, "A3.11 \(all.text)")
            #expect(try all.isJSON(rows), "A3.11 \(all.text)")

            let cats = try await site.get("/petstorewalkthrough/pets?petType=cat&petsPage=2")
            let catRows = """
                [{"id":4,"type":"cat","price":999.99},{"id":5,"type":"cat","price":249.99},
                 {"id":6,"type":"cat","price":49.97}]
                """
            #expect(cats.status == 200, "A3.12 \(cats.text)")
            #expect(try cats.isJSON(catRows), "A3.12 \(cats.text)")
            let asked = try #require(try await backend.requests.last { $0.hasPrefix("GET /petstore/pets?") })
            #expect(asked.contains("type=cat") && asked.contains("page=2"), "A3.12 \(asked)")
            #expect(!asked.contains("petType") && !asked.contains("petsPage"), "A3.12 \(asked)")

            let unmapped = try await site.get("/petstorewalkthrough/pets?type=cat&pettype=cat")
            #expect(try unmapped.isJSON(rows), "names that are not mapped: \(unmapped.text)")

            let dog = try await site.get("/petstorewalkthrough/pets/1")
            #expect(dog.status == 200, "A3.13 \(dog.text)")
            #expect(try dog.isJSON(#"{"id":1,"type":"dog","price":249.99}"#), "A3.13 \(dog.text)")

            let created = try await site.get(
                "/petstorewalkthrough/pets", "-H", "Content-Type: application/json", "-d",
                #"{"type":"dog","price":249.99}"#)
            #expect(created.status == 200, "A3.14 \(created.text)")
            #expect(
                try created.isJSON(#"{"pet":{"type":"dog","price":249.99},"message":"success"}"#),
                "A3.14 \(created.text)")
        }
    }
}
