import JSON
import OpenAPI
import Resources
import Testing

@Suite("Security")
struct SecurityTests {
    private static func method(_ members: String, rest: String) throws -> JSONValue {
        let reading = OpenAPIReader.manifest.read(try Samples.node(Samples.operation(members, rest: rest)))
        let definition = try #require(reading.definition, "\(reading.diagnostics)")
        return try #require(definition.document(.method, "GET /pets"))
    }

    @Test("an x-api-key scheme asks for a key; an empty list takes the document's security away")
    func apiKeys() throws {
        let rest = """
            security: [{ key: [] }]
            components: { securitySchemes: { key: { type: apiKey, name: X-API-Key, in: header } } }
            """
        #expect(try Self.method("operationId: a", rest: rest)["apiKeyRequired"] == true)
        #expect(try Self.method("security: []", rest: rest)["apiKeyRequired"] == nil)
    }

    @Test("the engine reads authorizers, scopes and IAM")
    func authorizers() throws {
        let yaml = Samples.document(
            """
            paths:
              /a: { get: { security: [{ pool: [b, a] }, { key: [] }] }, put: { security: [{ iam: [] }] } }
              /b: { get: { security: [{ who: [] }] }, put: { x-amazon-apigateway-auth: { type: aws_iam } } }
            components:
              securitySchemes:
                key: { type: apiKey, name: x-api-key, in: header }
                iam: { type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4 }
                pool:
                  { type: apiKey, name: Token, in: header, x-amazon-apigateway-authtype: cognito_user_pools,
                    x-amazon-apigateway-authorizer: { type: cognito_user_pools, providerARNs: [c, a] } }
                who:
                  { type: apiKey, name: Unused, in: header,
                    x-amazon-apigateway-authorizer: { type: request, identitySource: 'method.request.querystring.t' } }
            """)
        let definition = try #require(OpenAPIReader.service.read(try Samples.node(yaml)).definition)
        #expect(
            definition.document(.method, "GET /a") == [
                "authorizationType": "COGNITO_USER_POOLS", "authorizer": "pool", "authorizationScopes": ["a", "b"],
                "apiKeyRequired": true,
            ])
        #expect(definition.document(.method, "PUT /a") == ["authorizationType": "AWS_IAM"])
        #expect(definition.document(.method, "GET /b") == ["authorizationType": "CUSTOM", "authorizer": "who"])
        #expect(definition.document(.method, "PUT /b") == ["authorizationType": "AWS_IAM"])
        #expect(
            definition.document(.authorizer, "pool") == [
                "type": "COGNITO_USER_POOLS", "authType": "cognito_user_pools", "providerARNs": ["a", "c"],
                "identitySource": "method.request.header.Token",
            ])
        #expect(
            definition.document(.authorizer, "who")
                == ["type": "REQUEST", "identitySource": "method.request.querystring.t"])
    }
}
