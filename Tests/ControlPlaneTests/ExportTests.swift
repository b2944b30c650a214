import HTTPTypes
import JSON
import OpenAPI
import Resources
import Testing
import YAML

/// Exports, held against the recorded facts and against imports.
@Suite struct ExportTests {
    /// An API with a stage `test` that serves the document.
    static func serve(_ document: String, on engine: Engine) async throws -> Engine.MadeAPI {
        let answer = try await engine.send("POST", "/restapis?mode=import", bytes: Array(document.utf8))
        try #require(answer.status == 201, "\(String(decoding: answer.bytes, as: UTF8.self))")
        let api = Engine.MadeAPI(
            id: try #require(try answer.body["id"]?.string), root: try answer.body["rootResourceId"]?.string ?? "")
        _ = try await engine.deployment(api, stage: "test")
        return api
    }

    static func definition(_ bytes: [UInt8]) throws -> APIDefinition {
        let node: Node?
        if bytes.first == UInt8(ascii: "{") {
            node = Node.parse(json: bytes, file: "export.json").node
        } else {
            let parsed = Node.parse(yaml: bytes, file: "export.yaml")
            #expect(parsed.diagnostics.isEmpty)
            node = parsed.documents.first
        }
        let reading = OpenAPIReader(.service(basePath: .ignore)).read(try #require(node))
        return try #require(reading.definition, "\(reading.diagnostics)")
    }

    @Test("a plain export has what was recorded, in 2.0")
    func swagger() async throws {
        let engine = try await Engine()
        let api = try await Self.serve(Self.document, on: engine)
        let answer = try await engine.send("GET", "\(api.path)/stages/test/exports/swagger")
        #expect(answer.status == 200)
        #expect(answer.headers[.contentType] == "application/octet-stream")
        #expect(answer.headers[.contentDisposition] == "attachment; filename=\"swagger_1.0.json\"")
        #expect(
            try answer.body == [
                "swagger": "2.0", "info": ["title": "Pets", "version": "1.0"],
                "host": .string("\(api.id).execute-api.us-east-1.amazonaws.com"), "basePath": "/test",
                "schemes": ["https"],
                "paths": [
                    "/pets/{id}": [
                        "get": [
                            "operationId": "GetPet", "produces": ["application/json"],
                            "parameters": [
                                ["name": "id", "in": "path", "required": true, "type": "string"],
                                ["name": "page", "in": "query", "required": false, "type": "string"],
                            ],
                            "responses": [
                                "200": [
                                    "description": "200 response", "headers": ["A": ["type": "string"]],
                                    "schema": ["$ref": "#/definitions/Pet"],
                                ]
                            ],
                        ]
                    ]
                ],
                "definitions": ["Pet": ["type": "object", "properties": ["next": ["$ref": "#/definitions/Pet"]]]],
            ])
    }

    @Test("a plain export has what was recorded, in 3.0")
    func openAPI() async throws {
        let engine = try await Engine()
        let api = try await Self.serve(Self.document, on: engine)
        let answer = try await engine.send("GET", "\(api.path)/stages/test/exports/oas30")
        #expect(answer.headers[.contentDisposition] == "attachment; filename=\"oas30_1.0.json\"")
        let body = try answer.body
        #expect(body["openapi"] == "3.0.1")
        #expect(
            body["servers"] == [
                [
                    "url": .string("https://\(api.id).execute-api.us-east-1.amazonaws.com/{basePath}"),
                    "variables": ["basePath": ["default": "test"]],
                ]
            ])
        #expect(
            body["paths"]?["/pets/{id}"]?["get"]?["parameters"] == [
                ["name": "id", "in": "path", "required": true, "schema": ["type": "string"]],
                ["name": "page", "in": "query", "schema": ["type": "string"]],
            ])
        #expect(
            body["paths"]?["/pets/{id}"]?["get"]?["responses"]?["200"]?["content"]
                == ["application/json": ["schema": ["$ref": "#/components/schemas/Pet"]]])
    }

    @Test("integrations are written with their defaults and patterns where they are asked for")
    func integrations() async throws {
        let engine = try await Engine()
        let api = try await Self.serve(Self.document, on: engine)
        let body = try await engine.make("GET", "\(api.path)/stages/test/exports/oas30?extensions=integrations")
        #expect(
            body["paths"]?["/pets/{id}"]?["get"]?["x-amazon-apigateway-integration"] == [
                "type": "mock", "passthroughBehavior": "when_no_match",
                "requestTemplates": ["application/json": "{\"statusCode\": 200}"],
                "responses": ["default": ["statusCode": "200"]],
            ])
        #expect(body["x-amazon-apigateway-binary-media-types"] == ["image/png"])
        #expect(body["x-amazon-apigateway-request-validators"] == nil)
    }

    @Test("an API without a version is called by the moment that it was made")
    func version() async throws {
        let engine = try await Engine()
        let api = try await engine.mockAPI()
        _ = try await engine.deployment(api, stage: "test")
        let answer = try await engine.send("GET", "\(api.path)/stages/test/exports/oas30")
        #expect(try answer.body["info"]?["version"] == "2026-01-01T00:00:00Z")
        #expect(answer.headers[.contentDisposition] == "attachment; filename=\"oas30_2026-01-01T00:00:00Z.json\"")
    }

    @Test("the documentation is that of the stage's version, else as it is now")
    func documentation() async throws {
        let engine = try await Engine()
        let api = try await Self.serve(Self.document, on: engine)
        let part = "\(api.path)/documentation/parts"
        try await engine.make(
            "POST", part,
            ["location": ["type": "METHOD", "path": "/pets/{id}", "method": "GET"], "properties": "{\"a\":1}"])
        let made = try await engine.make(
            "POST", "\(api.path)/documentation/versions", ["documentationVersion": "v1", "stageName": "test"])
        #expect(made["parts"] == nil)
        try await engine.make("POST", part, ["location": ["type": "API"], "properties": "{\"b\":2}"])
        let path = "\(api.path)/stages/test/exports/swagger?extensions=documentation"
        let kept = try await engine.make("GET", path)["x-amazon-apigateway-documentation"]
        #expect(kept?["version"] == "v1")
        #expect(kept?["createdDate"] == "2026-01-01T00:00:00Z")
        #expect(kept?["documentationParts"]?.array?.count == 1)
        #expect(try await engine.make("GET", "\(api.path)/documentation/versions/v1")["parts"] == nil)
    }

    @Test(
        "what is exported whole is imported as the same definition",
        arguments: ["oas30", "swagger"], ["application/json", "application/yaml"])
    func law(_ type: String, _ accept: String) async throws {
        let engine = try await Engine()
        for document in [Self.document, Self.secured] {
            let wanted = try Self.definition(Array(document.utf8))
            let api = try await Self.serve(document, on: engine)
            let answer = try await engine.get(
                "\(api.path)/stages/test/exports/\(type)?extensions=apigateway", accept: accept)
            #expect(answer.status == 200)
            #expect((answer.bytes.first == UInt8(ascii: "{")) == (accept == "application/json"))
            let read = try Self.definition(answer.bytes)
            #expect(read.attributes == wanted.attributes)
            #expect(read.objects == wanted.objects)
        }
    }

    @Test("what cannot be exported is refused by an error of the service")
    func refused() async throws {
        let engine = try await Engine()
        let api = try await Self.serve(Self.document, on: engine)
        let exports = "\(api.path)/stages/test/exports"
        try await engine.refused("GET", exports + "/raml", "No API exporter for type 'raml'")
        try await engine.refused(
            "GET", exports + "/oas30?extensions=postman",
            "Invalid extensions parameter specified. Must be one of: "
                + "[apigateway, integrations, authorizers, documentation]")
        try await engine.notFound(
            "GET", "\(api.path)/stages/prod/exports/oas30", "Invalid stage identifier specified")
        try await engine.notFound(
            "GET", "/restapis/abc/stages/test/exports/oas30",
            "Invalid API identifier specified 123456789012:abc")
        let answer = try await engine.get(exports + "/oas30", accept: "text/html")
        #expect(answer.status == 400)
        #expect(try answer.message?.contains("application/yaml") == true)
    }

    static let document = """
        openapi: 3.0.1
        info: { title: Pets, version: "1.0" }
        paths:
          /pets/{id}:
            get:
              operationId: GetPet
              parameters:
                - { name: id, in: path, required: true, schema: { type: string } }
                - { name: page, in: query, schema: { type: string } }
              responses:
                "200":
                  description: 200 response
                  headers: { A: { schema: { type: string } } }
                  content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } }
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: { application/json: '{"statusCode": 200}' }
                responses: { default: { statusCode: 200 } }
        components:
          schemas:
            Pet: { type: object, properties: { next: { $ref: '#/components/schemas/Pet' } } }
        x-amazon-apigateway-binary-media-types: [image/png]
        """

    /// A document that says more than routes.
    static let secured = """
        swagger: "2.0"
        info: { title: Shop, version: "2", description: A shop }
        consumes: [application/json, text/xml]
        paths:
          /orders:
            post:
              security: [{ pool: [write] }, { key: [] }]
              parameters: [{ in: body, name: Order, schema: { $ref: '#/definitions/Order' } }]
              responses: { 201: { description: Made, schema: { type: array, items: { $ref: '#/definitions/Order' } } } }
              x-amazon-apigateway-request-validator: body
              x-amazon-apigateway-integration:
                type: aws
                httpMethod: POST
                uri: arn:aws:apigateway:us-east-1:sqs:path/123456789012/orders
                credentials: arn:aws:iam::123456789012:role/a
                responses: { default: { statusCode: 201 } }
            x-amazon-apigateway-any-method:
              security: [{ iam: [] }]
              x-amazon-apigateway-integration: { type: mock }
        definitions:
          Order: { type: object, description: "An order\n\nof pets" }
        securityDefinitions:
          key: { type: apiKey, name: x-api-key, in: header }
          iam: { type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4 }
          pool:
            type: apiKey
            name: Authorization
            in: header
            x-amazon-apigateway-authtype: cognito_user_pools
            x-amazon-apigateway-authorizer:
              type: cognito_user_pools
              providerARNs: [arn:aws:cognito-idp:us-east-1:123456789012:userpool/a]
        x-amazon-apigateway-request-validators: { body: { validateRequestBody: true } }
        x-amazon-apigateway-gateway-responses: { THROTTLED: { statusCode: 503 } }
        x-amazon-apigateway-api-key-source: AUTHORIZER
        x-amazon-apigateway-minimum-compression-size: 0
        x-amazon-apigateway-endpoint-configuration: { disableExecuteApiEndpoint: true }
        x-amazon-apigateway-policy:
          Version: "2012-10-17"
          Statement: [{ Effect: Allow, Principal: "*", Action: execute-api:Invoke, Resource: "execute-api:/*" }]
        """
}

