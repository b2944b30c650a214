import JSON
import Testing

extension Acceptance {
    /// Walkthrough 2 from its commits: functions that the engine runs as processes, behind proxies and behind mappings.
    @Suite struct FunctionExampleTests {
        private static let john = ["-H", "Content-Type: application/json", "-d", #"{"callerName":"John"}"#]

        private func body(_ answer: Answer) throws -> JSONValue { try JSONValue(parsing: Array(answer.body.utf8)) }

        @Test("A2.1 to A2.5: one function behind all routes sees the whole request, and needs a permission")
        func proxy() async throws {
            let repository = try await Repository.example("lambda-proxy")
            let server = try await Server.serve(repository, "--enable-functions")
            let site = try await server.site("proxy")

            let thursday = ["-H", "day: Thursday"] + Self.john
            let posted = try await site.get("/Seattle?time=evening", thursday)
            #expect(posted.status == 200, "A2.1 \(posted.text)")
            #expect(posted.header("x-custom-header") == "my custom header value", "A2.1 \(posted.text)")
            let message = try body(posted)["message"]?.string
            #expect(message == "Good day, you of Seattle. Happy Thursday!", "A2.1 \(posted.text)")

            let put = try await site.get("/Seattle?time=evening", ["-X", "PUT"] + thursday)
            #expect(try body(put)["message"]?.string == message, "A2.2 \(put.text)")
            #expect(try body(put)["input"]?["httpMethod"]?.string == "PUT", "A2.2 \(put.text)")

            let got = try await site.get("/Boston?time=morning")
            #expect(got.status == 200, "A2.3 \(got.text)")
            #expect(try body(got)["input"]?["body"] == .null, "A2.3 \(got.text)")

            let deep = try await site.get("/a/b/c")
            #expect(try body(deep)["input"]?["pathParameters"]?["proxy"]?.string == "a/b/c", "A2.4 \(deep.text)")
            let root = try await site.get("/")
            #expect(root.status == 403 && root.body.contains("Missing Authentication Token"), "A2.4 \(root.text)")

            let manifest = try repository.read("apis/proxy.yaml")
            let without = try #require(manifest.firstRange(of: "  permissions:"))
            try repository.write("apis/proxy.yaml", String(manifest[..<without.lowerBound]))
            try await server.reaches("ready", commit: try await repository.commit("Take the permission"))
            let refused = try await site.get("/Seattle")
            #expect(refused.status == 500, "A2.5 \(refused.text)")
            #expect(try refused.isJSON(#"{"message": "Internal server error"}"#), "A2.5 \(refused.text)")
        }

        @Test("A2.7 to A2.10: what is checked and mapped reaches the function, nothing else does")
        func custom() async throws {
            let repository = try await Repository.example("lambda-custom")
            let server = try await Server.serve(repository, "--enable-functions")
            let site = try await server.site("greetings")

            let thursday = ["-H", "day: Thursday"] + Self.john
            for more in [[], ["-X", "PUT"]] {
                let greeted = try await site.get("/Seattle?time=evening", more + thursday)
                #expect(greeted.status == 200, "A2.7 \(greeted.text)")
                #expect(
                    try greeted.isJSON(#"{"greeting":"Good evening, John of Seattle. Happy Thursday!"}"#),
                    "A2.7 \(greeted.text)")
            }
            let got = try await site.get("/Boston?time=morning", ["-X", "GET"] + thursday)
            #expect(got.status == 400, "A2.8 \(got.text)")
            #expect(try got.isJSON(#"{"message": "Invalid request body"}"#), "A2.8 \(got.text)")
            let timeless = try await site.get("/Seattle", thursday)
            #expect(timeless.status == 400, "A2.9 \(timeless.text)")
            #expect(
                try timeless.isJSON(#"{"message": "Missing required request parameters: [time]"}"#),
                "A2.9 \(timeless.text)")
            let dayless = try await site.get("/Seattle?time=evening", Self.john)
            #expect(
                try dayless.isJSON(#"{"message": "Missing required request parameters: [day]"}"#),
                "A2.9 \(dayless.text)")
            let xml = try await site.get(
                "/Seattle?time=evening", ["-H", "day: Thursday", "-H", "Content-Type: application/xml", "-d", "<a/>"])
            #expect(xml.status == 415, "A2.10 \(xml.text)")
            #expect(try xml.isJSON(#"{"message": "Unsupported Media Type"}"#), "A2.10 \(xml.text)")
        }
    }
}
