import OpenAPI

extension Refusal {
    static let all = documents + members + names + routes + mappings + security + cors

    private static let documents = [
        Self(
            testDescription: "a list", yaml: "- a", code: .invalidDocument, at: "- a", says: "a list",
            service: OpenAPIReading.invalidInputMessage),
        Self(
            testDescription: "no version", yaml: "info: { title: a }", code: .invalidDocument, at: "info",
            remedy: "openapi: 3.0.1", service: OpenAPIReading.invalidInputMessage),
        Self(
            testDescription: "two versions", yaml: "swagger: '2.0'\nopenapi: 3.0.1", code: .invalidDocument,
            at: "openapi",
            service: OpenAPIReading.invalidInputMessage),
        Self(
            testDescription: "OpenAPI 3.1", yaml: "openapi: 3.1.0\ninfo: { title: a }\npaths: {}",
            code: .unsupportedVersion, at: "3.1.0", says: "`openapi: 3.1.0`",
            service: OpenAPIReading.invalidInputMessage),
        Self(
            testDescription: "Swagger 1.2", yaml: "swagger: 1.2", code: .unsupportedVersion, at: "1.2",
            service: OpenAPIReading.invalidInputMessage),
        Self(
            testDescription: "an export of an HTTP API, with CORS",
            yaml: Samples.document(
                "paths: {}\nx-amazon-apigateway-cors: {}\nx-amazon-apigateway-importexport-version: '1.0'"),
            code: .httpAPI, at: "x-amazon-apigateway-importexport-version", service: "HTTP API"),
        Self(
            testDescription: "a JWT authorizer",
            yaml: Samples.document(
                """
                paths: {}
                components:
                  securitySchemes:
                    jwt: { type: oauth2, x-amazon-apigateway-authorizer: { type: jwt, jwtConfiguration: {} } }
                """),
            code: .httpAPI, at: "jwtConfiguration", service: "HTTP API"),
        Self(
            testDescription: "payload format 2.0",
            yaml: Samples.operation("operationId: a", integration: "{ type: mock, payloadFormatVersion: '2.0' }"),
            code: .httpAPI, at: "payloadFormatVersion", service: "HTTP API"),
        Self(
            testDescription: "Fn::Sub",
            yaml: Samples.operation(
                "operationId: a", integration: "{ type: http, httpMethod: GET, uri: { 'Fn::Sub': 'http://a' } }"),
            code: .cloudFormationIntrinsic, at: "{ 'Fn::Sub'", says: "`Fn::Sub`", remedy: "${var.name}",
            service: "Fn::Sub"),
        Self(
            testDescription: "Ref", yaml: "openapi: 3.0.1\ninfo: { title: { Ref: Name } }\npaths: {}",
            code: .cloudFormationIntrinsic, at: "{ Ref", says: "`info.title`", service: "Ref"),
        Self(
            testDescription: "a pseudo parameter",
            yaml: Samples.operation(
                "operationId: a", integration: "{ type: http, httpMethod: GET, uri: 'http://a.${AWS::Region}.b' }"),
            code: .cloudFormationIntrinsic, at: "'http", service: "AWS::"),
    ]

