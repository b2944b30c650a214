import Diagnostics
import JSON
import Manifests
import Resources
import Testing

@Suite("Loading")
struct ManifestLoaderTests {
    @Test("a repository becomes a graph with its API's objects")
    func graph() async throws {
        let result = try await Repository().load()
        #expect(result.diagnostics.isEmpty)
        #expect(
            result.graph?.resources.map(\.address.description) == [
                "DocumentationPart/pets RESPONSE /pets/{petId} GET 200 -", "Method/pets GET /pets/{petId}",
                "Resource/pets /", "Resource/pets /pets",
                "Resource/pets /pets/{petId}", "RestApi/pets",
            ])
        #expect(result.environments == ["dev"])
        #expect(result.filesRead == ["apis/pets.openapi.yaml", "apis/pets.yaml", "gatewright.yaml"])
        #expect(result.foldersRead == ["apis"])
        #expect(result.ignoredFileCount == 0)
        #expect(result.graph?.target == ["engine": [:]])
    }

    @Test("equal trees give equal graphs")
    func deterministic() async throws {
        let first = try await Repository().load().graph
        for _ in 0..<5 {
            let again = try await Repository().load().graph
            #expect(again?.resources.map(\.address) == first?.resources.map(\.address))
            #expect(again?.resources.map(\.document) == first?.resources.map(\.document))
            #expect(again?.resources.map(\.dependencies) == first?.resources.map(\.dependencies))
        }
    }

    @Test("without a gatewright.yaml it is said where one was looked for")
    func noConfiguration() async throws {
        #expect(try await Repository([:]).problems() == ["manifest.no-configuration"])
        let result = try await Repository().load(repoPath: "deploy")
        #expect(result.diagnostics.map(\.message) == ["there is no `deploy/gatewright.yaml`"])
        #expect(try await Repository().load(repoPath: "../x").diagnostics.map(\.code) == ["manifest.no-configuration"])
    }

    @Test("paths are relative to the configuration, spans to the tree")
    func repoPath() async throws {
        var moved = Repository([:])
        for (path, text) in Repository().files { moved.files["deploy/eu/" + path] = text }
        let result = try await moved.load(repoPath: "./deploy/eu/")
        #expect(result.graph?.resources.count == 6)
        #expect(result.graph?.resources.last?.span?.file == "deploy/eu/apis/pets.yaml")
    }

    @Test("an empty gatewright.yaml and one without an environment are refused", arguments: ["", "# nothing\n"])
    func noEnvironment(_ text: String) async throws {
        #expect(
            try await Repository().with("gatewright.yaml", text).problems() == [
                "manifest.no-environment gatewright.yaml:1:1"
            ])
        #expect(
            try await Repository().with("gatewright.yaml", Repository.api).problems()
                == ["manifest.no-environment gatewright.yaml:1:1"])
    }

    @Test("several environments and none asked for: an error that lists them")
    func environmentNeeded() async throws {
        let two = Repository.environment + "\n---\n" + Repository.environment.replacing("dev", with: "prod")
        let repository = Repository().with("gatewright.yaml", two)
        let result = try await repository.load()
        #expect(result.diagnostics.map(\.message) == ["there are several environments: `dev` and `prod`"])
        #expect(result.environments == ["dev", "prod"])
        #expect(try await repository.load("prod").graph?.environment == "prod")
        #expect(try await repository.load("prd").diagnostics.first?.remedy == "did you mean `prod`?")
        #expect(try await repository.load("prd").diagnostics.map(\.code) == ["manifest.unknown-environment"])
    }

    @Test("names are unique, and both places are shown")
    func duplicates() async throws {
        let two = Repository.environment + "\n---\n" + Repository.environment
        #expect(
            try await Repository().with("gatewright.yaml", two).problems() == [
                "manifest.duplicate-name gatewright.yaml:9:19"
            ])
        let result = try await Repository().with("apis/z.yaml", Repository.api).load()
        #expect(
            result.diagnostics.map(\.spans) == [
                [
                    SourceSpan(file: "apis/z.yaml", line: 3, column: 19, length: 4),
                    SourceSpan(file: "apis/pets.yaml", line: 3, column: 19, length: 4),
                ]
            ])
    }

    @Test("files of others are ignored and counted, those that a manifest names are not")
    func ignored() async throws {
        let repository = Repository()
            .with("apis/k8s.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n")
            .with("apis/values.yml", "a: [1\n").with("apis/data.json", "{").with(
                "apis/README.md", "apiVersion: nothing"
            )
            .with("apis/crossplane.yaml", "apiVersion: apigateway.example.org/v1\nkind: RestApi\n")
        let result = try await repository.load()
        #expect(result.diagnostics.isEmpty)
        #expect(result.ignoredFileCount == 4)
    }

    @Test("a manifest may be JSON")
    func json() async throws {
        let text = """
            {"apiVersion": "gatewright/v1", "kind": "RestApi", "metadata": {"name": "pets"},
             "spec": {"definition": {"file": "pets.openapi.yaml"}}}
            """
        let repository = Repository().with("apis/pets.yaml", nil).with("apis/pets.json", text)
        #expect(try await repository.load().graph?.resources.count == 6)
    }

    @Test("several documents in a file, and files named by themselves")
    func severalDocuments() async throws {
        let text = Repository.api + "\n---\n" + Repository.api.replacing("name: pets", with: "name: cats")
        let repository = Repository().with("apis/pets.yaml", text).with(
            "gatewright.yaml", Repository.environment.replacing("[apis]", with: "[apis/pets.yaml, ./apis/../apis]"))
        let result = try await repository.load()
        #expect(result.diagnostics.isEmpty)
        #expect(result.graph?.resources.filter { $0.address.kind == .restAPI }.count == 2)
    }

    @Test("manifests may stand in gatewright.yaml where it is listed, and nowhere else")
    func configurationFile() async throws {
        let both =
            Repository.environment.replacing("apis", with: "gatewright.yaml") + "\n---\n"
            + Repository.api.replacing("pets.openapi", with: "apis/pets.openapi")
        let repository = Repository().with("gatewright.yaml", both).with("apis/pets.yaml", nil)
        #expect(try await repository.load().graph?.resources.count == 6)
        let unlisted = Repository().with(
            "gatewright.yaml",
            Repository.environment + "\n---\n" + Repository.api.replacing("name: pets", with: "name: cats"))
        #expect(try await unlisted.problems() == ["manifest.misplaced gatewright.yaml:9:19"])
        let stray = Repository().with("apis/env.yaml", Repository.environment.replacing("dev", with: "prod"))
        #expect(try await stray.problems() == ["manifest.misplaced apis/env.yaml:3:19"])
    }

    @Test("what is listed must be there and hold manifests: nothing is ever deleted by a slip")
    func nothingFound() async throws {
        let apsi = Repository.environment.replacing("apis", with: "apsi")
        #expect(
            try await Repository().with("gatewright.yaml", apsi).problems() == [
                "manifest.file-missing gatewright.yaml:5:15"
            ])
        let empty = Repository().with("apis/pets.yaml", nil)
        #expect(try await empty.problems() == ["manifest.no-manifests gatewright.yaml:5:15"])
        let named = Repository.environment.replacing("apis", with: "apis/pets.openapi.yaml")
        #expect(
            try await Repository().with("gatewright.yaml", named).problems()
                == ["manifest.not-a-manifest gatewright.yaml:5:15"])
    }

    @Test(
        "paths out of the repository are refused",
        arguments: ["/etc/passwd", "../../x", "apis/../../../x", "a\\\\b", "\"a\\0b\"", "\"\""])
    func badPaths(_ path: String) async throws {
        let written = path.replacing("\\\\", with: "\\")
        let environment = Repository().with(
            "gatewright.yaml", Repository.environment.replacing("[apis]", with: "[apis, \(written)]"))
        #expect(try await environment.load().graph == nil)
        let api = Repository().with("apis/pets.yaml", Repository.api.replacing("pets.openapi.yaml", with: written))
        let codes = try await api.load().diagnostics.map(\.code)
        #expect(codes == ["manifest.bad-path"] || codes == ["manifest.out-of-range"] || codes == ["yaml.syntax"])
    }

    @Test("a definition that is not there is an error, with the file that was perhaps meant")
    func missingDefinition() async throws {
        let result = try await Repository()
            .with("apis/pets.yaml", Repository.api.replacing("pets.openapi.yaml", with: "pets.openpai.yaml")).load()
        #expect(result.diagnostics.map(\.place) == ["manifest.file-missing apis/pets.yaml:5:23"])
        #expect(result.diagnostics.first?.remedy == "did you mean `apis/pets.openapi.yaml`?")
        #expect(result.filesRead.contains("apis/pets.openpai.yaml"))
    }

    @Test("a definition may be outside of the folders that are listed")
    func elsewhere() async throws {
        let repository = Repository().with("apis/pets.openapi.yaml", nil).with("shared/p.yaml", Repository.definition)
            .with("apis/pets.yaml", Repository.api.replacing("pets.openapi.yaml", with: "../shared/p.yaml"))
        #expect(try await repository.load().graph?.resources.count == 6)
        let folder = repository.with("apis/pets.yaml", Repository.api.replacing("pets.openapi.yaml", with: "../shared"))
        #expect(try await folder.problems() == ["manifest.file-missing apis/pets.yaml:5:23"])
    }

    @Test("a definition file holds one document")
    func oneDocument() async throws {
        let two = Repository().with("apis/pets.openapi.yaml", Repository.definition + "\n---\na: 1\n")
        #expect(try await two.problems() == ["manifest.one-document apis/pets.openapi.yaml:13:1"])
        #expect(
            try await Repository().with("apis/pets.openapi.yaml", "# nothing\n").problems()
                == ["manifest.one-document apis/pets.openapi.yaml:1:1"])
    }

    @Test("a definition may stand in the manifest")
    func inline() async throws {
        let lines = Repository.definition.split(separator: "\n").map { "      " + $0 }.joined(separator: "\n")
        let text = Repository.api.replacing("{ file: pets.openapi.yaml }", with: "\n    inline:\n" + lines)
        let result = try await Repository().with("apis/pets.yaml", text).load()
        #expect(result.diagnostics.isEmpty)
        #expect(result.graph?.resources.count == 6)
    }

    @Test("syntax errors of all files are collected")
    func syntax() async throws {
        let repository = Repository().with("apis/a.yaml", "apiVersion: gatewright/v1\nkind: [\n")
            .with("apis/b.yaml", "apiVersion: gatewright/v1\napiVersion: x\nkind: RestApi\n")
            .with("apis/c.json", "{\"apiVersion\": }")
        let codes = Set(try await repository.load().diagnostics.map { $0.spans.first?.file ?? "" })
        #expect(codes == ["apis/a.yaml", "apis/b.yaml", "apis/c.json"])
    }

    @Test("hooked checks see the graph and add to what is wrong")
    func checks() async throws {
        let check: ManifestLoader.Check = { graph in
            [Diagnostic(.error, ManifestCode.outOfRange, "\(graph.resources.count)", at: nil)]
        }
        #expect(try await Repository().load(checks: [check]).diagnostics.map(\.message) == ["6"])
    }

    @Test("environments can be listed without loading them")
    func environments() async throws {
        let two = Repository.environment + "\n---\n" + Repository.environment.replacing("dev", with: "prod")
        let listed = try await ManifestLoader().environments(in: Repository().with("gatewright.yaml", two).tree)
        #expect(listed.names == ["dev", "prod"])
        #expect(listed.diagnostics.isEmpty)
    }
}
