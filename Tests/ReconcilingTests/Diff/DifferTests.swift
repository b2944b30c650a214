import Diagnostics
import JSON
import Manifests
import Planning
import Reconciling
import Resources
import Testing

@Suite("Diffs of two trees")
struct DifferTests {
    private let differ = Differ(loader: ManifestLoader())

    private static func environment(_ name: String, _ folder: String) -> String {
        """
        apiVersion: gatewright/v1
        kind: Environment
        metadata: { name: \(name) }
        spec: { manifests: [\(folder)] }
        """
    }

    private static func api(_ title: String) -> String {
        """
        apiVersion: gatewright/v1
        kind: RestApi
        metadata: { name: shop }
        spec:
          description: \(title)
          definition:
            inline:
              openapi: 3.0.1
              info: { title: shop, version: "1" }
              paths:
                /:
                  get:
                    responses: { "200": { description: ok } }
                    x-amazon-apigateway-integration: { type: mock }
          stages: { test: {} }
        """
    }

    private func tree(_ environments: [(String, String)], _ files: [String: String]) -> DictionaryTree {
        let configuration = environments.map { Self.environment($0.0, $0.1) }.joined(separator: "\n---\n")
        return DictionaryTree(texts: files.merging(["gatewright.yaml": configuration]) { first, _ in first })
    }

    private func sections(
        _ base: DictionaryTree, _ result: DictionaryTree, _ environment: String? = nil
    ) async throws -> [DiffReport.Section] {
        guard
            case .sections(let sections) = try await differ.compare(
                base: base, result: result, environment: environment)
        else {
            Issue.record("refused")
            return []
        }
        return sections
    }

    private func refusal(
        _ base: DictionaryTree, _ result: DictionaryTree, _ environment: String? = nil
    ) async throws -> [Diagnostic] {
        guard
            case .refused(let diagnostics) = try await differ.compare(
                base: base, result: result, environment: environment)
        else {
            Issue.record("accepted")
            return []
        }
        return diagnostics
    }

    @Test("every environment of either side has its section, or the one that is named")
    func environments() async throws {
        let base = tree([("dev", "a"), ("old", "a")], ["a/shop.yaml": Self.api("one")])
        let result = tree([("dev", "a"), ("new", "a")], ["a/shop.yaml": Self.api("two")])
        let all = try await sections(base, result)
        #expect(all.map(\.environment) == ["dev", "new", "old"])
        #expect(all[0].plan?.changes.map(\.address.description) == ["RestApi/shop"])
        #expect(all[1].plan?.changes.allSatisfy { $0.action == .create } == true)
        if case .disappears = all[2].outcome {} else { Issue.record("old stays") }
        #expect(try await sections(base, result, "dev").map(\.environment) == ["dev"])
        #expect(try await sections(base, result, "old").map(\.environment) == ["old"])
    }

    @Test("a base without any configuration has no environments")
    func unconfiguredBase() async throws {
        let result = tree([("dev", "a")], ["a/shop.yaml": Self.api("one")])
        let sections = try await sections(DictionaryTree(texts: ["README.md": "x"]), result)
        if case .appears(let plan)? = sections.first?.outcome {
            #expect(!plan.isEmpty)
        } else {
            Issue.record("\(sections)")
        }
    }

    @Test("errors of the result refuse the diff: of every environment, each once")
    func invalidResult() async throws {
        let base = tree([("dev", "a"), ("prod", "a")], ["a/shop.yaml": Self.api("one")])
        let wrong = Self.api("one").replacing("stages:", with: "stagez:")
        let result = tree([("dev", "a"), ("prod", "a")], ["a/shop.yaml": wrong])
        let diagnostics = try await refusal(base, result)
        #expect(diagnostics.count { $0.severity == .error } == 1)
        #expect(diagnostics.first?.spans.first?.file == "a/shop.yaml")
        let broken = DictionaryTree(texts: ["gatewright.yaml": "apiVersion: ["])
        #expect(try await refusal(base, broken).hasErrors)
    }

    @Test("errors of the base give no plan, and refuse nothing")
    func invalidBase() async throws {
        let wrong = Self.api("one").replacing("stages:", with: "stagez:")
        let base = tree([("dev", "a"), ("prod", "b")], ["a/shop.yaml": wrong, "b/shop.yaml": Self.api("one")])
        let result = tree(
            [("dev", "a"), ("prod", "b")], ["a/shop.yaml": Self.api("one"), "b/shop.yaml": Self.api("two")])
        let sections = try await sections(base, result)
        if case .baseInvalid(let diagnostics)? = sections.first?.outcome {
            #expect(diagnostics.hasErrors)
        } else {
            Issue.record("\(sections)")
        }
        #expect(sections.last?.plan?.changes.count == 1)
    }

    @Test("an environment that neither side has is refused with those that there are")
    func unknownEnvironment() async throws {
        let base = tree([("dev", "a")], ["a/shop.yaml": Self.api("one")])
        let diagnostics = try await refusal(base, base, "deb")
        #expect(diagnostics.hasErrors)
        #expect(diagnostics.contains { "\($0.message) \($0.remedy ?? "")".contains("dev") })
    }

    @Test("variables are read from each side, and nothing but its files is needed")
    func variables() async throws {
        func variable(_ text: String) -> DictionaryTree {
            DictionaryTree(texts: [
                "gatewright.yaml": """
                apiVersion: gatewright/v1
                kind: Environment
                metadata: { name: dev }
                spec: { manifests: [a], variables: { title: \(text) } }
                """, "a/shop.yaml": Self.api("${var.title}"),
            ])
        }
        let changes = try await sections(variable("one"), variable("two")).first?.plan?.changes ?? []
        #expect(changes.first?.before?["description"] == "one")
        #expect(changes.first?.after?["description"] == "two")
    }
}
