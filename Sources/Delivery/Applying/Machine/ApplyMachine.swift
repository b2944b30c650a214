import Planning
package import Resources

/// Decides what an apply does next: takes events, gives records to write and then actions to carry out. Pure: no clock,
/// no disk, no target; the same inputs give the same turns.
///
/// Forward until all is done or something turns it; then, once nothing runs any more, back, or on if something that
/// cannot be undone is done already:
///
/// ```
/// forward ── refused, changed, stopped, restarted ──> stopping ── quiet ──> back ──> compare ──> ended
///    └─ all done ──> ended                                          └──> carrying ──> ended
/// ```
///
/// Each event costs time in proportion to the step's own dependencies and documents, never to the size of the plan.
package struct ApplyMachine: Sendable {
    enum Phase: Sendable, Hashable {
        case forward, stopping, carrying, back, comparing, suspended, ended
    }

    struct Pause: Sendable {
        var step: Int
        var due: Duration
        var action: MachineAction
    }

    package let header: ApplyHeader
    /// Where each step stands, by number.
    package internal(set) var states: [StepState]
    /// Why it went no further; nil while all goes well.
    package internal(set) var cause: ApplyCause?
    let graph: StepGraph
    let stageOf: [Int]
    let budget: RetryBudget
    var ledger: IdentityLedger
    var phase = Phase.forward
    var turn = Turn()
    var doneCount = 0
    var isStopRequested = false
    var suspension: (RecordedFailure, ApplyFailure.Code)?

    /// Calls and readings that run.
    var running = 0
    /// Steps that pause; they keep their place, so that a target that asks to slow down is heard.
    var pauses: [Pause] = []
    var performs: [Attempts]
    var undos: [Attempts]
    var readings: [Attempts]

    /// Steps that the target refused, or that were given up, with what it said.
    var refused: [Int: RecordedFailure] = [:]
    /// Steps after a lost reply whose objects are neither as before nor as after.
    var differing: Set<Int> = []
    /// What the target said to an undo that it refused.
    var undoRefusals: [Int: RecordedFailure] = [:]

    /// Dependencies that are not done, by step.
    var waitingFor: [Int] = []
    /// Steps that are not settled, by stage.
    var leftInStage: [Int] = []
    var stage = 0
    var ready = StepQueue()
    /// Dependents that are not undone, by step.
    var blockers: [Int] = []
    /// Steps that stay, because something that builds on them is stuck.
    var kept: Set<Int> = []
    /// Steps whose undo was called and reported, or was found done.
    var takenBack: Set<Int> = []
    /// Steps given up whose dependents are still to be given up.
    var skipped: [Int] = []
    /// Asked at the gate for that.
    let probes: [Probe]
    /// Stages after which nothing is waited for any more.
    var passedGates: Set<Int> = []
    /// When the gate for propagation opens; nil where none is reached.
    var gateDue: Duration?
    /// While stages are asked, and afterwards.
    var watch: ProbeWatch?
    /// Objects that differ after the last undo and that no stuck step accounts for.
    var unaccounted: [Address] = []
    /// The residue, once the apply has ended.
    var leftBehind: [Residue] = []

    /// - Parameter probes: What the gate for a probe waits for; none lets it pass.
    /// - Throws: `applying.bad-steps`, `applying.too-many-steps`.
    package init(_ header: ApplyHeader, budget: RetryBudget, probes: [Probe] = []) throws(ApplyFailure) {
        self.header = header
        self.probes = probes
        self.budget = budget
        graph = try StepGraph(header)
        var stageOf = [Int](repeating: 0, count: header.steps.count)
        for (stage, steps) in graph.stages.enumerated() { for step in steps { stageOf[step] = stage } }
        self.stageOf = stageOf
        ledger = IdentityLedger(header.identities)
        states = Array(repeating: .pending, count: header.steps.count)
        performs = Array(repeating: Attempts(), count: header.steps.count)
        undos = performs
        readings = performs
        prepareForward()
    }

    /// What a call of the step needs to know.
    package func context(for step: Int) -> StepContext {
        StepContext(
            environment: header.environment, token: StepToken.token(of: header.id, step: step),
            identities: ledger.identities(for: CollectionOfOne(header.steps[step]), dependencies: header.dependencies),
            commit: header.commit)
    }

    /// What all objects are called, as far as the apply knows.
    package var identities: [Address: Identity] { ledger.all }

    /// When ``next(at:)`` has something new even if nothing is heard; nil when only an input can bring that.
    package var nextWake: Duration? {
        var wake = pauses.map(\.due).min()
        if let gateDue { wake = min(wake ?? gateDue, gateDue) }
        if let due = isProbing ? watch?.nextDue : nil { wake = min(wake ?? due, due) }
        return wake
    }

    /// Takes in what happened.
    ///
    /// - Throws: `journal.illegal-transition` for an answer that nothing asked for.
    package mutating func handle(_ input: MachineInput, at now: Duration) throws(JournalFailure) {
        switch input {
        case .performed(let step, let outcome):
            running -= 1
            try performed(step, outcome, at: now)
        case .undid(let step, let outcome):
            running -= 1
            try undid(step, outcome, at: now)
        case .observed(let step, let sighting):
            running -= 1
            try observed(step, sighting, at: now)
        case .probed(let number, let answer):
            probed(number, answer, at: now)
        case .stop:
            isStopRequested = true
            if phase == .forward {
                turnBack(ApplyCause(.stopped, failure: .stopped))
            } else if phase == .carrying {
                suspend(.stopped, .stopped)
            }
        }
    }

    /// What is to be written and then done, given all inputs so far. Empty when there is only waiting to do.
    package mutating func next(at now: Duration) throws(JournalFailure) -> Turn {
        try wake(at: now)
        while true {
            try startReady(at: now)
            guard inFlight == 0 else { break }
            if isAtGate {
                if hold(at: now) { break }
                continue
            }
            guard try settle() else { break }
        }
        defer { turn = Turn() }
        return turn
    }

    /// Places taken: calls that run, and steps that pause between two calls.
    var inFlight: Int { running + pauses.count }

    private mutating func startReady(at now: Duration) throws(JournalFailure) {
        guard phase == .forward || phase == .carrying || phase == .back else { return }
        let limit = max(1, min(header.parallelism, Limits.parallelismMax))
        while inFlight < limit, let step = ready.popFirst() {
            if phase == .back { try startUndo(step, at: now) } else { try startPerform(step, at: now) }
        }
    }

    private mutating func wake(at now: Duration) throws(JournalFailure) {
        guard pauses.contains(where: { $0.due <= now }) else { return }
        let due = pauses.filter { $0.due <= now }
        pauses.removeAll { $0.due <= now }
        for pause in due {
            switch pause.action {
            case .perform: try startPerform(pause.step, at: now)
            case .undo: try startUndo(pause.step, at: now)
            case .observe: startObserve(pause.step, at: now)
            case .probe: break
            }
        }
    }

    /// Nothing runs and nothing pauses: what now? True when there is more to settle or to start.
    private mutating func settle() throws(JournalFailure) -> Bool {
        switch phase {
        case .forward:
            end(.done)
        case .stopping:
            try decide()
            return phase != .ended
        case .carrying:
            end(residue.isEmpty ? .done : .residue)
        case .back:
            phase = .comparing
            turn.verdict = .compare
        case .suspended:
            if let suspension { turn.verdict = .suspended(suspension.0, suspension.1) }
        case .comparing, .ended: break
        }
        return false
    }

    /// Where to after a turn, once nothing runs any more.
    private mutating func decide() throws(JournalFailure) {
        if doneCount == states.count, differing.isEmpty, !isLastGateClosed {
            end(.done)
        } else if header.steps.contains(where: { !$0.isReversible && states[$0.number] == .done }) {
            if isStopRequested {
                suspend(.stopped, .stopped)
            } else {
                try carryOn()
            }
        } else if header.onFailure == .hold {
            end(.held)
        } else {
            try goBack()
        }
    }

    mutating func end(_ ending: ApplyEnding) {
        turn.changes += recordings(ending)
        leftBehind = residue
        for residue in leftBehind {
            let reason = residue.failure?.message ?? residue.reason.rawValue
            turn.changes += residue.addresses.map { .doubt($0, reason: reason) }
        }
        turn.records.append(.ended(ending))
        turn.verdict = .ended(ending)
        phase = .ended
    }

    /// What is recorded without a call. Where something was left behind, objects that are taken over stay so, also those
    /// that no step came to.
    private func recordings(_ ending: ApplyEnding) -> [StateChange] {
        switch ending {
        case .rolledBack: return header.taken.map(StateChange.remove)
        case .done: return header.recordings
        case .residue, .held:
            let reached = Set(
                header.steps.filter { states[$0.number] != .undone }.flatMap(\.effects).map(\.address))
            return header.recordings
                + header.taken.filter { !reached.contains($0) }.compactMap { address in
                    guard var object = header.recorded[address] else { return nil }
                    object.identity = identities[address] ?? object.identity
                    return .record(object)
                }
        }
    }

    /// No step is started any more.
    mutating func turnBack(_ cause: ApplyCause) {
        self.cause = cause
        turn.records.append(.turned(cause))
        turn.progress.append(.turned(cause))
        phase = .stopping
        gateDue = nil
        pauses.removeAll { if case .perform = $0.action { true } else { false } }
    }

    /// Gives up for now, with the journal open.
    mutating func suspend(_ failure: RecordedFailure, _ code: ApplyFailure.Code) {
        suspension = (failure, code)
        phase = .suspended
        gateDue = nil
        pauses = []
    }

    /// Moves a step on and writes it down.
    mutating func note(
        _ step: Int, _ event: StepEvent, identities: [Address: Identity?] = [:], failure: RecordedFailure? = nil,
        differs: Bool = false
    ) throws(JournalFailure) {
        let old = states[step]
        let new = try old.after(event)
        states[step] = new
        if old == .done { doneCount -= 1 }
        if new == .done { doneCount += 1 }
        if old == .undoing || old == .undoUnknown, new == .undone { takenBack.insert(step) }
        ledger.merge(identities)
        turn.records.append(
            .step(StepRecord(step, event, identities: identities, failure: failure, differs: differs)))
        turn.progress.append(.step(header.steps[step], new, failure: failure))
    }
}

extension RecordedFailure {
    static let stopped = RecordedFailure(
        code: ApplyFailure.Code.stopped.rawValue, message: "the apply was asked to stop")
}