@Suite(.enabled(if: Corpus.folder != nil, "GATEWRIGHT_CORPORA is not set"))
struct CorpusExportTests {
    @Test("every document of the corpus that can be imported is exported as it is", arguments: ["oas30", "swagger"])
    func exported(_ type: String) async throws {
        let engine = try await Engine()
        let index = try JSONValue(parsing: try Corpus.bytes("openapi/index.json"))
        let names = (index.array ?? index["files"]?.array ?? []).compactMap { entry in
            entry["file"]?.string?.split(separator: "/").last.map(String.init)
        }
        var count = 0
        for name in names {
            let bytes = try Corpus.bytes("openapi/files/\(name)")
            let made = try await engine.send("POST", "/restapis?mode=import", bytes: bytes)
            guard made.status == 201, let id = try made.body["id"]?.string else { continue }
            let wanted = try ExportTests.definition(bytes)
            // An API that answers nothing cannot be deployed.
            let body: JSONValue = ["stageName": "test"]
            guard try await engine.send("POST", "/restapis/\(id)/deployments", body).status == 201 else { continue }
            let answer = try await engine.send(
                "GET", "/restapis/\(id)/stages/test/exports/\(type)?extensions=apigateway")
            #expect(answer.status == 200, "\(name)")
            let read = try ExportTests.definition(answer.bytes)
            count += 1
            guard type == "oas30" || OpenAPIWriter.losses(of: wanted, in: .swagger20).isEmpty else { continue }
            #expect(read.objects == wanted.objects, "\(name)")
            var attributes = read.attributes
            if wanted.attributes["version"] == nil { attributes["version"] = nil }
            #expect(attributes == wanted.attributes, "\(name)")
        }
        #expect(count >= 6)
    }
}