    private static let members = [
        Self(
            testDescription: "no title", yaml: "openapi: 3.0.1\ninfo: {}\npaths: {}", code: .missingMember, at: "info",
            says: "`title`", service: "title"),
        Self(
            testDescription: "no paths", yaml: Samples.document(""), code: .missingMember, at: "openapi",
            says: "`paths`"),
        Self(
            testDescription: "paths as a list", yaml: Samples.document("paths: []"), code: .wrongType, at: "[]",
            says: "`paths` must be a map, not a list", service: "must be a map"),
        Self(
            testDescription: "a type that is a map",
            yaml: Samples.operation("operationId: a", integration: "{ type: { a: b } }"), code: .wrongType,
            at: "{ a: b }", says: "`paths./pets.get.x-amazon-apigateway-integration.type` must be a string, not a map",
            service: "must be a string"),
        Self(
            testDescription: "an integration without a type",
            yaml: Samples.operation("operationId: a", integration: "{}"),
            code: .missingMember, at: "x-amazon", says: "`type`", service: "type"),
        Self(
            testDescription: "an unknown integration type",
            yaml: Samples.operation("operationId: a", integration: "{ type: htp }"), code: .invalidValue, at: "htp",
            remedy: "did you mean `HTTP`", service: "htp"),
        Self(
            testDescription: "a timeout out of range",
            yaml: Samples.operation("operationId: a", integration: "{ type: mock, timeoutInMillis: 30000 }"),
            code: .invalidValue, at: "30000", says: "50 and 29000",
            service: "Timeout should be between 50 ms and 29000 ms"),
        Self(
            testDescription: "a timeout beyond all numbers",
            yaml: Samples.operation("operationId: a", integration: "{ type: mock, timeoutInMillis: 1e400 }"),
            code: .wrongType, at: "1e400", service: "whole number"),
        Self(
            testDescription: "a passthrough behaviour of nobody",
            yaml: Samples.operation("operationId: a", integration: "{ type: mock, passthroughBehavior: sometimes }"),
            code: .invalidValue, at: "sometimes", service: "sometimes"),
        Self(
            testDescription: "a misspelt member of an integration",
            yaml: Samples.operation("operationId: a", integration: "{ type: mock, requestTemplate: {} }"),
            code: .unknownMember, at: "requestTemplate", remedy: "did you mean `requestTemplates`"),
        Self(
            testDescription: "a misspelt method", yaml: Samples.document("paths: { /pets: { gett: {} } }"),
            code: .unknownMember, at: "gett", remedy: "did you mean `get`"),
        Self(
            testDescription: "TRACE", yaml: Samples.document("paths: { /pets: { trace: {} } }"), code: .invalidValue,
            at: "trace", says: "TRACE"),
        Self(
            testDescription: "a misspelt extension",
            yaml: Samples.document("paths: {}\nx-amazon-apigateway-binary-media-type: []"), code: .unknownExtension,
            at: "x-amazon", remedy: "did you mean `x-amazon-apigateway-binary-media-types`"),
        Self(
            testDescription: "an extension at a wrong place",
            yaml: Samples.operation("x-amazon-apigateway-policy: {}"), code: .unknownExtension,
            at: "x-amazon-apigateway-policy",
            says: "does not belong"),
        Self(
            testDescription: "a compression size that is too large",
            yaml: Samples.document("paths: {}\nx-amazon-apigateway-minimum-compression-size: 10485761"),
            code: .invalidValue, at: "10485761",
            service: "Invalid minimum compression size, must be between 0 and 10485760"),
        Self(
            testDescription: "the type of the endpoint",
            yaml: Samples.document("paths: {}\nx-amazon-apigateway-endpoint-configuration: { types: [REGIONAL] }"),
            code: .unknownMember, at: "types", remedy: "spec.endpointConfiguration.types"),
        Self(
            testDescription: "an unknown gateway response",
            yaml: Samples.document("paths: {}\nx-amazon-apigateway-gateway-responses: { DEFAULT_4X: {} }"),
            code: .invalidValue, at: "DEFAULT_4X", remedy: "`DEFAULT_4XX`", service: "DEFAULT_4X"),
        Self(
            testDescription: "a status code of four digits",
            yaml: Samples.operation("responses: { '2000': { description: a } }"), code: .invalidValue, at: "'2000'",
            service: "2000"),
        Self(
            testDescription: "a class of status codes",
            yaml: Samples.operation("responses: { 2XX: { description: a } }"), code: .invalidValue, at: "2XX",
            service: "2XX"),
        Self(
            testDescription: "a template of no media type",
            yaml: Samples.operation("operationId: a", integration: "{ type: mock, requestTemplates: { '123': a } }"),
            code: .invalidValue, at: "'123'", service: "Invalid content type specified: 123"),
    ]

