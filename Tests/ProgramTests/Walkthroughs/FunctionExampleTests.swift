import Foundation
import JSON
import Testing

extension Acceptance {
    /// Walkthrough 2 from its commits: functions that the engine runs as processes, behind proxies and behind mappings.
    @Suite struct FunctionExampleTests {
        private static let john = ["-H", "Content-Type: application/json", "-d", #"{"callerName":"John"}"#]

        private func body(_ answer: Answer) throws -> JSONValue { try JSONValue(parsing: Array(answer.body.utf8)) }

        /// The example, whose function asks a backend each time it is run: `runs` counts that.
        private func counted(_ name: String) async throws -> (repository: Repository, runs: () async throws -> Int) {
            let workspace = try Workspace()
            let backend = try await Backend(workspace)
            let repository = try await Repository.example(name, in: workspace)
            let path = "apis/greet/bootstrap"
            try repository.replace(
                path, "def handler(event):\n",
                by: "def handler(event):\n    urllib.request.urlopen(\"\(backend.url)/petstore/pets\").close()\n")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: repository.folder + "/" + path)
            try await repository.commit("Count the runs")
            return (repository, { try await backend.requests.count })
        }

        @Test("A2.1, A2.2, A2.3, A2.4 and A2.5: one function behind all routes sees all, and needs a permission")
        func proxy() async throws {
            let (repository, runs) = try await counted("lambda-proxy")
            let server = try await Server.serve(repository, "--enable-functions")
            let site = try await server.site("proxy")

            let thursday = ["-H", "day: Thursday"] + Self.john
            let posted = try await site.get("/Seattle?time=evening", thursday)
            #expect(posted.status == 200, "A2.1 \(posted.text)")
            #expect(posted.header("x-custom-header") == "my custom header value", "A2.1 \(posted.text)")
            let message = try body(posted)["message"]?.string
            #expect(message == "Good day, you of Seattle. Happy Thursday!", "A2.1 \(posted.text)")

            let event = try #require(try body(posted)["input"]?.object, "A2.1 \(posted.text)")
            let names = [
                "resource", "path", "httpMethod", "headers", "multiValueHeaders", "queryStringParameters",
                "multiValueQueryStringParameters", "pathParameters", "stageVariables", "requestContext", "body",
                "isBase64Encoded",
            ]
            #expect(Set(event.members.map(\.name)) == Set(names), "A2.1 \(posted.text)")
            #expect(event["stageVariables"] == .null, "A2.1 what is absent is null: \(posted.text)")
            #expect(event["resource"] == "/{proxy+}" && event["path"] == "/Seattle", "A2.1 \(posted.text)")
            #expect(event["body"]?.string == #"{"callerName":"John"}"#, "A2.1 \(posted.text)")

            let put = try await site.get("/Seattle?time=evening", ["-X", "PUT"] + thursday)
            #expect(try body(put)["message"]?.string == message, "A2.2 \(put.text)")
            #expect(try body(put)["input"]?["httpMethod"]?.string == "PUT", "A2.2 \(put.text)")

            let got = try await site.get("/Boston?time=morning")
            #expect(got.status == 200, "A2.3 \(got.text)")
            #expect(try body(got)["input"]?["body"] == .null, "A2.3 \(got.text)")

            let deep = try await site.get("/a/b/c")
            #expect(try body(deep)["input"]?["pathParameters"]?["proxy"]?.string == "a/b/c", "A2.4 \(deep.text)")
            let root = try await site.get("/")
            #expect(root.status == 403, "A2.4 \(root.text)")
            #expect(try root.isJSON(#"{"message":"Missing Authentication Token"}"#), "A2.4 \(root.text)")
            #expect(try await runs() == 4, "A2.4")

            let manifest = try repository.read("apis/proxy.yaml")
            let without = try #require(manifest.firstRange(of: "  permissions:"))
            try repository.write("apis/proxy.yaml", String(manifest[..<without.lowerBound]))
            try await server.reaches("ready", commit: try await repository.commit("Take the permission"))
            let refused = try await site.get("/Seattle")
            #expect(refused.status == 500, "A2.5 \(refused.text)")
            #expect(try refused.isJSON(#"{"message": "Internal server error"}"#), "A2.5 \(refused.text)")
            #expect(try await runs() == 4, "A2.5")
        }

        @Test("A2.7, A2.8, A2.9 and A2.11: what is checked and mapped reaches the function, nothing else does")
        func custom() async throws {
            let (repository, runs) = try await counted("lambda-custom")
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
            let both = try await site.get("/Seattle", ["-H", "Content-Type: application/json", "-d", "nonsense"])
            #expect(
                try both.isJSON(#"{"message": "Missing required request parameters: [day, time]"}"#),
                "A2.9 parameters come before the body: \(both.text)")
            let bad = try await site.get(
                "/Seattle?time=day", ["-H", "day: Friday", "-H", "Content-Type: application/json", "-d", "[]"])
            #expect(try bad.isJSON(#"{"message": "Invalid request body"}"#), "A2.11 \(bad.text)")
            #expect(try await runs() == 2, "A2.11: nothing reaches the function when the validation fails")
        }

