/// A commit's metadata.
package struct Commit: Sendable, Hashable {
    /// Who, and when.
    package struct Signature: Sendable, Hashable {
        package let name: String
        package let email: String
        /// Seconds since 1970-01-01 00:00 UTC.
        package let timeSeconds: Int64
        /// East of UTC.
        package let offsetMinutes: Int
    }

    package let id: CommitID
    package let tree: TreeID
    package let author: Signature
    package let committer: Signature
    /// The first paragraph of the message, on one line.
    package let summary: String
    package let message: String
    /// In the commit's order; empty for a first commit.
    package let parents: [CommitID]
}
