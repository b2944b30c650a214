import JSON

// SOURCE: see RestAPI.swift.

extension KindTable {
    static let method = KindSchema(
        .method, .object, "What a path answers to one HTTP method.", grantsByExisting: true,
        fields: [
            FieldSchema(
                "authorizationType", .upperCase("NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS"), "Who may call it."
            ).byDefault("NONE").always.access(.open("NONE")),
            FieldSchema("authorizer", .text, "The name of the authorizer, for CUSTOM and COGNITO_USER_POOLS.")
                .access(.decides),
            FieldSchema("authorizationScopes", .set(of: .text), "Scopes that a token must have one of.")
                .access(.needsOneOf),
            FieldSchema("apiKeyRequired", .boolean, "Refuses requests without a key of a usage plan.")
                .byDefault(false).access(.strict(true)),
            FieldSchema("operationName", .text, "A name for people and SDKs.").emptyIsAbsent.cosmetic,
            FieldSchema(
                "requestParameters", .map(MapRule("request parameter"), of: .boolean),
                "Parameters that mappings may use; true for those that must be there."),
            FieldSchema("requestModels", .map(MapRule("media type"), of: .text), "Models of the body."),
            FieldSchema("requestValidator", .text, "The name of the validator."),
            FieldSchema(
                "methodResponses", .map(MapRule("status code", pattern: .statusCode), of: .structure(methodResponse)),
                "What the method may answer."),
            FieldSchema("integration", .structure(integration), "Who does the work."),
        ].map(\.redeploy))

    private static let methodResponse = [
        FieldSchema(
            "responseParameters", .map(MapRule("response header"), of: .boolean), "Headers that responses may have."),
        FieldSchema("responseModels", .map(MapRule("media type"), of: .text), "Models of the body."),
    ]

    private static let contentHandling = FieldSchema(
        "contentHandling", .upperCase("CONVERT_TO_BINARY", "CONVERT_TO_TEXT"), "How payloads are converted.")

    private static let integration = [
        FieldSchema("type", .upperCase("HTTP", "HTTP_PROXY", "AWS", "AWS_PROXY", "MOCK"), "The kind of backend.")
            .required.always,
        FieldSchema(
            "httpMethod", .upperCase("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY"),
            "The method of the backend request."),
        FieldSchema("uri", .text, "The backend.").emptyIsAbsent,
        FieldSchema("credentials", .text, "The role that calls the backend.").emptyIsAbsent,
        FieldSchema("connectionType", .upperCase("INTERNET", "VPC_LINK"), "How the backend is reached.")
            .byDefault("INTERNET"),
        FieldSchema("connectionId", .text, "The VPC link.").emptyIsAbsent,
        FieldSchema("integrationTarget", .text, "The load balancer behind a VPC link.").emptyIsAbsent,
        FieldSchema("responseTransferMode", .upperCase("BUFFERED", "STREAM"), "How answers travel.")
            .byDefault("BUFFERED"),
        FieldSchema(
            "passthroughBehavior", .upperCase("WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"),
            "What happens to a body that no template fits."
        ).byDefault("WHEN_NO_MATCH"),
        FieldSchema("timeoutInMillis", .integer(50...300_000), "The backend's time limit, in milliseconds.")
            .byDefault(29_000),
        contentHandling,
        FieldSchema("cacheNamespace", .text, "Where responses are cached; the resource's own if absent.").emptyIsAbsent,
        FieldSchema("cacheKeyParameters", .set(of: .text), "Parameters that tell cached responses apart."),
        FieldSchema(
            "tlsConfig",
            .structure([
                FieldSchema("insecureSkipVerification", .boolean, "Accepts any certificate.").byDefault(false),
                FieldSchema("serverNameToVerify", .text, "The name that the certificate must have.").emptyIsAbsent,
            ]),
            "How the backend's certificate is checked."),
        FieldSchema("requestParameters", .map(MapRule("backend parameter"), of: .text), "Mappings of the request."),
        FieldSchema("requestTemplates", .map(MapRule("media type"), of: .template), "Bodies of the backend request."),
        FieldSchema(
            "integrationResponses",
            .map(MapRule("status code", pattern: .statusCode), of: .structure(integrationResponse)),
            "How the backend's answers become the method's."),
    ]

    private static let integrationResponse = [
        FieldSchema("selectionPattern", .text, "Which answers; all others if absent.").emptyIsAbsent,
        FieldSchema("responseParameters", .map(MapRule("response header"), of: .text), "Mappings of headers."),
        FieldSchema("responseTemplates", .map(MapRule("media type"), of: .template), "Bodies of the response."),
        contentHandling,
    ]
}
