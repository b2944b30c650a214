import Applying
import Diagnostics
import GitSource
import JSON
import Manifests
import Planning
import Resources
import Testing

@testable import Reconciling

@Suite("A manifest gets another name")
struct RenameTests {
    private static let old = Address(.restAPI, "pets")
    private static let new = Address(.restAPI, "cats")

    private static func renamed(_ line: String = "{ name: cats, previousName: pets }", tier: String = "gold")
        -> [String: String?]
    {
        ["apis/pets.yaml": Manifests.api(tier: tier).replacing("{ name: pets }", with: line)]
    }

    private func addresses(_ house: House) async throws -> [String] {
        try await house.stores.objects(environment: "dev").map(\.address.description)
    }

    /// A plan of the head.
    private func plan(_ house: House, _ pipeline: Pipeline) async throws -> PreparedPlan {
        let git = try house.repository.open()
        let tree = CommitTree(git, at: try await git.resolve("main"))
        let result = try await pipeline.load(tree, environment: "dev")
        return try await pipeline.plan(try #require(result.graph, "\(result.diagnostics.map(\.message))"))
    }

    @Test("the object keeps its id, what is inside follows, and the line may stay")
    func keeps() async throws {
        let house = try House(Manifests.all())
        let reconciler = try house.reconciler()
        _ = await reconciler.tick()
        let before = try await house.stores.objects(environment: "dev")
        let id = try #require(before.first { $0.address == Self.old }).identity.physicalID
        try house.repository.commit(Self.renamed())
        await house.world.forgetCalls()
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready, "\(String(describing: reconciler.status.problem))")
        let after = try await house.stores.objects(environment: "dev")
        #expect(after.count == before.count && after.allSatisfy { $0.address.root == "cats" })
        #expect(after.first { $0.address == Self.new }?.identity.physicalID == id)
        // The name on the target is the manifest's: one call, and nothing is made or deleted.
        #expect(await house.world.calls.filter { $0 != "observe" } == ["update RestApi/cats"])
        try house.repository.commit(Self.renamed(tier: "tin"))
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
        #expect(try await plan(house, house.pipeline()).plan.isEmpty)
    }

    @Test("a commit that takes the rename back gives the old name to the same object")
    func revert() async throws {
        let house = try House(Manifests.all())
        let reconciler = try house.reconciler()
        _ = await reconciler.tick()
        let before = try await house.stores.objects(environment: "dev")
        try house.repository.commit(Self.renamed())
        _ = await reconciler.tick()
        try house.repository.commit(["apis/pets.yaml": Manifests.api()])
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
        let after = try await house.stores.objects(environment: "dev")
        #expect(after.map(\.address) == before.map(\.address))
        #expect(after.map(\.document) == before.map(\.document))
        let own = after.filter { $0.address.kind != .deployment }.map(\.identity)
        #expect(own == before.filter { $0.address.kind != .deployment }.map(\.identity))
    }

    @Test("a rename that fails is rolled back to the old address, its document and its id")
    func rolledBack() async throws {
        let house = try House(Manifests.all())
        let reconciler = try house.reconciler()
        _ = await reconciler.tick()
        let before = try await house.stores.objects(environment: "dev")
        await house.world.refuse(Address(.stage, in: "cats", "test"), House.refusal)
        try house.repository.commit(Self.renamed(tier: "tin"))
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .refused)
        #expect(try await house.stores.objects(environment: "dev") == before)
        #expect(await house.stores.history.last?.outcome == .refused)
        await house.world.refuse(Address(.stage, in: "cats", "test"), nil)
        try house.repository.commit(["README.md": "again", "apis/pets.yaml": Manifests.api()])
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
        #expect(try await plan(house, house.pipeline()).plan.isEmpty)
    }

    @Test("a kill at any write leaves the old names or the new ones, never some of each", arguments: 1...14)
    func killed(_ append: Int) async throws {
        let house = try House(Manifests.all())
        _ = await (try house.reconciler()).tick()
        let before = try await house.stores.objects(environment: "dev")
        try house.repository.commit(Self.renamed(tier: "tin"))
        let pipeline = house.pipeline()
        let prepared = try await plan(house, pipeline)
        await house.stores.die(atAppend: append)
        _ = try? await pipeline.apply(
            prepared, commit: CommitFacts(id: try house.repository.git("rev-parse", "HEAD")))
        await house.stores.die(atAppend: nil)
        _ = try await pipeline.recover(environment: "dev")
        let after = try await house.stores.objects(environment: "dev")
        #expect(Set(after.map(\.address.root)).count == 1)
        if after.first?.address.root == "pets" { #expect(after == before) }
        #expect(after.map(\.identity.physicalID).sorted().count == before.count)
        // Whatever it was, the next start ends at the commit.
        _ = await (try house.reconciler()).tick()
        #expect(try await addresses(house).allSatisfy { $0.contains("cats") })
        #expect(try await plan(house, pipeline).plan.isEmpty)
    }

    @Test("a rename without any other change makes no call that writes")
    func quiet() async throws {
        let house = try House(Manifests.all())
        let named = Manifests.api().replacing("spec:\n", with: "spec:\n  name: pets\n")
        try house.repository.commit(["apis/pets.yaml": named])
        let reconciler = try house.reconciler()
        _ = await reconciler.tick()
        try house.repository.commit([
            "apis/pets.yaml": named.replacing("{ name: pets }", with: "{ name: cats, previousName: pets }")
        ])
        await house.world.forgetCalls()
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
        #expect(await house.world.calls == ["observe"])
        #expect(try await addresses(house).allSatisfy { $0.contains("cats") })
        #expect(await house.stores.history.last?.outcome == .applied)
    }

    @Test("with the state lost the marker under the former name finds the object")
    func lost() async throws {
        let house = try House(Manifests.all())
        _ = await (try house.reconciler()).tick()
        let objects = try await house.stores.objects(environment: "dev")
        let id = try #require(objects.first { $0.address == Self.old }).identity.physicalID
        await house.world.own([
            OwnedObject(physicalID: id, name: "pets", marker: .of(environment: "dev", Self.old, commits: []))
        ])
        await house.stores.lose("dev")
        try house.repository.commit(Self.renamed())
        let prepared = try await plan(house, house.pipeline())
        #expect(!prepared.plan.changes.contains { $0.action == .create || $0.action == .delete })
    }

    @Test("the digest of the diff is that of the plan, also where the rename is taken back")
    func law() async throws {
        let house = try House(Manifests.all())
        let reconciler = try house.reconciler()
        _ = await reconciler.tick()
        let pipeline = house.pipeline()
        let steps = [Self.renamed(), ["apis/pets.yaml": Manifests.api()], Self.renamed(tier: "tin")]
        for files in steps {
            let git = try house.repository.open()
            let base = CommitTree(git, at: try await git.resolve("main"))
            try house.repository.commit(files)
            let head = CommitTree(git, at: try await git.resolve("main"))
            let outcome = try await Differ(loader: pipeline.loader).compare(base: base, result: head)
            guard case .sections(let sections) = outcome, let shown = sections.first?.plan else {
                Issue.record("\(outcome)")
                return
            }
            let planned = try await plan(house, pipeline).plan
            #expect(shown.digest == planned.digest && !shown.isEmpty)
            let remade: [Change.Action] = [.delete, .create]
            #expect(!planned.changes.contains { $0.address.kind == .restAPI && remade.contains($0.action) })
            _ = await reconciler.tick()
            #expect(reconciler.status.state == .ready)
        }
    }
}
