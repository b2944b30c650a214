/// The last status of each environment: one that says nothing new is not sent again, however often an attempt is made.
package struct StatusMemory: Sendable {
    private var last: [String: CommitStatus] = [:]

    package init() {}

    /// - Parameter isBeginning: An attempt begins: news only at the first attempt at this commit.
    /// - Returns: True if the status is to be sent: then it counts as sent.
    package mutating func isNews(_ status: CommitStatus, isBeginning: Bool = false) -> Bool {
        if let before = last[status.environment], before.commit == status.commit {
            guard !isBeginning, before != status else { return false }
        }
        last[status.environment] = status
        return true
    }
}
