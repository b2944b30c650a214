import Applying
import Diagnostics
import GitSource
import JSON
import Manifests
import Planning
import Resources
import Testing

@testable import Reconciling

/// A house whose environment looks for drift every quarter of an hour; its clock starts at 00:16:40.
struct DriftHouse {
    let house: House
    let reconciler: Reconciler

    init(_ drift: String = "{ action: report }", apply: String = "{}") async throws {
        house = try House(Manifests.all(apply: apply, drift: drift))
        reconciler = try house.reconciler()
        _ = await reconciler.tick()
        try #require(reconciler.status.state == .ready)
        await house.world.forgetCalls()
    }

    func variables(_ tier: JSONValue) async {
        let fingerprint = await house.world.document(House.stage)?["deployment"] ?? .null
        await house.world.change(House.stage, ["deployment": fingerprint, "variables": ["tier": tier]])
    }

    /// A quarter of an hour later, beyond the spread.
    func nextTick() async {
        house.pass(.seconds(900 + 60))
        _ = await reconciler.tick()
    }

    var events: [Event.Kind] {
        get async {
            await house.stores.told.map(\.kind).filter {
                [.driftFound, .driftGone, .driftCorrected, .driftNotCorrected].contains($0)
            }
        }
    }

    var tier: JSONValue? { get async { await house.world.document(House.stage)?["variables"]?["tier"] } }
    var drift: DriftStatus? { reconciler.status.drift }
}

@Suite("Looking for drift by schedule")
struct DriftLoopTests {
    @Test("a change by hand is found at the next tick, told once, and told again when it is gone")
    func found() async throws {
        let test = try await DriftHouse()
        #expect(test.drift?.lastSweep == nil)
        // 00:30 and a minute of spread.
        #expect(test.drift?.nextSweep == Timestamp(milliseconds: 1_860_000))
        await test.variables("byhand")
        await test.nextTick()
        #expect(await test.events == [.driftFound])
        #expect(test.drift?.counts[.functional] == 1)
        #expect(test.drift?.lastSweep == test.house.now)
        #expect(test.drift?.nextSweep == Timestamp(milliseconds: 2_760_000))
        #expect(await test.tier == "byhand")
        #expect(test.reconciler.status.state == .ready)
        await test.nextTick()
        #expect(await test.events == [.driftFound])
        await test.variables("other")
        await test.nextTick()
        #expect(await test.events == [.driftFound, .driftFound])
        await test.variables("gold")
        await test.nextTick()
        #expect(await test.events == [.driftFound, .driftFound, .driftGone])
        #expect(test.drift?.fingerprint.isEmpty == true)
        #expect(test.reconciler.counters.sweeps == 4)
        #expect(test.reconciler.counters.driftsFound == 2)
    }

    @Test("between two ticks nobody reads the target, and the pause ends at the tick")
    func pause() async throws {
        let test = try await DriftHouse()
        test.house.pass(.seconds(859))
        #expect(await test.reconciler.tick() == .seconds(1))
        #expect(await test.house.world.calls.isEmpty)
        test.house.pass(.seconds(1))
        _ = await test.reconciler.tick()
        #expect(await test.house.world.calls == ["observe"])
    }

    @Test("off is off, from one commit to the next")
    func off() async throws {
        let test = try await DriftHouse("{ action: off }")
        await test.variables("byhand")
        await test.nextTick()
        #expect(test.drift == nil)
        #expect(await test.house.world.calls.isEmpty)
        try test.house.repository.commit(["gatewright.yaml": Manifests.environments(drift: "{ action: correct }")])
        await test.nextTick()
        await test.nextTick()
        #expect(await test.tier == "gold")
        try test.house.repository.commit(["gatewright.yaml": Manifests.environments(drift: "{ action: off }")])
        await test.nextTick()
        #expect(test.drift == nil)
    }

    @Test("ticks that were missed while nothing ran are one look, and its drift is not told twice")
    func missed() async throws {
        let test = try await DriftHouse()
        await test.variables("byhand")
        await test.nextTick()
        test.house.pass(.seconds(7200))
        let restarted = try test.house.reconciler()
        _ = await restarted.tick()
        #expect(restarted.counters.sweeps == 0)
        test.house.pass(.seconds(60))
        _ = await restarted.tick()
        #expect(restarted.counters.sweeps == 1)
        _ = await restarted.tick()
        #expect(restarted.counters.sweeps == 1)
        #expect(await test.events == [.driftFound])
        // Not missed: the tick of before was seen.
        let again = try test.house.reconciler()
        test.house.pass(.seconds(60))
        _ = await again.tick()
        #expect(again.counters.sweeps == 0)
    }

