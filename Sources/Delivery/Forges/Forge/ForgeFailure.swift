package import Diagnostics

/// Something that could not be told to others: never a reason for the reconciler to stop or to wait.
package struct ForgeFailure: Failure {
    package enum Code: String, StableCode {
        case badURL = "forge.bad-url"
        case badProject = "forge.bad-project"
        case unknownKind = "forge.unknown-kind"
        case refused = "forge.refused"
        case notTaken = "forge.not-taken"
        case gaveUp = "forge.gave-up"
        case dropped = "forge.dropped"
        case secretMissing = "forge.secret-missing"
        case outboxUnusable = "forge.outbox-unusable"
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
        case .badURL, .badProject, .unknownKind, .refused, .gaveUp, .secretMissing, .outboxUnusable:
            .askOperator(runbook: "forges.md")
        case .notTaken, .dropped: .retry(after: Limits.pauseFirst)
        }
    }
}

extension ForgeFailure.Code {
    package var explanation: Explanation {
        switch self {
        case .badURL:
            Explanation(
                meaning: "the address of a forge or of a receiver of notifications is no URL", cause: "a typo",
                remedy: "write scheme and host", example: "statuses: { url: https://git.example.com }")
        case .badProject:
            Explanation(
                meaning: "the project in `statuses:` does not name a repository of the forge", cause: "a typo",
                remedy: "write `OWNER/NAME`; GitLab also takes groups within groups, or the project's number",
                example: "statuses: { project: shop/gateway }")
        case .unknownKind:
            Explanation(
                meaning: "a notification is asked for events of a kind that there is not", cause: "a typo",
                remedy: "docs/notifications.md lists the kinds",
                example: "notifications: [{ events: [applied, refused] }]")
        case .refused:
            Explanation(
                meaning: "a forge or receiver refused a message for good; it is not sent again",
                cause: "a token that may not do this, a project or commit that the forge does not know, or a wrong URL",
                remedy:
                    "see the status and the text in the message; statuses and notifications change nothing in the apply"
            )
        case .notTaken:
            Explanation(
                meaning: "a forge or receiver did not take a message; it is sent again with growing pauses",
                cause: "a server that is down, slow, or asks to be asked less often", remedy: "nothing")
        case .gaveUp:
            Explanation(
                meaning: "a message was sent many times and never taken; it is given up",
                cause: "a server that has been down for hours", remedy: "see why nobody answers at that URL")
        case .dropped:
            Explanation(
                meaning: "more messages wait than are kept, so the oldest was dropped",
                cause: "a server that is down while very much happens", remedy: "see why nobody answers at that URL")
        case .secretMissing:
            Explanation(
                meaning: "the token or key for a message cannot be read; the message waits",
                cause: "a variable or file that the configuration names is not there",
                remedy: "put it there: it is read at each message")
        case .outboxUnusable:
            Explanation(
                meaning: "messages that wait cannot be kept or read; those of this process are sent all the same",
                cause: "a full or read-only disk, or a state database that is out of reach",
                remedy: "see the cause at the end of the message")
        }
    }
}
