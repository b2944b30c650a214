import Applying
import Diagnostics
import GitSource
import JSON
import Manifests
import Planning
import Resources
import Testing

@testable import Reconciling

@Suite("A manifest takes over an object of the target")
struct AdoptionTests {
    private static let api = Address(.restAPI, "pets")
    private static let route = Address(.method, in: "pets", "GET /by-hand")

    private static func adopting(_ id: String) -> [String: String?] {
        ["apis/pets.yaml": Manifests.api().replacing("{ name: pets }", with: "{ name: pets, adopt: \(id) }")]
    }

    /// A repository whose manifest adopts what somebody made on the target.
    private func house() async throws -> (house: House, id: String) {
        let house = try House(Manifests.all())
        await house.world.change(Self.api, ["name": "by hand"])
        await house.world.change(Self.route, ["authorizationType": "NONE"])
        let made = try await house.world.observe(Observation(addresses: [Self.api]))
        let id = try #require(made[Self.api]?.identity.physicalID)
        await house.world.forgetCalls()
        try house.repository.commit(Self.adopting(id))
        return (house, id)
    }

    private func plan(_ house: House, _ pipeline: Pipeline) async throws -> PreparedPlan {
        let git = try house.repository.open()
        let result = try await pipeline.load(
            CommitTree(git, at: try await git.resolve("main")), environment: "dev")
        return try await pipeline.plan(try #require(result.graph, "\(result.diagnostics.map(\.message))"))
    }

    @Test("it is read first, the plan shows what changes, and afterwards the line does nothing")
    func adopted() async throws {
        let (house, id) = try await house()
        let pipeline = house.pipeline()
        let prepared = try await plan(house, pipeline)
        let lines = prepared.plan.changes.map { "\($0.action) \($0.address)" }
        #expect(lines.first == "adopt RestApi/pets" && lines.contains("update RestApi/pets"))
        #expect(lines.contains("delete Method/pets GET /by-hand") && !lines.contains("create RestApi/pets"))
        #expect(try await house.stores.objects(environment: "dev").isEmpty)
        _ = try await pipeline.apply(prepared, commit: CommitFacts(id: ""), consent: prepared.plan.digest)
        let recorded = try await house.stores.objects(environment: "dev")
        #expect(recorded.first { $0.address == Self.api }?.identity.physicalID == id)
        #expect(await house.world.document(Self.route) == nil)
        #expect(try await plan(house, pipeline).plan.isEmpty)
    }

    @Test("one that fails leaves nothing recorded and the object as it was")
    func rolledBack() async throws {
        let (house, _) = try await house()
        let pipeline = house.pipeline()
        let before = await house.world.objects
        await house.world.refuse(House.stage, House.refusal)
        let prepared = try await plan(house, pipeline)
        let result = try await pipeline.apply(prepared, commit: CommitFacts(id: ""), consent: prepared.plan.digest)
        guard case .ended(.rolledBack(let report), _) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(report.proof?.isEqual == true)
        #expect(try await house.stores.objects(environment: "dev").isEmpty)
        #expect(await house.world.objects.mapValues(\.document) == before.mapValues(\.document))
    }

    @Test("a kill at any write leaves it adopted, or as it was and nobody's", arguments: 1...12)
    func killed(_ append: Int) async throws {
        let (house, id) = try await house()
        let pipeline = house.pipeline()
        let prepared = try await plan(house, pipeline)
        await house.stores.die(atAppend: append)
        _ = try? await pipeline.apply(prepared, commit: CommitFacts(id: ""), consent: prepared.plan.digest)
        await house.stores.die(atAppend: nil)
        _ = try await pipeline.recover(environment: "dev")
        let recorded = try await house.stores.objects(environment: "dev")
        if let api = recorded.first(where: { $0.address == Self.api }) {
            #expect(api.identity.physicalID == id)
            #expect(await house.world.document(Self.route) == nil)
        } else {
            #expect(recorded.isEmpty)
            #expect(await house.world.document(Self.api) == ["name": "by hand"])
            #expect(await house.world.document(Self.route) != nil)
        }
    }

    @Test("an object that changes after it was read is not taken over as it was shown")
    func stale() async throws {
        let (house, _) = try await house()
        let pipeline = house.pipeline()
        let prepared = try await plan(house, pipeline)
        await house.world.change(Self.api, ["name": "by somebody else"])
        let result = try await pipeline.apply(prepared, commit: CommitFacts(id: ""), consent: prepared.plan.digest)
        guard case .ended(.stale, _) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(try await house.stores.objects(environment: "dev").isEmpty)
    }

    private func expectRefusal(_ house: House, _ text: String, _ location: SourceLocation = #_sourceLocation) async {
        let failure = await #expect(throws: ReconcilingFailure.self, sourceLocation: location) {
            _ = try await plan(house, house.pipeline())
        }
        #expect(failure?.code == .cannotAdopt, sourceLocation: location)
        #expect(failure?.message.contains(text) == true, "\(failure?.message ?? "")", sourceLocation: location)
        #expect(failure?.message.contains("apis/pets.yaml:3:") == true, sourceLocation: location)
    }

    @Test("what is not there is refused")
    func absent() async throws {
        let house = try House(Manifests.all())
        try house.repository.commit(Self.adopting("nowhere"))
        await expectRefusal(house, "the target has no such object")
        let reconciler = try house.reconciler()
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .refused)
        #expect(await house.world.objects.isEmpty)
    }

    @Test("what belongs to another environment, or to another manifest, is refused")
    func others() async throws {
        let (house, id) = try await house()
        await house.world.own([
            OwnedObject(physicalID: id, name: "pets", marker: .of(environment: "prod", Self.api, commits: []))
        ])
        await expectRefusal(house, "`RestApi/pets` of the environment `prod`")
        await house.world.own([
            OwnedObject(
                physicalID: id, name: "pets", marker: .of(environment: "dev", Address(.restAPI, "shop"), commits: []))
        ])
        await expectRefusal(house, "`RestApi/shop` of the environment `dev`")
        await house.world.own([
            OwnedObject(physicalID: id, name: "pets", marker: .of(environment: "dev", Self.api, commits: []))
        ])
        #expect(try await plan(house, house.pipeline()).plan.changes.first?.action == .adopt)
    }

    @Test("a manifest that has its object already adopts no other one")
    func recorded() async throws {
        let house = try House(Manifests.all())
        _ = await (try house.reconciler()).tick()
        let objects = try await house.stores.objects(environment: "dev")
        let own = try #require(objects.first { $0.address == Self.api }).identity.physicalID
        try house.repository.commit(Self.adopting("another"))
        await expectRefusal(house, "it is recorded as `\(own)`")
        try house.repository.commit(Self.adopting(own))
        #expect(try await plan(house, house.pipeline()).plan.isEmpty)
        let shop = Manifests.api().replacing("{ name: pets }", with: "{ name: shop, adopt: \(own) }")
        try house.repository.commit(["apis/pets.yaml": shop])
        await expectRefusal(house, "that is recorded as `RestApi/pets`")
    }
}
