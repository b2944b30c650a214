import Applying
import Diagnostics
import GitSource
import JSON
import Manifests
import Planning
import Resources
import Synchronization
import Testing

@testable import Reconciling

@Suite("From a tree to an applied commit")
struct PipelineTests {
    private func graph(_ house: House, _ environment: String? = nil) async throws -> DesiredGraph {
        let repository = try house.repository.open()
        let tree = CommitTree(repository, at: try await repository.resolve("main"))
        return try #require(try await house.pipeline().load(tree, environment: environment).graph)
    }

    @Test("planning writes nothing, and the target is read only where nothing is recorded")
    func planning() async throws {
        let house = try House()
        let graph = try await graph(house)
        let first = try await house.pipeline().plan(graph)
        #expect(first.plan.changes.allSatisfy { $0.action == .create })
        #expect(await house.world.calls == ["observe"])
        #expect(try await house.stores.objects(environment: "dev").isEmpty)
        #expect(house.made.withLock(\.self) == [["target": ["engine": [:]], "environment": "dev"]])
        let result = try await house.pipeline().apply(first, commit: CommitFacts(id: String(repeating: "a", count: 40)))
        guard case .ended(.done, let revision) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(revision.number == 1)
        await house.world.forgetCalls()
        #expect(try await house.pipeline().plan(graph).plan.isEmpty)
        #expect(await house.world.calls.isEmpty)
        #expect(try await house.pipeline().plan(graph, observing: .everything).plan.isEmpty)
        #expect(await house.world.calls == ["observe"])
    }

    @Test("a refresh plans the way back from drift, and its recording ends it")
    func refresh() async throws {
        let house = try House()
        let graph = try await graph(house)
        let pipeline = house.pipeline()
        let commit = CommitFacts(id: String(repeating: "a", count: 40))
        _ = try await pipeline.apply(try await pipeline.plan(graph), commit: commit)
        await house.world.change(House.method, ["authorizationType": "AWS_IAM"])
        #expect(try await pipeline.plan(graph).plan.isEmpty)
        let drift = try await house.sweep(pipeline)
        #expect(drift.report.lines.map(\.address) == [House.method])
        let plan = try await pipeline.plan(graph, observing: .everything)
        #expect(plan.plan.changes.map(\.address) == [House.method])
        guard case .ended(.done, _) = try await pipeline.apply(plan, commit: commit) else {
            Issue.record("not done")
            return
        }
        #expect(try await house.sweep(pipeline).report.isEmpty)
    }

    @Test("a target other than the one that the recorded state is about is refused, read or not")
    func targetChanged() async throws {
        let house = try House()
        var graph = try await graph(house)
        let pipeline = house.pipeline()
        let commit = CommitFacts(id: String(repeating: "a", count: 40))
        _ = try await pipeline.apply(try await pipeline.plan(graph), commit: commit)
        graph.target = ["engine": ["endpoint": "http://elsewhere"]]
        for scope in [ObservationScope.whenNeeded, .everything] {
            let failure = await #expect(throws: ReconcilingFailure.self) {
                try await pipeline.plan(graph, observing: scope)
            }
            #expect(failure?.code == .targetChanged)
        }
    }

    @Test("what the last apply left in doubt is read first")
    func doubts() async throws {
        let house = try House()
        let graph = try await graph(house)
        let pipeline = house.pipeline()
        let commit = CommitFacts(id: String(repeating: "a", count: 40))
        _ = try await pipeline.apply(try await pipeline.plan(graph), commit: commit)
        await house.world.change(House.stage, nil)
        await house.stores.doubt(House.stage, "dev")
        let plan = try await pipeline.plan(graph)
        #expect(plan.plan.changes.map(\.action) == [.create])
        _ = try await pipeline.apply(plan, commit: commit)
        #expect(await house.stores.doubts(environment: "dev").isEmpty)
        #expect(await house.world.document(House.stage) != nil)
    }

    @Test("without the consent that it needs a plan is not applied")
    func consent() async throws {
        let house = try House()
        let graph = try await graph(house)
        let commit = CommitFacts(id: String(repeating: "a", count: 40))
        _ = try await house.pipeline().apply(try await house.pipeline().plan(graph), commit: commit)
        let empty = DesiredGraph(environment: "dev", target: graph.target, apply: graph.apply, resources: [])
        let prepared = try await house.pipeline().plan(empty)
        await house.world.forgetCalls()
        for consent in [nil, "sha256:other"] {
            let failure = await #expect(throws: ReconcilingFailure.self) {
                try await house.pipeline().apply(prepared, commit: commit, consent: consent)
            }
            #expect(failure?.code == .consentNeeded)
        }
        #expect(await house.world.calls.isEmpty)
        _ = try await house.pipeline().apply(prepared, commit: commit, consent: prepared.plan.digest)
        #expect(await house.world.objects.isEmpty)
    }

    @Test("the controller's guards hold whatever the commit says, and the stricter wins")
    func guards() async throws {
        let house = try House(Manifests.all(apply: "{ maxDeletes: 5, protect: [\"Method/*\"] }"))
        let graph = try await graph(house)
        let strict = ControllerGuards(maxDeletes: 2, protect: ["Stage/*", "Method/*"])
        let plan = try await house.pipeline(guards: strict).plan(graph).plan
        #expect(plan.settings.maxDeletes == 2)
        #expect(plan.settings.protect == ["Method/*", "Stage/*"])
        let loose = try await house.pipeline(guards: ControllerGuards(maxDeletes: 50)).plan(graph).plan
        #expect(loose.settings.maxDeletes == 5)
        #expect(loose.digest == plan.digest)
    }

    @Test("a history that cannot be written is said, and what was applied stays")
    func history() async throws {
        let house = try House()
        let graph = try await graph(house)
        await house.stores.failHistory([RevisionFailure(.unwritable, "full")])
        let prepared = try await house.pipeline().plan(graph)
        let failure = await #expect(throws: ReconcilingFailure.self) {
            try await house.pipeline().apply(prepared, commit: CommitFacts(id: String(repeating: "a", count: 40)))
        }
        #expect(failure?.code == .historyUnwritable)
        #expect(try await house.pipeline().plan(graph).plan.isEmpty)
    }

    @Test("somebody else who is applying is named, and nothing is written")
    func lease() async throws {
        let house = try House()
        let graph = try await graph(house)
        let prepared = try await house.pipeline().plan(graph)
        _ = try await house.stores.acquire(environment: "dev", holder: "another", ttl: .seconds(60))
        let result = try await house.pipeline().apply(
            prepared, commit: CommitFacts(id: String(repeating: "a", count: 40)))
        guard case .ended(.leaseHeld(let failure), let revision) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(failure.holder == "another")
        #expect(revision.number == 0)
        #expect(await house.stores.history.isEmpty)
        #expect(await house.world.objects.isEmpty)
    }
}
