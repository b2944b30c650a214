import Diagnostics
import JSON
import Logging
import Planning
import Resources
import Seeds
import Synchronization
import Testing

@testable import Applying

/// An applier, what it works on, and what it is to apply.
struct Bench {
    let scenario: Scenario
    let provider: WorldProvider
    let stores: MemoryStores
    let applier: Applier
    let probes: [Probe]

    init(
        _ scenario: Scenario, faults: [Int: Fault] = [:], appendFaults: [Int: Fault] = [:],
        settings: ApplierSettings? = nil, prober: (any StageProber)? = nil, propagation: Duration = .zero,
        probes: [Probe] = [], clock: any Clock<Duration> = ContinuousClock(),
        before: @escaping @Sendable (WorldProvider.Call, Int) async -> Fault? = { _, _ in nil }
    ) {
        self.scenario = scenario
        self.probes = probes
        provider = WorldProvider(
            scenario.world, faults: faults, prober: prober, propagation: propagation, before: before)
        stores = MemoryStores(recorded: scenario.recorded, faults: appendFaults)
        var quick = ApplierSettings()
        quick.attemptsMax = 5
        quick.pauseFirst = .microseconds(100)
        quick.pauseMax = .milliseconds(1)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        applier = Applier(
            journal: stores, states: stores, leases: stores, holder: "me", clock: clock, settings: settings ?? quick,
            logger: logger)
    }

    func apply(stop: StopSignal = StopSignal(), progress: @escaping @Sendable (ApplyProgress) -> Void = { _ in }) async
        -> ApplyOutcome
    {
        await applier.apply(
            ApplyRequest(plan: scenario.plan, commit: String(repeating: "c", count: 40), probes: probes),
            with: provider, stop: stop, progress: progress)
    }

    /// What must hold at rest and does not.
    func violations(_ outcome: ApplyOutcome, mayLeaveResidue: Bool = false) -> [String] {
        let (ending, report): (ApplyEnding?, ApplyReport?) =
            switch outcome {
            case .done(let report): (.done, report)
            case .rolledBack(let report): (.rolledBack, report)
            case .residue(let report): (.residue, report)
            case .held(let report): (.held, report)
            default: (nil, nil)
            }
        return Rest(
            scenario: scenario, world: provider.world, journal: stores.journal, ending: ending,
            residue: report?.residue ?? [], mayLeaveResidue: mayLeaveResidue
        ).violations + stores.journal.violations
    }

    /// A call before which there is nothing written: the reading that finds a stale plan.
    static let firstWrite = 2
}

@Suite("the applier", .timeLimit(.minutes(2)))
struct ApplierTests {
    @Test("applies a plan, records what it did, and tells in order what happens")
    func done() async throws {
        let bench = Bench(.fiveStepsTwoInFlight)
        let told = Mutex<[ApplyProgress]>([])
        let outcome = await bench.apply { event in told.withLock { $0.append(event) } }
        guard case .done(let report) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(bench.violations(outcome) == [])
        #expect(report.doneCount == 5 && report.stepsCount == 5 && report.cause == nil && !report.isRecovered)
        let events = told.withLock { $0 }
        guard case .reading = events.first, case .began(5, false) = events.dropFirst().first else {
            return #expect(Bool(false), "\(events)")
        }
        let done = events.count { if case .step(_, .done, failure: nil) = $0 { true } else { false } }
        #expect(done == 5)
        #expect(await bench.applier.recover(environment: "test", with: bench.provider).isEmpty)
    }

