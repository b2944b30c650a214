package import Diagnostics
package import JSON
package import Resources

/// How an apply ended.
package enum ApplyOutcome: Sendable {
    /// Every step took effect.
    case done(ApplyReport)
    /// The target is not what the plan was made from; nothing was written.
    case stale([StaleObject])
    /// A step failed, and the target equals what it was before: the hashes are the proof.
    case rolledBack(ApplyReport)
    /// A step failed, and what is named here is not as it was before, nor as it should be.
    case residue(ApplyReport)
    /// A step failed, and what had been applied stays, as the settings ask.
    case held(ApplyReport)
    /// Stopped in the middle with the journal open: the next start recovers.
    case interrupted(ApplyReport, because: any Failure)
    /// Someone else is applying to the environment; nothing was written.
    case leaseHeld(LeaseFailure)
    /// Nothing was written: the target or the recorded state could not be read, or the steps could not be derived.
    case notStarted(any Failure)
}

/// What an apply did.
package struct ApplyReport: Sendable {
    package var id: ApplyID
    package var environment: String
    package var commit: String
    package var planDigest: String
    /// Steps in all, and those that are done now.
    package var stepsCount: Int
    package var doneCount: Int
    /// Why it went no further; nil when all went well.
    package var cause: ApplyCause?
    /// The change of the plan to blame, for its span; nil when there is none.
    package var blamed: [Address]
    /// Empty unless the outcome is ``ApplyOutcome/residue(_:)``.
    package var residue: [Residue]
    /// Of all touched objects before the first step and after the last undo; nil where nothing was undone.
    package var proof: RollbackProof?
    /// What the stages answered that were flipped; empty where nothing was asked.
    package var probes: [ProbeReport] = []
    /// A file of `docs/runbooks`; nil when nothing is left to do.
    package var runbook: String?
    /// True when this came out of the journal of an apply that had not ended.
    package var isRecovered: Bool
}

/// That the target is what it was.
package struct RollbackProof: Sendable, Hashable {
    /// `sha256:` and 64 lower-case hex digits.
    package var before: String
    package var after: String
    /// Where they differ; empty if and only if the hashes are equal.
    package var differing: [Address]

    package init(before: String, after: String, differing: [Address]) {
        self.before = before
        self.after = after
        self.differing = differing
    }

    package var isEqual: Bool { before == after }
}

/// One thing that an apply left behind.
package struct Residue: Sendable, Hashable {
    package enum Reason: String, Sendable {
        /// The target refused to take the step back.
        case undoRefused
        /// Stays because something that builds on it stays.
        case neededByResidue
        /// Refused for good after the first irreversible step.
        case refused
        /// Not tried, because something it builds on was refused after the first irreversible step.
        case notTried
        /// Neither as before nor as after the step.
        case differs
    }

    package var reason: Reason
    /// Nil for an object that no step accounts for.
    package var step: Int?
    /// The provider's name of the call.
    package var operation: String?
    package var addresses: [Address]
    package var failure: RecordedFailure?

    package init(
        _ reason: Reason, step: Int? = nil, operation: String? = nil, addresses: [Address],
        failure: RecordedFailure? = nil
    ) {
        self.reason = reason
        self.step = step
        self.operation = operation
        self.addresses = addresses
        self.failure = failure
    }
}

/// An object that is not what the plan was made from.
package struct StaleObject: Sendable, Hashable {
    package var address: Address
    /// What the plan expects, references resolved; nil for an object that should not be there, an empty object where it
    /// only has to be there, for others to refer to.
    package var expected: JSONValue?
    /// What the target has; nil for an object that is not there.
    package var found: JSONValue?

    package init(_ address: Address, expected: JSONValue?, found: JSONValue?) {
        self.address = address
        self.expected = expected
        self.found = found
    }
}
