import Diagnostics
import Planning
import Resources

/// The shell around one machine: writes what it says, then does it, then tells it what came of it.
struct ApplyRun {
    let journal: any Journal
    let calls: ProviderCalls
    /// Nil where nobody can ask a stage.
    let probes: ProbeCalls?
    let keeper: LeaseKeeper
    let ticker: Ticker
    let stop: StopSignal
    let progress: @Sendable (ApplyProgress) -> Void

    enum End {
        case ended(ApplyEnding, RollbackProof?)
        /// The journal is open.
        case interrupted(any Failure)
    }

    /// Runs the machine to its end.
    ///
    /// - Parameter opening: Records that go before the machine's first, in the same append.
    func run(_ machine: inout ApplyMachine, opening: [JournalRecord] = []) async -> End {
        let mailbox = Mailbox()
        stop.onStop { mailbox.post(.stop) }
        return await withDiscardingTaskGroup { group in
            defer { group.cancelAll() }
            var open = 0
            do {
                return try await drive(&machine, opening, mailbox, &open, &group)
            } catch {
                await drain(mailbox, &open)
                return .interrupted(
                    error as? any Failure ?? ApplyFailure(.cancelled, "the apply was cut off", cause: error))
            }
        }
    }

    /// Waits for the calls that are on their way: what they do is not written any more, but it is done before the lease
    /// goes, so that the recovery finds it. Each call has its deadline; a cancelled task waits for nothing.
    private func drain(_ mailbox: Mailbox, _ open: inout Int) async {
        while open > 0, !Task.isCancelled { open -= await mailbox.take().count(where: \.isAnswer) }
    }

    /// - Parameter open: Calls that have not answered.
    private func drive(
        _ machine: inout ApplyMachine, _ opening: [JournalRecord], _ mailbox: Mailbox, _ open: inout Int,
        _ group: inout DiscardingTaskGroup
    ) async throws -> End {
        var opening = opening
        var alarm: Duration?
        // Asked before it began: no step is started at all.
        if stop.isStopped { try machine.handle(.stop, at: ticker.now) }
        while true {
            let turn = try machine.next(at: ticker.now)
            try await write(opening + turn.records, turn.changes, machine.header)
            opening = []
            for event in turn.progress { progress(event) }
            if !turn.actions.isEmpty { try await keeper.ensure(for: calls.timeMax) }
            open += turn.actions.count(where: \.isCall)
            for action in turn.actions { start(action, machine, mailbox, &group) }
            if let end = try await end(turn.verdict, &machine) { return end }

            if let wake = machine.nextWake, wake < alarm ?? .seconds(Int64.max) {
                alarm = wake
                group.addTask { [ticker] in
                    _ = await ticker.sleep(for: max(.zero, wake - ticker.now))
                    mailbox.wake()
                }
            }
            let inputs = await mailbox.take()
            open -= inputs.count(where: \.isAnswer)
            if Task.isCancelled { throw ApplyFailure(.cancelled, "the apply was cut off") }
            let now = ticker.now
            if let due = alarm, due <= now { alarm = nil }
            for input in inputs { try machine.handle(input, at: now) }
        }
    }

    private func write(
        _ records: [JournalRecord], _ changes: [StateChange], _ header: ApplyHeader
    ) async throws(JournalFailure) {
        guard !records.isEmpty else { return }
        try await journal.append(
            JournalAppend(
                apply: header.id, environment: header.environment, records: records, changes: changes,
                lease: keeper.grant))
    }

    private func start(
        _ action: MachineAction, _ machine: ApplyMachine, _ mailbox: Mailbox, _ group: inout DiscardingTaskGroup
    ) {
        switch action {
        case .perform(let number):
            let (step, context) = (machine.header.steps[number], machine.context(for: number))
            group.addTask { [calls] in mailbox.post(.performed(number, await calls.perform(step, context))) }
        case .undo(let number):
            let (step, context) = (machine.header.steps[number], machine.context(for: number))
            group.addTask { [calls] in mailbox.post(.undid(number, await calls.undo(step, context))) }
        case .observe(let number):
            let (step, context) = (machine.header.steps[number], machine.context(for: number))
            let isUndo = machine.states[number] == .undoUnknown
            let original = machine.header.identities
            group.addTask { [calls] in
                let sighting = await calls.look(at: step, context, original: original, isUndo: isUndo)
                mailbox.post(.observed(number, sighting))
            }
        case .probe(let number):
            let question = machine.question(number)
            group.addTask { [probes] in
                let answer = await probes?.ask(question) ?? .failed("nobody can ask the stages of this target")
                mailbox.post(.probed(number, answer))
            }
        }
    }

    private func end(_ verdict: Verdict?, _ machine: inout ApplyMachine) async throws -> End? {
        switch verdict {
        case nil: return nil
        case .ended(let ending): return .ended(ending, nil)
        case .suspended(let failure, let code): return .interrupted(ApplyFailure(code, failure.message))
        case .compare:
            let (proof, found) = try await proof(machine)
            let turn = machine.conclude(proof, found: found)
            try await write(turn.records, turn.changes, machine.header)
            guard case .ended(let ending) = turn.verdict else { return nil }
            return .ended(ending, proof)
        }
    }

    /// Reads everything that was read before the first step, and compares.
    private func proof(_ machine: ApplyMachine) async throws -> (RollbackProof, found: [Address: Identity]) {
        let header = machine.header
        let identities = machine.identities
        let scope = header.scope
        progress(.reading(objectsCount: scope.addresses.count))
        let observed = try await read(scope, identities)
        let found = observed.mapValues(\.identity)
        let now = TargetHash(
            of: observed.filter { scope.contains($0.key) }, symbolic: header.symbolic,
            identities: identities.merging(found) { _, new in new })
        return (header.observed.proof(now: now), found)
    }

    /// Tries as often as a step may be tried.
    private func read(
        _ scope: TargetScope, _ identities: [Address: Identity]
    ) async throws -> [Address: ObservedObject] {
        var attempts = Attempts()
        let budget = RetryBudget(calls.settings)
        while true {
            attempts.begin(at: ticker.now)
            do throws(ProviderFailure) {
                return try await calls.provider.observe(scope.observation(identities))
            } catch {
                let spent = ticker.now - attempts.first
                guard let pause = budget.pause(after: attempts.count, spent: spent, asked: .zero) else { throw error }
                guard await ticker.sleep(for: pause) else { throw ApplyFailure(.cancelled, "the apply was cut off") }
            }
        }
    }
}
