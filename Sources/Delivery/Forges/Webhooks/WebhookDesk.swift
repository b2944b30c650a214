package import HTTPTypes
package import JSON
import Synchronization

/// Takes the webhooks of forges: proves, remembers, and says what follows.
package final class WebhookDesk: Sendable {
    /// What a webhook is answered with, and what follows from it.
    package struct Answer: Sendable, Equatable {
        package var status: HTTPResponse.Status
        package var document: JSONValue
        /// The push that the repository is to be looked at for; nil where nothing follows.
        package var push: Push?
        /// Why it was refused; for the log.
        package var failure: WebhookFailure.Code?
    }

    /// Bytes of a body that are read; a longer one is `webhook.too-large`.
    package static let bodyBytesMax = Limits.webhookBytesMax

    private let memory = Mutex(ReplayMemory())

    package init() {}

    /// - Parameters:
    ///   - secret: The forge's secret; nil where it cannot be read, which refuses all.
    ///   - ref: What is followed: a push of anything else is taken and ignored.
    package func take(
        _ forge: Forge, headers: HTTPFields, body: [UInt8], secret: [UInt8]?, following ref: String
    ) -> Answer {
        do throws(WebhookFailure) {
            guard let secret else {
                throw WebhookFailure(.secretMissing, "the secret for webhooks of \(forge.name) cannot be read")
            }
            let delivery = try Delivery(forge, headers: headers, body: body, secret: secret)
            guard memory.withLock({ $0.take(forge, delivery) }) else {
                return Answer(status: .ok, document: ["result": "seen already"])
            }
            switch delivery.event {
            case .ping: return Answer(status: .ok, document: ["result": "here"])
            case .other(let name):
                return Answer(
                    status: .accepted, document: ["result": "ignored", "because": .string("the event is `\(name)`")])
            case .push(let push) where push.moves(ref):
                return Answer(
                    status: .accepted, document: ["result": "looking", "ref": .string(push.ref)], push: push)
            case .push(let push):
                let why = "`\(push.ref)` is not followed"
                return Answer(status: .accepted, document: ["result": "ignored", "because": .string(why)])
            }
        } catch {
            return Self.refusal(error)
        }
    }

    /// The answer to what was refused.
    package static func refusal(_ failure: WebhookFailure) -> Answer {
        let status: HTTPResponse.Status =
            switch failure.code {
            case .unsigned: .unauthorized
            case .wrongSignature: .forbidden
            case .noEvent, .notJSON, .incomplete: .badRequest
            case .tooLarge: .contentTooLarge
            case .notConfigured: .notFound
            case .secretMissing: .serviceUnavailable
            }
        return Answer(
            status: status,
            document: ["problem": ["code": .string(failure.code.rawValue), "message": .string(failure.message)]],
            failure: failure.code)
    }
}
