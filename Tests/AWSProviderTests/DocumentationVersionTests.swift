import Diagnostics
import HTTPTypes
import JSON
import Planning
import Resources
import Testing

@testable import AWSProvider

@Suite("Versions of the documentation")
struct DocumentationVersionTests {
    private static let api = Address(.restAPI, "shop")
    private static let stage = Address(.stage, in: "shop", "test")
    private static let name = "2026 / 1.0~ü"
    private static let version = Address(.documentationVersion, in: "shop", name)

    private static func graph(_ words: String?) throws -> DesiredGraph {
        var text = EngineRoundTripTests.petstore("gold", "dog")
        if let words {
            text += """

                x-amazon-apigateway-documentation:
                  documentationParts: [{ location: { type: API }, properties: { info: { description: \(words) } } }]
                """
        }
        let plain = try #require(EngineRoundTripTests.graph(Array(text.utf8), name: "a.yaml"))
        guard words != nil else { return plain }
        var resources = plain.resources
        for position in resources.indices where resources[position].address.kind == .stage {
            guard case .object(var document) = resources[position].document else { continue }
            document["documentationVersion"] = .string(name)
            resources[position].document = .object(document)
        }
        resources.append(
            DesiredResource(
                address: version, document: [:],
                dependencies: [api] + resources.map(\.address).filter { $0.kind == .documentationPart }))
        return Deployments.derived(
            in: DesiredGraph(
                environment: plain.environment, target: plain.target, apply: plain.apply, resources: resources))
    }

    private static func recorded(_ graph: DesiredGraph, _ world: EngineWorld) -> [RecordedObject] {
        graph.resources.map {
            RecordedObject(
                address: $0.address, identity: world.identities[$0.address] ?? Identity(physicalID: "x"),
                document: $0.document, dependencies: $0.dependencies)
        }
    }

    @Test("a version is made by one call between its parts and the stage, and is observed as it was applied")
    func made() async throws {
        var world = try await EngineWorld.make()
        let graph = try Self.graph("Toys")
        let steps = try await world.perform(Planner.plan(desired: graph, recorded: []).changes)
        #expect(
            steps.map(\.operation) == [
                "CreateRestApi", "FillRestApi", "CreateDocumentationVersion", "CreateDeployment", "CreateStage",
            ])
        #expect(steps[2].dependencies.contains(1) && steps[4].dependencies.contains(2))
        let observed = try await world.observed("shop")
        #expect(EngineRoundTripTests.difference(graph, observed).isEmpty)
        #expect(world.identities[Self.version]?.physicalID == Self.name)
        let alone = try await world.provider.observe(
            Observation(addresses: [Self.version], identities: world.identities))
        #expect(alone[Self.version]?.identity == world.identities[Self.version])
        #expect(alone[Self.version]?.document == observed[Self.version])
    }

    @Test("a version and the stage that moved to it are taken back, twice if need be")
    func undone() async throws {
        var world = try await EngineWorld.make()
        let plain = try Self.graph(nil)
        try await world.perform(Planner.plan(desired: plain, recorded: []).changes)
        let before = try await world.observed("shop")
        let changes = Planner.plan(desired: try Self.graph("Toys"), recorded: Self.recorded(plain, world)).changes
        let steps = try await world.perform(changes)
        #expect(steps.map(\.operation) == ["PutRestApi", "CreateDocumentationVersion", "UpdateStage"])
        #expect(try await world.observed("shop")[Self.stage]?["documentationVersion"]?.string == Self.name)
        for step in steps.reversed() {
            try await world.undo(step)
            try await world.undo(step)
        }
        #expect(try await world.observed("shop") == before)
    }

    @Test("a version of somebody else's in the way is refused, seen as unknown, and never taken back")
    func stranger() async throws {
        var world = try await EngineWorld.make()
        let plain = try Self.graph(nil)
        try await world.perform(Planner.plan(desired: plain, recorded: []).changes)
        let id = try #require(world.identities[Self.api]?.physicalID)
        let versions = APIPath("restapis", id, "documentation", "versions")
        _ = try await world.client.call(
            .post, versions, body: ["documentationVersion": .string(Self.name), "description": "by hand"])
        let changes = Planner.plan(desired: try Self.graph("Toys"), recorded: Self.recorded(plain, world)).changes
        let step = try #require(
            try world.provider.steps(for: changes).first { $0.operation == "CreateDocumentationVersion" })
        let (provider, context) = (world.provider, world.context(step))
        let failure = await #expect(throws: ProviderFailure.self) { try await provider.perform(step, context) }
        #expect(failure?.code == .refused)
        try await world.undo(step)
        #expect(try await world.client.list(versions).count == 1)
        #expect(try await world.observed("shop")[Self.version] == [:])
    }

    @Test("a version whose description was edited is known by its recorded moment, one made anew is not")
    func edited() async throws {
        var world = try await EngineWorld.make()
        let graph = try Self.graph("Toys")
        try await world.perform(Planner.plan(desired: graph, recorded: []).changes)
        let id = try #require(world.identities[Self.api]?.physicalID)
        let path = APIPath("restapis", id, "documentation", "versions", Self.name)
        let edit: JSONValue = ["op": "replace", "path": "/description", "value": "mine"]
        _ = try await world.client.call(.patch, path, body: ["patchOperations": [edit]])
        #expect(EngineRoundTripTests.difference(graph, try await world.observed("shop")).isEmpty)
        var identities = world.identities
        identities[Self.version] = Identity(physicalID: Self.name, attributes: ["created": "1", "fingerprint": "f"])
        let found = try await world.provider.observe(
            Observation(addresses: [Self.version], identities: identities))
        #expect(found[Self.version]?.document == [:])
    }

    @Test("a stage leaves its version by a patch")
    func left() {
        let patch = PatchOperations.stage(
            from: ["deployment": "f", "documentationVersion": "1"], to: ["deployment": "f"], deploymentID: nil)
        #expect(patch.operations == [["op": "replace", "path": "/documentationVersion", "value": ""]])
    }

    @Test("a change of what a version holds is no step")
    func immutable() async throws {
        let world = try await EngineWorld.make()
        let change = Change(
            .update, Self.version, before: ["fingerprint": "a"], after: ["fingerprint": "b"], visibility: .hidden)
        let failure = #expect(throws: ProviderFailure.self) { try world.provider.steps(for: [change]) }
        #expect(failure?.code == .unsupported)
    }
}
