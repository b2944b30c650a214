import JSON
import Planning
import Resources
import Seeds

@testable import Applying

/// The real machine against a world, a journal, faults and a made-up clock; one thread, the same for the same seed.
struct SimulatedApply {
    enum Stop: Equatable {
        case ended(ApplyEnding)
        /// The process is gone, or gave up for now.
        case crashed
    }

    let scenario: Scenario
    private(set) var world: World
    private(set) var journal: SimulatedJournal
    private var generator: SeededGenerator
    private var faults: [Int: Fault] = [:]
    private let flaw: Flaw?
    private var place = 0
    private var now = Duration.zero
    private var inFlight: [MachineAction] = []
    /// Calls that a flawed shell forgot; they still take effect.
    private var forgotten: [MachineAction] = []
    private(set) var violations: [String] = []
    private(set) var ending: ApplyEnding?
    private(set) var residue: [Residue] = []
    private(set) var crashes = 0
    private(set) var mostInFlight = 0
    private var refusals = 0
    private var isStopAsked = false

    static let budget: RetryBudget = {
        var settings = ApplierSettings()
        settings.attemptsMax = 4
        return RetryBudget(settings)
    }()

    init(_ scenario: Scenario, seed: Int, faults: [Int: Fault] = [:], flaw: Flaw? = nil) {
        self.scenario = scenario
        self.flaw = flaw
        self.faults = faults
        world = scenario.world
        journal = SimulatedJournal(recorded: scenario.recorded)
        generator = SeededGenerator(seed: seed)
    }

    /// Places that the run had.
    var placesCount: Int { place }

    /// Runs, restarts after each crash, and checks where it came to rest.
    mutating func runToRest() throws {
        let header = scenario.header
        var machine = try ApplyMachine(header, budget: Self.budget, probes: scenario.probes)
        var stop = try drive(&machine, opening: [.began(header)])
        while stop == .crashed {
            crashes += 1
            guard crashes < 60 else { return violations.append("it never comes to rest") }
            guard var unfinished = try journal.unfinished() else { break }
            if flaw == .ignoresUnknownOnRecovery { unfinished.forgetUnknown() }
            if flaw == .undoesForward { unfinished.forgetOrder() }
            machine = try ApplyMachine(recovering: unfinished, budget: Self.budget)
            stop = try drive(&machine, opening: [])
        }
        if case .ended(let ending) = journal.records.last { self.ending = ending }
        residue = machine.residue
        check()
    }

    private mutating func drive(_ machine: inout ApplyMachine, opening: [JournalRecord]) throws -> Stop {
        var opening = opening
        inFlight = []
        while true {
            var turn = try machine.next(at: now)
            if flaw == .leavesOutcomeUnjournaled { turn.records.removeAll(where: \.isOutcome) }
            if try !append(opening + turn.records, turn.changes) { return crash(machine) }
            opening = []
            for action in turn.actions { auditCall(action) }
            inFlight += turn.actions
            mostInFlight = max(mostInFlight, inFlight.count)
            switch turn.verdict {
            case .ended(let ending): return .ended(ending)
            case .suspended: return .crashed
            case .compare:
                runForgotten(machine)
                let (proof, found) = proof(machine)
                let last = machine.conclude(proof, found: found)
                if try !append(last.records, last.changes) { return crash(machine) }
                guard case .ended(let ending) = last.verdict else { continue }
                return .ended(ending)
            case nil: break
            }
            if isStopAsked {
                isStopAsked = false
                try machine.handle(.stop, at: now)
                continue
            }
            if flaw == .forgetsRunningStep, turn.records.contains(where: \.isTurn) {
                try forgetRunning(&machine)
            } else if inFlight.isEmpty {
                guard let wake = machine.nextWake else {
                    violations.append("it waits for nothing")
                    return .crashed
                }
                now = max(now, wake)
            } else {
                try finishOne(&machine)
            }
        }
    }

    private mutating func finishOne(_ machine: inout ApplyMachine) throws {
        var position = generator.below(inFlight.count)
        if flaw == .undoesForward {
            position = inFlight.firstIndex(of: inFlight.min { $0.step < $1.step } ?? inFlight[0]) ?? 0
        }
        let action = inFlight.remove(at: position)
        now += .milliseconds(generator.below(50))
        try machine.handle(answer(action, machine), at: now)
    }

    private mutating func forgetRunning(_ machine: inout ApplyMachine) throws {
        for action in inFlight {
            guard case .perform(let step) = action else { continue }
            forgotten.append(action)
            try machine.handle(.performed(step, .refused(RecordedFailure(code: "x", message: "forgotten"))), at: now)
        }
        inFlight.removeAll { if case .perform = $0 { true } else { false } }
        if inFlight.isEmpty { return }
        try finishOne(&machine)
    }

    private mutating func runForgotten(_ machine: ApplyMachine) {
        for case .perform(let step) in forgotten {
            _ = world.perform(machine.header.steps[step], machine.context(for: step))
        }
        forgotten = []
    }

    /// False when the process ended.
    private mutating func append(_ records: [JournalRecord], _ changes: [StateChange]) throws -> Bool {
        guard !records.isEmpty else { return true }
        let fault = nextFault()
        if fault == .crashBeforeAppend { return false }
        try journal.append(records, changes)
        return fault != .crashAfterAppend
    }

    /// Each call that was on its way arrives, or not.
    private mutating func crash(_ machine: ApplyMachine) -> Stop {
        for action in inFlight where generator.chance(50) { _ = call(action, machine) }
        inFlight = []
        return .crashed
    }

    private mutating func nextFault() -> Fault? {
        place += 1
        if faults[place] == .stop { isStopAsked = true }
        return faults[place]
    }

