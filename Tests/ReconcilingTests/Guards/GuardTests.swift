import Applying
import Diagnostics
import JSON
import Planning
import Resources
import Testing

@testable import Reconciling

@Suite("Guards that do not trust the tree")
struct GuardTests {
    private func environment(_ apply: String) -> [String: String?] {
        ["gatewright.yaml": Manifests.environments(apply: apply)]
    }

    @Test(
        "a commit that loosens a guard is held until somebody agrees, and then it is the guard",
        arguments: [
            ("{ maxDeletes: 5 }", "{ maxDeletes: 6 }"), ("{ protect: [\"Stage/*\"] }", "{}"),
            ("{ protect: [\"Stage/*\"] }", "{ protect: [\"Stage/pets test\"] }"),
        ])
    func loosened(_ strict: String, _ loose: String) async throws {
        let house = try House(Manifests.all(apply: strict))
        let reconciler = try house.reconciler()
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
        try house.repository.commit(environment(loose))
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .held)
        #expect(reconciler.status.diagnostics.contains { $0.code == "planning.guard-loosened" })
        let digest = try #require(reconciler.status.pendingDigest)
        await house.stores.setApproval(
            Approval(environment: "dev", digest: digest, author: "ann", time: house.now), environment: "dev")
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
        #expect(await house.stores.approval(environment: "dev") == nil)
        // From here on it is what a commit is held against.
        try house.repository.commit(["apis/pets.yaml": Manifests.api(tier: "tin")])
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
    }

    @Test(
        "a commit that makes a guard stricter needs nobody",
        arguments: [
            ("{ maxDeletes: 5 }", "{ maxDeletes: 4 }"), ("{}", "{ protect: [\"Stage/*\"] }"),
            ("{ protect: [\"Stage/pets test\"] }", "{ protect: [\"Stage/*\"] }"),
        ])
    func stricter(_ loose: String, _ strict: String) async throws {
        let house = try House(Manifests.all(apply: loose))
        let reconciler = try house.reconciler()
        _ = await reconciler.tick()
        try house.repository.commit(environment(strict))
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
    }

    @Test("a commit cannot take protection away and the object in one step")
    func both() async throws {
        let house = try House(
            Manifests.all(apply: "{ protect: [\"Stage/*\"] }").merging(
                ["apis/pets.yaml": Manifests.api(stages: ["test", "live"])]) { _, new in new })
        let reconciler = try house.reconciler()
        _ = await reconciler.tick()
        try house.repository.commit(environment("{}").merging(["apis/pets.yaml": Manifests.api()]) { _, new in new })
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .held)
        let live = Address(.stage, in: "pets", "live")
        #expect(reconciler.status.needsConsent.contains(.protected(live, pattern: "Stage/*")))
        #expect(
            reconciler.status.needsConsent.contains(
                .loosened(field: "spec.apply.protect", before: "Stage/*", after: "nothing")))
        #expect(await house.world.document(live) != nil)
    }

    @Test("the controller's own rules hold whatever the commit says")
    func controller() async throws {
        let house = try House(Manifests.all())
        let own = ControllerGuards.Environment(maxDeletes: 0, protect: ["Method/*"], needsApproval: true)
        let guards = ControllerGuards(maxDeletes: 9, environments: ["dev": own])
        let reconciler = try house.reconciler(guards: guards)
        _ = await reconciler.tick()
        #expect(reconciler.status.needsConsent == [.approval])
        await reconciler.consent(to: try #require(reconciler.status.pendingDigest))
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
        try house.repository.commit(["apis/pets.openapi.yaml": Manifests.definition(["/more"])])
        _ = await reconciler.tick()
        let reasons = reconciler.status.needsConsent
        #expect(reasons.contains { if case .tooManyDeletes(_, limit: 0) = $0 { true } else { false } })
        #expect(reasons.contains { if case .protected(House.method, pattern: "Method/*") = $0 { true } else { false } })
        #expect(reasons.contains(.approval))
    }

    @Test("an environment goes to no other target than the controller names")
    func target() async throws {
        let house = try House(Manifests.all())
        let own = ControllerGuards.Environment(target: ["engine": ["endpoint": "http://127.0.0.1:1"]])
        let reconciler = try house.reconciler(guards: ControllerGuards(environments: ["dev": own]))
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .refused)
        #expect(reconciler.status.problem?.code == "reconciling.target-forbidden")
        #expect(await house.world.calls.isEmpty)
    }

    @Test("an approval of another plan is none")
    func otherApproval() async throws {
        let house = try House(Manifests.all())
        let own = ControllerGuards.Environment(needsApproval: true)
        let reconciler = try house.reconciler(guards: ControllerGuards(environments: ["dev": own]))
        await house.stores.setApproval(
            Approval(environment: "dev", digest: "sha256:0", author: "ann", time: house.now), environment: "dev")
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .held)
        #expect(await house.world.objects.isEmpty)
    }

    @Test("what is destroyed is everything that is recorded, after a consent; nothing recorded is nothing to do")
    func destruction() async throws {
        let house = try House(Manifests.all())
        let pipeline = house.pipeline()
        #expect(try await pipeline.planDestruction(of: "dev") == nil)
        let reconciler = try house.reconciler()
        _ = await reconciler.tick()
        let prepared = try #require(try await pipeline.planDestruction(of: "dev"))
        #expect(prepared.plan.changes.allSatisfy { $0.action == .delete })
        #expect(!prepared.plan.needsConsent.isEmpty)
        let refused = await #expect(throws: ReconcilingFailure.self) {
            try await pipeline.apply(prepared, commit: CommitFacts(id: ""))
        }
        #expect(refused?.code == .consentNeeded)
        let result = try await pipeline.apply(
            prepared, commit: CommitFacts(id: ""), consent: prepared.plan.digest)
        guard case .ended(.done, _) = result else {
            Issue.record("it was not done")
            return
        }
        #expect(await house.world.objects.isEmpty)
        #expect(try await house.stores.objects(environment: "dev").isEmpty)
    }
}
