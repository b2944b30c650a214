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
