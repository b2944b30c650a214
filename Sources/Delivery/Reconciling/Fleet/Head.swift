package import GitSource

/// What a ``Reconciler`` is to bring its environment to.
package enum Head: Sendable, Equatable {
    /// The ref names this commit.
    case commit(CommitID)
    /// The commit that the ref names does not have the environment: nothing is planned, and nothing deleted.
    case vanished
}
