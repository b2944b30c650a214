/// What merging two commits gives.
package enum MergeResult: Sendable {
    case merged(MergedTree)
    /// In UTF-8 byte order of the paths; never empty.
    case conflicts([MergeConflict])
}

/// The files that a merge gives, kept in memory as far as the repository does not have them already.
package struct MergedTree: Sendable {
    package enum Way: String, Sendable {
        /// The base has all commits of the head.
        case alreadyMerged
        /// The head has all commits of the base.
        case fastForward
        case merge
    }

    /// Knows the repository's objects and those of the merge; read ``id`` with ``GitRepository/files(in:under:)``.
    package let repository: GitRepository
    package let id: TreeID
    package let way: Way
    /// Where the two parted; one of several where histories crossed.
    package let mergeBase: CommitID
}

/// A path that a person has to decide about.
package struct MergeConflict: Sendable, Hashable {
    package enum Kind: String, Sendable {
        /// Both sides changed the same lines.
        case bothModified = "both-modified"
        case bothAdded = "both-added"
        /// The base deleted what the head changed.
        case deletedInBase = "deleted-in-base"
        /// The head deleted what the base changed.
        case deletedInHead = "deleted-in-head"
        /// One side renamed it in another way, or put a folder where the other has a file.
        case moved
    }

    package let path: String
    package let kind: Kind
}
