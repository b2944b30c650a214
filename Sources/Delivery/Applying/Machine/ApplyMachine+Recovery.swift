extension ApplyMachine {
    /// Picks up an apply whose process ended: what was called and not answered is looked at, then it is finished or
    /// taken back.
    ///
    /// - Throws: `journal.illegal-transition`, `journal.corrupt` for a journal that contradicts itself.
    package init(recovering unfinished: UnfinishedApply, budget: RetryBudget) throws(JournalFailure) {
        do {
            try self.init(unfinished.header, budget: budget)
        } catch {
            throw JournalFailure(
                .corrupt, "the journal of the apply `\(unfinished.header.id)` is not usable", cause: error)
        }
        for record in unfinished.records { try replay(record) }
        turn = Turn()
        prepareForward()
        if let cause {
            turn.progress.append(.turned(cause))
            phase = .stopping
        } else {
            turnBack(ApplyCause(.restarted, failure: .restarted))
        }
        for step in states.indices where states[step] == .inFlight || states[step] == .undoing {
            try note(step, .replyLost, failure: .restarted)
        }
        for step in states.indices where states[step] == .unknown || states[step] == .undoUnknown {
            observeOnceSettled(step, .restarted, at: .zero)
        }
    }

    private mutating func replay(_ record: JournalRecord) throws(JournalFailure) {
        switch record {
        case .began:
            throw JournalFailure(.corrupt, "the apply `\(header.id)` begins twice in the journal")
        case .ended:
            throw JournalFailure(.corrupt, "the apply `\(header.id)` goes on after its end in the journal")
        case .turned(let cause):
            self.cause = cause
        case .step(let record):
            guard states.indices.contains(record.number) else {
                throw JournalFailure(.corrupt, "the apply `\(header.id)` has no step \(record.number)")
            }
            try note(record.number, record.event, identities: record.identities)
            if record.differs { differing.insert(record.number) }
            switch (record.event, record.failure) {
            case (.refused, let failure?): refused[record.number] = failure
            case (.undoRefused, let failure?): undoRefusals[record.number] = failure
            default: break
            }
        }
    }
}

extension RecordedFailure {
    static let restarted = RecordedFailure(
        code: ApplyFailure.Code.restarted.rawValue, message: "the process that applied ended in the middle")
}
