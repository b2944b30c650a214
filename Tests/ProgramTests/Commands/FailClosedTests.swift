import Testing

extension Acceptance {
    /// A route that the engine would not serve is refused before anything is applied.
    @Suite struct FailClosedTests {
        @Test(
            "a route that the engine would answer with 500 is refused with its place",
            arguments: [
                ("https://${stageVariables.host}/", "", "data-plane.endpoint-invalid"),
                ("http://${stageVariables.host}/", "", "data-plane.endpoint-invalid"),
                (
                    "http://127.0.0.1:1/", "x-amazon-apigateway-request-validator: all",
                    "data-plane.request-body-not-validated"
                ),
            ])
        func refused(uri: String, validator: String, code: String) async throws {
            let repository = try await Repository.hello()
            let text = try repository.read("apis/hello.openapi.yaml")
            let route = """
                  /more:
                    post:
                      \(validator.isEmpty ? "operationId: More" : validator)
                      requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } }
                      responses: { "200": { description: ok } }
                      x-amazon-apigateway-integration: { type: http_proxy, httpMethod: POST, uri: "\(uri)" }
                x-amazon-apigateway-request-validators:
                  all: { validateRequestBody: true, validateRequestParameters: true }
                components: { schemas: { Pet: { type: object } } }

                """
            try repository.write("apis/hello.openapi.yaml", text + route)
            let line = text.split(separator: "\n", omittingEmptySubsequences: false).count + 1
            try await repository.expectFailure(
                "validate", status: 1, says: code, "apis/hello.openapi.yaml:\(line):")
        }
    }
}
