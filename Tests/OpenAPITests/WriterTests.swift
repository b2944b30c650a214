import JSON
import OpenAPI
import Resources
import Testing

@Suite("Writing")
struct WriterTests {
    @Test("read after write is identity", arguments: 0..<200 as Range<UInt64>)
    func roundTrip(_ seed: UInt64) throws {
        let definition = RandomDefinition.make(seed: seed)
        #expect(OpenAPIWriter.losses(of: definition).isEmpty)
        let document = OpenAPIWriter.document(for: definition)
        let reading = OpenAPIReader.service.read(try Samples.node(of: document))
        let read = try #require(reading.definition, "seed \(seed): \(reading.diagnostics)")
        #expect(reading.diagnostics.isEmpty && reading.warnings.isEmpty, "seed \(seed): \(reading.diagnostics)")
        #expect(read.attributes == definition.attributes, "seed \(seed)")
        #expect(read.objects == definition.objects, "seed \(seed)")
        #expect(read.documentationVersion == definition.documentationVersion)
    }

    @Test(
        "read after an export as OpenAPI 2.0 is identity, save for what that cannot say",
        arguments: 0..<200 as Range<UInt64>)
    func swagger(_ seed: UInt64) throws {
        let whole = RandomDefinition.make(seed: seed)
        let definition = whole.withinSwagger
        #expect(OpenAPIWriter.losses(of: definition, in: .swagger20).isEmpty, "seed \(seed)")
        #expect((definition == whole) == OpenAPIWriter.losses(of: whole, in: .swagger20).isEmpty, "seed \(seed)")
        let document = OpenAPIWriter.export(definition, ExportOptions(format: .swagger20))
        let reading = OpenAPIReader.service.read(try Samples.node(of: document))
        let read = try #require(reading.definition, "seed \(seed): \(reading.diagnostics)")
        #expect(reading.diagnostics.isEmpty && reading.warnings.isEmpty, "seed \(seed): \(reading.diagnostics)")
        #expect(read.attributes == definition.attributes, "seed \(seed)")
        #expect(read.objects == definition.objects, "seed \(seed)")
    }

    @Test("extensions are written where they are asked for, and only there")
    func extensions() throws {
        let definition = RandomDefinition.make(seed: 7)
        let plain = OpenAPIWriter.export(definition, ExportOptions(extensions: []))
        let names = Set(Self.extensions(in: plain))
        #expect(names.isSubset(of: ["x-amazon-apigateway-any-method", "x-amazon-apigateway-authtype"]), "\(names)")
        for (name, written) in [
            (ExportOptions.Extension.integrations, "x-amazon-apigateway-integration"),
            (.authorizers, "x-amazon-apigateway-authorizer"), (.documentation, "x-amazon-apigateway-documentation"),
        ] {
            var found: Set<String> = []
            for seed in 0..<20 as Range<UInt64> {
                let document = OpenAPIWriter.export(
                    RandomDefinition.make(seed: seed), ExportOptions(extensions: [name]))
                found.formUnion(Self.extensions(in: document))
            }
            #expect(found.contains(written))
            #expect(!found.contains("x-amazon-apigateway-policy"))
        }
    }

