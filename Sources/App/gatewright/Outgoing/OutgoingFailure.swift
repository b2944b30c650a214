import Diagnostics

/// A request to somebody else that got no whole reply. What was answered, whatever its status, is no failure.
struct OutgoingFailure: Failure {
    enum Code: String, StableCode {
        case badRequest = "outgoing.bad-request"
        case unreachable = "outgoing.unreachable"
        case tls = "outgoing.tls"
        case timeout = "outgoing.timeout"
        case replyLost = "outgoing.reply-lost"
        case replyTooLarge = "outgoing.reply-too-large"
        case authoritiesUnusable = "outgoing.authorities-unusable"
    }

    let code: Code
    let message: String
    let cause: (any Error)?

    init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// True if no byte of the request can have had an effect.
    var isUnsent: Bool {
        switch code {
        case .badRequest, .unreachable, .tls, .authoritiesUnusable: true
        case .timeout, .replyLost, .replyTooLarge: false
        }
    }

    var recovery: Recovery {
        switch code {
        case .unreachable: .retry(after: .seconds(1))
        case .timeout, .replyLost, .replyTooLarge: .observeFirst
        case .badRequest, .tls, .authoritiesUnusable: .askOperator(runbook: "outgoing-requests.md")
        }
    }
}

extension OutgoingFailure.Code {
    var explanation: Explanation {
        switch self {
        case .badRequest:
            Explanation(
                meaning: "a request cannot be sent as it is: its URL or a header is malformed",
                cause: "a typo in a URL of the configuration, or a secret with a line break in it",
                remedy: "write `https://HOST[:PORT]/PATH`; a secret's file holds the secret and nothing else")
        case .unreachable:
            Explanation(
                meaning: "nobody answered at that host and port; nothing was sent",
                cause: "a name that does not resolve, a port where nobody listens, or a network that is down",
                remedy: "compare the URL with the configuration, and try it with `curl` from this machine")
        case .tls:
            Explanation(
                meaning: "the other side's certificate was not accepted, so nothing was sent",
                cause: "a certificate of an authority that this machine does not know, for another name, or expired",
                remedy: "add the authority to those of this machine, or name its file in the configuration")
        case .timeout:
            Explanation(
                meaning: "the reply was not whole within its time limit; the request may have taken effect",
                cause: "a slow server or network", remedy: "nothing: it is tried again where that is safe")
        case .replyLost:
            Explanation(
                meaning: "the connection ended before the reply was whole; the request may have taken effect",
                cause: "a server or proxy that closed the connection",
                remedy: "nothing: it is tried again where that is safe")
        case .replyTooLarge:
            Explanation(
                meaning: "the reply is longer than what is read of one; the request may have taken effect",
                cause: "a URL that leads to something else than what it should",
                remedy: "compare the URL with the configuration")
        case .authoritiesUnusable:
            Explanation(
                meaning: "the file with the certificates of authorities cannot be used, so nothing was sent",
                cause: "the file is missing, unreadable, or holds no PEM certificate",
                remedy: "name a file with PEM certificates in the configuration")
        }
    }
}
