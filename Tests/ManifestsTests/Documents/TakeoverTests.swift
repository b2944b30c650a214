import Diagnostics
import Manifests
import Resources
import Testing

@Suite("Former names and adopted objects")
struct TakeoverTests {
    private func api(_ metadata: String) -> String {
        "apiVersion: gatewright/v1\nkind: RestApi\nmetadata: \(metadata)\n"
            + "spec: { definition: { file: pets.openapi.yaml } }\n"
    }

    struct Case: Sendable {
        let metadata: [String]
        let places: [String]
        let message: String
    }

    @Test(
        "what cannot be meant is said with its places",
        arguments: [
            Case(
                metadata: ["{ name: cats, previousName: pets }"],
                places: ["apis/a.yaml:3:39", "apis/pets.yaml:3:19"], message: "which is declared as well"),
            Case(
                metadata: ["{ name: cats, previousName: cats }"], places: ["apis/a.yaml:3:39"],
                message: "has its own name as `previousName`"),
            Case(
                metadata: ["{ name: cats, previousName: dogs }", "{ name: mice, previousName: dogs }"],
                places: ["apis/b.yaml:3:39", "apis/a.yaml:3:39"], message: "cannot both have been `RestApi/dogs`"),
            Case(
                metadata: ["{ name: cats, previousName: mice }", "{ name: mice, previousName: dogs }"],
                places: ["apis/a.yaml:3:39", "apis/b.yaml:3:19"], message: "which is declared as well"),
            Case(
                metadata: ["{ name: cats, adopt: abc }", "{ name: mice, adopt: abc }"],
                places: ["apis/b.yaml:3:32", "apis/a.yaml:3:32"], message: "both adopt `abc`"),
            Case(
                metadata: ["{ name: cats, adopt: abc, previousName: dogs }"],
                places: ["apis/a.yaml:3:32", "apis/a.yaml:3:51"], message: "has both `adopt` and `previousName`"),
        ])
    func refused(_ test: Case) async throws {
        var repository = Repository()
        for (number, metadata) in test.metadata.enumerated() {
            repository = repository.with("apis/\(["a", "b"][number]).yaml", api(metadata))
        }
        let errors = try await repository.load().diagnostics.filter { $0.severity == .error }
        #expect(errors.count == 1)
        #expect(errors.first?.message.contains(test.message) == true, "\(errors.map(\.message))")
        #expect(errors.first?.spans.map { "\($0.file):\($0.line):\($0.column)" } == test.places)
    }

    @Test("an Environment has neither")
    func environment() async throws {
        let text = Repository.environment.replacing("{ name: dev }", with: "{ name: dev, previousName: test }")
        let errors = try await Repository().with("gatewright.yaml", text).load().diagnostics
        #expect(errors.contains { $0.code == "manifest.unknown-field" && $0.message.contains("previousName") })
    }

    @Test("both are in the graph; an id may be a variable, and an empty one takes nothing over")
    func graph() async throws {
        let variables = "  variables: { pets: a1b2, none: \"\" }"
        let repository = Repository.environment(variables)
            .with("apis/a.yaml", api("{ name: cats, previousName: dogs }"))
            .with("apis/b.yaml", api("{ name: mice, adopt: \"${var.pets}\" }"))
            .with("apis/c.yaml", api("{ name: rats, adopt: \"${var.none}\" }"))
        let result = try await repository.load()
        let graph = try #require(result.graph, "\(result.diagnostics.map(\.message))")
        #expect(graph.renames.map { "\($0.from) \($0.to)" } == ["RestApi/dogs RestApi/cats"])
        #expect(graph.adoptions.map { "\($0.address) \($0.physicalID)" } == ["RestApi/mice a1b2"])
        #expect(graph.renames.first?.span?.line == 3 && graph.adoptions.first?.span?.line == 3)
        #expect(result.diagnostics.isEmpty, "\(result.diagnostics.map(\.message))")
    }

    @Test("a variable that is not set is said once")
    func unset() async throws {
        let result = try await Repository().with("apis/a.yaml", api("{ name: cats, adopt: \"${var.pets}\" }")).load()
        #expect(result.diagnostics.map(\.code) == ["manifest.unset-variable"])
    }
}
