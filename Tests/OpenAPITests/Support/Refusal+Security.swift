import OpenAPI

extension Refusal {
    /// Authorizers, requirements, policies and what refers to them.
    static let security = [
        Self(
            testDescription: "two authorizations", yaml: schemes("security: [{ pool: [] }, { iam: [] }]"),
            code: .severalAuthorizers, at: "iam: []", says: "`pool`", remedy: "keep one",
            service: "Multiple authorizers"),
        Self(
            testDescription: "two authorizers of one alternative",
            yaml: schemes("security: [{ pool: [], who: [] }]"), code: .severalAuthorizers, at: "who: []",
            service: "Multiple authorizers"),
        Self(
            testDescription: "an alternative for everybody", yaml: schemes("security: [{ pool: [] }, {}]"),
            code: .severalAuthorizers, at: "{}", says: "show nothing", remedy: "empty alternative"),
        Self(
            testDescription: "scopes of a function", yaml: schemes("security: [{ who: [read] }]"),
            code: .unenforcedSecurity, at: "[read]", remedy: "`[]`"),
        Self(
            testDescription: "scopes of IAM", yaml: schemes("security: [{ iam: [read] }]"), code: .unenforcedSecurity,
            at: "[read]"),
        Self(
            testDescription: "an authorizer without a function", yaml: authorizer("{ type: token }"),
            code: .missingMember, at: "x-amazon-apigateway-authorizer", says: "`authorizerUri`"),
        Self(
            testDescription: "an authorizer that calls something else",
            yaml: authorizer("{ type: token, authorizerUri: 'arn:aws:apigateway:eu-west-1:sqs:path/a' }"),
            code: .invalidEndpoint, at: "'arn", remedy: "lambda:path"),
        Self(
            testDescription: "a user pool authorizer without pools", yaml: authorizer("{ type: cognito_user_pools }"),
            code: .missingMember, at: "x-amazon-apigateway-authorizer", says: "`providerARNs`"),
        Self(
            testDescription: "a request authorizer that looks at nothing",
            yaml: authorizer("{ type: request, authorizerUri: '\(Deployed.lambda)' }"), code: .missingMember,
            at: "x-amazon-apigateway-authorizer", remedy: "authorizerResultTtlInSeconds: 0"),
        Self(
            testDescription: "a token authorizer without a header",
            yaml: Samples.document(
                """
                paths: {}
                components:
                  securitySchemes:
                    who: { type: oauth2, x-amazon-apigateway-authorizer: { type: token, authorizerUri: '\(Deployed.lambda)' } }
                """),
            code: .missingMember, at: "x-amazon-apigateway-authorizer", says: "which header"),
        Self(
            testDescription: "an unknown type of authorizer", yaml: authorizer("{ type: tokn }"), code: .invalidValue,
            at: "tokn", remedy: "`TOKEN`", service: "tokn"),
        Self(
            testDescription: "a time to live out of range",
            yaml: authorizer(
                "{ type: token, authorizerUri: '\(Deployed.lambda)', authorizerResultTtlInSeconds: 3601 }"),
            code: .invalidValue, at: "3601", says: "3600", service: "3601"),
        Self(
            testDescription: "a security scheme that refers to itself",
            yaml: Samples.document(
                "paths: {}\ncomponents: { securitySchemes: { a: { $ref: '#/components/securitySchemes/a' } } }"),
            code: .unresolvedReference, at: "{ $ref", says: "circle", service: "circle"),
        Self(
            testDescription: "a policy without statements",
            yaml: Samples.document("paths: {}\nx-amazon-apigateway-policy: { Version: '2012-10-17' }"),
            code: .missingMember, at: "x-amazon-apigateway-policy", says: "`Statement`"),
        Self(
            testDescription: "a policy that is no JSON",
            yaml: Samples.document("paths: {}\nx-amazon-apigateway-policy: '{'"), code: .invalidValue, at: "'{'",
            service: "policy"),
        Self(
            testDescription: "a policy that is a list",
            yaml: Samples.document("paths: {}\nx-amazon-apigateway-policy: '[]'"), code: .wrongType, at: "'[]'",
            service: "policy"),
        Self(
            testDescription: "a tag of HTTP APIs",
            yaml: Samples.document("paths: {}\ntags: [{ name: a, x-amazon-apigateway-tag-value: b }]"),
            code: .unknownExtension, at: "x-amazon-apigateway-tag-value", remedy: "spec.tags"),
        Self(
            testDescription: "a Lambda function that is not called by POST",
            yaml: Samples.operation("operationId: a", integration: "{ type: aws_proxy, uri: '\(Deployed.lambda)' }"),
            code: .missingMember, at: "x-amazon-apigateway-integration", remedy: "httpMethod: POST"),
        Self(
            testDescription: "a VPC link of a mock's kind",
            yaml: Samples.operation(
                "operationId: a",
                integration:
                    "{ type: aws, httpMethod: POST, uri: '\(Deployed.lambda)', connectionType: VPC_LINK, connectionId: a }"
            ),
            code: .invalidValue, at: "VPC_LINK", remedy: "`http`"),
        Self(
            testDescription: "a VPC link without an id",
            yaml: Samples.operation(
                "operationId: a",
                integration: "{ type: http, httpMethod: GET, uri: 'http://a.example', connectionType: VPC_LINK }"),
            code: .missingMember, at: "x-amazon-apigateway-integration", says: "`connectionId`",
            service: "connectionId"),
        Self(
            testDescription: "a path item with members beside its reference",
            yaml: Samples.operation(
                "operationId: a", rest: "  /cats: { $ref: '#/paths/~1pets', put: {} }"),
            code: .unresolvedReference, at: "$ref", says: "lost"),
        Self(
            testDescription: "path items in a circle",
            yaml: Samples.document("paths: { /b: { $ref: '#/paths/~1b' } }"),
            code: .unresolvedReference, at: "{ $ref", says: "circle", service: "circle"),
    ]

    private static func authorizer(_ text: String) -> String {
        Samples.document(
            """
            paths: {}
            components:
              securitySchemes:
                who:
                  type: apiKey
                  in: header
                  name: Authorization
                  x-amazon-apigateway-authorizer: \(text)
            """)
    }

    private static func schemes(_ security: String) -> String {
        Samples.operation(
            security,
            rest: """
                components:
                  securitySchemes:
                    iam: { type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4 }
                    pool: { type: apiKey, name: Authorization, in: header,
                        x-amazon-apigateway-authorizer: { type: cognito_user_pools, providerARNs: [a] } }
                    who: { type: apiKey, name: Authorization, in: header,
                        x-amazon-apigateway-authorizer: { type: token, authorizerUri: '\(Deployed.lambda)' } }
                """)
    }
}
