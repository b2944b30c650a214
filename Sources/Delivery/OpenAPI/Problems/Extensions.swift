/// The `x-amazon-apigateway-*` members of REST APIs, by the place where each is read.
enum Extensions {
    static let prefix = "x-amazon-apigateway-"
    static let cors = "x-amazon-apigateway-cors"

    static let document = [
        "x-amazon-apigateway-api-key-source", "x-amazon-apigateway-binary-media-types",
        cors, "x-amazon-apigateway-documentation", "x-amazon-apigateway-endpoint-configuration",
        "x-amazon-apigateway-gateway-responses", "x-amazon-apigateway-minimum-compression-size",
        "x-amazon-apigateway-policy", "x-amazon-apigateway-request-validator",
        "x-amazon-apigateway-request-validators",
    ]
    static let pathItem = ["x-amazon-apigateway-any-method"]
    static let operation = [
        "x-amazon-apigateway-auth", "x-amazon-apigateway-integration", "x-amazon-apigateway-request-validator",
    ]
    static let securityScheme = ["x-amazon-apigateway-authorizer", "x-amazon-apigateway-authtype"]

    static let all = document + pathItem + operation + securityScheme
}