    @Test("a look during an apply of somebody else is put off, and not told")
    func busy() async throws {
        let test = try await DriftHouse()
        let lease = try await test.house.stores.acquire(environment: "dev", holder: "another", ttl: .seconds(60))
        await test.variables("half applied")
        await test.nextTick()
        #expect(await test.events.isEmpty)
        #expect(test.reconciler.counters.sweepFailures == 0)
        #expect(test.drift?.problem == nil)
        await test.variables("gold")
        await test.house.stores.release(lease)
        test.house.pass(.seconds(30))
        _ = await test.reconciler.tick()
        #expect(test.drift?.lastSweep == test.house.now)
        #expect(await test.events.isEmpty)
    }

    @Test("a target that is down is said, the state of the environment stays, and the next tick looks again")
    func unreachable() async throws {
        let test = try await DriftHouse()
        await test.house.world.failObserving([House.unreachable])
        await test.nextTick()
        #expect(test.drift?.problem?.code == "reconciling.target-unreadable")
        #expect(test.reconciler.status.state == .ready)
        #expect(test.reconciler.counters.sweepFailures == 1)
        await test.nextTick()
        #expect(test.drift?.problem == nil)
        #expect(test.drift?.lastSweep == test.house.now)
    }

    @Test("what is ignored is counted and is no drift")
    func ignored() async throws {
        let rule = """
            { target: { kind: Stage, name: "*" }, paths: [/variables], owner: Ann, reason: x, expires: 1970-01-02 }
            """
        let test = try await DriftHouse("{ action: correct, ignore: [\(rule)] }")
        await test.variables("byhand")
        await test.nextTick()
        #expect(await test.events.isEmpty)
        #expect(test.drift?.ignoredCount == 1)
        #expect(await test.tier == "byhand")
        // The day after its last one the rule ignores nothing.
        test.house.pass(.seconds(2 * 86_400))
        _ = await test.reconciler.tick()
        #expect(await test.events.first == .driftFound)
        #expect(await test.tier == "gold")
    }
}

@Suite("Correcting drift by schedule")
struct DriftCorrectingTests {
    @Test("what the environment wants corrected is put back as a revision of the applied commit")
    func corrected() async throws {
        let test = try await DriftHouse("{ action: correct }")
        let commit = try #require(test.reconciler.status.appliedCommit)
        await test.variables("byhand")
        await test.nextTick()
        #expect(await test.tier == "gold")
        #expect(await test.events == [.driftFound, .driftCorrected])
        let history = await test.house.stores.history
        #expect(history.map(\.outcome) == [.applied, .applied])
        #expect(history.last?.commit == commit)
        #expect(history.last?.stepsCount == 1)
        #expect(test.drift?.fingerprint.isEmpty == true)
        #expect(test.reconciler.counters.driftsCorrected == 1)
        await test.nextTick()
        #expect(await test.events == [.driftFound, .driftCorrected])
    }

    @Test("only the classes that are to be corrected are, and the rest stays drift")
    func byClass() async throws {
        let test = try await DriftHouse("{ action: { cosmetic: correct, functional: report } }")
        await test.variables("byhand")
        let document = await test.house.world.document(Address(.restAPI, "pets"))?.object ?? [:]
        var changed = document
        changed["description"] = "by hand"
        await test.house.world.change(Address(.restAPI, "pets"), .object(changed))
        await test.nextTick()
        #expect(await test.house.world.document(Address(.restAPI, "pets")) == .object(document))
        #expect(await test.tier == "byhand")
        #expect(test.drift?.counts[.functional] == 1)
        #expect(test.drift?.counts[.cosmetic] == 0)
        // Also the next time: recording the correction did not record the drift that stayed.
        await test.nextTick()
        #expect(test.drift?.counts[.functional] == 1)
    }

    @Test("a correction goes to the applied commit, never to a newer one that is refused")
    func neverNewer() async throws {
        let test = try await DriftHouse("{ action: correct }")
        try test.house.repository.commit(["apis/pets.yaml": Manifests.api(tier: "lead") + "\n  nonsense: 1"])
        await test.variables("byhand")
        await test.nextTick()
        #expect(test.reconciler.status.state == .refused)
        #expect(await test.tier == "gold")
        #expect(await test.events == [.driftFound, .driftCorrected])
    }

