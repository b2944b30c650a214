/// One attempt to bring an environment to a commit: what history shows.
package struct Revision: Sendable, Hashable {
    /// Persisted, so never renamed.
    package enum Outcome: String, Sendable, CaseIterable {
        /// The environment is at the commit.
        case applied
        /// The manifests of the commit have errors; nothing was written.
        case invalid
        /// The target refused the commit for good; everything was put back.
        case refused
        /// A step failed for a reason that may pass; everything was put back.
        case rolledBack
        /// A step failed, and something is not as it was: the residue is named in the message.
        case residue
        /// A step failed, and what had been applied stays, as the environment asks.
        case held
        /// Stopped in the middle; the next start recovers it.
        case interrupted
    }

    /// Counted from 1 in each environment; given by the store.
    package var number: Int
    package var environment: String
    /// 40 or 64 hex digits.
    package var commit: String
    /// `Name <mail>` of the commit's author.
    package var author: String
    /// The first line of the commit's message.
    package var subject: String
    /// Nil if no plan could be made.
    package var planDigest: String?
    package var outcome: Outcome
    package var started: Timestamp
    package var duration: Duration
    /// Steps in all.
    package var stepsCount: Int
    /// What went wrong; nil when all went well.
    package var problem: Problem?

    package init(
        number: Int, environment: String, commit: String, author: String, subject: String, planDigest: String?,
        outcome: Outcome, started: Timestamp, duration: Duration, stepsCount: Int, problem: Problem? = nil
    ) {
        self.number = number
        self.environment = environment
        self.commit = commit
        self.author = author
        self.subject = subject
        self.planDigest = planDigest
        self.outcome = outcome
        self.started = started
        self.duration = duration
        self.stepsCount = stepsCount
        self.problem = problem
    }
}

extension Revision.Outcome {
    /// True if trying the same commit again cannot help: it waits for a newer one.
    package var isFinal: Bool {
        switch self {
        case .invalid, .refused: true
        case .applied, .rolledBack, .residue, .held, .interrupted: false
        }
    }
}

extension Revision.Outcome {
    /// As people read it. What the target refused was rolled back just as what may be tried again.
    package var words: String {
        switch self {
        case .applied, .invalid, .residue, .held, .interrupted: rawValue
        case .refused, .rolledBack: "rolled back"
        }
    }

    /// True if the target may have other objects than before.
    package var leftChanges: Bool {
        switch self {
        case .applied, .residue, .held, .interrupted: true
        case .invalid, .refused, .rolledBack: false
        }
    }
}

/// What went wrong, as it is kept and shown.
package struct Problem: Sendable, Hashable {
    /// A stable code, which `gatewright explain` knows.
    package var code: String
    package var message: String

    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}
