package import Diagnostics

/// A call to a target that did not succeed.
package struct ProviderFailure: Failure {
    package enum Code: String, StableCode {
        case refused = "provider.refused"
        case throttled = "provider.throttled"
        case conflict = "provider.conflict"
        case notFound = "provider.not-found"
        case unauthorized = "provider.unauthorized"
        case unreachable = "provider.unreachable"
        case replyLost = "provider.reply-lost"
        case badReply = "provider.bad-reply"
        case unsupported = "provider.unsupported"
        case missingOperation = "provider.missing-operation"
        case secretMissing = "provider.secret-missing"
        case codeMissing = "provider.code-missing"
    }

    /// Whether the call may have changed something.
    package enum Effect: Sendable, Hashable {
        /// The target said no, for good: nothing took effect.
        case none
        /// Throttled or in conflict: nothing took effect, and trying again may help.
        case deferred(retryAfter: Duration)
        /// No usable reply: the call may have taken effect.
        case unknown
    }

    package let code: Code
    package let message: String
    package let effect: Effect
    package let cause: (any Error)?
    /// The target's own error code (`BadRequestException`), when it gave one.
    package let targetCode: String?

    package init(
        _ code: Code, _ message: String, effect: Effect, targetCode: String? = nil, cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.effect = effect
        self.targetCode = targetCode
        self.cause = cause
    }

    package var recovery: Recovery {
        switch (effect, code) {
        case (.deferred(let delay), _): .retry(after: delay)
        case (.unknown, _): .observeFirst
        case (.none, .unreachable): .retry(after: .seconds(5))
        case (.none, .unauthorized): .askOperator(runbook: "target-credentials.md")
        case (.none, _): .awaitCommit
        }
    }
}

extension ProviderFailure.Code {
    package var explanation: Explanation {
        switch self {
        case .refused:
            Explanation(
                meaning: "the target refused a call; nothing of that call took effect",
                cause: "a limit or a rule of the service that the manifests do not meet",
                remedy: "read the target's message, change the manifest, commit")
        case .throttled:
            Explanation(
                meaning: "the target asks to slow down",
                cause: "more calls a second than the account may make",
                remedy: "nothing: the step is tried again with back-off; lower `spec.apply.parallelism` if it lasts")
        case .conflict:
            Explanation(
                meaning: "another change of the same object is going on at the target",
                cause: "someone else works on the object at the same time",
                remedy: "nothing: the step is tried again within its budget")
        case .notFound:
            Explanation(
                meaning: "an object that the plan counts on is not at the target",
                cause: "it was deleted there after the plan was made",
                remedy: "plan again with `--refresh`")
        case .unauthorized:
            Explanation(
                meaning: "the target does not accept the credentials, or they may not make this call",
                cause: "wrong, expired or too narrow credentials",
                remedy: "check the credentials with `gatewright doctor`")
        case .unreachable:
            Explanation(
                meaning: "no connection to the target could be made; nothing was sent",
                cause: "a wrong endpoint, a target that is down, no network",
                remedy: "check the endpoint in `spec.target`; the commit is tried again with back-off")
        case .replyLost:
            Explanation(
                meaning: "the call was sent and no usable reply came: its effect is unknown",
                cause: "a connection that broke, a time limit, a restart",
                remedy: "nothing: the object is read before anything else is written")
        case .badReply:
            Explanation(
                meaning: "the target's reply is not what its API describes",
                cause: "a proxy in between, or an endpoint that is no API Gateway",
                remedy: "check the endpoint in `spec.target`")
        case .unsupported:
            Explanation(
                meaning: "the target cannot carry out this change",
                cause: "a kind or a property that this version does not manage yet",
                remedy: "remove it from the manifest, or use a version that has it")
        case .codeMissing:
            Explanation(
                meaning: "the code of a function is not kept beside the state, or cannot be read or written there",
                cause: "`functions/` in the data directory was emptied, is on a full disk, or was left behind when the "
                    + "state was made anew; the function had code that somebody else put there",
                remedy: "apply the commit that has the code; the message names its hash")
        case .missingOperation:
            Explanation(
                meaning: "the target's endpoint does not offer a call that is needed; nothing took effect",
                cause: "an endpoint that speaks only part of the API, or is no AWS-compatible one at all",
                remedy: "check the endpoint in `spec.target`; remove from the manifests what it cannot do")
        case .secretMissing:
            Explanation(
                meaning:
                    "a secret that a manifest refers to with `valueFrom` is not there, is empty, or may not be read",
                cause: "the variable is not set where the controller runs, or its name is not in `secrets.env` of the "
                    + "controller's configuration; the file is not in the folder `secrets.dir`",
                remedy: "set it, or allow it in the configuration; nothing was changed",
                example: "secrets: { env: [PARTNER_KEY], dir: /run/secrets }")
        }
    }
}
