import Diagnostics
import JSON
import Manifests
import Resources
import Testing

@Suite("Variables and references")
struct ReferenceTests {
    private func document(_ repository: Repository, _ kind: ResourceKind, _ name: String) async throws -> JSONValue? {
        let result = try await repository.load()
        #expect(result.diagnostics.isEmpty)
        return result.graph?.resources.first { $0.address == Address(kind, name) }?.document
    }

    private func repository(variables: String, api: String = "", definition: String = Repository.definition)
        -> Repository
    {
        Repository.environment("  variables: { \(variables) }").with("apis/pets.yaml", Repository.api + "\n" + api)
            .with("apis/pets.openapi.yaml", definition)
    }

    @Test("a variable that is the whole string keeps its type, one inside a text becomes text")
    func types() async throws {
        let api = """
              minimumCompressionSize: ${var.size}
              binaryMediaTypes: ${var.types}
              description: "at least ${var.size} of ${var.what}"
            """
        let repository = repository(variables: "size: 1024, types: [a/b], what: 012", api: api)
        let document = try await document(repository, .restAPI, "pets")
        #expect(document?["minimumCompressionSize"] == 1024)
        #expect(document?["binaryMediaTypes"] == ["a/b"])
        #expect(document?["description"] == "at least 1024 of 012")
    }

    @Test("variables reach into the definition")
    func definition() async throws {
        let text = Repository.definition.replacing("\"statusCode\": 200", with: "\"statusCode\": ${var.status}")
        let method = try await document(
            repository(variables: "status: 204", definition: text), .method, "pets GET /pets/{petId}")
        #expect(method?["integration"]?["requestTemplates"]?["application/json"] == "{\"statusCode\": 204}")
    }

    @Test(
        "everything else that looks like a variable is left alone",
        arguments: [
            "${aws:username}", "${stageVariables.x}", "${vars.x}", "${var.}", "${var.2x}", "${var.a-b}", "${}", "${",
            "$",
            "${foo/bar}", "$${", "}{", "${context.x.y}", "${var.a",
        ])
    func leftAlone(_ text: String) async throws {
        let repository = repository(
            variables: "a: 1, b: \"${var\"", api: "  description: 'x${var.a}\(text)'\n  name: ${var.b}")
        let document = try await document(repository, .restAPI, "pets")
        #expect(document?["description"] == .string("x1" + text))
    }