@Suite(.enabled(if: Client.exists("aws"), "the AWS CLI is not installed"))
struct CommandLineExportTests {
    @Test("the AWS CLI gets exports, in JSON and in YAML", arguments: ["json", "yaml"])
    func export(_ notation: String) async throws {
        let folder = try TemporaryFolder()
        try Client.write(ExportTests.secured, to: folder.path + "/api.yaml")
        try await LiveEngine.run { live in
            let made = try await Client.aws(
                live.port,
                [
                    "import-rest-api", "--body", "fileb://\(folder.path)/api.yaml",
                ])
            #expect(made.status == 0, "\(made.output)")
            let id = try #require(try JSONValue(parsing: made.output)["id"]?.string)
            let deployed = try await Client.aws(
                live.port, ["create-deployment", "--rest-api-id", id, "--stage-name", "test"])
            #expect(deployed.status == 0, "\(deployed.output)")
            let path = "\(folder.path)/out.\(notation)"
            let done = try await Client.aws(
                live.port,
                [
                    "get-export", "--rest-api-id", id, "--stage-name", "test", "--export-type", "oas30",
                    "--parameters", "extensions=apigateway", "--accepts", "application/\(notation)", path,
                ])
            #expect(done.status == 0, "\(done.output)")
            #expect(
                try JSONValue(parsing: done.output)["contentDisposition"]
                    == .string("attachment; filename=\"oas30_2.\(notation)\""))
            let bytes = Array(try await Client.run("cat", path).output.utf8)
            let wanted = try ExportTests.definition(Array(ExportTests.secured.utf8))
            #expect(try ExportTests.definition(bytes).objects == wanted.objects)
        }
    }
}
