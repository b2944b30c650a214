/// An operation that did not happen: thrown, one type per target, so that a `catch` knows all its cases.
package protocol Failure: Error, CustomStringConvertible {
    associatedtype Code: StableCode

    var code: Code { get }
    /// One sentence: starts lower case, no full stop at the end, what the user wrote in backticks, no secrets.
    /// It never repeats ``cause``: the renderer prints the chain once.
    var message: String { get }
    var recovery: Recovery { get }
    var cause: (any Error)? { get }
}

extension Failure {
    package var cause: (any Error)? { nil }

    /// The message, then each cause on its own after a colon.
    package var description: String {
        guard let cause else { return "\(code.rawValue): \(message)" }
        return "\(code.rawValue): \(message): \(cause)"
    }
}

/// What may be done about a failure: decided where the failure is understood, obeyed by the reconciler.
package enum Recovery: Sendable, Equatable {
    /// Nothing took effect: the same step with the same token is safe.
    case retry(after: Duration)
    /// The effect is unknown: read before the next write.
    case observeFirst
    /// Only a new commit can help.
    case awaitCommit
    /// A person is needed; the name is a file of `docs/runbooks`.
    case askOperator(runbook: String)
}
