package import Diagnostics

/// A history that could not be read or written.
package struct RevisionFailure: Failure {
    package enum Code: String, StableCode {
        case unreadable = "revision.unreadable"
        case unwritable = "revision.unwritable"
        case corrupt = "revision.corrupt"
    }

    package let code: Code
    package let message: String
    package let cause: (any Error)?

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var recovery: Recovery {
        switch code {
        case .unreadable, .unwritable: .retry(after: .seconds(5))
        case .corrupt: .askOperator(runbook: "journal.md")
        }
    }
}

extension RevisionFailure.Code {
    package var explanation: Explanation {
        switch self {
        case .unreadable:
            Explanation(
                meaning: "the history of an environment could not be read, so nothing was started",
                cause: "a database that is busy, damaged or out of reach",
                remedy: "look at the cause behind this message")
        case .unwritable:
            Explanation(
                meaning: "an entry of the history could not be written; what was applied stays applied",
                cause: "a full or read-only disk, or a database that is out of reach",
                remedy: "make room or restore the database")
        case .corrupt:
            Explanation(
                meaning: "an entry of the history is not in the form it was written in",
                cause: "a damaged state database, or one edited by hand",
                remedy: "restore the state database from a copy; the target is not concerned")
        }
    }
}