    @Test("a paused environment is looked at and not corrected, one that is held goes back to where it is held")
    func held() async throws {
        let test = try await DriftHouse("{ action: correct }")
        let first = try #require(test.reconciler.status.appliedCommit)
        try await test.reconciler.setHold(
            Hold(.pause, environment: "dev", since: test.house.now, reason: "release"))
        await test.variables("byhand")
        await test.nextTick()
        #expect(await test.tier == "byhand")
        #expect(await test.events == [.driftFound])
        let head = try test.house.repository.commit(["apis/pets.yaml": Manifests.api(tier: "lead")])
        try await test.reconciler.setHold(
            Hold(.rollback, environment: "dev", commit: first, head: head, since: test.house.now))
        await test.nextTick()
        await test.nextTick()
        #expect(await test.tier == "gold")
        #expect(test.reconciler.status.appliedCommit == first)
    }

    @Test("a correction that needs a consent is reported and not done until there is one")
    func consent() async throws {
        let test = try await DriftHouse("{ action: correct }", apply: "{ maxDeletes: 0 }")
        await test.house.world.change(Address(.method, in: "pets", "POST /pets"), ["authorizationType": "NONE"])
        await test.nextTick()
        #expect(await test.events == [.driftFound, .driftNotCorrected])
        #expect(test.drift?.problem?.code == "reconciling.consent-needed")
        let digest = try #require(test.drift?.pendingDigest)
        await test.nextTick()
        #expect(await test.events == [.driftFound, .driftNotCorrected])
        await test.reconciler.consent(to: digest)
        await test.nextTick()
        #expect(await test.house.world.document(Address(.method, in: "pets", "POST /pets")) == nil)
        #expect(await test.events.last == .driftCorrected)
        #expect(test.drift?.pendingDigest == nil)
    }

    @Test("a correction that the target refuses is said once and backs off")
    func refused() async throws {
        let test = try await DriftHouse("{ action: correct }")
        await test.house.world.refuse(House.stage, House.refusal)
        await test.variables("byhand")
        for _ in 0..<5 { await test.nextTick() }
        #expect(await test.tier == "byhand")
        #expect(await test.events.prefix(2) == [.driftFound, .driftNotCorrected])
        // Three attempts in a row, then a pause of an hour.
        #expect(await test.house.stores.history.filter { $0.outcome == .refused }.count == 3)
        #expect(test.drift?.problem?.code == "reconciling.drift-returns")
    }

    @Test("somebody who undoes every correction is named, and the corrections become rare")
    func flapping() async throws {
        let test = try await DriftHouse("{ action: correct }")
        for _ in 0..<3 {
            await test.variables("fight")
            await test.nextTick()
            #expect(await test.tier == "gold")
        }
        await test.variables("fight")
        await test.nextTick()
        #expect(await test.tier == "fight")
        #expect(await test.events.last == .driftNotCorrected)
        #expect(test.drift?.problem?.code == "reconciling.drift-returns")
        #expect(test.drift?.problem?.message.contains("after 3 corrections") == true)
        // Also after a restart, and at once for other drift.
        let restarted = try test.house.reconciler()
        _ = await restarted.tick()
        test.house.pass(.seconds(960))
        _ = await restarted.tick()
        #expect(await test.tier == "fight")
        test.house.pass(.seconds(3600))
        _ = await restarted.tick()
        #expect(await test.tier == "gold")
        await test.variables("other")
        test.house.pass(.seconds(960))
        _ = await restarted.tick()
        #expect(await test.tier == "gold")
    }

    @Test("corrections of one drift come more and more seldom, and never more seldom than once a day")
    func pauses() {
        var correction = SweepRecord.Correction(fingerprint: "f", count: 0, time: Timestamp(milliseconds: 0))
        var pauses: [Duration] = []
        for _ in 0..<20 {
            correction = correction.next("f", at: correction.again)
            pauses.append(correction.again.since(correction.time))
        }
        #expect(pauses.prefix(5) == [.zero, .zero, .seconds(3600), .seconds(7200), .seconds(14400)])
        #expect(pauses.last == .seconds(86_400))
        #expect(correction.next("g", at: correction.time).count == 1)
        let later = correction.time.adding(.seconds(3 * 86_400))
        #expect(correction.next("f", at: later).count == 1)
    }
}