    private mutating func answer(_ action: MachineAction, _ machine: ApplyMachine) -> MachineInput {
        let fault = nextFault()
        switch action {
        case .probe(let number): return .probed(number, probeAnswer(fault))
        case .perform(let step): return .performed(step, outcome(action, machine, fault))
        case .undo(let step): return .undid(step, outcome(action, machine, fault))
        case .observe(let step):
            if flaw == .repeatsLostCall { return .observed(step, .asBefore([:])) }
            switch fault {
            case nil, .crashAfterAppend, .crashBeforeAppend, .undoLies, .stop: break
            case .lostTaken, .lostNotTaken, .refused, .throttled, .unreachable: return .observed(step, .failed(.test))
            }
            let context = machine.context(for: step)
            let observed = world.observe(
                Observation(
                    addresses: machine.header.steps[step].effects.map(\.address), identities: context.identities))
            return .observed(
                step,
                Sighting(
                    of: machine.header.steps[step], observed, identities: context.identities,
                    original: machine.header.identities, isUndo: machine.states[step] == .undoUnknown))
        }
    }

    private func probeAnswer(_ fault: Fault?) -> ProbeAnswer {
        switch fault {
        case nil, .crashAfterAppend, .crashBeforeAppend, .undoLies, .stop: .serves("it serves")
        case .lostTaken, .lostNotTaken, .refused, .throttled, .unreachable: .failed("a fault")
        }
    }

    private mutating func outcome(_ action: MachineAction, _ machine: ApplyMachine, _ fault: Fault?) -> CallOutcome {
        switch fault {
        case .lostTaken:
            _ = call(action, machine)
            return .lost(.test)
        case .lostNotTaken: return .lost(.test)
        case .refused:
            refusals += 1
            return .refused(.test)
        case .throttled: return .deferred(.test, after: .seconds(1), isOutOfReach: false)
        case .unreachable: return .deferred(.test, after: .seconds(5), isOutOfReach: true)
        case .undoLies:
            if case .undo = action { return .succeeded([:]) }
            return call(action, machine)
        case nil, .crashAfterAppend, .crashBeforeAppend, .stop: return call(action, machine)
        }
    }

    private mutating func call(_ action: MachineAction, _ machine: ApplyMachine) -> CallOutcome {
        let result: World.CallResult
        switch action {
        case .perform(let step): result = world.perform(machine.header.steps[step], machine.context(for: step))
        case .undo(let step): result = world.undo(machine.header.steps[step], machine.context(for: step))
        case .observe, .probe: return .lost(.test)
        }
        switch result {
        case .took(let identities): return .succeeded(identities)
        case .refused(let message):
            violations.append("the target had to refuse: \(message)")
            return .refused(RecordedFailure(code: "world.refused", message: message))
        }
    }

    private func proof(_ machine: ApplyMachine) -> (RollbackProof, found: [Address: Identity]) {
        let header = machine.header
        if flaw == .skipsComparison { return (header.observed.proof(now: header.observed), [:]) }
        let identities = machine.identities
        let observed = world.observe(header.scope.observation(identities)).filter { header.scope.contains($0.key) }
        let found = observed.mapValues(\.identity)
        let now = TargetHash(
            of: observed, symbolic: header.symbolic, identities: identities.merging(found) { _, new in new })
        return (header.observed.proof(now: now), flaw == .forgetsResidue ? [:] : found)
    }

    private mutating func auditCall(_ action: MachineAction) {
        if case .probe = action {
            let gate = scenario.header.gates.first { $0.wait == .probe }?.after ?? 0
            let isBehind = journal.states.dropFirst(gate + 1).contains { $0 != .pending }
            if isBehind { violations.append("a stage is asked after something that came behind the gate was begun") }
            return
        }
        let state = journal.state(of: action.step)
        let wanted: [StepState] =
            switch action {
            case .perform: [.inFlight]
            case .undo: [.undoing]
            case .observe: [.unknown, .undoUnknown]
            case .probe: []
            }
        guard let state, wanted.contains(state) else {
            return violations.append("\(action) while the journal says \(state?.rawValue ?? "nothing")")
        }
    }

    private mutating func check() {
        violations += journal.violations
        if ending == nil, journal.records.isEmpty, Scenario.has(world, exactly: scenario.before) { return }
        if !journal.isClosed { violations.append("the journal is open") }
        let rest = Rest(
            scenario: scenario, world: world, journal: journal, ending: ending, residue: residue,
            mayLeaveResidue: refusals > 0 || faults.values.contains(.undoLies))
        violations += rest.violations
    }
}

extension RecordedFailure {
    fileprivate static let test = RecordedFailure(code: "world.fault", message: "a fault")
}

extension MachineAction {
    var step: Int {
        switch self {
        case .perform(let step), .undo(let step), .observe(let step), .probe(let step): step
        }
    }
}

extension JournalRecord {
    fileprivate var isTurn: Bool { if case .turned = self { true } else { false } }
    fileprivate var isOutcome: Bool { if case .step(let record) = self { record.event == .succeeded } else { false } }
}

extension UnfinishedApply {
    /// Takes for granted that what was on its way never arrived.
    fileprivate mutating func forgetUnknown() {
        var last: [Int: StepEvent] = [:]
        for case .step(let record) in records { last[record.number] = record.event }
        for (step, event) in last.sorted(by: { $0.key < $1.key }) where event == .intended {
            records.append(.step(StepRecord(step, .replyLost)))
            records.append(.step(StepRecord(step, .foundAbsent)))
        }
    }

    /// Forgets which step builds on which.
    fileprivate mutating func forgetOrder() {
        for step in header.steps.indices { header.steps[step].dependencies = [] }
        header.stages = header.stages.map { _ in 0 }
        header.parallelism = 64
    }
}