    @Test("writes nothing when an object is not as planned, gone, or there already, and names each")
    func stale() async throws {
        let bench = Bench(.fiveStepsTwoInFlight)
        let part = ResourceKind(rawValue: "Part")
        bench.provider.meddle { world in
            world.meddle(Address(part, "base"), ["value": 7])
            world.meddle(Address(part, "beside"), nil)
            world.meddle(Address(part, "top"), ["value": 8])
        }
        guard case .stale(let objects) = await bench.apply() else { return #expect(Bool(false)) }
        #expect(objects.map(\.address.name) == ["base", "beside", "top"])
        #expect(objects[0].expected?["value"] == 1 && objects[0].found?["value"] == 7)
        #expect(objects[1].found == nil && objects[1].expected != nil)
        #expect(objects[2].expected == nil && objects[2].found?["value"] == 8)
        #expect(bench.provider.calls.count == 1)
        #expect(bench.stores.journal.records.isEmpty)
    }

    @Test("finds an object in a definition that it would overwrite and that nobody declared")
    func undeclared() async throws {
        let root = Address(.restAPI, "a")
        let api = DesiredResource(address: root, document: ["name": "a"])
        let method = { (verb: String, n: String) in
            DesiredResource(
                address: Address(.method, in: "a", "\(verb) /"), document: ["operationName": .string(n)],
                dependencies: [root])
        }
        let bench = Bench(
            Scenario(
                from: [api, method("GET", "x"), method("PUT", "p")], to: [api, method("GET", "y"), method("PUT", "p")],
                settings: ApplySettings()))
        bench.provider.meddle { world in
            world.meddle(Address(.method, in: "a", "POST /"), ["operationName": "surprise"])
            world.meddle(Address(.method, in: "a", "PUT /"), ["operationName": "drifted"])
        }
        guard case .stale(let objects) = await bench.apply() else { return #expect(Bool(false)) }
        #expect(objects.map(\.address.key) == ["POST /", "PUT /"])
    }

    @Test("takes everything back when a step is refused, and proves it")
    func rolledBack() async throws {
        let bench = Bench(.fiveStepsTwoInFlight, faults: [5: .refused])
        let outcome = await bench.apply()
        guard case .rolledBack(let report) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(bench.violations(outcome) == [])
        #expect(report.cause?.kind == .refused && report.cause?.failure.code == "provider.refused")
        #expect(report.blamed.count == 1)
        let proof = try #require(report.proof)
        #expect(proof.isEqual && proof.before == proof.after && proof.before.hasPrefix("sha256:"))
    }

    @Test("names what an undo left behind, undoes the rest, and doubts what it left")
    func residue() async throws {
        let undone = Atomic<Int>(0)
        let bench = Bench(.fiveStepsTwoInFlight, faults: [6: .refused]) { call, _ in
            guard call == .undo else { return nil }
            return undone.add(1, ordering: .relaxed).newValue == 1 ? .refused : nil
        }
        let outcome = await bench.apply()
        guard case .residue(let report) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(bench.violations(outcome, mayLeaveResidue: true) == [])
        #expect(report.residue.contains { $0.reason == .undoRefused && $0.failure?.code == "provider.refused" })
        #expect(report.runbook == "residue.md")
        #expect(report.proof?.isEqual == false)
        #expect(bench.stores.journal.doubts.isSuperset(of: report.residue.flatMap(\.addresses)))
        #expect(await bench.applier.recover(environment: "test", with: bench.provider).isEmpty, "the journal is closed")
    }

    @Test("tries again what is throttled, and gives up after its budget")
    func throttled() async throws {
        let twice = Bench(.fiveStepsTwoInFlight, faults: [2: .throttled, 3: .throttled, 5: .throttled])
        guard case .done = await twice.apply() else { return #expect(Bool(false)) }
        let ever = Bench(.fiveStepsTwoInFlight) { call, _ in call == .perform ? .throttled : nil }
        let outcome = await ever.apply()
        guard case .rolledBack(let report) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(report.cause?.failure.code == "provider.throttled")
        #expect(ever.provider.calls.count { if case .perform = $0 { true } else { false } } <= 2 * 5)
    }

    @Test("does nothing while someone else applies, and nothing when the target cannot be read")
    func notStarted() async throws {
        let bench = Bench(.fiveStepsTwoInFlight)
        bench.stores.take(as: "other")
        guard case .leaseHeld(let failure) = await bench.apply() else { return #expect(Bool(false)) }
        #expect(failure.holder == "other" && bench.provider.calls.isEmpty)
        let far = Bench(.fiveStepsTwoInFlight, faults: [1: .unreachable])
        guard case .notStarted = await far.apply() else { return #expect(Bool(false)) }
        #expect(far.stores.journal.records.isEmpty)
        guard case .done = await far.apply() else { return #expect(Bool(false), "the lease was given back") }
    }
}

@Suite("an applier that is cut off", .timeLimit(.minutes(2)))
struct CutOffTests {
    /// Recovers, and checks that the target is whole again.
    func recovers(_ bench: Bench) async {
        bench.stores.heal()
        let outcomes = await bench.applier.recover(environment: "test", with: bench.provider)
        #expect(outcomes.count == 1)
        for outcome in outcomes { #expect(bench.violations(outcome) == []) }
    }

    @Test("stops at once when the journal cannot be written, and recovers", arguments: 1...8)
    func journalFails(_ place: Int) async throws {
        for fault in [Fault.crashBeforeAppend, .crashAfterAppend] {
            let bench = Bench(.fiveStepsTwoInFlight, appendFaults: [place: fault])
            let outcome = await bench.apply()
            guard case .interrupted(_, let failure) = outcome else {
                if case .done = outcome { continue }
                return #expect(Bool(false), "\(outcome)")
            }
            #expect((failure as? JournalFailure)?.code == .appendFailed)
            if bench.stores.journal.records.isEmpty || bench.stores.journal.isClosed {
                #expect(await bench.applier.recover(environment: "test", with: bench.provider).isEmpty)
            } else {
                await recovers(bench)
            }
        }
    }

    @Test("starts no call once its lease is lost")
    func leaseLost() async throws {
        var settings = ApplierSettings()
        // Every call needs a renewal: the lease never outlives the deadline of the next.
        settings.leaseTTL = settings.callTimeMax
        let holder = Mutex<MemoryStores?>(nil)
        let bench = Bench(.fiveStepsTwoInFlight, settings: settings) { call, place in
            if place == 3 { holder.withLock { $0?.lose() } }
            return nil
        }
        holder.withLock { $0 = bench.stores }
        guard case .interrupted(_, let failure) = await bench.apply() else { return #expect(Bool(false)) }
        #expect((failure as? LeaseFailure)?.code == .lost)
        #expect(bench.provider.calls.count <= 3)
        #expect(bench.stores.renewals >= 1)
        await recovers(bench)
    }

    @Test("leaves its journal open when its task is cancelled, and recovers")
    func cancelled() async throws {
        let cut = Bench(.fiveStepsTwoInFlight) { call, place in
            guard place == 3 else { return nil }
            // Waits for the cancellation, as a call on its way would.
            while !Task.isCancelled { await Task.yield() }
            return .lostTaken
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                guard case .interrupted(_, let failure) = await cut.apply() else { return #expect(Bool(false)) }
                #expect((failure as? ApplyFailure)?.code == .cancelled)
            }
            while cut.provider.calls.count < 3 { await Task.yield() }
            group.cancelAll()
        }
        await recovers(cut)
    }

    @Test("when asked to stop, finishes what flies and takes everything back")
    func stopped() async throws {
        let stop = StopSignal()
        let bench = Bench(.fiveStepsTwoInFlight) { _, place in
            if place == 3 { stop.stop() }
            return nil
        }
        let outcome = await bench.apply(stop: stop)
        guard case .rolledBack(let report) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(report.cause?.kind == .stopped)
        #expect(bench.violations(outcome) == [])
        #expect(bench.provider.calls.count { if case .perform = $0 { true } else { false } } <= 3)
    }

    @Test("when asked to stop before it began, calls nothing")
    func stoppedEarly() async throws {
        let stop = StopSignal()
        stop.stop()
        let bench = Bench(.fiveStepsTwoInFlight)
        let outcome = await bench.apply(stop: stop)
        guard case .rolledBack(let report) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(report.cause?.kind == .stopped)
        #expect(bench.violations(outcome) == [])
        #expect(!bench.provider.calls.contains { if case .observe = $0 { false } else { true } })
    }

    @Test("when asked to stop after something irreversible, leaves the rest to the next start, which goes on")
    func stoppedLate() async throws {
        let stop = StopSignal()
        let performs = Atomic<Int>(0)
        let scenario = Scenario.endsIrreversibly
        let count = scenario.steps.count
        let bench = Bench(scenario) { call, _ in
            guard call == .perform else { return nil }
            // The delete before the last asks to stop; another builds on it.
            if performs.add(1, ordering: .relaxed).newValue == count - 1 { stop.stop() }
            return nil
        }
        let outcome = await bench.apply(stop: stop)
        if case .done = outcome { return #expect(bench.violations(outcome) == []) }
        guard case .interrupted(_, let failure) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect((failure as? ApplyFailure)?.code == .stopped)
        let outcomes = await bench.applier.recover(environment: "test", with: bench.provider)
        guard outcomes.count == 1, case .done(let report) = outcomes[0] else {
            return #expect(Bool(false), "\(outcomes)")
        }
        #expect(report.isRecovered)
        #expect(bench.violations(outcomes[0]) == [])
    }

    @Test("counts a call that does not answer in time as lost, and looks")
    func deadline() async throws {
        var settings = ApplierSettings()
        settings.callTimeMax = .milliseconds(5)
        settings.pauseFirst = .microseconds(100)
        let bench = Bench(.fiveStepsTwoInFlight, settings: settings) { call, place in
            guard place == 3 else { return nil }
            while !Task.isCancelled { await Task.yield() }
            return .lostTaken
        }
        let outcome = await bench.apply()
        guard case .done = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(bench.violations(outcome) == [])
        #expect(bench.provider.calls.count { if case .observe = $0 { true } else { false } } == 2)
    }

    @Test("recovers before it applies, and then finds the target as the plan has it")
    func recoversFirst() async throws {
        let bench = Bench(.fiveStepsTwoInFlight, appendFaults: [3: .crashAfterAppend])
        guard case .interrupted = await bench.apply() else { return #expect(Bool(false)) }
        bench.stores.heal()
        let outcome = await bench.apply()
        guard case .done = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(bench.violations(outcome) == [])
    }

    @Test("does not recover an apply that went to another target, and writes nothing")
    func otherTarget() async throws {
        let bench = Bench(.fiveStepsTwoInFlight, appendFaults: [3: .crashAfterAppend])
        guard case .interrupted = await bench.apply() else { return #expect(Bool(false)) }
        bench.stores.heal()
        let (calls, records) = (bench.provider.calls.count, bench.stores.journal.records.count)
        var plan = bench.scenario.plan
        plan.target = ["aws": ["region": "eu-west-1"]]
        let request = ApplyRequest(plan: plan, commit: String(repeating: "c", count: 40))
        guard case .notStarted(let failure) = await bench.applier.apply(request, with: bench.provider) else {
            return #expect(Bool(false))
        }
        #expect((failure as? ApplyFailure)?.code == .otherTarget)
        #expect(failure.message.contains(#"it went to `{"engine":{}}`"#))
        #expect(bench.provider.calls.count == calls && bench.stores.journal.records.count == records)
        await recovers(bench)
    }

    @Test("leaves the journal open while the target cannot be read, and recovers when it can")
    func outOfReach() async throws {
        let isBack = Atomic<Bool>(false)
        let bench = Bench(.fiveStepsTwoInFlight) { call, place in
            if place == 4 { return .lostTaken }
            return place > 4 && !isBack.load(ordering: .relaxed) ? .unreachable : nil
        }
        guard case .interrupted(_, let failure) = await bench.apply() else { return #expect(Bool(false)) }
        #expect((failure as? ApplyFailure)?.code == .targetOutOfReach)
        isBack.store(true, ordering: .relaxed)
        await recovers(bench)
    }

    @Test("among many faults, leaves the target converged or restored", arguments: 0..<60)
    func manyFaults(_ seed: Int) async throws {
        var generator = SeededGenerator(seed: seed)
        let scenario = Scenario.random(seed: seed)
        var faults: [Int: Fault] = [:]
        var appendFaults: [Int: Fault] = [:]
        for _ in 0..<4 {
            faults[Bench.firstWrite + generator.below(2 * scenario.steps.count + 4)] =
                Fault.usual[generator.below(Fault.usual.count)]
            appendFaults[1 + generator.below(12)] = generator.chance(50) ? .crashAfterAppend : .crashBeforeAppend
        }
        let bench = Bench(scenario, faults: faults, appendFaults: appendFaults)
        var outcome = await bench.apply()
        for _ in 0..<10 {
            guard case .interrupted = outcome else { break }
            guard let next = await bench.applier.recover(environment: "test", with: bench.provider).last else { break }
            outcome = next
        }
        if bench.stores.journal.records.isEmpty {
            #expect(Scenario.has(bench.provider.world, exactly: scenario.before))
        } else if case .interrupted = outcome {
            // The last append was durable although it failed: nothing is left to recover.
            #expect(bench.stores.journal.isClosed && bench.stores.journal.violations == [])
        } else {
            #expect(bench.violations(outcome, mayLeaveResidue: true) == [], "seed \(seed)")
        }
    }
}
