/// An environment that does not follow its ref for a while.
package struct Hold: Sendable, Hashable {
    /// Persisted, so never renamed.
    package enum Kind: String, Sendable, CaseIterable {
        /// Stays at ``Hold/commit`` until a newer commit than ``Hold/head`` arrives, or until it is resumed.
        case rollback
        /// Nothing is applied until it is resumed.
        case pause
    }

    package var kind: Kind
    package var environment: String
    /// The commit that the environment is to be at; nil for a pause.
    package var commit: String?
    /// What the ref named when the hold began.
    package var head: String?
    package var since: Timestamp
    /// When a pause ends by itself; nil for a rollback.
    package var until: Timestamp?
    /// Who asked for it: `ann on build-7`; empty if it is not known.
    package var by: String
    /// Why, in the words of who asked for it; may be empty.
    package var reason: String
    /// The revision that a rollback goes back to.
    package var revision: Int?
    /// The digest of the plan that was agreed to when the rollback was asked for.
    package var consent: String?

    package init(
        _ kind: Kind, environment: String, commit: String? = nil, head: String? = nil, since: Timestamp,
        until: Timestamp? = nil, by: String = "", reason: String = "", revision: Int? = nil, consent: String? = nil
    ) {
        self.kind = kind
        self.environment = environment
        self.commit = commit
        self.head = head
        self.since = since
        self.until = until
        self.by = by
        self.reason = reason
        self.revision = revision
        self.consent = consent
    }
}

extension Hold {
    /// True once a pause's time has come, or when the ref names another commit than at the beginning of a rollback.
    ///
    /// - Note: A pause ends by the wall clock: one that was set back makes it longer, never shorter.
    package func isOver(whenHeadIs head: String, at now: Timestamp) -> Bool {
        switch kind {
        case .pause: until.map { $0 <= now } ?? false
        case .rollback: self.head.map { $0 != head } ?? false
        }
    }

    /// True if the hold itself wants the environment to be at the commit.
    package func wants(_ commit: String) -> Bool { kind == .rollback && commit == self.commit }

    /// `paused until 2026-11-22T15:09:38.120Z by ann on build-7 since …: a release is going on`
    package var sentence: String {
        let what =
            switch kind {
            case .pause: "paused" + (until.map { " until \($0)" } ?? "")
            case .rollback:
                "rolled back to " + (revision.map { "revision \($0), " } ?? "") + "commit \(commit?.prefix(7) ?? "?")"
            }
        return what + (by.isEmpty ? "" : " by \(by)") + " since \(since)" + (reason.isEmpty ? "" : ": \(reason)")
    }
}
