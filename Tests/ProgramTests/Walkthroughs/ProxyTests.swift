import Testing

extension Acceptance {
    /// A3.1 to A3.4: the HTTP proxy integration.
    @Suite struct ProxyTests {
        @Test("A3.1, A3.2, A3.3 and A3.4: path, query, headers and body are passed on, and answers come back unchanged")
        func passing() async throws {
            let workspace = try Workspace()
            let backend = try await Backend(workspace)
            let repository = try await Repository.example("http-proxy", backend: backend.url, in: workspace)
            let server = try await Server.serve(repository)
            let site = try await server.site("proxy")
            let direct = Site(url: backend.url, workspace: workspace)

            let fish = try await site.get("/petstore/pets?type=fish")
            #expect(fish.status == 200, "A3.1 \(fish.text)")
            #expect(fish.body == (try await direct.get("/petstore/pets?type=fish").body), "A3.1 \(fish.text)")
            #expect(fish.body.contains("fish") && !fish.body.contains("dog"), "A3.1 \(fish.text)")
            #expect(try await backend.requests.contains("GET /petstore/pets?type=fish"), "A3.1")

            let posted = try await site.get(
                "/__echo?x=1&x=2&y=a%20%26", "-X", "PUT", "-H", "X-Pet: Rex", "-H", "Content-Type: text/plain", "-d",
                "some body")
            #expect(posted.status == 200, "A3.1 \(posted.text)")
            for part in [#""PUT""#, "/__echo?x=1&x=2&y=a%20%26", "some body", "Rex", "text/plain"] {
                #expect(posted.body.contains(part), "A3.1 no `\(part)` in \(posted.text)")
            }

            let dog = try await site.get("/petstore/pets/1")
            #expect(dog.status == 200, "A3.2 \(dog.text)")
            #expect(try dog.isJSON(#"{"id":1,"type":"dog","price":249.99}"#), "A3.2 \(dog.text)")

            let unknown = try await site.get("/petstore")
            #expect(unknown.status == 404, "A3.3 \(unknown.text)")
            #expect(unknown.body.contains("Cannot GET /petstore"), "A3.3 \(unknown.text)")

            try await backend.stop()
            let unreachable = try await site.get("/petstore/pets/1")
            #expect(unreachable.status == 504, "A3.4 \(unreachable.text)")
            #expect(
                try unreachable.isJSON(#"{"message": "Network error communicating with endpoint"}"#),
                "A3.4 \(unreachable.text)")
        }

        @Test("A3.4: a backend slower than the integration's timeout is a 504 that says so")
        func slow() async throws {
            let workspace = try Workspace()
            let backend = try await Backend(workspace)
            let repository = try await Repository.example("http-proxy", backend: backend.url, in: workspace)
            try repository.replace(
                "apis/proxy.openapi.yaml", "        type: http_proxy\n",
                by: "        type: http_proxy\n        timeoutInMillis: 200\n")
            try await repository.commit("Wait for 200 ms")
            let server = try await Server.serve(repository)
            let site = try await server.site("proxy")
            let slow = try await site.get("/__hang")
            #expect(slow.status == 504, "A3.4 \(slow.text)")
            #expect(try slow.isJSON(#"{"message": "Endpoint request timed out"}"#), "A3.4 \(slow.text)")
            let quick = try await site.get("/petstore/pets/1")
            #expect(quick.status == 200, "after a timeout: \(quick.text)")
        }
    }
}
