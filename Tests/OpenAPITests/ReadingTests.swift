import Diagnostics
import JSON
import OpenAPI
import Resources
import Testing

@Suite("Reading")
struct ReadingTests {
    private func manifest(_ yaml: String) throws -> APIDefinition {
        let reading = OpenAPIReader.manifest.read(try Samples.node(yaml))
        return try #require(reading.definition, "\(reading.diagnostics)")
    }

    private func method(_ members: String, integration: String = "{ type: mock }", rest: String = "") throws
        -> JSONValue
    {
        let definition = try manifest(Samples.operation(members, integration: integration, rest: rest))
        return try #require(definition.document(.method, "GET /pets"))
    }

    @Test("the attributes are those of the document, defaults left out, numbers as they are written")
    func attributes() throws {
        let definition = try manifest(
            """
            swagger: "2.0"
            info: { title: Pets, description: All pets, version: 1.10 }
            paths: {}
            x-amazon-apigateway-binary-media-types: [image/png, image/gif, image/png]
            x-amazon-apigateway-minimum-compression-size: 0
            x-amazon-apigateway-api-key-source: header
            x-amazon-apigateway-endpoint-configuration:
              disableExecuteApiEndpoint: true
              vpcEndpointIds: [vpce-2, vpce-1]
            """)
        #expect(
            definition.attributes == [
                "name": "Pets", "description": "All pets", "version": "1.10",
                "binaryMediaTypes": ["image/gif", "image/png"], "minimumCompressionSize": 0,
                "disableExecuteApiEndpoint": true, "endpointConfiguration": ["vpcEndpointIds": ["vpce-1", "vpce-2"]],
            ])
        #expect(definition.keys(.resource) == ["/"])
    }

    @Test("every prefix of a path is a resource, and a slash at the end is none")
    func resources() throws {
        let definition = try manifest(Samples.document("paths:\n  '/a/{b}/c/{d+}': {}\n  /a/e/: {}"))
        #expect(definition.keys(.resource) == ["/", "/a", "/a/e", "/a/{b}", "/a/{b}/c", "/a/{b}/c/{d+}"])
        #expect(definition.objects.allSatisfy { $0.span?.file == "api.yaml" })
    }

    @Test("parameters of the path are merged with those of the method, which win")
    func parameters() throws {
        let definition = try manifest(
            Samples.document(
                """
                paths:
                  '/pets/{petId}':
                    parameters:
                      - { name: petId, in: path, required: true }
                      - { name: page, in: query, required: true }
                      - { $ref: '#/components/parameters/trace' }
                    get:
                      parameters: [{ name: page, in: query }]
                      x-amazon-apigateway-integration: { type: mock }
                components: { parameters: { trace: { name: X-Trace, in: header, required: true } } }
                """))
        #expect(
            definition.document(.method, "GET /pets/{petId}")?["requestParameters"] == [
                "method.request.path.petId": true, "method.request.querystring.page": false,
                "method.request.header.X-Trace": true,
            ])
    }

    @Test("what API Gateway has no place for is a warning")
    func ignored() throws {
        let reading = OpenAPIReader.manifest.read(
            try Samples.node(
                Samples.operation(
                    """
                    parameters: [{ name: a, in: cookie }]
                    responses: { default: { description: any } }
                    x-other: { anything: true }
                    colour: red
                    """)))
        #expect(reading.definition != nil)
        #expect(
            reading.codes
                == [
                    OpenAPICode.ignoredMember, .ignoredMember, .unknownMember,
                ].map(\.rawValue))
        #expect(reading.diagnostics.allSatisfy { $0.severity == .warning && $0.spans.first != nil })
    }

    @Test("bodies have a model for each media type; a schema without a name gets one, the same each time")
    func models() throws {
        let yaml = Samples.operation(
            """
            requestBody:
              content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } }, text/plain: {} }
            responses:
              '200':
                description: ok
                headers: { X-Count: { schema: { type: integer } } }
                content:
                  application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Pet' } } }
                  application/xml: { schema: { items: { $ref: '#/components/schemas/Pet' }, type: array } }
              '404': { $ref: '#/components/responses/none' }
            """,
            rest: """
                components:
                  schemas: { Pet: { type: object, properties: { $ref: { type: string }, enum: { type: string } } } }
                  responses: { none: { description: none here } }
                """)
        let definition = try manifest(yaml)
        let method = try #require(definition.document(.method, "GET /pets"))
        #expect(method["requestModels"] == ["application/json": "Pet"])
        let models = try #require(method["methodResponses"]?["200"]?["responseModels"])
        let name = try #require(models["application/json"]?.string)
        #expect(models["application/xml"]?.string == name)
        #expect(name.hasPrefix("MODEL") && name.utf8.count == 21)
        #expect(definition.keys(.model) == [name, "Pet"])
        #expect(
            definition.document(.model, name)?["schema"]
                == ["type": "array", "items": ["$ref": "#/definitions/Pet"]])
        #expect(method["methodResponses"]?["200"]?["responseParameters"] == ["method.response.header.X-Count": false])
        #expect(method["methodResponses"]?["404"] == [:])
        #expect(try manifest(yaml) == definition)
    }

    @Test("OpenAPI 2.0 takes media types from the operation, else from the document, else JSON")
    func mediaTypes() throws {
        let definition = try manifest(
            """
            swagger: "2.0"
            info: { title: a }
            consumes: [application/xml]
            paths:
              /pets:
                post:
                  produces: [text/csv, text/plain]
                  parameters: [{ in: body, name: pet, schema: { $ref: '#/definitions/Pet' } }]
                  responses: { 200: { description: ok, schema: { $ref: '#/definitions/Pet' } } }
                  x-amazon-apigateway-integration: { type: mock }
                put:
                  consumes: []
                  parameters: [{ $ref: '#/parameters/pet' }]
                  responses: { 200: { $ref: '#/responses/ok' } }
                  x-amazon-apigateway-integration: { type: mock }
            parameters: { pet: { in: body, name: pet, schema: { $ref: '#/definitions/Pet' } } }
            responses: { ok: { description: ok, schema: { $ref: '#/definitions/Pet' } } }
            definitions: { Pet: { type: object } }
            """)
        let post = definition.document(.method, "POST /pets")
        #expect(post?["requestModels"] == ["application/xml": "Pet"])
        #expect(post?["methodResponses"]?["200"]?["responseModels"] == ["text/csv": "Pet", "text/plain": "Pet"])
        let put = definition.document(.method, "PUT /pets")
        #expect(put?["requestModels"] == ["application/json": "Pet"])
        #expect(put?["methodResponses"]?["200"]?["responseModels"] == ["application/json": "Pet"])
    }

    @Test("models may refer to each other in a circle, also in the form that the service shows")
    func circles() throws {
        let definition = try manifest(
            Samples.document(
                """
                paths: {}
                components:
                  schemas:
                    A:
                      properties: { b: { $ref: '#/components/schemas/B' } }
                      example: { $ref: '#/components/schemas/X' }
                    B: { items: { $ref: 'https://apigateway.amazonaws.com/restapis/abc/models/A' } }
                """))
        #expect(definition.document(.model, "A")?["schema"]?["properties"]?["b"] == ["$ref": "#/definitions/B"])
        #expect(definition.document(.model, "A")?["schema"]?["example"] == ["$ref": "#/components/schemas/X"])
        #expect(definition.document(.model, "B")?["schema"]?["items"] == ["$ref": "#/definitions/A"])
    }

    @Test("integrations are in normal form: capitals, no defaults, text for numbers and null for nothing")
    func integration() throws {
        let document = try method(
            "responses: { '200': { description: a, headers: { A: { schema: {} } } }, '500': { description: b } }",
            integration: """

                        type: http_proxy
                        httpMethod: any
                        uri: 'http://${stageVariables.host}/{proxy}'
                        connectionType: internet
                        passthroughBehavior: when_no_match
                        timeoutInMillis: 29000
                        cacheKeyParameters: [method.request.path.b, method.request.path.a]
                        requestTemplates: { application/json: null }
                        requestParameters:
                          integration.request.header.A: stageVariables.a
                          integration.request.path.proxy: "'x'"
                        responses:
                          default: { statusCode: 200, responseParameters: { method.response.header.A: "'1'" } }
                          5\\d\\d: { statusCode: '500', contentHandling: convert_to_text }
                """)
        #expect(
            document["integration"] == [
                "type": "HTTP_PROXY", "httpMethod": "ANY", "uri": "http://${stageVariables.host}/{proxy}",
                "cacheKeyParameters": ["method.request.path.a", "method.request.path.b"],
                "requestTemplates": ["application/json": nil],
                "requestParameters": [
                    "integration.request.header.A": "stageVariables.a", "integration.request.path.proxy": "'x'",
                ],
                "integrationResponses": [
                    "200": ["responseParameters": ["method.response.header.A": "'1'"]],
                    "500": ["selectionPattern": "5\\d\\d", "contentHandling": "CONVERT_TO_TEXT"],
                ],
            ])
    }

    @Test("a mock calls nobody, so an endpoint's method says nothing")
    func mock() throws {
        #expect(
            try method("operationId: a", integration: "{ type: mock, httpMethod: POST }")["integration"]
                == ["type": "MOCK"])
    }

    @Test("symbolic references and variables pass as endpoints and mappings")
    func placeholders() throws {
        let document = try method(
            "operationId: a",
            integration: """

                        type: http
                        httpMethod: GET
                        uri: '${var.petstore}/pets'
                        requestParameters: { integration.request.header.A: '${var.a}' }
                """)
        #expect(document["integration"]?["uri"] == "${var.petstore}/pets")
    }

    @Test(
        "a variable part of an endpoint that nothing fills in is a warning",
        arguments: [
            ("http://a.example/{b}/${stageVariables.c}", ["`{b}`"]), ("http://a.example/{id}", []),
            ("${var.base}/{id}/{b}/{c}", ["`{b}`", "`{c}`"]), ("http://a.example/{", []),
        ] as [(String, [String])])
    func unmapped(_ uri: String, _ names: [String]) throws {
        let yaml = Samples.operation(
            "operationId: a",
            integration: """

                        type: http
                        httpMethod: GET
                        uri: '\(uri)'
                        requestParameters: { integration.request.path.id: "'1'" }
                """)
        let reading = OpenAPIReader.manifest.read(try Samples.node(yaml))
        #expect(reading.definition != nil)
        #expect(reading.codes == names.map { _ in OpenAPICode.unmappedPlaceholder.rawValue })
        #expect(zip(reading.diagnostics, names).allSatisfy { $0.message.contains($1) })
        #expect(OpenAPIReader.service.read(try Samples.node(yaml)).codes.isEmpty == !uri.hasPrefix("${var"))
    }

    @Test("headers that end in a 500 are a warning")
    func failingHeader() throws {
        let reading = OpenAPIReader.manifest.read(
            try Samples.node(
                Samples.operation(
                    "operationId: a",
                    integration: """

                                type: http
                                httpMethod: GET
                                uri: http://a.example
                                requestParameters: { integration.request.header.Transfer-Encoding: "'chunked'" }
                        """)))
        #expect(reading.codes == [OpenAPICode.failingHeader.rawValue])
        #expect(reading.definition != nil)
    }

    @Test("validators and gateway responses are read, the document's validator serves all methods")
    func validators() throws {
        let definition = try manifest(
            Samples.operation(
                "operationId: a",
                rest: """
                    x-amazon-apigateway-request-validator: all
                    x-amazon-apigateway-request-validators:
                      all: { validateRequestBody: true, validateRequestParameters: true }
                      body: { validateRequestBody: true }
                    x-amazon-apigateway-gateway-responses:
                      THROTTLED:
                        statusCode: 503
                        responseParameters: { gatewayresponse.header.Retry-After: "'1'" }
                        responseTemplates: { application/json: '{}' }
                    """))
        #expect(definition.document(.method, "GET /pets")?["requestValidator"] == "all")
        #expect(
            definition.document(.requestValidator, "body")
                == ["validateRequestBody": true, "validateRequestParameters": false])
        #expect(
            definition.document(.gatewayResponse, "THROTTLED") == [
                "statusCode": "503", "responseParameters": ["gatewayresponse.header.Retry-After": "'1'"],
                "responseTemplates": ["application/json": "{}"],
            ])
    }

    @Test("descriptions become documentation parts, unless the document lists its parts")
    func documentation() throws {
        let members = """
            summary: List
            tags: [pets]
            responses: { '200': { description: The pets }, '404': { description: 404 response } }
            """
        let schemas = "components: { schemas: { Pet: { description: A pet } } }"
        let derived = try manifest(Samples.operation(members, rest: schemas))
        #expect(
            derived.keys(.documentationPart)
                == ["METHOD /pets GET - -", "MODEL - - - Pet", "RESPONSE /pets GET 200 -"])
        #expect(
            derived.document(.documentationPart, "METHOD /pets GET - -")
                == ["properties": ["tags": ["pets"], "summary": "List"]])
        let listed = try manifest(
            Samples.operation(
                members,
                rest: schemas + "\nx-amazon-apigateway-documentation: { version: v1, documentationParts: [] }"))
        #expect(listed.keys(.documentationPart).isEmpty)
        #expect(listed.documentationVersion == "v1")
        #expect(listed.documentationVersionSpan != nil)
    }

    @Test(
        "the name of a version of the documentation has 1 to 64 characters, which a manifest is told",
        arguments: [
            ("1.0", true), (String(repeating: "v", count: 64), true), (String(repeating: "v", count: 65), false),
            ("", false), ("a\\tb", false),
        ])
    func documentationVersion(_ name: String, _ isName: Bool) throws {
        let text = Samples.document(
            "paths: {}\nx-amazon-apigateway-documentation: { version: \"\(name)\", documentationParts: [] }")
        let node = try Samples.node(text)
        let codes = OpenAPIReader(.manifest()).read(node).diagnostics.map(\.code)
        #expect(codes == (isName ? [] : [OpenAPICode.invalidValue.rawValue]))
        #expect(OpenAPIReader(.service(basePath: .ignore)).read(node).diagnostics.isEmpty)
    }

    @Test(
        "base paths are ignored, put in front, or put in front without their first part",
        arguments: [
            ("swagger: '2.0'\nbasePath: /base/v1", "/base/v1/test", "/v1/test"),
            ("swagger: '2.0'\nbasePath: /base", "/base/test", "/test"),
            ("swagger: '2.0'", "/test", "/test"),
            ("openapi: 3.0.1\nservers: [{ url: 'https://a.example/b/' }]", "/b/test", "/test"),
            ("openapi: 3.0.1\nservers: [{ url: 'https://a.example' }]", "/test", "/test"),
            ("openapi: 3.0.1\nservers: [{ url: /v1/v2 }]", "/v1/v2/test", "/v2/test"),
            (
                "openapi: 3.0.1\nservers: [{ url: 'https://a/{p}', variables: { p: { default: x/y } } }]", "/x/y/test",
                "/y/test"
            ),
        ])
    func basePath(_ head: String, _ prepended: String, _ split: String) throws {
        let node = try Samples.node(head + "\ninfo: { title: a }\npaths: { /test: { get: {} } }")
        for (mode, path) in [(OpenAPIReader.BasePath.ignore, "/test"), (.prepend, prepended), (.split, split)] {
            let definition = try #require(OpenAPIReader(.service(basePath: mode)).read(node).definition)
            #expect(definition.keys(.method) == ["GET \(path)"])
            #expect(definition.keys(.resource).contains(path))
        }
    }

    @Test("the engine lets pass what only manifests are strict about")
    func lenient() throws {
        let yaml = Samples.document(
            """
            colour: red
            x-amazon-apigateway-unknown: {}
            paths:
              /pets:
                get:
                  security: [{ basic: [] }]
                  x-amazon-apigateway-integration: { type: mock, responses: { default: { statusCode: 200 } } }
            components: { securitySchemes: { basic: { type: http, scheme: basic } } }
            """)
        let reading = OpenAPIReader.service.read(try Samples.node(yaml))
        #expect(reading.errorMessage == nil)
        #expect(reading.warnings.isEmpty)
        #expect(
            reading.definition?.document(.method, "GET /pets") == [
                "authorizationType": "NONE", "integration": ["type": "MOCK", "integrationResponses": ["200": [:]]],
            ])
    }
}
