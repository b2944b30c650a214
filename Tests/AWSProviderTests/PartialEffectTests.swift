import HTTPTypes
import JSON
import Planning
import Resources
import Synchronization
import Testing

@testable import AWSProvider

/// A step that needs two calls, of which the second fails: what the first one did must not be forgotten.
@Suite struct PartialEffectTests {
    static let stage = Address(.stage, in: "shop", "test")
    static let settings: JSONValue = ["*/*": ["throttlingRateLimit": 100]]

    /// The engine with an API, a deployment and no stage.
    static func world(
        _ fault: @escaping @Sendable (HTTPRequest) -> HTTPResponse.Status?
    ) async throws -> (world: EngineWorld, steps: [Step]) {
        let graph = try #require(
            EngineRoundTripTests.graph(Array(EngineRoundTripTests.petstore("gold", "dog").utf8), name: "a.yaml"))
        var world = try await EngineWorld.make(fault: fault)
        let steps = try world.provider.steps(for: Planner.plan(desired: graph, recorded: []).changes)
        for step in steps where step.operation != "CreateStage" { try await world.perform(step) }
        return (world, steps)
    }

    @Test(
        "a stage whose settings are refused, and that cannot be removed again, counts as there",
        arguments: [HTTPResponse.Status.tooManyRequests, .badRequest, .forbidden])
    func halfStage(_ status: HTTPResponse.Status) async throws {
        var (world, steps) = try await Self.world { request in
            guard request.path?.hasSuffix("/stages/test") == true else { return nil }
            return request.method == .patch ? .badRequest : request.method == .delete ? status : nil
        }
        let create = try #require(steps.last { $0.operation == "CreateStage" })
        await #expect {
            try await world.perform(create)
        } throws: {
            ($0 as? ProviderFailure)?.effect == .unknown
        }
        #expect(try await world.observed("shop")[Self.stage] != nil)
    }

    @Test("a stage whose settings are refused is removed again, and the step had no effect")
    func noStage() async throws {
        var (world, steps) = try await Self.world { request in
            request.path?.hasSuffix("/stages/test") == true && request.method == .patch ? .badRequest : nil
        }
        let create = try #require(steps.last { $0.operation == "CreateStage" })
        await #expect {
            try await world.perform(create)
        } throws: {
            ($0 as? ProviderFailure)?.effect == ProviderFailure.Effect.none
        }
        #expect(try await world.observed("shop")[Self.stage] == nil)
    }

    @Test(
        "tags of which some were set and others could not be removed count as changed, and are put back",
        arguments: [HTTPResponse.Status.forbidden, .tooManyRequests, .conflict, .internalServerError])
    func halfTags(_ status: HTTPResponse.Status) async throws {
        var (world, old, change) = try await Self.tagged { request in
            request.method == .delete && request.path?.contains("tagKeys=old") == true ? status : nil
        }
        await #expect {
            try await world.perform(change)
        } throws: {
            ($0 as? ProviderFailure)?.effect == .unknown
        }
        #expect(try await world.observed("shop")[Self.api]?.object?["tags"] == ["new": "1", "old": "1"])
        try await world.undo(change)
        #expect(try await world.observed("shop")[Self.api] == old)
    }

    @Test("tags whose removal is throttled only for a while are set in one step")
    func throttledTags() async throws {
        let refusals = Mutex(2)
        var (world, _, change) = try await Self.tagged { request in
            guard request.method == .delete, request.path?.contains("tagKeys=old") == true else { return nil }
            return refusals.withLock { left in
                left -= 1
                return left >= 0 ? .tooManyRequests : nil
            }
        }
        try await world.perform(change)
        #expect(try await world.observed("shop")[Self.api] == change.effects[0].after)
    }

    private static let api = Address(.restAPI, "shop")

    /// An API with the tag `old`, and the step that gives it `new` instead.
    private static func tagged(
        _ fault: @escaping @Sendable (HTTPRequest) -> HTTPResponse.Status?
    ) async throws -> (world: EngineWorld, old: JSONValue, change: Step) {
        var (world, steps) = try await Self.world(fault)
        try await world.perform(try #require(steps.last))
        let before = try #require(try await world.observed("shop")[api])
        var old = try #require(before.object)
        old["tags"] = ["old": "1"]
        var new = old
        new["tags"] = ["new": "1"]
        try await world.perform(
            Step(
                number: 8, operation: "TagRestApi",
                effects: [Step.Effect(api, before: before, after: .object(old))], dependencies: [], isReversible: true)
        )
        let change = Step(
            number: 9, operation: "TagRestApi",
            effects: [Step.Effect(api, before: .object(old), after: .object(new))], dependencies: [],
            isReversible: true)
        return (world, .object(old), change)
    }

    @Test("a level of logging that is taken out again is gone, also for a method of its own")
    func loggingLevel() async throws {
        var (world, steps) = try await Self.world { _ in nil }
        try await world.perform(try #require(steps.last))
        let before = try #require(try await world.observed("shop")[Self.stage])
        var noisy = try #require(before.object)
        noisy["methodSettings"] = [
            "*/*": ["throttlingRateLimit": 100, "loggingLevel": "INFO"], "pets/GET": ["metricsEnabled": true],
        ]
        let step = Step(
            number: 9, operation: "UpdateStage",
            effects: [Step.Effect(Self.stage, before: before, after: .object(noisy))], dependencies: [],
            isReversible: true)
        try await world.perform(step)
        #expect(try await world.observed("shop")[Self.stage] == .object(noisy))
        try await world.undo(step)
        #expect(try await world.observed("shop")[Self.stage] == before)
    }
}