    @Test("a server is written as each version has it")
    func server() {
        let definition = APIDefinition(attributes: ["name": "a"], objects: [])
        let server = ExportOptions.Server(host: "abc.execute-api.eu-west-1.amazonaws.com", stage: "test")
        #expect(
            OpenAPIWriter.export(definition, ExportOptions(format: .swagger20, server: server)) == [
                "swagger": "2.0", "info": ["title": "a"], "host": "abc.execute-api.eu-west-1.amazonaws.com",
                "basePath": "/test", "schemes": ["https"], "paths": [:],
            ])
        #expect(
            OpenAPIWriter.export(definition, ExportOptions(server: server))["servers"] == [
                [
                    "url": "https://abc.execute-api.eu-west-1.amazonaws.com/{basePath}",
                    "variables": ["basePath": ["default": "test"]],
                ]
            ])
    }

    private static func extensions(in value: JSONValue) -> [String] {
        switch value {
        case .array(let elements): elements.flatMap(extensions)
        case .object(let object):
            object.flatMap { name, value in
                (name.hasPrefix("x-amazon-apigateway-") ? [name] : []) + extensions(in: value)
            }
        default: []
        }
    }

    @Test("the seeds make every kind and every type of integration")
    func coverage() {
        var kinds: Set<ResourceKind> = []
        var types: Set<String> = []
        for seed in 0..<200 as Range<UInt64> {
            for object in RandomDefinition.make(seed: seed).objects {
                kinds.insert(object.kind)
                if let type = object.document["integration"]?["type"]?.string { types.insert(type) }
            }
        }
        #expect(kinds.count == 7)
        #expect(types.count == 5)
    }

    @Test("a resource without methods has a path of its own only at the end of a branch")
    func emptyResources() {
        let keys = ["/", "/a", "/a/b", "/c"]
        let definition = APIDefinition(
            attributes: ["name": "a"], objects: keys.map { DefinitionObject(kind: .resource, key: $0, document: [:]) })
        #expect(OpenAPIWriter.document(for: definition)["paths"] == ["/a/b": [:], "/c": [:]])
    }

    @Test("a definition that says little is written so")
    func little() {
        let definition = APIDefinition(attributes: ["name": "a"], objects: [])
        #expect(
            OpenAPIWriter.document(for: definition)
                == ["openapi": "3.0.1", "info": ["title": "a"], "paths": [:], "components": [:]])
    }

    @Test("what no document can carry is named")
    func losses() {
        let responses: JSONValue = ["200": [:], "404": [:]]
        let definition = APIDefinition(
            attributes: ["name": "a", "endpointConfiguration": ["types": ["EDGE"]]],
            objects: [
                DefinitionObject(
                    kind: .model, key: "A", document: ["description": "a", "contentType": "text/xml", "schema": [:]]),
                DefinitionObject(
                    kind: .method, key: "GET /",
                    document: ["integration": ["type": "MOCK", "integrationResponses": responses]]),
            ])
        #expect(
            OpenAPIWriter.losses(of: definition) == [
                "the type of the endpoint", "integration responses of Method GET /", "`description` of Model A",
                "`contentType` of Model A",
            ])
    }

    @Test("schemes for keys and IAM never take the name of an authorizer")
    func names() {
        let definition = APIDefinition(
            attributes: ["name": "a"],
            objects: [
                DefinitionObject(
                    kind: .authorizer, key: "api_key",
                    document: ["type": "TOKEN", "identitySource": "method.request.header.A"]),
                DefinitionObject(
                    kind: .method, key: "GET /", document: ["authorizationType": "AWS_IAM", "apiKeyRequired": true]),
            ])
        let document = OpenAPIWriter.document(for: definition)
        #expect(document["components"]?["securitySchemes"]?.object?.names == ["api_key", "api_key_", "sigv4"])
        #expect(document["paths"]?["/"]?["get"]?["security"] == [["sigv4": []], ["api_key_": []]])
    }
}

extension APIDefinition {
    /// The definition with what OpenAPI 2.0 can say of it: one model and one list of media types for each side.
    fileprivate var withinSwagger: APIDefinition {
        APIDefinition(
            attributes: attributes,
            objects: objects.map { object in
                guard object.kind == .method, var method = object.document.object else { return object }
                func same(_ models: JSONObject) -> JSONObject {
                    let first = models.members.first?.value ?? ""
                    return JSONObject(models.map { ($0.name, first) })
                }
                if let models = method["requestModels"]?.object { method["requestModels"] = .object(same(models)) }
                let responses = method["methodResponses"]?.object ?? [:]
                if !responses.isEmpty {
                    method["methodResponses"] = .object(
                        JSONObject(
                            responses.map { status, response in
                                var document = response.object ?? [:]
                                if let models = document["responseModels"]?.object {
                                    document["responseModels"] = .object(same(models))
                                }
                                if let headers = document["responseParameters"]?.object {
                                    document["responseParameters"] = .object(
                                        JSONObject(headers.map { ($0.name, false) }))
                                }
                                return (status, .object(document))
                            }))
                }
                return DefinitionObject(kind: .method, key: object.key, document: .object(method))
            }, documentationVersion: documentationVersion)
    }
}
