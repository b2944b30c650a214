import HTTPTypes
import JSON
import Planning
import Resources
import Testing

@testable import AWSProvider

/// Variables of functions whose text is somewhere else, on the real engine.
@Suite("Secrets of functions")
struct VariableSecretTests {
    private static let place = SecretPlace.environment("TOKEN")
    private static let spec: JSONObject = ["environment": ["TOKEN": place.document, "PLAIN": "text"]]

    private func with(
        fault: @escaping @Sendable (HTTPRequest) -> HTTPResponse.Status? = { _ in nil },
        _ body: (inout FunctionWorld, FakeSecrets) async throws -> Void
    ) async throws {
        let secrets = FakeSecrets([Self.place: "first-secret"])
        try await FunctionWorld.with(secrets: secrets, fault: fault) { try await body(&$0, secrets) }
    }

    private func token(_ world: FunctionWorld, version: String? = nil) async throws -> String? {
        var path = FunctionHandler.path("hello", "configuration")
        if let version { path.query = [("Qualifier", version)] }
        return try await world.lambda.read(path)?["Environment"]?["Variables"]?["TOKEN"]?.string
    }

    private func rotated(_ world: FunctionWorld, _ resources: [DesiredResource]) -> Plan {
        let fields = [FunctionWorld.function: "environment.TOKEN", FunctionWorld.alias: "content.environment.TOKEN"]
        return Planner.plan(
            desired: IdentityWorld.graph(resources), recorded: world.world.recorded,
            rotated: fields.map { SecretRotation($0.key, field: $0.value) })
    }

    @Test("the target has the text, documents have the reference, and nothing is left to do")
    func made() async throws {
        try await with { world, _ in
            let resources = world.resources("1", Self.spec)
            _ = try await world.apply(resources)
            #expect(try await token(world) == "first-secret")
            #expect(try await world.world.plan(resources, refresh: true).isEmpty)
            let identities = world.world.identities
            #expect(identities[FunctionWorld.function]?.fingerprint(of: "environment.TOKEN") == "terces-tsrif")
            #expect(identities[FunctionWorld.alias]?.fingerprint(of: "content.environment.TOKEN") == "terces-tsrif")
            #expect(resources.allSatisfy { !$0.document.text(.compact).contains("first-secret") })
            for object in try await world.world.observed(resources.map(\.address)).values {
                #expect(!object.document.text(.compact).contains("first-secret"))
            }
        }
    }

    @Test("a rotated secret is a change in place, and a version of its own")
    func rotation() async throws {
        try await with { world, secrets in
            let resources = world.resources("1", Self.spec)
            _ = try await world.apply(resources)
            secrets.set(Self.place, "second-secret")
            let plan = rotated(world, resources)
            #expect(plan.changes.map(\.action) == [.update, .update])
            #expect(plan.changes.map(\.address) == [FunctionWorld.function, FunctionWorld.alias])
            #expect(plan.changes.first?.reason == "the secret of `environment.TOKEN` was rotated")
            let steps = try await world.world.engine.perform(plan.changes)
            #expect(steps.map(\.operation) == ["UpdateFunctionConfiguration", "AwaitFunction", "UpdateAlias"])
            #expect(try await token(world) == "second-secret")
            #expect(try await world.version() == "2")
            let known = world.world.identities[FunctionWorld.alias]?.fingerprint(of: "content.environment.TOKEN")
            #expect(known == "terces-dnoces")
            #expect(try await world.world.plan(resources, refresh: true).isEmpty)
        }
    }

