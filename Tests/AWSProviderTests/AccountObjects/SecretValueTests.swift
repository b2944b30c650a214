import Diagnostics
import JSON
import Planning
import Resources
import Testing

@testable import AWSProvider

/// API keys whose value is somewhere else.
@Suite("Secrets of objects")
struct SecretValueTests {
    private static let place = SecretPlace.environment("PARTNER_KEY")
    private static let first = "first-secret-of-twenty-characters"
    private static let second = "second-secret-of-twenty-characters"
    private static let key = IdentityWorld.object(.apiKey, "partner", ["enabled": true, "value": place.document])
    private static let plan = IdentityWorld.object(.usagePlan, "gold", ["keys": ["${ApiKey/partner.id}"]])

    private func value(_ world: IdentityWorld) async throws -> String? {
        let id = try #require(world.identities[Self.key.address]?.physicalID)
        let path = APIPath("apikeys", id, query: [("includeValue", "true")])
        return try await world.engine.client.read(path)?["value"]?.string
    }

    private func rotations(_ world: IdentityWorld, _ secrets: FakeSecrets) throws -> [SecretRotation] {
        let known = world.identities[Self.key.address]?.fingerprint(of: "value")
        let now = try secrets.fingerprint(of: secrets.read(Self.place).revealed)
        return known == now ? [] : [SecretRotation(Self.key.address, field: "value")]
    }

    @Test("the key has the secret, its document the reference, and nothing is left to do")
    func made() async throws {
        let secrets = FakeSecrets([Self.place: Self.first])
        var world = IdentityWorld(engine: try await EngineWorld.make(secrets: secrets))
        try await world.apply([Self.key])
        #expect(try await value(world) == Self.first)
        #expect(try rotations(world, secrets).isEmpty)
        #expect(try await world.plan([Self.key], refresh: true).isEmpty)
        #expect(!Self.key.document.text(.compact).contains(Self.first))
    }

    @Test("a rotated secret is a key beside the old one, which its plan has before the old one goes")
    func rotated() async throws {
        let secrets = FakeSecrets([Self.place: Self.first])
        var world = IdentityWorld(engine: try await EngineWorld.make(secrets: secrets))
        try await world.apply([Self.key, Self.plan])
        let old = try #require(world.identities[Self.key.address]?.physicalID)
        secrets.set(Self.place, Self.second)
        let desired = IdentityWorld.graph([Self.key, Self.plan])
        #expect(Planner.plan(desired: desired, recorded: world.recorded).isEmpty)
        let plan = Planner.plan(
            desired: desired, recorded: world.recorded, rotated: try rotations(world, secrets))
        #expect(plan.changes.first?.action == .replace)
        #expect(plan.changes.first?.reason == "the secret of `value` was rotated: a new one is made beside it")
        let steps = try await world.engine.perform(plan.changes)
        #expect(steps.map(\.operation) == ["CreateApiKey", "CreateUsagePlanKey", "DeleteApiKey"])
        #expect(try await value(world) == Self.second)
        #expect(world.identities[Self.key.address]?.physicalID != old)
        #expect(try rotations(world, secrets).isEmpty)
        #expect(try await world.has([Self.key, Self.plan]))
    }

    @Test("a rotation that is taken back leaves the old key as it was")
    func takenBack() async throws {
        let secrets = FakeSecrets([Self.place: Self.first])
        var world = IdentityWorld(engine: try await EngineWorld.make(secrets: secrets))
        try await world.apply([Self.key, Self.plan])
        let old = world.identities[Self.key.address]
        secrets.set(Self.place, Self.second)
        let plan = Planner.plan(
            desired: IdentityWorld.graph([Self.key, Self.plan]), recorded: world.recorded,
            rotated: try rotations(world, secrets))
        let steps = try world.engine.provider.steps(for: plan.changes)
        for step in steps.dropLast() { try await world.engine.perform(step) }
        for step in steps.dropLast().reversed() { try await world.engine.undo(step) }
        #expect(world.identities[Self.key.address]?.physicalID == old?.physicalID)
        #expect(try await value(world) == Self.first)
        #expect(try await world.has([Self.key, Self.plan]))
    }

    @Test("a lost create of a rotated key is seen beside the old one")
    func lostRotation() async throws {
        let secrets = FakeSecrets([Self.place: Self.first])
        var world = IdentityWorld(engine: try await EngineWorld.make(secrets: secrets))
        try await world.apply([Self.key])
        secrets.set(Self.place, Self.second)
        let plan = Planner.plan(
            desired: IdentityWorld.graph([Self.key]), recorded: world.recorded,
            rotated: try rotations(world, secrets))
        let step = try #require(try world.engine.provider.steps(for: plan.changes).first)
        // The engine world gives each step's token by its number, which the first create had too.
        var context = world.engine.context(step)
        context.token = "another"
        func look() async throws -> [Address: ObservedObject] {
            var observation = Observation(
                addresses: step.effects.map(\.address), identities: context.identities)
            for effect in step.effects { observation.tokens[effect.address] = context.token }
            return try await world.engine.provider.observe(observation)
        }
        let before = try await look()
        #expect(before.count == 1)
        _ = try await world.engine.provider.perform(step, context)
        let after = try await look()
        #expect(after.count == 2)
        #expect(after[Self.key.address]?.identity.physicalID != before[Self.key.address]?.identity.physicalID)
    }

    @Test("a secret that is not there refuses the step, and one that the target repeats is hidden")
    func refused() async throws {
        let secrets = FakeSecrets([:])
        var world = IdentityWorld(engine: try await EngineWorld.make(secrets: secrets))
        let missing = await #expect(throws: ProviderFailure.self) { try await world.apply([Self.key]) }
        #expect(missing?.code == .secretMissing)
        secrets.set(Self.place, "short")
        let short = await #expect(throws: ProviderFailure.self) { try await world.apply([Self.key]) }
        #expect(short?.code == .refused)
        #expect(short?.message.contains("short") == false)
    }
}
