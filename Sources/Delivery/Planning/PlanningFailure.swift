package import Diagnostics

/// A plan file that cannot be used.
package struct PlanningFailure: Failure {
    package enum Code: String, StableCode {
        case fileUnreadable = "planning.file-unreadable"
        case fileVersion = "planning.file-version"
        case fileIncomplete = "planning.file-incomplete"
        case fileAltered = "planning.file-altered"
        case fileTooLarge = "planning.file-too-large"
    }

    package let code: Code
    package let message: String
    package let cause: (any Error)?
    /// A file that is wrong stays wrong: a new plan is made from a commit.
    package var recovery: Recovery { .awaitCommit }

    init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension PlanningFailure.Code {
    package var explanation: Explanation {
        switch self {
        case .fileUnreadable:
            Explanation(
                meaning: "a plan file is not JSON",
                cause: "another file was given, or the file was cut off",
                remedy: "write it again with `gatewright plan --out FILE`")
        case .fileVersion:
            Explanation(
                meaning: "a file is no plan, or a plan in a form that this version does not read",
                cause: "another kind of file, or a plan written by a newer version",
                remedy: "write it again with this version: `gatewright plan --out FILE`",
                example: #"{"format": "gatewright.plan/v9"}"#)
        case .fileIncomplete:
            Explanation(
                meaning: "a plan file lacks a member or has one of the wrong type",
                cause: "the file was edited",
                remedy: "write it again with `gatewright plan --out FILE`",
                example: #"{"format": "gatewright.plan/v1", "environment": 7}"#)
        case .fileAltered:
            Explanation(
                meaning: "the content of a plan file does not have the digest that the file names",
                cause: "the file was edited after it was written",
                remedy: "write it again with `gatewright plan --out FILE`")
        case .fileTooLarge:
            Explanation(
                meaning: "a plan file is larger than any plan may be",
                cause: "another kind of file was given",
                remedy: "check the name after `--plan`")
        }
    }
}
