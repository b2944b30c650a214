/// What is waited for between two stages of an apply: everything before it can be undone as long as it is closed.
package struct ApplyGate: Sendable, Hashable {
    package enum Wait: Sendable, Hashable {
        /// What was granted must hold everywhere before callers depend on it.
        case propagation(Duration)
        /// What callers see now is looked at before anything is taken away.
        case probe
    }

    /// The last step of the stage before.
    package var after: Int
    package var wait: Wait

    package init(after: Int, _ wait: Wait) {
        self.after = after
        self.wait = wait
    }
}