    private static let names = [
        Self(
            testDescription: "a reference to no model",
            yaml: Samples.operation(
                "requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Pets' } } } }",
                rest: "components: { schemas: { Pet: { type: object } } }"),
            code: .unresolvedReference, at: "'#/components/schemas/Pets'",
            remedy: "did you mean `#/components/schemas/Pet`",
            service: "Pets"),
        Self(
            testDescription: "a reference into a model",
            yaml: Samples.document(
                "paths: {}\ncomponents: { schemas: { A: { $ref: '#/components/schemas/A/properties/b' } } }"),
            code: .unresolvedReference, at: "'#/comp", service: "leads nowhere"),
        Self(
            testDescription: "a reference to another file",
            yaml: Samples.document("paths: {}\ncomponents: { schemas: { A: { items: { $ref: 'b.yaml#/B' } } } }"),
            code: .unresolvedReference, at: "'b.yaml", service: "b.yaml"),
        Self(
            testDescription: "a parameter that refers to itself",
            yaml: Samples.operation(
                "parameters: [{ $ref: '#/components/parameters/a' }]",
                rest: "components: { parameters: { a: { $ref: '#/components/parameters/a' } } }"),
            code: .unresolvedReference, at: "{ $ref", says: "circle", service: "circle"),
        Self(
            testDescription: "a path item elsewhere", yaml: Samples.document("paths: { /pets: { $ref: 'pets.yaml' } }"),
            code: .unresolvedReference, at: "'pets.yaml'", service: "path item"),
        Self(
            testDescription: "a model with a dash in its name",
            yaml: Samples.document("paths: {}\ncomponents: { schemas: { new-pet: {} } }"), code: .invalidModel,
            at: "new-pet", remedy: "`newpet`", service: "Model name must be alphanumeric: new-pet"),
        Self(
            testDescription: "an unknown validator",
            yaml: Samples.operation(
                "x-amazon-apigateway-request-validator: bodyy",
                rest: "x-amazon-apigateway-request-validators: { body: { validateRequestBody: true } }"),
            code: .unknownName, at: "bodyy", remedy: "did you mean `body`",
            service: "Invalid Request Validator identifier specified"),
        Self(
            testDescription: "an undeclared security scheme", yaml: Samples.operation("security: [{ key: [] }]"),
            code: .unknownName, at: "key", service: "key"),
        Self(
            testDescription: "security that nobody enforces",
            yaml: Samples.operation(
                "security: [{ basic: [] }]",
                rest: "components: { securitySchemes: { basic: { type: http, scheme: basic } } }"),
            code: .unenforcedSecurity, at: "basic"),
        Self(
            testDescription: "a parameter in two places",
            yaml: Samples.operation("parameters: [{ name: a, in: query }, { name: a, in: header }]"), code: .duplicate,
            at: "{ name: a, in: header", service: "Parameter names must be unique across querystring, header and path"),
        Self(
            testDescription: "a parameter that is declared twice",
            yaml: Samples.operation("parameters: [{ name: a, in: query }, { name: a, in: query }]"), code: .duplicate,
            at: "{ name: a"),
        Self(
            testDescription: "a path parameter that the path does not have",
            yaml: Samples.operation("parameters: [{ name: petId, in: path, required: true }]"), code: .unknownName,
            at: "{ name: petId", says: "`{petId}`"),
        Self(
            testDescription: "one documentation part twice",
            yaml: Samples.document(
                """
                paths: {}
                x-amazon-apigateway-documentation:
                  documentationParts:
                    - { location: { type: API }, properties: {} }
                    - { location: { type: api }, properties: {} }
                """),
            code: .duplicate, at: "{ type: api", service: "documents the same"),
    ]

