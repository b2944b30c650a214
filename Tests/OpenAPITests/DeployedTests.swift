import JSON
import OpenAPI
import Resources
import Testing

/// A document with something that only some targets serve; every one of them can have it.
struct Deployed: Sendable, CustomTestStringConvertible {
    let name: String
    let yaml: String
    /// The object that carries it, and what its document must hold there.
    let kind: ResourceKind
    let key: String
    let member: [String]
    let value: JSONValue

    var testDescription: String { name }

    static let lambda =
        "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:f"
        + "/invocations"

    private init(_ name: String, _ yaml: String, _ member: [String], _ value: JSONValue) {
        self.name = name
        self.yaml = yaml
        kind = .method
        key = "GET /pets"
        self.member = member
        self.value = value
    }

    private init(http name: String, _ members: String, _ member: String, _ value: JSONValue) {
        self.init(
            name,
            Samples.operation(
                "operationId: a", integration: "{ type: http, httpMethod: GET, uri: 'http://a.example', \(members) }"),
            ["integration", member], value)
    }

    static let all = [
        Self(
            "type: aws",
            Samples.operation("operationId: a", integration: "{ type: aws, httpMethod: POST, uri: '\(lambda)' }"),
            ["integration", "type"], "AWS"),
        Self(
            "type: aws_proxy",
            Samples.operation("operationId: a", integration: "{ type: AWS_PROXY, httpMethod: post, uri: '\(lambda)' }"),
            ["integration", "httpMethod"], "POST"),
        Self(http: "connectionType: VPC_LINK", "connectionType: VPC_LINK, connectionId: abc", "connectionId", "abc"),
        Self(http: "credentials", "credentials: 'arn:aws:iam::1:role/a'", "credentials", "arn:aws:iam::1:role/a"),
        Self(
            http: "tlsConfig", "tlsConfig: { insecureSkipVerification: true }", "tlsConfig",
            ["insecureSkipVerification": true]),
        Self(http: "integrationTarget", "integrationTarget: a", "integrationTarget", "a"),
        Self(http: "responseTransferMode", "responseTransferMode: stream", "responseTransferMode", "STREAM"),
        Self(
            "x-amazon-apigateway-auth", Samples.operation("x-amazon-apigateway-auth: { type: AWS_IAM }"),
            ["authorizationType"], "AWS_IAM"),
        Self(
            "x-amazon-apigateway-authtype",
            Samples.operation(
                "security: [{ iam: [] }]",
                rest:
                    "components: { securitySchemes: { iam: { type: apiKey, x-amazon-apigateway-authtype: awsSigv4 } } }"
            ), ["authorizationType"], "AWS_IAM"),
        Self(
            "x-amazon-apigateway-authorizer",
            Samples.operation(
                "security: [{ who: [] }]",
                rest: """
                    components:
                      securitySchemes:
                        who: { $ref: '#/components/securitySchemes/token' }
                        token:
                          type: apiKey
                          in: header
                          name: Authorization
                          x-amazon-apigateway-authorizer: { type: token, authorizerUri: '\(lambda)' }
                    """), ["authorizer"], "who"),
    ]
}

@Suite("What every target can have")
struct DeployedTests {
    @Test("manifests may say it, and the service reads the same", arguments: Deployed.all)
    func accepted(_ deployed: Deployed) throws {
        let node = try Samples.node(deployed.yaml)
        let reading = OpenAPIReader.manifest.read(node)
        #expect(reading.diagnostics.isEmpty, "\(reading.diagnostics)")
        let definition = try #require(reading.definition)
        var value = definition.document(deployed.kind, deployed.key)
        for name in deployed.member { value = value?[name] }
        #expect(value == deployed.value)
        let service = OpenAPIReader.service.read(node)
        #expect(service.diagnostics.isEmpty, "\(service.diagnostics)")
        #expect(service.definition == definition)
    }

    @Test(
        "a resource policy is read as a map or as its text, in normal form",
        arguments: [
            "{ Version: '2012-10-17', Statement: { Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: b } }",
            "'{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":[\"execute-api:Invoke\"],\"Resource\":\"b\"}]}'",
        ])
    func policy(_ text: String) throws {
        let reading = OpenAPIReader.manifest.read(
            try Samples.node(Samples.document("paths: {}\nx-amazon-apigateway-policy: \(text)")))
        #expect(reading.diagnostics.isEmpty, "\(reading.diagnostics)")
        #expect(
            reading.definition?.attributes["policy"] == [
                "Version": "2012-10-17",
                "Statement": [
                    ["Effect": "Allow", "Principal": "*", "Action": ["execute-api:Invoke"], "Resource": ["b"]]
                ],
            ])
    }

    @Test("path items are shared by a reference, also of a path")
    func pathItems() throws {
        let yaml = Samples.operation(
            "parameters: [{ $ref: '#/paths/~1toys/get/parameters/0' }]",
            rest: """
                  /cats: { $ref: '#/paths/~1pets' }
                  /toys: { get: { x-amazon-apigateway-integration: { type: mock },
                      parameters: [{ name: page, in: query, schema: { type: string } }] } }
                """)
        let reading = OpenAPIReader.manifest.read(try Samples.node(yaml))
        #expect(reading.diagnostics.isEmpty, "\(reading.diagnostics)")
        let definition = try #require(reading.definition)
        #expect(definition.document(.method, "GET /cats") == definition.document(.method, "GET /pets"))
        #expect(definition.document(.method, "GET /cats") == definition.document(.method, "GET /toys"))
        #expect(
            definition.document(.method, "GET /cats")?["requestParameters"] == [
                "method.request.querystring.page": false
            ]
        )
    }

    @Test(
        "manifests say what becomes of a base path",
        arguments: [
            (OpenAPIReader.BasePath.ignore, "/pets"), (.prepend, "/v1/shop/pets"), (.split, "/shop/pets"),
        ])
    func basePath(_ mode: OpenAPIReader.BasePath, _ path: String) throws {
        let yaml = Samples.operation("operationId: a", rest: "servers: [{ url: 'https://a.example/v1/shop' }]")
        let reading = OpenAPIReader(.manifest(basePath: mode)).read(try Samples.node(yaml))
        #expect(reading.definition?.keys(.method) == ["GET \(path)"])
    }

    @Test(
        "a key stands beside an authorization, whichever way it is written",
        arguments: [
            "[{ key: [], iam: [] }]", "[{ key: [] }, { iam: [] }]",
        ])
    func keyBesideIAM(_ security: String) throws {
        let yaml = Samples.operation(
            "security: \(security)",
            rest: """
                components:
                  securitySchemes:
                    key: { type: apiKey, name: x-api-key, in: header }
                    iam: { type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4 }
                """)
        let method = OpenAPIReader.manifest.read(try Samples.node(yaml)).definition?.document(.method, "GET /pets")
        #expect(method?["authorizationType"] == "AWS_IAM")
        #expect(method?["apiKeyRequired"] == true)
    }
}
