import Applying
import Diagnostics
import JSON
import Planning
import Resources
import Testing

@testable import Reconciling

@Suite("The loop of one environment")
struct ReconcilerTests {
    @Test("a new commit is applied, and history says so")
    func applies() async throws {
        let house = try House()
        let reconciler = try house.reconciler()
        let first = try house.repository.git("rev-parse", "HEAD")
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
        #expect(reconciler.status.problem == nil)
        #expect(reconciler.status.appliedCommit == first)
        #expect(await house.world.document(House.stage)?["variables"]?["tier"] == "gold")

        let second = try house.repository.commit(["apis/pets.yaml": Manifests.api(tier: "lead")], "Change the tier")
        house.pass(.seconds(30))
        _ = await reconciler.tick()
        #expect(reconciler.status.appliedCommit == second)
        #expect(await house.world.document(House.stage)?["variables"]?["tier"] == "lead")
        let history = await house.stores.history
        #expect(history.map(\.outcome) == [.applied, .applied])
        #expect(history.map(\.number) == [1, 2])
        #expect(history.last?.subject == "Change the tier")
        #expect(history.last?.author == "Ada <ada@example.com>")
        #expect(history.last?.planDigest == reconciler.status.appliedDigest)
        #expect(history.last?.stepsCount == 1)
        #expect(reconciler.counters.outcomes == [.applied: 2])
    }

    @Test("a commit that changes nothing of what is read is no work")
    func unrelated() async throws {
        let house = try House()
        let reconciler = try house.reconciler()
        _ = await reconciler.tick()
        await house.world.forgetCalls()
        let next = try house.repository.commit(["README.md": "two", "other/notes.yaml": "a: 1"])
        _ = await reconciler.tick()
        #expect(reconciler.counters.plans == 1)
        #expect(reconciler.counters.commitsSkipped == 1)
        #expect(reconciler.status.state == .ready)
        #expect(reconciler.status.appliedCommit == next)
        #expect(await house.world.calls.isEmpty)
        // A new file among the manifests is something that is read.
        try house.repository.commit(["apis/more.yaml": "a: 1"])
        _ = await reconciler.tick()
        #expect(reconciler.counters.plans == 2)
    }

    @Test("a bad commit is put aside while the one before keeps serving, and the next good one is taken")
    func quarantine() async throws {
        let house = try House()
        let reconciler = try house.reconciler()
        let good = try house.repository.git("rev-parse", "HEAD")
        _ = await reconciler.tick()
        await house.world.forgetCalls()

        let bad = try house.repository.commit(["apis/pets.yaml": Manifests.api() + "\n  nonsense: 1"])
        _ = await reconciler.tick()
        var status = reconciler.status
        #expect(status.state == .refused)
        #expect(status.headCommit == bad)
        #expect(status.appliedCommit == good)
        #expect(status.problem?.code == "reconciling.manifests-invalid")
        #expect(status.diagnostics.contains { $0.severity == .error && $0.spans.first?.file == "apis/pets.yaml" })
        _ = await reconciler.tick()
        #expect(await house.stores.history.map(\.outcome) == [.applied, .invalid])
        #expect(await house.world.calls.isEmpty)
        // An unrelated commit is as bad.
        try house.repository.commit(["README.md": "two"])
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .refused)

