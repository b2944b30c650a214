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
    /// Why, in the words of who asked for it; may be empty.
    package var reason: String

    package init(
        _ kind: Kind, environment: String, commit: String? = nil, head: String? = nil, since: Timestamp,
        reason: String = ""
    ) {
        self.kind = kind
        self.environment = environment
        self.commit = commit
        self.head = head
        self.since = since
        self.reason = reason
    }
}