    @Test("an unset variable is said once per place, with the name that was perhaps meant")
    func unset() async throws {
        let api =
            "  description: ${var.petstroe}\n  minimumCompressionSize: ${var.size}\n  tags: { a: \"x${var.tag}y\" }"
        let result = try await repository(variables: "petstore: x", api: api).load()
        #expect(
            result.diagnostics.map(\.place) == [
                "manifest.unset-variable apis/pets.yaml:6:16", "manifest.unset-variable apis/pets.yaml:7:27",
                "manifest.unset-variable apis/pets.yaml:8:14", "manifest.unused-variable gatewright.yaml:6:16",
            ])
        #expect(result.diagnostics.first?.remedy == "did you mean `${var.petstore}`?")
    }

    @Test("an unused variable is a warning that does not stop anything")
    func unused() async throws {
        let result = try await repository(variables: "petstore: x").load()
        #expect(result.graph?.findings.map(\.place) == ["manifest.unused-variable gatewright.yaml:6:16"])
        #expect(result.graph?.findings.first?.severity == .warning)
    }

    @Test("a list inside a text is refused at both places")
    func list() async throws {
        let result = try await repository(variables: "a: [1]", api: "  description: \"x ${var.a}\"").load()
        #expect(result.diagnostics.map(\.place) == ["manifest.variable-not-text apis/pets.yaml:6:16"])
        #expect(result.diagnostics.first?.spans.count == 2)
    }

    @Test("a reference makes what it names come first")
    func dependency() async throws {
        let cats =
            Repository.api.replacing("name: pets", with: "name: cats")
            + "\n  description: \"${RestApi/pets.id} and ${RestApi/pets.rootResourceId}\""
        let result = try await Repository().with("apis/cats.yaml", cats).load()
        #expect(result.diagnostics.isEmpty)
        let api = result.graph?.resources.first { $0.address == Address(.restAPI, "cats") }
        #expect(api?.dependencies == [Address(.restAPI, "pets")])
        #expect(api?.document["description"] == "${RestApi/pets.id} and ${RestApi/pets.rootResourceId}")
    }

    @Test(
        "references to what is not there",
        arguments: [
            ("${RestApi/pest.id}", "manifest.unknown-object", "did you mean `RestApi/pets`?"),
            ("${RestApis/pets.id}", "manifest.unknown-object", "did you mean the kind `RestApi`?"),
            ("${Stage/pets test.name}", "manifest.unknown-object", "there is no Stage"),
            ("${Function/admin.arn}", "manifest.unknown-object", "there is no Function"),
            (
                "${RestApi/pets.di}", "manifest.unknown-attribute",
                "it has `id`, `rootResourceId`, `name`, `arn` and `executionArn`"
            ),
            ("${RestApi/pets.names}", "manifest.unknown-attribute", "did you mean `name`?"),
            ("${Method/pets GET /pets/{petId}.id}", nil, nil),
        ])
    func unknown(_ text: String, _ code: String?, _ remedy: String?) async throws {
        let result = try await Repository().with(
            "apis/cats.yaml",
            Repository.api.replacing("name: pets", with: "name: cats") + "\n  description: \"\(text)\""
        ).load()
        #expect(result.diagnostics.map(\.code) == (code.map { [$0] } ?? []))
        #expect(result.diagnostics.first?.remedy == remedy)
        if code != nil { #expect(result.diagnostics.first?.spans.first?.line == 6) }
    }

    @Test("of nested braces the innermost count")
    func nested() async throws {
        let repository = repository(variables: "a: 1", api: "  description: \"${x ${var.a} } ${ ${RestApi/cats.id}\"")
            .with("apis/cats.yaml", Repository.api.replacing("name: pets", with: "name: cats"))
        let result = try await repository.load()
        #expect(result.diagnostics.isEmpty)
        let api = result.graph?.resources.first { $0.address == Address(.restAPI, "pets") }
        #expect(api?.document["description"] == "${x 1 } ${ ${RestApi/cats.id}")
        #expect(api?.dependencies == [Address(.restAPI, "cats")])
    }

    @Test("braces by the million cost no more than other text")
    func manyBraces() async throws {
        let text = String(repeating: "${", count: 500_000)
        let definition = Repository.definition.replacing("description: a pet", with: "description: '\(text)'")
        #expect(try await repository(variables: "", definition: definition).load().diagnostics.isEmpty)
    }

    @Test("variables cannot make a document larger than a document may be")
    func amplification() async throws {
        let long = String(repeating: "x", count: 500_000)
        let uses = String(repeating: "${var.a}", count: 20)
        let text = try await repository(variables: "a: \(long)", api: "  tags: { a: '\(uses)' }").load()
        #expect(text.diagnostics.map(\.code).contains("manifest.variable-too-large"))
        let list = "[" + Array(repeating: "1", count: 100_000).joined(separator: ",") + "]"
        let lists = Array(repeating: "'${var.a}'", count: 3).joined(separator: ",")
        let nodes = try await repository(variables: "a: \(list)", api: "  binaryMediaTypes: [\(lists)]").load()
        #expect(nodes.diagnostics.map(\.code).contains("manifest.variable-too-large"))
    }

    @Test("an Environment refers to no objects, and names are no variables")
    func noPlace() async throws {
        let target = "  target: { aws: { region: eu-west-1, accountId: '${RestApi/pets.id}' } }"
        #expect(try await Repository.environment(target).load().diagnostics.map(\.code) == ["manifest.bad-pattern"])
        let name = Repository().with("apis/pets.yaml", Repository.api.replacing("name: pets", with: "name: '${var.a}'"))
        #expect(try await name.load().diagnostics.map(\.code).first == "manifest.bad-pattern")
    }

    @Test(
        "what is left alone is held against its field",
        arguments: [
            ("disableExecuteApiEndpoint: ${var.a-b}", "manifest.wrong-type"),
            ("apiKeySource: ${foo}", "manifest.unknown-value"),
            ("stages: { t: { variables: { a: '${foo}' } } }", "manifest.bad-pattern"),
        ])
    func fieldsOfLeftAlone(_ text: String, _ code: String) async throws {
        #expect(try await Repository.api("  " + text).load().diagnostics.map(\.code) == [code])
    }

    @Test(
        "a definition file that is no file is an error", arguments: ["${foo}", "${RestApi/pets.id}", "${var.a-b}.yaml"])
    func definitionFile(_ path: String) async throws {
        let api = Repository.api.replacing("{ file: pets.openapi.yaml }", with: "{ file: '\(path)' }")
        let codes = try await Repository().with("apis/pets.yaml", api).load().diagnostics.map(\.code)
        #expect(codes.contains("manifest.file-missing"))
    }

    @Test("references inside a variable count where it is used")
    func inVariable() async throws {
        let result = try await repository(
            variables: "a: \"${RestApi/nothing.id}\"", api: "  description: ${var.a}"
        ).load()
        #expect(result.diagnostics.map(\.code) == ["manifest.unknown-object"])
    }

    @Test("circles are refused, and each object of them is named")
    func cycle() async throws {
        let pets = Repository.api + "\n  description: ${RestApi/cats.id}"
        let cats = Repository.api.replacing("name: pets", with: "name: cats") + "\n  description: ${RestApi/pets.id}"
        let result = try await Repository().with("apis/pets.yaml", pets).with("apis/cats.yaml", cats).load()
        #expect(result.diagnostics.map(\.code) == ["manifest.reference-cycle"])
        #expect(
            result.diagnostics.first?.message
                == "objects refer to each other in a circle: `RestApi/cats` → `RestApi/pets` → `RestApi/cats`")
        #expect(result.diagnostics.first?.spans.map(\.file) == ["apis/cats.yaml", "apis/pets.yaml"])
    }

    @Test("an object that refers to itself is a circle, one inside an API may name the API")
    func ownReference() async throws {
        #expect(
            try await Repository.api("  description: ${RestApi/pets.id}").load().diagnostics.map(\.code) == [
                "manifest.reference-cycle"
            ])
        let stage = try await Repository.api("  stages: { test: { description: \"${RestApi/pets.id}\" } }").load()
        #expect(stage.diagnostics.isEmpty)
    }

    @Test("a long chain of references needs no stack")
    func longChain() async throws {
        var repository = Repository()
        for number in 0..<3000 {
            repository.files["apis/\(number).yaml"] =
                Repository.api.replacing("name: pets", with: "name: a\(number)")
                + "\n  description: ${RestApi/\(number == 0 ? "pets" : "a\(number - 1)").id}"
        }
        let result = try await repository.load()
        #expect(result.diagnostics.isEmpty)
        #expect(result.graph?.resources.count == 3001 * 6)
    }
}
