import GitSource
import JSON
import Manifests
import Testing

@testable import Reconciling

@Suite("An environment under a hold")
struct HoldTests {
    private func pause(_ house: House, _ until: Duration) -> Hold {
        Hold(
            .pause, environment: "dev", since: house.now, until: house.now.adding(until), by: "ann on desk",
            reason: "freeze")
    }

    @Test("a pause ends by itself at its time, and says so")
    func pauseEnds() async throws {
        let house = try House()
        let reconciler = try house.reconciler()
        try await house.pipeline().begin(pause(house, .seconds(60)), inPlaceOf: nil)
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .held)
        #expect(reconciler.status.headCommit != nil)
        house.pass(.seconds(59))
        _ = await reconciler.tick()
        #expect(await house.world.calls.isEmpty)
        house.pass(.seconds(1))
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
        #expect(reconciler.status.hold == nil)
        let told = await house.stores.told.map { "\($0.kind): \($0.message)" }
        #expect(told.first?.contains("paused until") == true && told.first?.contains("ann on desk") == true)
        #expect(told.dropFirst().first == "resumed: follows its ref again: its time has come")
    }

    @Test("a pause that ended while nobody ran holds nobody at the next start")
    func endedMeanwhile() async throws {
        let house = try House()
        try await house.pipeline().begin(pause(house, .seconds(60)), inPlaceOf: nil)
        house.pass(.seconds(3_600))
        let reconciler = try house.reconciler()
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
        #expect(await house.stores.hold(environment: "dev") == nil)
    }

    @Test("a clock that is set back makes a pause longer, never shorter, and resume ends it")
    func clockSetBack() async throws {
        let house = try House()
        let reconciler = try house.reconciler()
        try await house.pipeline().begin(pause(house, .seconds(60)), inPlaceOf: nil)
        house.pass(.seconds(-3_600))
        _ = await reconciler.tick()
        house.pass(.seconds(61))
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .held)
        let held = try #require(await house.stores.hold(environment: "dev"))
        try await house.pipeline().end(held, because: "an operator wants it")
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
    }

    @Test("a paused environment still recovers what an apply left unfinished")
    func recovers() async throws {
        let house = try House()
        let repository = try house.repository.open()
        let tree = CommitTree(repository, at: try await repository.resolve("main"))
        let graph = try #require(try await house.pipeline().load(tree, environment: nil).graph)
        let plan = try await house.pipeline().plan(graph)
        await house.world.setGate { withUnsafeCurrentTask { $0?.cancel() } }
        _ = try await house.pipeline().apply(plan, commit: CommitFacts(id: String(repeating: "a", count: 40)))
        await house.world.setGate(nil)
        try await house.pipeline().begin(pause(house, .seconds(60)), inPlaceOf: nil)
        let reconciler = try house.reconciler()
        _ = await reconciler.tick()
        #expect(await house.stores.unfinished(environment: "dev").isEmpty)
        #expect(reconciler.status.state == .held)
    }

    @Test("a command may apply a newer commit or the held one, and no other")
    func admits() async throws {
        let house = try House()
        let pipeline = house.pipeline()
        #expect(try await pipeline.admit("a", environment: "dev") == nil)
        let hold = Hold(.rollback, environment: "dev", commit: "a", head: "b", since: house.now, by: "ann", reason: "x")
        try await pipeline.begin(hold, inPlaceOf: nil)
        #expect(try await pipeline.admit("a", environment: "dev") == nil)
        #expect(try await pipeline.admit("c", environment: "dev") == hold)
        await #expect {
            _ = try await pipeline.admit("b", environment: "dev")
        } throws: {
            let failure = $0 as? ReconcilingFailure
            return failure?.code == .held && failure?.message.contains("by ann since") == true
        }
        try await pipeline.end(hold, because: "of the test")
        try await pipeline.begin(pause(house, .seconds(60)), inPlaceOf: nil)
        await #expect(throws: ReconcilingFailure.self) { try await pipeline.admit("a", environment: "dev") }
        house.pass(.seconds(60))
        #expect(try await pipeline.admit("a", environment: "dev")?.kind == .pause)
    }

    @Test("of two operators at once the second is refused, and takes nothing back from the first")
    func twoAtOnce() async throws {
        let house = try House()
        let pipeline = house.pipeline()
        let first = pause(house, .seconds(60))
        var second = first
        second.by = "bob on lap"
        try await pipeline.begin(first, inPlaceOf: nil)
        await #expect {
            try await pipeline.begin(second, inPlaceOf: nil)
        } throws: { ($0 as? ReconcilingFailure)?.code == .holdChanged }
        try await pipeline.takeBack(second, to: nil)
        try await pipeline.end(second, because: "of the test")
        #expect(await house.stores.hold(environment: "dev") == first)
        try await pipeline.begin(second, inPlaceOf: first)
        try await pipeline.takeBack(second, to: first)
        #expect(await house.stores.hold(environment: "dev") == first)
    }

    @Test("a plan that was agreed to with the rollback is applied without asking again")
    func consent() async throws {
        let house = try House(Manifests.all(apply: "{protect: [\"Stage/*\"]}"))
        let reconciler = try house.reconciler()
        let first = try house.repository.git("rev-parse", "HEAD")
        _ = await reconciler.tick()
        let second = try house.repository.commit([
            "apis/pets.yaml": Manifests.api(tier: "lead", stages: ["test", "extra"])
        ])
        _ = await reconciler.tick()
        try #require(reconciler.status.appliedCommit == second, "\(reconciler.status)")
        var hold = Hold(.rollback, environment: "dev", commit: first, head: second, since: house.now)
        try await reconciler.setHold(hold)
        _ = await reconciler.tick()
        let digest = try #require(reconciler.status.pendingDigest)
        #expect(reconciler.status.appliedCommit == second)
        hold.consent = digest
        try await reconciler.setHold(hold)
        _ = await reconciler.tick()
        #expect(reconciler.status.appliedCommit == first)
        #expect(reconciler.status.state == .held)
    }
}