        let better = try house.repository.commit(["apis/pets.yaml": Manifests.api(tier: "lead")])
        _ = await reconciler.tick()
        status = reconciler.status
        #expect(status.state == .ready)
        #expect(status.problem == nil)
        #expect(status.appliedCommit == better)
        #expect(!status.diagnostics.hasErrors)
    }

    @Test("a commit that the target refuses is put back and not tried again, also after a restart")
    func refused() async throws {
        let house = try House()
        let reconciler = try house.reconciler()
        _ = await reconciler.tick()
        let before = await house.world.objects
        await house.world.refuse(House.stage, House.refusal)
        let bad = try house.repository.commit(["apis/pets.openapi.yaml": Manifests.definition(["/pets", "/more"])])
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .refused)
        #expect(reconciler.status.problem?.code == "provider.refused")
        #expect(await house.stores.history.map(\.outcome) == [.applied, .refused])
        #expect(await house.world.objects.mapValues(\.document) == before.mapValues(\.document))

        await house.world.forgetCalls()
        house.pass(.seconds(3600))
        _ = await reconciler.tick()
        let restarted = try house.reconciler()
        _ = await restarted.tick()
        #expect(restarted.status.state == .refused)
        #expect(restarted.status.headCommit == bad)
        #expect(restarted.status.problem?.code == "provider.refused")
        #expect(restarted.status.appliedRevision == 1)
        #expect(await house.world.calls.isEmpty)

        await house.world.refuse(House.stage, nil)
        try house.repository.commit(["apis/pets.yaml": Manifests.api(tier: "lead")])
        _ = await restarted.tick()
        #expect(restarted.status.state == .ready)
    }

    @Test("an unreachable target is tried again with growing pauses, and a newer commit at once")
    func unreachable() async throws {
        let house = try House()
        let reconciler = try house.reconciler()
        await house.world.failObserving(Array(repeating: House.unreachable, count: 5))
        #expect(await reconciler.tick() == .seconds(5))
        #expect(reconciler.status.state == .failed)
        #expect(reconciler.status.problem?.code == "reconciling.target-unreadable")
        #expect(reconciler.status.problem?.message.contains("nobody answers") == true)
        #expect(reconciler.status.nextAttempt == house.now.adding(.seconds(5)))
        // Too early: nothing is done.
        house.pass(.seconds(4))
        #expect(await reconciler.tick() == .seconds(1))
        #expect(await house.world.calls == ["observe"])
        house.pass(.seconds(1))
        #expect(await reconciler.tick() == .seconds(10))
        house.pass(.seconds(10))
        #expect(await reconciler.tick() == .seconds(20))
        #expect(reconciler.counters.retries == 3)
        #expect(await house.stores.history.isEmpty)

        try house.repository.commit(["apis/pets.yaml": Manifests.api(tier: "lead")])
        #expect(await reconciler.tick() == .seconds(5))
        house.pass(.seconds(5))
        #expect(await reconciler.tick() == .seconds(10))
        house.pass(.seconds(10))
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
        #expect(reconciler.status.nextAttempt == nil)
    }

    @Test("a throttled step is tried again, one that the target refuses is not", arguments: [true, false])
    func throttled(isThrottled: Bool) async throws {
        let house = try House()
        let reconciler = try house.reconciler()
        let throttle = ProviderFailure(.throttled, "slow down", effect: .deferred(retryAfter: .milliseconds(1)))
        await house.world.refuse(House.stage, isThrottled ? throttle : House.refusal)
        _ = await reconciler.tick()
        #expect(reconciler.status.state == (isThrottled ? .failed : .refused))
        await house.world.refuse(House.stage, nil)
        house.pass(.seconds(600))
        _ = await reconciler.tick()
        #expect(reconciler.status.state == (isThrottled ? .ready : .refused))
    }

    @Test("a stale plan is made again once with the drift in it")
    func stale() async throws {
        let house = try House()
        let reconciler = try house.reconciler()
        _ = await reconciler.tick()
        let fingerprint = await house.world.document(House.stage)?["deployment"] ?? .null
        await house.world.change(House.stage, ["deployment": fingerprint, "variables": ["tier": "byhand"]])
        try house.repository.commit(["apis/pets.yaml": Manifests.api(tier: "lead")])
        _ = await reconciler.tick()
        #expect(reconciler.counters.stalePlans == 1)
        #expect(reconciler.status.state == .ready)
        #expect(await house.world.document(House.stage)?["variables"]?["tier"] == "lead")
        #expect(await house.stores.history.count == 2)
    }

    @Test("a target that changes all the time is left alone for a while")
    func staleAgain() async throws {
        let house = try House()
        let reconciler = try house.reconciler()
        _ = await reconciler.tick()
        let fingerprint = await house.world.document(House.stage)?["deployment"] ?? .null
        func byHand(_ tier: JSONValue) -> [Address: JSONValue] {
            [House.stage: ["deployment": fingerprint, "variables": ["tier": tier]]]
        }
        await house.world.change(House.stage, byHand("a")[House.stage])
        // One read for the check of the first plan, one for the second plan, one for its check.
        await house.world.meddle([byHand("d"), byHand("c"), byHand("b")])
        try house.repository.commit(["apis/pets.yaml": Manifests.api(tier: "lead")])
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .failed)
        #expect(reconciler.status.problem?.code == "reconciling.stale")
        house.pass(.seconds(60))
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
    }

    @Test("two environments of one repository are never mixed")
    func twoEnvironments() async throws {
        let house = try House(Manifests.all(["dev", "prod"]))
        let (devWorld, prodWorld) = (SmallWorld(), SmallWorld())
        let dev = try house.reconciler("dev", world: devWorld)
        let prod = try house.reconciler("prod", world: prodWorld)
        _ = await dev.tick()
        #expect(await prodWorld.objects.isEmpty)
        #expect(prod.status.appliedCommit == nil)
        #expect(try await house.stores.objects(environment: "prod").isEmpty)
        await prodWorld.refuse(House.stage, House.refusal)
        _ = await prod.tick()
        #expect(dev.status.state == .ready)
        #expect(prod.status.state == .refused)
        #expect(await house.stores.history.map(\.environment) == ["dev", "prod"])
        #expect(await house.stores.history.map(\.number) == [1, 1])
        #expect(await devWorld.document(House.method)?["integration"]?["uri"] == "http://dev.test/pets")
        #expect(await prodWorld.objects.isEmpty)
    }

    @Test("an environment that the commit does not have deletes nothing")
    func environmentGone() async throws {
        let house = try House(Manifests.all(["dev", "prod"]))
        let reconciler = try house.reconciler()
        _ = await reconciler.tick()
        try house.repository.commit(["gatewright.yaml": Manifests.environments(["prod"])])
        await house.world.forgetCalls()
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .refused)
        #expect(reconciler.status.problem?.code == "reconciling.manifests-invalid")
        #expect(await house.world.calls.isEmpty)
    }

    @Test("a plan that a guard stops waits for a consent to its digest")
    func consent() async throws {
        let house = try House()
        let reconciler = try house.reconciler(guards: ControllerGuards(maxDeletes: 0))
        try house.repository.commit(["apis/pets.openapi.yaml": Manifests.definition(["/pets", "/more"])])
        _ = await reconciler.tick()
        try house.repository.commit(["apis/pets.openapi.yaml": Manifests.definition(["/pets"])])
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .held)
        #expect(reconciler.status.needsConsent == [.tooManyDeletes(count: 3, limit: 0)])
        #expect(reconciler.status.diagnostics.contains { $0.code == "planning.too-many-deletes" })
        let digest = try #require(reconciler.status.pendingDigest)
        _ = await reconciler.tick()
        #expect(reconciler.counters.plans == 2)
        await reconciler.consent(to: "sha256:other")
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .held)
        await reconciler.consent(to: digest)
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
        #expect(reconciler.status.pendingDigest == nil)
        #expect(reconciler.status.needsConsent.isEmpty)
        #expect(await house.stores.history.last?.planDigest == digest)
    }

    @Test("a rollback holds the environment until a newer commit arrives")
    func rollback() async throws {
        let house = try House()
        let reconciler = try house.reconciler()
        let first = try house.repository.git("rev-parse", "HEAD")
        _ = await reconciler.tick()
        let second = try house.repository.commit(["apis/pets.yaml": Manifests.api(tier: "lead")])
        _ = await reconciler.tick()
        try await reconciler.setHold(
            Hold(.rollback, environment: "dev", commit: first, head: second, since: house.now))
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .held)
        #expect(reconciler.status.appliedCommit == first)
        #expect(reconciler.status.headCommit == second)
        #expect(await house.world.document(House.stage)?["variables"]?["tier"] == "gold")
        let third = try house.repository.commit(["apis/pets.yaml": Manifests.api(tier: "tin")])
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
        #expect(reconciler.status.hold == nil)
        #expect(reconciler.status.appliedCommit == third)
    }

    @Test("a paused environment stays as it is until it is resumed")
    func pause() async throws {
        let house = try House()
        let reconciler = try house.reconciler()
        try await reconciler.setHold(Hold(.pause, environment: "dev", since: house.now, reason: "freeze"))
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .held)
        #expect(reconciler.status.hold?.reason == "freeze")
        #expect(await house.world.calls.isEmpty)
        try await reconciler.setHold(nil)
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
    }

    @Test("a state that was lost is rebuilt from the target, not created anew")
    func lostState() async throws {
        let house = try House()
        let reconciler = try house.reconciler()
        _ = await reconciler.tick()
        let recorded = try await house.stores.objects(environment: "dev")
        await house.stores.lose("dev")
        await house.world.forgetCalls()
        let restarted = try house.reconciler()
        _ = await restarted.tick()
        #expect(restarted.status.state == .ready)
        #expect(await house.world.calls == ["observe"])
        #expect(try await house.stores.objects(environment: "dev") == recorded)
    }

    @Test("a ref that does not exist is said, and looked for again")
    func unknownRef() async throws {
        let house = try House()
        let reconciler = try house.reconciler(ref: "release")
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .failed)
        #expect(reconciler.status.problem?.code == "reconciling.source-unreadable")
        #expect(reconciler.counters.pollFailures == 1)
        try house.repository.git("branch", "release")
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
    }

    @Test("a state that cannot be read starts nothing and passes")
    func stateUnreadable() async throws {
        let house = try House()
        let reconciler = try house.reconciler()
        await house.stores.failState([JournalFailure(.readFailed, "busy")])
        _ = await reconciler.tick()
        #expect(reconciler.status.problem?.code == "reconciling.state-unreadable")
        #expect(await house.world.calls.isEmpty)
        house.pass(.seconds(10))
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
    }

    @Test("credentials that do not do hold the environment and are tried again later")
    func credentials() async throws {
        let house = try House()
        let reconciler = try house.reconciler()
        await house.world.failObserving([ProviderFailure(.unauthorized, "who are you", effect: .none)])
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .held)
        #expect(reconciler.status.nextAttempt == house.now.adding(.seconds(300)))
        house.pass(.seconds(300))
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
    }

    @Test("what an earlier process left unfinished is recovered before anything else")
    func recovery() async throws {
        let house = try House()
        _ = await (try house.reconciler()).tick()
        let first = try house.repository.git("rev-parse", "HEAD")
        // A crash after the intent of a step that had taken effect.
        let before = try #require(await house.world.document(House.stage))
        guard case .object(var object) = before else { return }
        object["variables"] = ["tier": "half"]
        let after = JSONValue.object(object)
        let recorded = try await house.stores.objects(environment: "dev")
        let identities = Dictionary(uniqueKeysWithValues: recorded.map { ($0.address, $0.identity) })
        let header = ApplyHeader(
            id: .random(), environment: "dev", commit: first, planDigest: "sha256:x", target: ["engine": [:]],
            parallelism: 1, onFailure: .rollback,
            steps: [
                Step(
                    number: 0, operation: "update",
                    effects: [Step.Effect(House.stage, before: before, after: after)], dependencies: [],
                    isReversible: true)
            ], stages: [0], identities: identities,
            recorded: Dictionary(
                uniqueKeysWithValues: recorded.filter { $0.address == House.stage }.map { ($0.address, $0) }))
        await house.stores.leave(header, [.step(StepRecord(0, .intended))])
        await house.world.change(House.stage, after)

        let restarted = try house.reconciler()
        _ = await restarted.tick()
        #expect(await house.stores.unfinished(environment: "dev").isEmpty)
        #expect(await house.world.document(House.stage) == before)
        #expect(restarted.counters.recoveries == 1)
        #expect(restarted.status.state == .ready)
        #expect(await house.stores.told.contains { $0.kind == .recovered })
    }

    @Test("a recovery that fails lets nothing else happen")
    func recoveryFails() async throws {
        let house = try House()
        let header = ApplyHeader(
            id: .random(), environment: "dev", commit: String(repeating: "a", count: 40), planDigest: "sha256:x",
            target: ["engine": [:]], parallelism: 1, onFailure: .rollback,
            steps: [
                Step(
                    number: 0, operation: "create", effects: [Step.Effect(House.stage, before: nil, after: [:])],
                    dependencies: [], isReversible: true)
            ], stages: [0])
        await house.stores.leave(header, [.step(StepRecord(0, .intended))])
        await house.world.failObserving(Array(repeating: House.unreachable, count: 1000))
        let reconciler = try house.reconciler()
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .failed)
        #expect(reconciler.status.problem?.code == "reconciling.recovery-failed")
        #expect(await house.world.objects.isEmpty)
        await house.world.failObserving([])
        _ = await reconciler.tick()
        #expect(reconciler.status.state == .ready)
    }
}
