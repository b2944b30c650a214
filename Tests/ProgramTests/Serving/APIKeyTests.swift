import Foundation
import JSON
import Testing

extension Acceptance {
    /// What a usage plan and a domain of one's own do for callers, through the AWS command line and curl.
    @Suite struct APIKeyTests {
        private static let definition = """
            openapi: 3.0.1
            info: {title: keyed, version: "1"}
            paths:
              /pets:
                get:
                  security: [{api_key: []}]
                  responses: {"200": {description: ok}}
                  x-amazon-apigateway-integration:
                    type: mock
                    requestTemplates: {application/json: '{"statusCode": 200}'}
                    responses: {default: {statusCode: "200"}}
            components:
              securitySchemes: {api_key: {type: apiKey, name: x-api-key, in: header}}
            """

        @Test(
            "a key opens its stage, also by a custom domain; what it spent outlives an orderly end of the engine",
            .enabled(if: Program.isInstalled("aws"), "the AWS command line is not installed"))
        func keys() async throws {
            let repository = try await Repository.hello()
            let workspace = repository.workspace
            let file = repository.folder + "/keyed.yaml"
            try Self.definition.write(toFile: file, atomically: true, encoding: .utf8)
            let first = try await Server.engine(repository)
            let api = try await first.gateway("import-rest-api", "--body", "fileb://\(file)")
            let id = try #require(api["id"]?.string)
            _ = try await first.gateway("create-deployment", "--rest-api-id", id, "--stage-name", "test")
            let path = "/_aws/execute-api/\(id)/test/pets"
            let key = try await first.gateway("create-api-key", "--enabled", "--name", "first")
            let header = "x-api-key: \(try #require(key["value"]?.string))"
            #expect(try await first.data(path, workspace, header).status == 403)
            let plan = try await first.gateway(
                "create-usage-plan", "--name", "gold", "--api-stages", "apiId=\(id),stage=test", "--quota",
                "limit=3,period=MONTH")
            _ = try await first.gateway(
                "create-usage-plan-key", "--usage-plan-id", try #require(plan["id"]?.string), "--key-id",
                try #require(key["id"]?.string), "--key-type", "API_KEY")
            _ = try await first.gateway("create-domain-name", "--domain-name", "api.example.com")
            _ = try await first.gateway(
                "create-base-path-mapping", "--domain-name", "api.example.com", "--rest-api-id", id, "--stage", "test",
                "--base-path", "v1")
            #expect(try await first.data(path, workspace, header).status == 200)
            #expect(try await first.data("/v1/pets", workspace, header, "Host: api.example.com").status == 200)
            let refused = try await first.data("/v1/pets", workspace, "Host: api.example.com")
            #expect(refused.status == 403 && refused.body == #"{"message":"Forbidden"}"#, "\(refused.text)")
            #expect(refused.header("x-amzn-ErrorType") == "ForbiddenException")
            try await first.stop()

            let second = try await Server.engine(repository)
            #expect(try await second.data("/v1/pets", workspace, header, "Host: api.example.com").status == 200)
            let spent = try await second.data(path, workspace, header)
            #expect(spent.status == 429 && spent.body == #"{"message":"Limit Exceeded"}"#, "\(spent.text)")
            try await second.stop()
        }
    }
}

extension Server {
    fileprivate func gateway(_ arguments: String...) async throws -> JSONValue {
        try await aws(["apigateway"] + arguments)
    }

    /// An answer of the data listener to a request with these headers.
    fileprivate func data(_ path: String, _ workspace: Workspace, _ headers: String...) async throws -> Answer {
        let site = Site(url: "http://\(try address("data"))", workspace: workspace)
        return try await site.get(path, headers.flatMap { ["--header", $0] })
    }
}
