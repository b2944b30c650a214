import GitSource
import JSON
import Manifests
import Testing

@testable import Reconciling

@Suite("What the outcome of a load depends on")
struct TreeInputsTests {
    private static let files: [String: String?] = Self.all()

    /// Two environments of one file, with folders of their own, and a patch in a file.
    private static func all() -> [String: String?] {
        func environment(_ name: String) -> String {
            """
            apiVersion: gatewright/v1
            kind: Environment
            metadata: { name: \(name) }
            spec:
              manifests: [\(name)]
              variables: { backend: "http://\(name).test" }
              patches:
                - target: { kind: RestApi }
                  file: patches/\(name).yaml

            """
        }
        var files: [String: String?] = [
            "gatewright.yaml": environment("dev") + "---\n" + environment("prod"), "README.md": "one",
            "shared/pets.openapi.yaml": Manifests.definition(),
        ]
        for name in ["dev", "prod"] {
            files["\(name)/pets.yaml"] = Manifests.api().replacing(
                "pets.openapi.yaml", with: "../shared/pets.openapi.yaml")
            files["patches/\(name).yaml"] = "[{ op: add, path: /spec/description, value: \(name) }]"
        }
        return files
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let what: String
        let changes: [String: String?]
        let isSame: Bool
        var testDescription: String { what }
    }

    @Test(
        "a commit is work for an environment if it changes what was read, and else not",
        arguments: [
            Case(what: "a file beside", changes: ["README.md": "two"], isSame: true),
            Case(what: "another environment's manifest", changes: ["prod/pets.yaml": "a: 1"], isSame: true),
            Case(what: "another environment's patch", changes: ["patches/prod.yaml": "[]"], isSame: true),
            Case(
                what: "another Environment of the same file",
                changes: [
                    "gatewright.yaml": Self.all()["gatewright.yaml"]??.replacing(
                        "http://prod.test", with: "http://p.test")
                ], isSame: true),
            Case(
                what: "a comment above the Environment",
                changes: ["gatewright.yaml": Self.all()["gatewright.yaml"]??.replacing("kind:", with: "# more\nkind:")],
                isSame: true),
            Case(what: "a text among the manifests that is none", changes: ["dev/notes.md": "x"], isSame: true),
            Case(what: "its own manifest", changes: ["dev/pets.yaml": "a: 1"], isSame: false),
            Case(what: "its own patch", changes: ["patches/dev.yaml": "[]"], isSame: false),
            Case(what: "its patch is gone", changes: ["patches/dev.yaml": String?.none], isSame: false),
            Case(what: "a definition elsewhere", changes: ["shared/pets.openapi.yaml": "a: 1"], isSame: false),
            Case(what: "a file more in its folder", changes: ["dev/deep/more.yaml": "a: 1"], isSame: false),
            Case(what: "a file less in its folder", changes: ["dev/pets.yaml": String?.none], isSame: false),
            Case(
                what: "a variable of its own",
                changes: [
                    "gatewright.yaml": Self.all()["gatewright.yaml"]??.replacing(
                        "http://dev.test", with: "http://d.test")
                ], isSame: false),
            Case(what: "a file that has errors", changes: ["gatewright.yaml": "kind: ["], isSame: false),
        ])
    func exact(_ test: Case) async throws {
        let repository = try TemporaryRepository()
        try repository.commit(Self.files)
        let git = try repository.open()
        let first = CommitTree(git, at: try await git.resolve("main"))
        let loader = ManifestLoader()
        let result = try await loader.load(environment: "dev", from: first)
        #expect(result.graph != nil, "\(result.diagnostics)")
        let inputs = try await TreeInputs(of: result, in: first)
        // As it is after a restart.
        let kept = try #require(TreeInputs(json: try JSONValue(parsing: Array(inputs.json.text(.compact).utf8))))
        #expect(kept == inputs)
        #expect(try await kept.areSame(in: first, for: "dev", loader))
        try repository.commit(test.changes)
        let second = CommitTree(git, at: try await git.resolve("main"))
        #expect(try await kept.areSame(in: second, for: "dev", loader) == test.isSame)
    }

    @Test("inputs in another form are not relied on", arguments: ["{}", "[]", #"{"format":"gatewright.inputs/v2"}"#])
    func otherForms(_ text: String) throws {
        #expect(TreeInputs(json: try JSONValue(parsing: Array(text.utf8))) == nil)
    }
}
