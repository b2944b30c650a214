import Diagnostics
import JSON
import Resources
import Testing

@testable import Manifests

/// `spec.patches` of an Environment.
@Suite("Patches of an environment")
struct EnvironmentPatchTests {
    private static let api = """
        apiVersion: gatewright/v1
        kind: RestApi
        metadata: { name: pets }
        spec:
          description: plain
          definition: { file: pets.openapi.yaml }
          stages:
            test: { variables: { tier: gold } }
        """

    private func repository(_ patches: String, beside: [String: String] = [:]) -> Repository {
        var repository = Repository.environment("  variables: { tier: tin }\n  patches:\n" + patches)
        repository.files["apis/pets.yaml"] = Self.api
        repository.files.merge(beside) { _, new in new }
        return repository
    }

    private func document(_ repository: Repository, _ address: Address) async throws -> JSONValue {
        let result = try await repository.load()
        #expect(!result.diagnostics.hasErrors, "\(result.diagnostics.map(\.message))")
        return try #require(result.graph?.resources.first { $0.address == address }?.document)
    }

    private static let stage = Address(.stage, in: "pets", "test")
    private static let pets = Address(.restAPI, "pets")

    @Test(
        "a patch changes the manifest that it names, and its values have variables",
        arguments: [
            "{ kind: RestApi, name: pets }", "{ kind: RestApi, name: \"p*\" }", "{ kind: RestApi }",
            "{ file: apis/pets.yaml }",
        ])
    func targets(_ target: String) async throws {
        let repository = repository(
            """
                - target: \(target)
                  patch:
                    - { op: test, path: /spec/stages/test/variables/tier, value: gold }
                    - { op: replace, path: /spec/stages/test/variables/tier, value: "${var.tier}" }
                    - { op: add, path: /spec/stages/live, value: { variables: { tier: lead } } }
                    - { op: remove, path: /spec/description }
            """)
        #expect(try await document(repository, Self.stage)["variables"]?["tier"] == "tin")
        #expect(try await document(repository, Address(.stage, in: "pets", "live"))["variables"]?["tier"] == "lead")
        #expect(try await document(repository, Self.pets)["description"] == nil)
    }

    @Test("patches are carried out in their order, each on what the one before left")
    func order() async throws {
        let repository = repository(
            """
                - target: { kind: RestApi }
                  patch: [{ op: replace, path: /spec/description, value: one }]
                - target: { kind: RestApi }
                  patch: [{ op: test, path: /spec/description, value: one }, { op: replace, path: /spec/description, value: two }]
            """)
        #expect(try await document(repository, Self.pets)["description"] == "two")
    }

