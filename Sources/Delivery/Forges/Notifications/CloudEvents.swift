import Bytes
import HTTPTypes
import JSON

/// A receiver that takes CloudEvents: the generic webhook.
///
/// SOURCE: CloudEvents 1.0.2, JSON event format and HTTP binding, structured mode; Standard Webhooks 1.0, symmetric
/// signatures: read 2026-11.
package struct CloudEvents: Sendable {
    private let address: WebAddress
    private let source: String

    /// - Parameters:
    ///   - source: A URI reference that names this controller.
    /// - Throws: `forge.bad-url`.
    package init(url: String, source: String = "/gatewright") throws(ForgeFailure) {
        address = try WebAddress(url)
        self.source = source
    }

    /// For logs: without path and query.
    package var place: String { "\(address)" }

    /// - Parameters:
    ///   - secret: Nil sends without a signature. `whsec_` and base64 as Standard Webhooks has it; else its bytes.
    ///   - now: Milliseconds since 1970, when it is sent: a receiver refuses an old signature.
    package func message(_ notice: Notice, secret: String?, now: Int64) -> Message {
        let event: JSONObject = [
            "specversion": "1.0", "id": .string(notice.key), "source": .string(source),
            "type": .string("gatewright.environment.\(notice.kind.rawValue)"),
            "subject": .string(notice.environment), "time": .string(notice.timeText),
            "datacontenttype": "application/json", "data": notice.document,
        ]
        let body = JSONValue.object(event).bytes(.compact)
        var fields = HTTPFields()
        fields[.contentType] = "application/cloudevents+json; charset=utf-8"
        fields[.webhookID] = notice.key
        let time = String(now / 1000)
        fields[.webhookTimestamp] = time
        if let secret {
            fields[.webhookSignature] = "v1," + Self.signature(id: notice.key, time: time, body: body, secret: secret)
        }
        return Message(request: address.request(.post, fields: fields), body: body)
    }

    /// Base64 of the HMAC-SHA256 over `id.time.body`.
    static func signature(id: String, time: String, body: [UInt8], secret: String) -> String {
        let key = secret.hasPrefix("whsec_") ? Base64.decoded(secret.dropFirst(6), .unpadded) : nil
        return Base64.text(
            of: BodyCode.bytes(Array("\(id).\(time).".utf8) + body, secret: key ?? Array(secret.utf8)))
    }
}

extension HTTPField.Name {
    fileprivate static let webhookTimestamp = known("webhook-timestamp")
    fileprivate static let webhookSignature = known("webhook-signature")
}
