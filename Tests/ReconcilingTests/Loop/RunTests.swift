import Blocking
import Resources
import Synchronization
import Testing

@testable import Reconciling

@Suite("Running the loop", .timeLimit(.minutes(5)))
struct RunTests {
    @Test("the ref is read at each interval, at each wake, and never after a stop")
    func intervals() async throws {
        let house = try House()
        let clock = ManualClock()
        let reconciler = try house.reconciler(clock: clock)
        try await withThrowingTaskGroup { group in
            group.addTask { await reconciler.run() }
            var events = house.events.makeAsyncIterator()
            #expect(await events.next()?.kind == .applied)
            await clock.someoneSleeps()

            try house.repository.commit(["apis/pets.yaml": Manifests.api(tier: "lead")])
            clock.advance(by: .seconds(34))
            #expect(await events.next()?.kind == .applied)

            try house.repository.commit(["apis/pets.yaml": Manifests.api(tier: "tin")])
            reconciler.wake()
            #expect(await events.next()?.kind == .applied)

            reconciler.stop()
            try await group.next()
        }
        #expect(reconciler.counters.outcomes == [.applied: 3])
    }

    @Test("a stop lets the step in flight finish and starts no other")
    func gracefulStop() async throws {
        let house = try House()
        let reconciler = try house.reconciler(clock: ManualClock())
        let isFirst = Mutex(true)
        await house.world.setGate {
            let isFirst = isFirst.withLock { value in
                defer { value = false }
                return value
            }
            if isFirst { reconciler.stop() }
        }
        await reconciler.run()
        let calls = await house.world.calls.filter { $0 != "observe" }
        #expect(calls.first == "create RestApi/pets")
        #expect(calls.filter { $0.hasPrefix("create") }.count == 1)
        #expect(await house.stores.unfinished(environment: "dev").isEmpty || calls.count == 1)
        // The next start goes on as if nothing had happened.
        await house.world.setGate(nil)
        let restarted = try house.reconciler()
        _ = await restarted.tick()
        #expect(restarted.status.state == .ready)
    }

    @Test("a step that does not end within the grace time is given up, and recovered by the next start")
    func graceEnds() async throws {
        let house = try House()
        let clock = ManualClock()
        let reconciler = try house.reconciler(clock: clock)
        let (reached, signal) = AsyncStream<Void>.makeStream()
        await house.world.setGate {
            signal.yield()
            do { try await ManualClock().sleep(for: .seconds(1)) } catch {}
        }
        try await withThrowingTaskGroup { group in
            group.addTask { await reconciler.run() }
            var iterator = reached.makeAsyncIterator()
            await iterator.next()
            reconciler.stop()
            await clock.someoneSleeps()
            clock.advance(by: .seconds(20))
            try await group.next()
        }
        #expect(await house.stores.unfinished(environment: "dev").count == 1)
        await house.world.setGate(nil)
        let restarted = try house.reconciler()
        _ = await restarted.tick()
        #expect(await house.stores.unfinished(environment: "dev").isEmpty)
        #expect(restarted.status.state == .ready)
    }

    @Test("a bell that rang before the wait ends it at once, and a wait that timed out leaves no ring")
    func bell() async {
        let bell = Bell()
        let clock = ManualClock()
        bell.ring()
        await bell.wait(atMost: .seconds(1), clock: clock)
        async let waiting: Void = bell.wait(atMost: .seconds(1), clock: clock)
        await clock.someoneSleeps()
        clock.advance(by: .seconds(1))
        await waiting
        async let again: Void = bell.wait(atMost: .seconds(1), clock: clock)
        await clock.someoneSleeps()
        bell.ring()
        await again
    }
}
