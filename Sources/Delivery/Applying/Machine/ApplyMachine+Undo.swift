import Planning
package import Resources

extension ApplyMachine {
    /// Gives up what was not begun and takes back what was, the last first.
    mutating func goBack() throws(JournalFailure) {
        phase = .back
        for step in states.indices where states[step] == .pending { try note(step, .abandoned) }
        blockers = graph.dependents.map { $0.count { states[$0] != .undone } }
        kept = []
        leftInStage = graph.stages.map { $0.count { states[$0] == .done } }
        for step in states.indices where states[step] == .stuck { keepWhatIsNeeded(by: step) }
        stage = graph.stages.count
        ready.removeAll()
        retreatStage()
    }

    /// Goes to the last stage that has something to undo, and queues what nothing builds on.
    private mutating func retreatStage() {
        while stage >= 0, stage == graph.stages.count || leftInStage[stage] == 0 {
            stage -= 1
            guard stage >= 0 else { return }
            for step in graph.stages[stage].reversed() where isFreeToUndo(step) { ready.append(step) }
        }
    }

    private func isFreeToUndo(_ step: Int) -> Bool {
        states[step] == .done && blockers[step] == 0 && !kept.contains(step)
    }

    mutating func startUndo(_ step: Int, at now: Duration) throws(JournalFailure) {
        undos[step].begin(at: now)
        // A deferred undo is still intended: nothing took effect since.
        if states[step] == .done { try note(step, .undoIntended) }
        turn.actions.append(.undo(step))
        running += 1
    }

    mutating func undid(_ step: Int, _ outcome: CallOutcome, at now: Duration) throws(JournalFailure) {
        switch outcome {
        case .succeeded(let identities):
            try note(step, .undone, identities: identities)
            tookBack(step)
        case .refused(let failure):
            try refuseUndo(step, failure)
        case .deferred(let failure, let asked, let isOutOfReach):
            guard phase == .back else { return }
            if let pause = pause(undos[step], asked, now) {
                wait(step, pause, .undo(step), failure, at: now)
            } else if isOutOfReach {
                suspend(failure, .targetOutOfReach)
            } else {
                try refuseUndo(step, failure)
            }
        case .lost(let failure):
            try note(step, .replyLost, failure: failure)
            observeOnceSettled(step, failure, at: now)
        }
    }

    /// A look after the reply to an undo was lost.
    mutating func observedUndo(_ step: Int, _ sighting: Sighting, at now: Duration) throws(JournalFailure) {
        switch sighting {
        case .asBefore(let identities):
            try note(step, .foundUndone, identities: identities)
            tookBack(step)
        case .asAfter(let identities), .differs(let identities):
            try note(step, .foundNotUndone, identities: identities)
            guard phase == .back else { return }
            if let pause = pause(undos[step], .zero, now) {
                wait(step, pause, .undo(step), .replyLost, at: now)
            } else {
                try note(step, .undoIntended)
                try refuseUndo(step, .replyLost)
            }
        case .failed: break
        }
    }

    private mutating func tookBack(_ step: Int) {
        var earlier: Set<Address> = []
        for before in graph.dependencies[step] { earlier.formUnion(header.steps[before].effects.map(\.address)) }
        turn.changes += header.changes(undone: header.steps[step], ledger) { !earlier.contains($0) }
        guard phase == .back else { return }
        for before in graph.dependencies[step] {
            blockers[before] -= 1
            if stageOf[before] == stage, isFreeToUndo(before) { ready.append(before) }
        }
        leftInStage[stageOf[step]] -= 1
        retreatStage()
    }

    /// The step is stuck: what it builds on stays as well, all else is undone.
    private mutating func refuseUndo(_ step: Int, _ failure: RecordedFailure) throws(JournalFailure) {
        try note(step, .undoRefused, failure: failure)
        undoRefusals[step] = failure
        // A delete whose undo was seen to have brought something back: it is there, though not as it was.
        let returned = header.steps[step].effects.filter { $0.after == nil && ledger[$0.address] != nil }
        turn.changes += header.changes(undone: header.steps[step], ledger) { _ in true }.filter { change in
            if case .record(let object) = change { returned.contains { $0.address == object.address } } else { false }
        }
        guard phase == .back else { return }
        leftInStage[stageOf[step]] -= 1
        keepWhatIsNeeded(by: step)
        retreatStage()
    }

    private mutating func keepWhatIsNeeded(by step: Int) {
        var open = graph.dependencies[step]
        while let before = open.popLast() {
            guard states[before] == .done, kept.insert(before).inserted else { continue }
            leftInStage[stageOf[before]] -= 1
            open += graph.dependencies[before]
        }
    }

    /// Closes the journal of what was taken back.
    ///
    /// - Parameters:
    ///   - proof: The target before the first step and now.
    ///   - found: What is there now, by the look that the proof is made from.
    package mutating func conclude(_ proof: RollbackProof, found: [Address: Identity]) -> Turn {
        precondition(phase == .comparing, "only what was taken back is compared")
        let accounted = Set(residue.flatMap(\.addresses))
        unaccounted = proof.differing.filter { !accounted.contains($0) }
        turn.changes += recordings(of: unaccounted, found)
        end(residue.isEmpty ? .rolledBack : .residue)
        defer { turn = Turn() }
        return turn
    }

    /// What was taken back and is there all the same is recorded as what was made of it: a later plan must know what it
    /// builds on, to take it away first.
    private func recordings(of addresses: [Address], _ found: [Address: Identity]) -> [StateChange] {
        var left = Set(addresses)
        var records: [StateChange] = []
        for step in header.steps.reversed() where takenBack.contains(step.number) {
            for effect in step.effects {
                guard let document = effect.after, left.remove(effect.address) != nil,
                    let identity = found[effect.address]
                else { continue }
                let earlier = header.recorded[effect.address]?.dependencies ?? []
                let dependencies = Set(header.dependencies[effect.address] ?? []).union(earlier).sorted()
                records.append(
                    .record(
                        RecordedObject(
                            address: effect.address, identity: identity, document: document,
                            dependencies: dependencies)))
            }
        }
        return records
    }

    /// What stays behind: empty as long as the apply is under way and after one that ended well.
    package var residue: [Residue] {
        if phase == .ended { return leftBehind }
        var found: [Residue] = []
        for step in header.steps {
            guard let (reason, failure) = residueReason(step.number) else { continue }
            found.append(
                Residue(
                    reason, step: step.number, operation: step.operation, addresses: step.effects.map(\.address),
                    failure: failure))
        }
        if !unaccounted.isEmpty { found.append(Residue(.differs, addresses: unaccounted)) }
        return found
    }

    private func residueReason(_ step: Int) -> (Residue.Reason, RecordedFailure?)? {
        switch (phase, states[step]) {
        case (_, .stuck): (.undoRefused, undoRefusals[step])
        case (.back, .done), (.comparing, .done): kept.contains(step) ? (.neededByResidue, nil) : nil
        case (_, .done): differing.contains(step) ? (.differs, .changedMeanwhile) : nil
        case (.carrying, .undone):
            refused[step].map { (.refused, $0) } ?? (.notTried, nil)
        default: nil
        }
    }
}
