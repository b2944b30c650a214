import Diagnostics
import JSON
import Manifests
import Resources
import Testing

@Suite("APIs")
struct ExpansionTests {
    private func resource(_ result: LoadResult, _ kind: ResourceKind, _ name: String) -> DesiredResource? {
        result.graph?.resources.first { $0.address == Address(kind, name) }
    }

    @Test("the API has the manifest's name, and the rest from its definition")
    func attributes() async throws {
        let result = try await Repository.api("  endpointConfiguration: { types: [regional] }").load()
        #expect(
            resource(result, .restAPI, "pets")?.document
                == ["name": "pets", "version": "1", "endpointConfiguration": ["types": ["REGIONAL"]]])
        let named = try await Repository.api("  name: The pets\n  description: mine").load()
        #expect(resource(named, .restAPI, "pets")?.document["name"] == "The pets")
        #expect(resource(named, .restAPI, "pets")?.document["description"] == "mine")
    }

    @Test("where manifest and definition differ the manifest counts, and a note says so")
    func overridden() async throws {
        let result = try await Repository.api("  version: \"2\"").load()
        #expect(resource(result, .restAPI, "pets")?.document["version"] == "2")
        #expect(result.graph?.findings.map(\.place) == ["manifest.definition-overridden apis/pets.yaml:6:3"])
        #expect(try await Repository.api("  version: \"1\"").load().diagnostics.isEmpty)
    }

    @Test("a stage has what was written, and no deployment")
    func stage() async throws {
        let result = try await Repository.api(
            """
              stages:
                test:
                  variables: { tier: gold }
                  tracingEnabled: false
                  methodSettings:
                    "*/*": { throttlingRateLimit: 100 }
                    /pets/{petId}/GET: { metricsEnabled: true, loggingLevel: info }
                prod:
            """
        ).load()
        #expect(result.diagnostics.isEmpty)
        let test = resource(result, .stage, "pets test")
        #expect(
            test?.document == [
                "variables": ["tier": "gold"],
                "methodSettings": [
                    "*/*": ["throttlingRateLimit": 100],
                    "pets~1{petId}/GET": ["metricsEnabled": true, "loggingLevel": "INFO"],
                ],
            ])
        #expect(test?.dependencies == [Address(.restAPI, "pets")])
        #expect(test?.span == SourceSpan(file: "apis/pets.yaml", line: 7, column: 5, length: 4))
        #expect(resource(result, .stage, "pets prod")?.document == [:])
    }

    @Test(
        "settings of a method that is not there are refused",
        arguments: [
            ("pets/GET", nil as String?), ("pets~1{petId}/GTE", "did you mean `pets~1{petId}/GET`?"),
            ("pets/{petId}/POST", nil), ("GET", nil), ("*/GET", nil), ("", nil),
        ])
    func methodSettings(_ key: String, _ remedy: String?) async throws {
        let result = try await Repository.api("  stages: { test: { methodSettings: { \"\(key)\": {} } } }").load()
        #expect(result.diagnostics.map(\.place) == ["manifest.unknown-method apis/pets.yaml:6:39"])
        if let remedy { #expect(result.diagnostics.first?.remedy == remedy) }
    }

    @Test("two keys for one method are refused")
    func sameKey() async throws {
        let keys = "\"pets~1{petId}/GET\": {}, \"/pets/{petId}/GET\": {}"
        let result = try await Repository.api("  stages: { test: { methodSettings: { \(keys) } } }").load()
        #expect(result.diagnostics.map(\.code) == ["manifest.duplicate-name"])
    }

    @Test("stages need a method")
    func stageWithoutMethod() async throws {
        let empty = "openapi: 3.0.1\ninfo: { title: Pets, version: \"1\" }\npaths: {}\n"
        let result = try await Repository.api("  stages: { test: {} }").with("apis/pets.openapi.yaml", empty).load()
        #expect(result.diagnostics.map(\.place) == ["manifest.stage-without-method apis/pets.yaml:6:3"])
    }

    @Test("what a deployment says of itself is its document, and means nothing without a stage")
    func deploymentDescription() async throws {
        let result = try await Repository.api("  deploymentDescription: Release 7\n  stages: { test: {} }").load()
        #expect(result.diagnostics.map(\.message) == [])
        let deployment = result.graph?.resources.first { $0.address.kind == .deployment }
        #expect(deployment?.document == ["description": "Release 7"])
        let without = try await Repository.api("  deploymentDescription: Release 7").load()
        #expect(without.diagnostics.map(\.place) == ["manifest.deployment-unused apis/pets.yaml:6:3"])
        #expect(without.graph?.resources.contains { $0.address.kind == .deployment } == false)
    }

    @Test("a method comes after its path and its models, a path after the one above")
    func dependencies() async throws {
        let definition =
            Repository.definition.replacing(
                "responses: { \"200\": { description: a pet } }",
                with: """
                    responses:
                            "200": { description: a pet, content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } }
                    """) + "\ncomponents: { schemas: { Pet: { type: object } } }\n"
        let result = try await Repository().with("apis/pets.openapi.yaml", definition).load()
        #expect(result.diagnostics.isEmpty)
        #expect(
            resource(result, .method, "pets GET /pets/{petId}")?.dependencies.map(\.description)
                == ["RestApi/pets", "Resource/pets /pets/{petId}", "Model/pets Pet"])
        #expect(
            resource(result, .resource, "pets /pets")?.dependencies.map(\.description)
                == ["RestApi/pets", "Resource/pets /"])
    }

    @Test("every dependency is in the graph")
    func closed() async throws {
        let graph = try #require(try await Repository.api("  stages: { test: {} }").load().graph)
        let addresses = Set(graph.resources.map(\.address))
        for resource in graph.resources { #expect(resource.dependencies.allSatisfy(addresses.contains)) }
    }

    @Test("two APIs may share a definition file")
    func shared() async throws {
        let cats = Repository.api.replacing("name: pets", with: "name: cats")
        let result = try await Repository().with("apis/cats.yaml", cats).load()
        #expect(result.graph?.resources.count == 12)
    }

    @Test("what OpenAPI refuses is passed on with its place")
    func openAPI() async throws {
        let result = try await Repository().with("apis/pets.openapi.yaml", "openapi: 3.1.0\n").load()
        #expect(result.graph == nil)
        #expect(
            result.diagnostics.contains {
                $0.code.hasPrefix("openapi.") && $0.spans.first?.file == "apis/pets.openapi.yaml"
            })
        #expect(!result.diagnostics.contains { $0.code.hasPrefix("manifest.") })
    }
}
