package import Diagnostics

/// A journal or recorded state that could not be written or read, or that does not follow ``StepState/after(_:)``.
package struct JournalFailure: Failure {
    package enum Code: String, StableCode {
        case illegalTransition = "journal.illegal-transition"
        case appendFailed = "journal.append-failed"
        case readFailed = "journal.read-failed"
        case corrupt = "journal.corrupt"
        case newerFormat = "journal.newer-format"
        case fenced = "journal.fenced"
    }

    package let code: Code
    package let message: String
    package let recovery: Recovery
    package let cause: (any Error)?

    package init(_ code: Code, _ message: String, recovery: Recovery? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.recovery = recovery ?? Self.recovery(of: code)
        self.cause = cause
    }

    package init(illegal event: StepEvent, in state: StepState) {
        self.init(.illegalTransition, "a step that is `\(state.rawValue)` cannot take the event `\(event.rawValue)`")
    }

    private static func recovery(of code: Code) -> Recovery {
        switch code {
        case .appendFailed, .fenced: .observeFirst
        case .readFailed: .retry(after: .seconds(5))
        case .illegalTransition, .corrupt, .newerFormat: .askOperator(runbook: "journal.md")
        }
    }
}

extension JournalFailure.Code {
    package var explanation: Explanation {
        switch self {
        case .illegalTransition:
            Explanation(
                meaning: "the journal of an apply holds an event that cannot follow the events before it",
                cause: "a damaged state database, or a defect of gatewright",
                remedy: "`gatewright state rebuild`: it keeps the journal as a file beside and reads the target anew")
        case .appendFailed:
            Explanation(
                meaning: "the journal could not be written, so the apply stopped where it was",
                cause: "a full or read-only disk, or a database that is out of reach",
                remedy: "make room or restore the database; the next start recovers the apply by itself")
        case .readFailed:
            Explanation(
                meaning: "the journal or the recorded state could not be read, so nothing was started",
                cause: "a database that is busy, damaged or out of reach",
                remedy: "look at the cause behind this message")
        case .corrupt:
            Explanation(
                meaning: "a record of the journal or of the recorded state is not in the form it was written in",
                cause: "a damaged state database, or one edited by hand",
                remedy: "`gatewright state rebuild`: it keeps the journal as a file beside and reads the target anew")
        case .newerFormat:
            Explanation(
                meaning: "the journal was written by a newer version of gatewright",
                cause: "a downgrade while an apply was unfinished",
                remedy: "start the newer version once, so that it recovers the apply",
                example: "gatewright.journal/v2")
        case .fenced:
            Explanation(
                meaning: "another process took over the environment, so this one may write no more",
                cause: "this process was paused or cut off for longer than its lease",
                remedy: "nothing: the new holder recovers the apply")
        }
    }
}