    private static let routes = [
        Self(
            testDescription: "a path without a slash", yaml: Samples.document("paths: { pets: {} }"),
            code: .invalidPath,
            at: "pets", remedy: "`/pets`", service: "pets"),
        Self(
            testDescription: "an empty part", yaml: Samples.document("paths: { /a//b: {} }"), code: .invalidPath,
            at: "/a//b",
            service: "Resource's path part only allow"),
        Self(
            testDescription: "braces around a half", yaml: Samples.document("paths: { '/a-{b}': {} }"),
            code: .invalidPath,
            at: "'/a-{b}'", service: "Resource's path part only allow"),
        Self(
            testDescription: "a greedy part in the middle", yaml: Samples.document("paths: { '/{all+}/b': {} }"),
            code: .invalidPath, at: "'/{all+}/b'", remedy: "at the end", service: "Greedy path variable"),
        Self(
            testDescription: "two names at one place",
            yaml: Samples.document("paths:\n  '/pets/{id}': {}\n  '/pets/{petId}/toys': {}"), code: .routeCollision,
            at: "'/pets/{petId}/toys'", says: "below `/pets`", remedy: "`{id}`",
            service: "only one unique variable path part is allowed"),
        Self(
            testDescription: "a greedy part beside a plain one",
            yaml: Samples.document("paths:\n  '/{id}': {}\n  '/{proxy+}': {}"), code: .routeCollision,
            at: "'/{proxy+}'",
            service: "A sibling ({id})"),
        Self(
            testDescription: "paths that differ by a slash",
            yaml: Samples.document("paths:\n  /pets: {}\n  /pets/: {}"),
            code: .routeCollision, at: "/pets/", service: "slash"),
        Self(
            testDescription: "one name twice in a path", yaml: Samples.document("paths: { '/{a}/{a}': {} }"),
            code: .duplicate, at: "'/{a}/{a}'", service: "twice"),
        Self(
            testDescription: "no integration", yaml: Samples.document("paths: { /pets: { get: {} } }"),
            code: .missingIntegration, at: "get", says: "`paths./pets.get`"),
        Self(
            testDescription: "two patterns of one status code",
            yaml: Samples.operation(
                "responses: { '200': { description: a } }",
                integration: "{ type: mock, responses: { a: { statusCode: 200 }, default: { statusCode: 200 } } }"),
            code: .patternCollision, at: "default", says: "`200`"),
        Self(
            testDescription: "an integration response of no method response",
            yaml: Samples.operation(
                "responses: {}", integration: "{ type: mock, responses: { default: { statusCode: 200 } } }"),
            code: .unknownName, at: "200"),
        Self(
            testDescription: "an endpoint without a scheme",
            yaml: Samples.operation(
                "operationId: a", integration: "{ type: http, httpMethod: GET, uri: a.example/pets }"),
            code: .invalidEndpoint, at: "a.example", remedy: "`https://`",
            service:
                "Unable to put integration on 'GET' for resource at path '/pets': "
                + "Invalid HTTP endpoint specified for URI"
        ),
        Self(
            testDescription: "a stage variable for the scheme",
            yaml: Samples.operation(
                "operationId: a", integration: "{ type: http_proxy, httpMethod: GET, uri: '${stageVariables.url}/a' }"),
            code: .invalidEndpoint, at: "'${stage", service: "Invalid HTTP endpoint specified for URI"),
        Self(
            testDescription: "no method for the endpoint",
            yaml: Samples.operation("operationId: a", integration: "{ type: http, uri: 'http://a.example' }"),
            code: .missingMember, at: "x-amazon", says: "`httpMethod`",
            service: "Enumeration value for HttpMethod must be non-empty"),
        Self(
            testDescription: "no endpoint",
            yaml: Samples.operation("operationId: a", integration: "{ type: http, httpMethod: GET }"),
            code: .missingMember, at: "x-amazon", says: "`uri`", service: "Invalid HTTP endpoint specified for URI"),
    ]

    private static func mapping(_ member: String, _ value: String, parameters: String = "[]") -> String {
        Samples.operation(
            "parameters: \(parameters)\nresponses: { '200': { description: a } }",
            integration:
                "\n        type: http\n        httpMethod: GET\n        uri: http://a.example"
                + "\n        \(member): \(value)"
        )
    }

    private static let mappings = [
        Self(
            testDescription: "a literal without quotes",
            yaml: mapping("requestParameters", "{ integration.request.header.A: pets }"), code: .invalidMapping,
            at: "pets",
            remedy: "`'text'`", service: "errors : [Invalid mapping expression specified: pets]"),
        Self(
            testDescription: "a boolean for an expression",
            yaml: mapping("requestParameters", "{ integration.request.header.A: true }"), code: .wrongType, at: "true",
            says: "a mapping expression"),
        Self(
            testDescription: "a target of a response in a request",
            yaml: mapping("requestParameters", "{ method.response.header.A: \"'a'\" }"), code: .invalidMapping,
            at: "method.response.header.A",
            service: "[Invalid mapping expression specified: method.response.header.A]"),
        Self(
            testDescription: "a parameter that is not declared",
            yaml: mapping("requestParameters", "{ integration.request.header.A: method.request.header.B }"),
            code: .invalidMapping, at: "method.request.header.B",
            service: "[Invalid mapping expression parameter specified: method.request.header.B]"),
        Self(
            testDescription: "a header that is not declared",
            yaml: mapping(
                "responses",
                "{ default: { statusCode: 200, responseParameters: { method.response.header.A: \"'a'\" } } }"),
            code: .invalidMapping, at: "method.response.header.A",
            service: "[Invalid mapping expression parameter specified: method.response.header.A]"),
        Self(
            testDescription: "a malformed parameter of a gateway response",
            yaml: Samples.document(
                """
                paths: {}
                x-amazon-apigateway-gateway-responses:
                  DEFAULT_4XX: { responseParameters: { gatewayresponse.header.A: a } }
                """),
            code: .invalidMapping, at: "a }", service: "[Invalid mapping expression specified: a]"),
        Self(
            testDescription: "a response that has no status code",
            yaml: mapping("responses", "{ default: {} }"), code: .missingMember, at: "default", says: "`statusCode`",
            service: "statusCode"),
    ]
}
