/// A file of a commit's tree.
package struct TreeFile: Sendable, Hashable {
    /// Relative to the root of the tree, with `/` between the parts; no part is empty, `.`, `..` or `.git`.
    package let path: String
    package let blob: BlobID
    /// Bytes of the content.
    package let size: Int
    package let isExecutable: Bool
}

/// A path of the working tree that differs from the commit at HEAD.
package struct ChangedPath: Sendable, Hashable {
    package enum Change: String, Sendable, Hashable {
        case added, modified, deleted, untracked, conflicted
    }

    /// As git has it, relative to the root of the working tree; bytes that are not UTF-8 are replaced.
    package let path: String
    package let change: Change
}
