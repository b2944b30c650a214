package import GitSource

/// What history says about a commit.
package struct CommitFacts: Sendable, Hashable {
    /// 40 or 64 hex digits.
    package var id: String
    /// `Name <mail>`
    package var author: String
    /// The first line of the message.
    package var subject: String

    package init(id: String, author: String = "", subject: String = "") {
        self.id = id
        self.author = author
        self.subject = subject
    }

    package init(_ commit: Commit) {
        self.init(id: commit.id.hex, author: "\(commit.author.name) <\(commit.author.email)>", subject: commit.summary)
    }
}