    @Test("the definition is patched in place, whether it is a file or not")
    func definition() async throws {
        let patch = """
                - target: { kind: RestApi, name: pets }
                  patch:
                    - op: replace
                      path: /spec/definition/inline/paths/~1pets~1{petId}/get/x-amazon-apigateway-integration
                      value: { type: http_proxy, httpMethod: GET, uri: "http://${var.tier}.test/pets" }
            """
        let method = Address(.method, in: "pets", "GET /pets/{petId}")
        let repository = repository(patch)
        #expect(try await document(repository, method)["integration"]?["uri"] == "http://tin.test/pets")
        #expect(try await repository.load().filesRead.contains("apis/pets.openapi.yaml"))
        let definition = Repository.definition.split(separator: "\n").map { "      " + $0 }.joined(separator: "\n")
        let inline = Self.api.replacing(
            "definition: { file: pets.openapi.yaml }", with: "definition:\n    inline:\n" + definition)
        #expect(
            try await document(repository.with("apis/pets.yaml", inline), method)["integration"]?["uri"]
                == "http://tin.test/pets")
    }

    @Test("patches may stand in a file: operations for the target beside it, or patches with targets of their own")
    func files() async throws {
        let repository = repository(
            """
                - target: { kind: RestApi }
                  file: patches/operations.yaml
                - file: patches/list.yaml
            """,
            beside: [
                "patches/operations.yaml": "- { op: replace, path: /spec/description, value: one }",
                "patches/list.yaml": """
                - target: { kind: RestApi, name: pets }
                  patch: [{ op: replace, path: /spec/stages/test/variables/tier, value: lead }]
                """,
            ])
        #expect(try await document(repository, Self.pets)["description"] == "one")
        #expect(try await document(repository, Self.stage)["variables"]?["tier"] == "lead")
        let result = try await repository.load()
        #expect(result.filesRead.contains("patches/operations.yaml") && result.filesRead.contains("patches/list.yaml"))
    }

    @Test("what is wrong with a patched value is wrong at the patch")
    func spans() async throws {
        let repository = repository(
            """
                - target: { kind: RestApi }
                  patch: [{ op: replace, path: /spec/stages/test/variables, value: 7 }]
            """)
        let problems = try await repository.problems()
        #expect(problems.contains { $0.hasPrefix("manifest.wrong-type gatewright.yaml:9:") }, "\(problems)")
        let inDefinition = self.repository(
            """
                - target: { kind: RestApi }
                  patch:
                    - op: replace
                      path: /spec/definition/inline/paths/~1pets~1{petId}/get/x-amazon-apigateway-integration/type
                      value: mook
            """)
        let found = try await inDefinition.problems()
        #expect(found.contains { $0.contains(" gatewright.yaml:12:") }, "\(found)")
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let patches: String
        let code: String
        let message: String
        let remedy: String
        init(_ patches: String, _ code: String, _ message: String, _ remedy: String) {
            (self.patches, self.code, self.message, self.remedy) = (patches, code, message, remedy)
        }
        var testDescription: String { message }
    }

    @Test(
        "every mistake is said with its place and a remedy",
        arguments: [
            Mistake(
                "    - { target: { kind: RestApi, name: pet }, patch: [{ op: remove, path: /spec/description }] }",
                "manifest.patch-matches-nothing", "no manifest is `RestApi/pet`", "did you mean `pets`?"),
            Mistake(
                "    - { target: { file: apis/pet.yaml }, patch: [{ op: remove, path: /spec/description }] }",
                "manifest.patch-matches-nothing", "no manifest is `apis/pet.yaml`", "did you mean `apis/pets.yaml`?"),
            Mistake(
                "    - { target: { kind: RestAPI }, patch: [{ op: remove, path: /spec/description }] }",
                "manifest.bad-patch", "no manifest of the kind `RestAPI` can be patched", "did you mean `RestApi`?"),
            Mistake(
                "    - { target: { kind: RestApi }, patch: [{ op: remove, path: /spec/descripton }] }",
                "manifest.patch-path-missing", "there is no `descripton`", "did you mean `description`?"),
            Mistake(
                "    - { target: { kind: RestApi }, patch: [{ op: replace, path: /metadata/name, value: x }] }",
                "manifest.bad-patch", "`/metadata/name` cannot be patched", "under `/spec`"),
            Mistake(
                "    - { target: { kind: RestApi }, patch: [{ op: test, path: /spec/description, value: x }] }",
                "manifest.patch-test-failed", "is `\"plain\"` and not `\"x\"`", "correct the value"),
            Mistake(
                "    - { target: { kind: RestApi }, patch: [{ op: remove, path: /spec }] }",
                "manifest.bad-patch", "leaves no `spec`", "be a map"),
            Mistake(
                "    - { patch: [{ op: remove, path: /spec/description }] }",
                "manifest.bad-patch", "a patch has no `target`", "add `target:"),
            Mistake(
                "    - { target: { kind: RestApi } }", "manifest.bad-patch", "a patch has no `patch`",
                "add the operations"),
            Mistake(
                "    - { target: { kind: RestApi }, file: none.yaml }",
                "manifest.file-missing", "there is no file `none.yaml`", "relative to `gatewright.yaml`"),
            Mistake(
                "    - { file: ../secret.yaml }", "manifest.bad-path", "cannot be `../secret.yaml`",
                "inside the repository"),
            Mistake(
                "    - { target: { kind: RestApi, nam: x }, patch: [{ op: remove, path: /spec/description }] }",
                "manifest.unknown-field", "`nam` is no field", "did you mean `name`?"),
        ])
    func mistakes(_ mistake: Mistake) async throws {
        let result = try await repository(mistake.patches).load()
        let diagnostics = result.diagnostics
        #expect(result.graph == nil)
        let found = diagnostics.first { $0.code == mistake.code && $0.message.contains(mistake.message) }
        #expect(found?.remedy?.contains(mistake.remedy) == true, "\(diagnostics)")
        #expect(found?.spans.first?.file == "gatewright.yaml")
    }
}
