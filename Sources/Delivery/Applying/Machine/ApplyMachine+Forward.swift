import Resources

extension ApplyMachine {
    /// Counts anew what waits for what: at the start, and before carrying on.
    mutating func prepareForward() {
        waitingFor = graph.dependencies.map { $0.count { states[$0] != .done } }
        leftInStage = graph.stages.map { $0.count { states[$0] != .done && states[$0] != .undone } }
        stage = -1
        ready.removeAll()
        passGatesBehind()
        advanceStage()
    }

    /// Goes to the first stage that has something left, and queues what is free to start there.
    mutating func advanceStage() {
        while stage < 0 || (stage < leftInStage.count && leftInStage[stage] == 0) {
            if stage >= 0, graph.gates[stage] != nil, !passedGates.contains(stage) { return }
            stage += 1
            guard stage < graph.stages.count else { return }
            for step in graph.stages[stage] where states[step] == .pending && waitingFor[step] == 0 {
                ready.append(step)
            }
        }
    }

    mutating func startPerform(_ step: Int, at now: Duration) throws(JournalFailure) {
        guard states[step] == .pending else { return }
        performs[step].begin(at: now)
        try note(step, .intended)
        turn.actions.append(.perform(step))
        running += 1
    }

    mutating func startObserve(_ step: Int, at now: Duration) {
        readings[step].begin(at: now)
        turn.actions.append(.observe(step))
        running += 1
    }

    /// Looks at a step whose call may still be on its way to its effect.
    mutating func observeOnceSettled(_ step: Int, _ failure: RecordedFailure, at now: Duration) {
        readings[step] = Attempts()
        guard budget.settleTime > .zero else { return startObserve(step, at: now) }
        wait(step, budget.settleTime, .observe(step), failure, at: now)
    }

    mutating func performed(_ step: Int, _ outcome: CallOutcome, at now: Duration) throws(JournalFailure) {
        switch outcome {
        case .succeeded(let identities):
            try note(step, .succeeded, identities: identities)
            tookEffect(step)
        case .refused(let failure):
            try note(step, .refused, failure: failure)
            try giveUp(step, failure)
        case .deferred(let failure, let asked, _):
            guard phase == .forward || phase == .carrying else {
                return try note(step, .deferred, failure: failure)
            }
            guard let pause = pause(performs[step], asked, now) else {
                try note(step, .refused, failure: failure)
                return try giveUp(step, failure)
            }
            try note(step, .deferred, failure: failure)
            wait(step, pause, .perform(step), failure, at: now)
        case .lost(let failure):
            try note(step, .replyLost, failure: failure)
            observeOnceSettled(step, failure, at: now)
        }
    }

    /// A look after a lost reply.
    mutating func observed(_ step: Int, _ sighting: Sighting, at now: Duration) throws(JournalFailure) {
        if case .failed(let failure) = sighting {
            guard phase != .suspended else { return }
            guard let pause = pause(readings[step], .zero, now) else { return suspend(failure, .targetOutOfReach) }
            return wait(step, pause, .observe(step), failure, at: now)
        }
        if states[step] == .undoUnknown { return try observedUndo(step, sighting, at: now) }
        switch sighting {
        case .asAfter(let identities):
            try note(step, .foundApplied, identities: identities)
            tookEffect(step)
        case .differs(let identities):
            try note(step, .foundApplied, identities: identities, failure: .changedMeanwhile, differs: true)
            differing.insert(step)
            tookEffect(step, changes: changes(differing: header.steps[step]))
            turn.changes += header.steps[step].effects.map {
                .doubt($0.address, reason: RecordedFailure.changedMeanwhile.message)
            }
            if phase == .forward { turnBack(ApplyCause(.changed, step: step, failure: .changedMeanwhile)) }
        case .asBefore(let identities):
            try note(step, .foundAbsent, identities: identities)
            guard phase == .forward || phase == .carrying else { return }
            if let pause = pause(performs[step], .zero, now) {
                wait(step, pause, .perform(step), .replyLost, at: now)
            } else {
                try note(step, .abandoned)
                try giveUp(step, .replyLost)
            }
        case .failed: break
        }
    }

    /// What the look still found is not forgotten, although the step was to delete it.
    private func changes(differing step: Step) -> [StateChange] {
        header.changes(done: step, ledger).filter {
            if case .remove(let address) = $0 { ledger[address] == nil } else { true }
        }
    }

    /// - Parameter changes: Of the recorded state; those of the whole effect if not given.
    private mutating func tookEffect(_ step: Int, changes: [StateChange]? = nil) {
        turn.changes += changes ?? header.changes(done: header.steps[step], ledger)
        for dependent in graph.dependents[step] {
            waitingFor[dependent] -= 1
            if waitingFor[dependent] == 0, stageOf[dependent] == stage, states[dependent] == .pending {
                ready.append(dependent)
            }
        }
        settled(step)
    }

    private mutating func settled(_ step: Int) {
        leftInStage[stageOf[step]] -= 1
        advanceStage()
    }

    /// The step will not be tried again. Turns the apply back, unless something irreversible is done already.
    private mutating func giveUp(_ step: Int, _ failure: RecordedFailure) throws(JournalFailure) {
        refused[step] = failure
        switch phase {
        case .forward:
            turnBack(ApplyCause(.refused, step: step, failure: failure))
        case .carrying:
            settled(step)
            skipped.append(step)
            try skipDependents()
        default: break
        }
    }

    /// Something irreversible is done: what can still be done is done, what was refused for good stays as residue.
    mutating func carryOn() throws(JournalFailure) {
        phase = .carrying
        prepareForward()
        for step in states.indices where states[step] == .undone { skipped.append(step) }
        try skipDependents()
    }

    /// Gives up what builds on a refused step.
    mutating func skipDependents() throws(JournalFailure) {
        while let step = skipped.popLast() {
            for dependent in graph.dependents[step] where states[dependent] == .pending {
                try note(dependent, .abandoned)
                settled(dependent)
                skipped.append(dependent)
            }
        }
    }

    func pause(_ attempts: Attempts, _ asked: Duration, _ now: Duration) -> Duration? {
        budget.pause(after: attempts.count, spent: now - attempts.first, asked: asked)
    }

    mutating func wait(
        _ step: Int, _ pause: Duration, _ action: MachineAction, _ failure: RecordedFailure, at now: Duration
    ) {
        pauses.append(Pause(step: step, due: now + pause, action: action))
        turn.progress.append(.waiting(header.steps[step], pause: pause, failure: failure))
    }
}

extension RecordedFailure {
    static let changedMeanwhile = RecordedFailure(
        code: ApplyFailure.Code.changedMeanwhile.rawValue,
        message: "after a lost reply the target has neither what was there before nor what was asked for")
    static let replyLost = RecordedFailure(
        code: "provider.reply-lost", message: "the reply was lost, and the call did not take effect")
}
