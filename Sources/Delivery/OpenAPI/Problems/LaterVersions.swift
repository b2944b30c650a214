/// What API Gateway has and this version does not deploy: manifests that use it are refused by name.
///
/// To lift a refusal, delete its line: reading, writing and the engine know all of them.
enum LaterVersions {
    /// The name as it is written, and what to do meanwhile.
    static let refusals: [String: String] = [
        "x-amazon-apigateway-authorizer": "remove the authorizer and the `security` that uses it",
        "x-amazon-apigateway-authtype": "remove the security scheme and the `security` that uses it",
        "x-amazon-apigateway-auth": "remove it",
        "x-amazon-apigateway-policy": "remove the resource policy",
        "type: aws": "call the service through an HTTP endpoint, or answer with `type: mock`",
        "type: aws_proxy": "call the function through an HTTP endpoint, or answer with `type: mock`",
        "connectionType: VPC_LINK": "use an endpoint that is reachable without a VPC link",
        "integrationTarget": "use an endpoint that is reachable without a VPC link",
        "credentials": "remove the member: HTTP and mock integrations need no role",
        "tlsConfig": "use an endpoint with a certificate of a public authority",
        "responseTransferMode: STREAM": "remove the member: responses are buffered",
    ]
}
