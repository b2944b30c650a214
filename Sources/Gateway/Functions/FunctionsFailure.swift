package import Diagnostics

/// A function was not run, or its code was not kept. What a function itself did wrong is no failure of this kind:
/// that is the answer of its invocation.
package struct FunctionsFailure: Failure {
    package enum Code: String, StableCode {
        case throttled = "functions.throttled"
        case eventTooLarge = "functions.event-too-large"
        case eventsFull = "functions.events-full"
        case runtimeUnknown = "functions.runtime-unknown"
        case startRefused = "functions.start-refused"
        case stopped = "functions.stopped"
        case archiveInvalid = "functions.archive-invalid"
        case archiveTooLarge = "functions.archive-too-large"
        case codeNotKept = "functions.code-not-kept"
    }

    package let code: Code
    package let message: String
    package let recovery: Recovery
    package let cause: (any Error)?

    init(_ code: Code, _ message: String, recovery: Recovery = .awaitCommit, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.recovery = recovery
        self.cause = cause
    }

    static let stopped = Self(.stopped, "functions are not run any more", recovery: .retry(after: .seconds(1)))
}