@Suite("Sweeps of a pipeline")
struct SweepTests {
    @Test("the applied commit is what counts, also after a refresh wrote the drift into the state")
    func absorbed() async throws {
        let test = try await DriftHouse()
        await test.variables("byhand")
        let repository = try test.house.repository.open()
        let pipeline = test.house.pipeline()
        let result = try await pipeline.load(
            CommitTree(repository, at: try await repository.resolve("main")), environment: "dev")
        let graph = try #require(result.graph)
        let plan = try await pipeline.plan(graph, observing: .everything)
        await test.house.world.refuse(House.stage, House.refusal)
        _ = try await pipeline.apply(plan, commit: CommitFacts(id: try #require(test.reconciler.status.appliedCommit)))
        #expect(try await pipeline.plan(graph).plan.changes.map(\.address) == [House.stage])
        #expect(try await test.house.sweep(pipeline).report.lines.map(\.address) == [House.stage])
    }

    @Test("an applied commit that is gone from the repository is said, and the recorded state stands in")
    func gone() async throws {
        let test = try await DriftHouse()
        var revision = try #require(await test.house.stores.history.last)
        revision.commit = String(repeating: "0", count: 39) + "1"
        _ = try await test.house.stores.add(revision)
        let pipeline = test.house.pipeline()
        var sweep = try await test.house.sweep(pipeline)
        #expect(sweep.report.isEmpty)
        #expect(sweep.report.notes.map(\.code) == ["drift.commit-unknown"])
        await test.variables("byhand")
        sweep = try await test.house.sweep(pipeline)
        #expect(sweep.report.lines.map(\.address) == [House.stage])
        #expect(pipeline.correction(of: sweep, where: { _ in true }) == nil)
    }

    @Test("a head with errors is said, and drift is told all the same")
    func invalidHead() async throws {
        let test = try await DriftHouse()
        try test.house.repository.commit(["apis/pets.yaml": "nonsense: ["])
        await test.variables("byhand")
        let report = try await test.house.sweep(test.house.pipeline()).report
        #expect(report.lines.map(\.address) == [House.stage])
        #expect(report.notes.map(\.code) == ["drift.desired-invalid"])
    }

    @Test("what the next commit wants of drifted objects is told")
    func desired() async throws {
        let test = try await DriftHouse()
        let head = try test.house.repository.commit(["apis/pets.yaml": Manifests.api(tier: "lead")])
        await test.variables("lead")
        let report = try await test.house.sweep(test.house.pipeline()).report
        #expect(report.desiredCommit == head)
        #expect(report.lines.first?.properties.map(\.origin) == [.alreadyWanted])
        #expect(report.text().contains("the target already has what commit \(head.prefix(7)) wants"))
    }

    @Test("rules of a commit that wants nothing else count once somebody agreed, before a revision says so")
    func rules() async throws {
        let test = try await DriftHouse()
        await test.variables("byhand")
        let rule = """
            { target: { kind: Stage, name: "*" }, paths: [""], owner: Ann, reason: x, expires: 2030-01-02 }
            """
        try test.house.repository.commit(["gatewright.yaml": Manifests.environments(drift: "{ ignore: [\(rule)] }")])
        let pipeline = test.house.pipeline()
        #expect(try await test.house.sweep(pipeline).report.lines.count == 1)
        let repository = try test.house.repository.open()
        let result = try await pipeline.load(
            CommitTree(repository, at: try await repository.resolve("main")), environment: "dev")
        let plan = try await pipeline.plan(try #require(result.graph))
        #expect(plan.plan.isEmpty && !plan.plan.needsConsent.isEmpty)
        _ = try await pipeline.apply(plan, commit: CommitFacts(id: ""), consent: plan.plan.digest)
        #expect(try await test.house.sweep(pipeline).report.isEmpty)
        try test.house.repository.commit(["apis/pets.yaml": Manifests.api(tier: "lead")])
        #expect(try await test.house.sweep(test.house.pipeline()).report.lines.count == 1)
    }

    @Test("what was read before somebody else applied is not recorded")
    func fenced() async throws {
        let test = try await DriftHouse()
        let repository = try test.house.repository.open()
        let pipeline = test.house.pipeline()
        let result = try await pipeline.load(
            CommitTree(repository, at: try await repository.resolve("main")), environment: "dev")
        await test.variables("byhand")
        let plan = try await pipeline.plan(try #require(result.graph), observing: .everything)
        let other = try await test.house.stores.acquire(environment: "dev", holder: "another", ttl: .seconds(60))
        await test.house.stores.release(other)
        let before = try await test.house.stores.objects(environment: "dev")
        let failure = await #expect(throws: ReconcilingFailure.self) {
            try await pipeline.apply(plan, commit: CommitFacts(id: String(repeating: "a", count: 40)))
        }
        #expect(failure?.code == .stale)
        #expect(try await test.house.stores.objects(environment: "dev") == before)
    }

    @Test("an apply in the middle of the reading has it read again, and one after the other gives up")
    func interrupted() async throws {
        let test = try await DriftHouse()
        let stores = test.house.stores
        await test.house.world.onObserve {
            guard let lease = try? await stores.acquire(environment: "dev", holder: "x", ttl: .seconds(1)) else {
                return
            }
            await stores.release(lease)
        }
        let failure = await #expect(throws: ReconcilingFailure.self) {
            try await test.house.sweep(test.house.pipeline())
        }
        #expect(failure?.code == .busy)
        #expect(await test.house.world.calls.count == 3)
    }
}