        @Test("A2.10: without a template for its type a body is 415, or passes as it is")
        func contentTypes() async throws {
            let (repository, runs) = try await counted("lambda-custom")
            let server = try await Server.serve(repository, "--enable-functions")
            let site = try await server.site("greetings")
            let path = "/Seattle?time=evening"
            func send(_ type: String, _ body: String = #"{"callerName":"John","city":"Rome"}"#) async throws -> Answer {
                try await site.get(path, ["-H", "day: Thursday", "-H", type, "-d", body])
            }
            let greeting = #"{"greeting":"Good evening, John of Seattle. Happy Thursday!"}"#
            // Curl sends no Content-Type where the header is named without a value.
            for type in ["Content-Type:", "Content-Type: application/json; charset=utf-8"] {
                let answer = try await send(type)
                #expect(answer.status == 200, "A2.10 \(type) \(answer.text)")
                #expect(try answer.isJSON(greeting), "A2.10 \(type) \(answer.text)")
            }
            let unsupported = #"{"message": "Unsupported Media Type"}"#
            let xml = try await send("Content-Type: application/xml", "<a/>")
            #expect(xml.status == 415, "A2.10 \(xml.text)")
            #expect(try xml.isJSON(unsupported), "A2.10 \(xml.text)")

            let definition = "apis/greetings.openapi.yaml"
            try repository.replace(definition, "when_no_templates", by: "never")
            try await server.reaches("ready", commit: try await repository.commit("Pass nothing"))
            let never = try await send("Content-Type: application/xml", "<a/>")
            #expect(try never.status == 415 && never.isJSON(unsupported), "A2.10 \(never.text)")
            #expect(try await runs() == 2, "A2.10")

            try repository.replace(definition, "Behavior: never", by: "Behavior: when_no_match")
            try await server.reaches("ready", commit: try await repository.commit("Pass the rest"))
            let passed = try await send("Content-Type: application/xml")
            #expect(passed.status == 200, "A2.10 \(passed.text)")
            #expect(try passed.isJSON(#"{"greeting":"Good day, you of Rome."}"#), "A2.10 \(passed.text)")
        }

        @Test(
            "A2.6: a test invocation of a committed API runs the function and tells every step",
            .enabled(if: Program.isInstalled("aws"), "the AWS command line is not installed"))
        func testInvocation() async throws {
            let repository = try await Repository.example("lambda-custom")
            let server = try await Server.serve(repository, "--enable-functions")
            let (api, resource) = try await server.resource("/{city}")
            let said = try await server.aws(
                "apigateway", "test-invoke-method", "--rest-api-id", api, "--resource-id", resource, "--http-method",
                "POST", "--path-with-query-string", "/Seattle?time=morning", "--headers", "day=Wednesday", "--body",
                #"{"callerName":"John"}"#)
            #expect(said["status"]?.int == 200, "\(said.text(.pretty))")
            let greeting = try JSONValue(parsing: Array((said["body"]?.string ?? "").utf8))
            #expect(greeting == ["greeting": "Good morning, John of Seattle. Happy Wednesday!"])
            let name = "arn:aws:lambda:us-east-1:123456789012:function:GetStartedLambdaIntegration"
            let url = "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/\(name)/invocations"
            let beginnings = [
                "Execution log for request ", "Starting execution for request: ",
                "HTTP Method: POST, Resource Path: /", "Method request path: {city=Seattle}",
                "Method request query string: {time=morning}", "Method request headers: {day=Wednesday}",
                #"Method request body before transformations: {"callerName":"John"}"#,
                "Request validation succeeded for content type application/json", "Endpoint request URI: \(url)",
                "Endpoint request headers: {", "Endpoint request body after transformations: {",
                "Sending request to \(url)", "Received response. Status: 200, Integration latency: ",
                "Endpoint response headers: {", "Endpoint response body before transformations: {",
                "Method response body after transformations: {", "Method response headers: {",
                "Successfully completed execution", "Method completed with status: 200",
            ]
            let lines = (said["log"]?.string ?? "").split(separator: "\n").map { line in
                line.firstRange(of: " UTC ").map { String(line[$0.upperBound...].dropFirst(7)) } ?? String(line)
            }
            #expect(lines.count == beginnings.count, "\(lines)")
            for (line, beginning) in zip(lines, beginnings) { #expect(line.hasPrefix(beginning), "\(line)") }
            let sent = try #require(lines.first { $0.hasPrefix("Endpoint request headers: ") })
            #expect(!sent.contains("AWS4-HMAC-SHA256 Credential="), "the authorization is masked: \(sent)")
            let body = try #require(lines.first { $0.hasPrefix("Endpoint request body after transformations: ") })
            for part in [#""city": "Seattle""#, #""time": "morning""#, #""day": "Wednesday""#, #""name": "John""#] {
                #expect(body.contains(part), "\(body)")
            }
        }
    }
}
