/// Something that an operator would tell a colleague about an environment.
package struct Event: Sendable, Hashable {
    /// Persisted, so never renamed.
    package enum Kind: String, Sendable, CaseIterable {
        /// An apply that had not ended was finished or taken back.
        case recovered
        /// A plan with changes was made.
        case planned
        case applied
        /// A commit is not tried again.
        case quarantined
        /// An attempt failed and is made again later.
        case failed
        /// Someone must agree, resume, or look.
        case held
        case resumed
        /// The target is not as it was applied: told once, and again when other drift is found.
        case driftFound
        /// Drift that was told is not there any more.
        case driftGone
        case driftCorrected
        /// Drift that should be corrected stays: a guard, a refusal, or somebody who undoes the corrections.
        case driftNotCorrected
        /// The recorded state was brought up to what the target has.
        case refreshed
        /// The repository has the environment no more; nothing of it was deleted.
        case vanished
        /// The recorded state was made anew from the target.
        case rebuilt
        /// A recorded object has another address.
        case moved
        /// An object that was on the target already is recorded from here on.
        case imported
    }

    package var kind: Kind
    package var environment: String
    package var time: Timestamp
    /// Nil where it is about no commit.
    package var commit: String?
    /// One sentence.
    package var message: String
    package var problem: Problem?

    package init(
        _ kind: Kind, environment: String, time: Timestamp, commit: String? = nil, message: String,
        problem: Problem? = nil
    ) {
        self.kind = kind
        self.environment = environment
        self.time = time
        self.commit = commit
        self.message = message
        self.problem = problem
    }
}