    @Test("new code and a new secret go together, and both go back to the version of before")
    func takenBack() async throws {
        try await with { world, secrets in
            let before = world.resources("1", Self.spec)
            _ = try await world.apply(before)
            secrets.set(Self.place, "second-secret")
            let operations = try await world.apply(world.resources("2", Self.spec))
            #expect(operations.contains("UpdateFunctionConfiguration"), "\(operations)")
            #expect(try await token(world, version: "2") == "second-secret")
            try await world.world.undo()
            #expect(try await world.version() == "1")
            #expect(try await token(world, version: "1") == "first-secret")
            // What the secret is now, since nobody kept the old one: the next plan knows.
            #expect(try await token(world) == "second-secret")
            let known = world.world.identities
            #expect(known[FunctionWorld.function]?.fingerprint(of: "environment.TOKEN") == "terces-dnoces")
            #expect(known[FunctionWorld.alias]?.fingerprint(of: "content.environment.TOKEN") == "terces-tsrif")
        }
    }

    @Test("a text that somebody changed there is drift, and is not shown")
    func drift() async throws {
        try await with { world, _ in
            let resources = world.resources("1", Self.spec, aliases: [:])
            _ = try await world.apply(resources)
            let path = FunctionHandler.path("hello", "configuration")
            _ = try await world.lambda.call(
                .put, path, body: ["Environment": ["Variables": ["TOKEN": "other-secret", "PLAIN": "text"]]])
            let plan = try await world.world.plan(resources, refresh: true)
            let change = try #require(plan.changes.first)
            #expect(change.before?["environment"]?["TOKEN"] == SecretSight.other.document)
            #expect(!"\(plan)".contains("other-secret"))
            _ = try await world.apply(resources, refresh: true)
            #expect(try await token(world) == "first-secret")
        }
    }

    @Test("a text that nothing is recorded of is set again, and is not shown")
    func unknown() async throws {
        try await with { world, _ in
            let resources = world.resources("1", Self.spec, aliases: [:])
            _ = try await world.apply(resources)
            world.world.forgetFingerprints()
            let plan = try await world.world.plan(resources, refresh: true)
            #expect(plan.changes.first?.before?["environment"]?["TOKEN"] == SecretSight.unknown.document)
            #expect(!"\(plan)".contains("first-secret"))
            _ = try await world.apply(resources, refresh: true)
            #expect(try await world.world.plan(resources, refresh: true).isEmpty)
        }
    }

    @Test("a secret that becomes a plain text, and one that goes, are changes that show none")
    func removed() async throws {
        try await with { world, _ in
            _ = try await world.apply(world.resources("1", Self.spec))
            let plain = world.resources("1", ["environment": ["TOKEN": "open"]])
            let plan = try await world.world.plan(plain, refresh: true)
            #expect(!plan.isEmpty && !"\(plan)".contains("first-secret"))
            _ = try await world.apply(plain, refresh: true)
            #expect(world.world.identities[FunctionWorld.function]?.fingerprint(of: "environment.TOKEN") == nil)
            #expect(try await world.world.plan(plain, refresh: true).isEmpty)
            #expect(try await token(world) == "open")
        }
    }

    @Test("a secret that cannot be read fails the step before anything is sent")
    func unreadable() async throws {
        try await with { world, secrets in
            _ = try await world.apply(world.resources("1", Self.spec))
            secrets.set(Self.place, nil)
            let changed = world.resources("1", ["environment": ["TOKEN": Self.place.document]])
            await #expect(throws: ProviderFailure.self) { _ = try await world.apply(changed) }
            #expect(try await token(world) == "first-secret")
        }
    }

    @Test("what the target says of a text is not repeated")
    func hidden() async throws {
        let secrets = FakeSecrets([Self.place: "first-secret"])
        try await FunctionWorld.with(secrets: secrets) { world in
            let spec: JSONObject = ["environment": ["TOKEN": Self.place.document, "BAD": "x"], "memorySize": 1]
            do {
                _ = try await world.apply(world.resources("1", spec))
                Issue.record("a memory of 1 MiB was taken")
            } catch let failure as ProviderFailure {
                #expect(!failure.message.contains("first-secret"), "\(failure)")
            }
        }
        let failure = ProviderFailure(.refused, "bad value `first-secret` in `x`", effect: .none)
        #expect(failure.hiding(["first-secret"]).message == "bad value `•••` in `x`")
    }
}
