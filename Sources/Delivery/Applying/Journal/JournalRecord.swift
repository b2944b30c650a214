package import Resources

/// One entry of an apply's journal; append-only.
package enum JournalRecord: Sendable, Hashable {
    /// The first record of an apply, and only that.
    case began(ApplyHeader)
    case step(StepRecord)
    /// No step is started any more, unless something irreversible is done already.
    case turned(ApplyCause)
    /// The last record: the journal is closed.
    case ended(ApplyEnding)
}

/// One event of one step.
package struct StepRecord: Sendable, Hashable {
    package var number: Int
    package var event: StepEvent
    /// New or changed identities; nil for objects that are gone.
    package var identities: [Address: Identity?]
    /// What the target said, for `refused`, `undoRefused`, `deferred` and `replyLost`.
    package var failure: RecordedFailure?
    /// With `foundApplied`: the objects are neither as before nor as after the step.
    package var differs: Bool

    package init(
        _ number: Int, _ event: StepEvent, identities: [Address: Identity?] = [:], failure: RecordedFailure? = nil,
        differs: Bool = false
    ) {
        self.number = number
        self.event = event
        self.identities = identities
        self.failure = failure
        self.differs = differs
    }
}

/// A failure as the journal keeps it.
package struct RecordedFailure: Sendable, Hashable {
    /// A stable code.
    package var code: String
    package var message: String

    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}

/// Why an apply went no further.
package struct ApplyCause: Sendable, Hashable {
    /// Journaled, so never renamed.
    package enum Kind: String, Sendable, CaseIterable {
        /// The target refused a step, or the retry budget of a step was used up.
        case refused
        /// A lost step left something that is neither the state before nor the state after.
        case changed
        /// A stage did not serve as it should after it was flipped.
        case probed
        /// Asked to stop.
        case stopped
        /// The process ended in the middle; found at the next start.
        case restarted
    }

    package var kind: Kind
    /// The step to blame; nil for `probed`, `stopped` and `restarted`.
    package var step: Int?
    package var failure: RecordedFailure

    package init(_ kind: Kind, step: Int? = nil, failure: RecordedFailure) {
        self.kind = kind
        self.step = step
        self.failure = failure
    }
}

/// How a journal was closed; the raw value is journaled, so never renamed.
package enum ApplyEnding: String, Sendable, Hashable, CaseIterable {
    case done, rolledBack, residue, held
}
