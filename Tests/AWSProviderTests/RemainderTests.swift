import HTTPTypes
import JSON
import Planning
import Resources
import Testing

@testable import AWSProvider

/// What somebody set at the target and no document can carry is still there after an import.
@Suite struct RemainderTests {
    /// The pet store, applied; and the changes of its next commit.
    static func world(
        _ fault: @escaping @Sendable (HTTPRequest) -> HTTPResponse.Status? = { _ in nil }
    ) async throws -> (world: EngineWorld, api: String, changes: [Change]) {
        func graph(_ tier: String, _ animal: String) throws -> DesiredGraph {
            let text = EngineRoundTripTests.petstore(tier, animal)
            return try #require(EngineRoundTripTests.graph(Array(text.utf8), name: "a.yaml"))
        }
        var world = try await EngineWorld.make(fault: fault)
        let first = try graph("gold", "dog")
        try await world.perform(Planner.plan(desired: first, recorded: []).changes)
        let recorded = first.resources.map {
            RecordedObject(
                address: $0.address, identity: world.identities[$0.address] ?? Identity(physicalID: "x"),
                document: $0.document, dependencies: $0.dependencies)
        }
        let changes = Planner.plan(desired: try graph("silver", "dog"), recorded: recorded).changes
        return (world, try #require(world.identities[Address(.restAPI, "shop")]).physicalID, changes)
    }

    @Test("descriptions of models and responses of one pattern are put back")
    func kept() async throws {
        var (world, api, changes) = try await Self.world()
        let model: JSONValue = [
            "name": "Hand", "contentType": "application/json", "schema": "{}", "description": "made",
        ]
        _ = try await world.client.call(.post, APIPath("restapis", api, "models"), body: model)
        let resources = try await world.client.list(APIPath("restapis", api, "resources"))
        let pets = try #require(resources.first { $0["path"] == "/pets" }?["id"]?.string)
        let responses = APIPath("restapis", api, "resources", pets, "methods", "GET", "responses", "404")
        _ = try await world.client.call(.put, responses, body: [:])
        let integration = APIPath(
            "restapis", api, "resources", pets, "methods", "GET", "integration", "responses", "404")
        _ = try await world.client.call(.put, integration, body: [:])
        try await world.perform(changes)
        let observed = try await world.observed("shop")
        #expect(observed[Address(.model, in: "shop", "Hand")]?["description"] == "made")
        let method = observed[Address(.method, in: "shop", "GET /pets")]
        #expect(method?["integration"]?["integrationResponses"]?.object?.names.sorted() == ["200", "404"])
        #expect(method?["operationName"] == "Getdog")
    }

    @Test("a content type, which no call can put back, is refused before anything is written")
    func refused() async throws {
        var (world, api, changes) = try await Self.world()
        let model: JSONValue = ["name": "Hand", "contentType": "text/xml", "schema": "{}"]
        _ = try await world.client.call(.post, APIPath("restapis", api, "models"), body: model)
        let before = try await world.observed("shop")
        let steps = try world.provider.steps(for: changes)
        let put = try #require(steps.first { $0.operation == "PutRestApi" })
        await #expect {
            try await world.perform(put)
        } throws: {
            guard let failure = $0 as? ProviderFailure else { return false }
            return failure.effect == .none && failure.message.contains("`Hand`") && failure.message.contains("text/xml")
        }
        #expect(try await world.observed("shop") == before)
    }

    @Test("a call that fails after the import leaves the step unknown")
    func unknown() async throws {
        var (world, api, changes) = try await Self.world { request in
            request.method == .patch && request.path?.contains("/models/") == true ? .badRequest : nil
        }
        let model: JSONValue = [
            "name": "Hand", "contentType": "application/json", "schema": "{}", "description": "made",
        ]
        _ = try await world.client.call(.post, APIPath("restapis", api, "models"), body: model)
        let put = try #require(try world.provider.steps(for: changes).first { $0.operation == "PutRestApi" })
        await #expect {
            try await world.perform(put)
        } throws: {
            ($0 as? ProviderFailure)?.effect == .unknown
        }
    }
}
