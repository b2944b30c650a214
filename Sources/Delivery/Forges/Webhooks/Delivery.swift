package import HTTPTypes
import JSON

/// One webhook whose sender was proved.
package struct Delivery: Sendable, Equatable {
    package enum Event: Sendable, Equatable {
        case push(Push)
        /// The forge asks whether somebody is there.
        case ping
        /// Nothing that matters here; the forge's name of it.
        case other(String)
    }

    /// The forge's name of this delivery; nil where it has none.
    package var id: String?
    package var bodyHash: String
    package var event: Event
}

/// A push, as far as it is read: what was pushed is fetched, never believed.
package struct Push: Sendable, Equatable {
    /// `refs/heads/main`
    package var ref: String
    /// The commit that the ref names now; nil where the ref was deleted.
    package var after: String?
    /// `owner/name`; nil where the event does not say.
    package var repository: String?
}

extension Delivery {
    /// Proves who sent a webhook, then reads it.
    ///
    /// SOURCE: GitHub, "Validating webhook deliveries" and "Webhook events and payloads"; GitLab, "Webhooks" and "Webhook
    /// events"; Gitea, "Webhooks": read 2026-11.
    ///
    /// - Throws: `webhook.unsigned`, `webhook.wrong-signature` before anything of the body is read; then
    ///   `webhook.no-event`, `webhook.not-json`, `webhook.incomplete`; `webhook.too-large` first of all.
    package init(
        _ forge: Forge, headers: HTTPFields, body: [UInt8], secret: [UInt8]
    ) throws(WebhookFailure) {
        guard body.count <= Limits.webhookBytesMax else {
            throw WebhookFailure(
                .tooLarge, "a webhook of \(forge.name) has more than \(Limits.webhookBytesMax) bytes")
        }
        try Self.prove(forge, headers, body, secret)
        guard let event = headers[forge.eventHeader], !event.isEmpty else {
            throw WebhookFailure(.noEvent, "a webhook has no header `\(forge.eventHeader.rawName)`")
        }
        let id = forge.deliveryHeaders.lazy.compactMap { headers[$0] }.first
        self.id = id.flatMap { $0.isEmpty || $0.count > Limits.deliveryIDCharactersMax ? nil : $0 }
        bodyHash = BodyCode.hash(body)
        if event == forge.pushEvent {
            self.event = .push(try Push(forge, Self.document(body)))
        } else {
            self.event = event == "ping" ? .ping : .other(event)
        }
    }

    private static func prove(
        _ forge: Forge, _ headers: HTTPFields, _ body: [UInt8], _ secret: [UInt8]
    ) throws(WebhookFailure) {
        guard let given = headers[forge.proofHeader], !given.isEmpty else {
            throw WebhookFailure(.unsigned, "a webhook has no header `\(forge.proofHeader.rawName)`")
        }
        // An empty secret would prove everybody.
        let expected: [UInt8]
        switch forge {
        case .github: expected = Array("sha256=\(BodyCode.hex(body, secret: secret))".utf8)
        case .gitea: expected = Array(BodyCode.hex(body, secret: secret).utf8)
        case .gitlab: expected = secret
        }
        guard !secret.isEmpty, BodyCode.areEqual(expected, Array(given.utf8)) else {
            throw WebhookFailure(
                .wrongSignature, "the `\(forge.proofHeader.rawName)` of a webhook does not fit its secret")
        }
    }

    private static func document(_ body: [UInt8]) throws(WebhookFailure) -> JSONValue {
        do {
            return try JSONValue(parsing: body)
        } catch {
            throw WebhookFailure(.notJSON, "the body of a webhook is not JSON: \(error.message)")
        }
    }
}

extension Push {
    fileprivate init(_ forge: Forge, _ document: JSONValue) throws(WebhookFailure) {
        guard let ref = document["ref"]?.string, !ref.isEmpty else {
            throw WebhookFailure(.incomplete, "a push event has no `ref`")
        }
        guard let after = document["after"]?.string, (40...64).contains(after.utf8.count),
            after.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { throw WebhookFailure(.incomplete, "a push event has no commit in `after`") }
        self.ref = ref
        self.after = after.utf8.allSatisfy { $0 == UInt8(ascii: "0") } ? nil : after
        let project =
            forge == .gitlab ? document["project"]?["path_with_namespace"] : document["repository"]?["full_name"]
        repository = project?.string
    }

    /// True if the push moved what `followed` names: a branch or a tag by its short or full name. A followed `HEAD` or
    /// commit can only be known by reading the repository, so each push counts.
    package func moves(_ followed: String) -> Bool {
        if followed.isEmpty || followed == "HEAD" || followed.isCommitID { return true }
        return ref == followed || ref == "refs/heads/\(followed)" || ref == "refs/tags/\(followed)"
            || ref == "refs/\(followed)"
    }
}

extension String {
    fileprivate var isCommitID: Bool {
        (utf8.count == 40 || utf8.count == 64)
            && utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) || (65...70).contains($0) }
    }
}

extension Forge {
    fileprivate var proofHeader: HTTPField.Name {
        switch self {
        case .github: .hubSignature
        case .gitlab: .gitlabToken
        case .gitea: .giteaSignature
        }
    }

    fileprivate var eventHeader: HTTPField.Name {
        switch self {
        case .github: .githubEvent
        case .gitlab: .gitlabEvent
        case .gitea: .giteaEvent
        }
    }

    fileprivate var deliveryHeaders: [HTTPField.Name] {
        switch self {
        case .github: [.githubDelivery]
        case .gitlab: [.webhookID, .gitlabEventUUID]
        case .gitea: [.giteaDelivery]
        }
    }

    fileprivate var pushEvent: String { self == .gitlab ? "Push Hook" : "push" }
}

extension HTTPField.Name {
    fileprivate static let hubSignature = known("X-Hub-Signature-256")
    fileprivate static let githubEvent = known("X-GitHub-Event")
    fileprivate static let githubDelivery = known("X-GitHub-Delivery")
    fileprivate static let gitlabToken = known("X-Gitlab-Token")
    fileprivate static let gitlabEvent = known("X-Gitlab-Event")
    fileprivate static let gitlabEventUUID = known("X-Gitlab-Event-UUID")
    fileprivate static let giteaSignature = known("X-Gitea-Signature")
    fileprivate static let giteaEvent = known("X-Gitea-Event")
    fileprivate static let giteaDelivery = known("X-Gitea-Delivery")
    static let webhookID = known("webhook-id")
}
