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
                components: { schemas: { Pet: { type: string, pattern: "(" } } }

                """
            try repository.write("apis/hello.openapi.yaml", text + route)
            let line = text.split(separator: "\n", omittingEmptySubsequences: false).count + 1
            try await repository.expectFailure(
                "validate", status: 1, says: code, "apis/hello.openapi.yaml:\(line):")
        }

        @Test(
            "what the engine cannot enforce is refused for it, and fine for another target",
            arguments: [
                ("security: [{ key: [] }]", "x-amazon-apigateway-api-key-source: AUTHORIZER"),
                ("security: [{ who: [] }]", ""),
            ])
        func otherTargets(member: String, document: String) async throws {
            let repository = try await Repository.hello()
            let route = """
                  /more:
                    get:
                      \(member)
                      x-amazon-apigateway-integration: { type: mock }
                components:
                  securitySchemes:
                    key: { type: apiKey, name: x-api-key, in: header }
                    who:
                      type: apiKey
                      name: Authorization
                      in: header
                      x-amazon-apigateway-authorizer:
                        type: token
                        identityValidationExpression: "("
                        authorizerUri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations
                \(document)

                """
            try repository.write("apis/hello.openapi.yaml", try repository.read("apis/hello.openapi.yaml") + route)
            try await repository.expectFailure(
                "validate", status: 1, says: "data-plane.authorization-not-enforceable", "apis/hello.openapi.yaml:")
            try repository.replace(
                "gatewright.yaml", "{ engine: {} }",
                by: "{ aws: { region: eu-west-1, accountId: \"123456789012\" } }")
            let output = try await repository.gatewright("validate")
            #expect(output.status == 0, "\(output)")
        }
    }
}
