package import Diagnostics

/// A webhook that is not believed or cannot be read.
package struct WebhookFailure: Failure {
    package enum Code: String, StableCode {
        case unsigned = "webhook.unsigned"
        case wrongSignature = "webhook.wrong-signature"
        case noEvent = "webhook.no-event"
        case notJSON = "webhook.not-json"
        case incomplete = "webhook.incomplete"
        case tooLarge = "webhook.too-large"
        case notConfigured = "webhook.not-configured"
        case secretMissing = "webhook.secret-missing"
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var recovery: Recovery {
        switch code {
        case .unsigned, .wrongSignature, .notConfigured, .secretMissing: .askOperator(runbook: "webhooks.md")
        case .noEvent, .notJSON, .incomplete, .tooLarge: .awaitCommit
        }
    }
}

extension WebhookFailure.Code {
    package var explanation: Explanation {
        switch self {
        case .unsigned:
            Explanation(
                meaning: "a webhook came without the header that proves who sent it, and was refused",
                cause: "the forge's webhook has no secret, or somebody else called the address",
                remedy: "set the same secret at the forge and in `webhooks:` of the configuration")
        case .wrongSignature:
            Explanation(
                meaning: "a webhook's proof does not fit the secret of the configuration, and it was refused",
                cause: "another secret at the forge, a proxy that changes bodies, or somebody who guesses",
                remedy: "set the same secret on both sides; the file that holds it ends with at most one line break")
        case .noEvent:
            Explanation(
                meaning: "a webhook does not say which event it is about",
                cause: "a sender that is not the forge of this address", remedy: "compare the address at the forge",
                example: "https://controller.example.com/webhooks/github")
        case .notJSON:
            Explanation(
                meaning: "a webhook's body is not JSON", cause: "the webhook's content type at the forge is a form",
                remedy: "choose the content type `application/json` at the forge")
        case .incomplete:
            Explanation(
                meaning: "a push event lacks what says which ref was pushed",
                cause: "a sender that is not the forge of this address", remedy: "compare the address at the forge")
        case .tooLarge:
            Explanation(
                meaning: "a webhook's body is larger than is read of one",
                cause: "a push with very many commits, or a sender that is not a forge",
                remedy: "nothing: the ref is read at the end of the interval as well")
        case .notConfigured:
            Explanation(
                meaning: "a webhook came for a forge that the configuration does not name",
                cause: "`webhooks:` of the configuration lacks the forge", remedy: "add it, with its secret",
                example: "webhooks: [{ forge: github, secret: { file: /run/secrets/webhook } }]")
        case .secretMissing:
            Explanation(
                meaning: "a webhook cannot be checked, since its secret is not there; it was refused",
                cause: "the variable or file that `webhooks:` names was removed while the controller ran",
                remedy: "put it back; it is read at each webhook")
        }
    }
}
