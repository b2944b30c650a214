package import Diagnostics
package import Planning

/// Where one environment stands: what `/status` shows.
package struct EnvironmentStatus: Sendable {
    package enum State: String, Sendable, CaseIterable {
        /// Being recovered, loaded, planned or applied.
        case reconciling
        /// The target is at the head commit.
        case ready
        /// The head commit cannot be applied; the target stays at ``appliedCommit`` until a newer one arrives.
        case refused
        /// The last attempt failed; it is made again at ``nextAttempt``.
        case failed
        /// Waits for a person: a consent, a hold, or a runbook.
        case held
        /// The commit that the ref names does not have the environment; what was applied stays.
        case vanished
    }

    package var environment: String
    /// The ref that is followed.
    package var ref: String
    package var state: State
    /// What the ref named when it was last read; nil before that.
    package var headCommit: String?
    /// What the target is at, as far as is recorded.
    package var appliedCommit: String?
    package var appliedDigest: String?
    /// The number of the revision that applied it.
    package var appliedRevision: Int?
    /// What went wrong last; nil while all is well.
    package var problem: Problem?
    /// What is wrong in the head commit's manifests, and what its plan found.
    package var diagnostics: [Diagnostic] = []
    /// The plan that waits for a consent; nil if none does.
    package var pendingDigest: String?
    package var needsConsent: [ConsentReason] = []
    package var hold: Hold?
    /// Nil until the target was to be looked at, and where nobody looks.
    package var drift: DriftStatus?
    /// When the ref was last read.
    package var lastPolled: Timestamp?
    /// When the last attempt ended.
    package var lastReconciled: Timestamp?
    /// When the target last reached a commit.
    package var lastApplied: Timestamp?
    /// When a failed attempt is made again.
    package var nextAttempt: Timestamp?

    package init(environment: String, ref: String) {
        self.environment = environment
        self.ref = ref
        state = .reconciling
    }
}
