/// A person's consent to one plan, kept until the plan is applied.
package struct Approval: Sendable, Hashable {
    package var environment: String
    /// Of the plan.
    package var digest: String
    /// `ann on build-7`
    package var author: String
    package var time: Timestamp

    package init(environment: String, digest: String, author: String, time: Timestamp) {
        self.environment = environment
        self.digest = digest
        self.author = author
        self.time = time
    }
}
