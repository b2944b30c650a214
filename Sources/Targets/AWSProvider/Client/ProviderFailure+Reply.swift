import HTTPTypes
import JSON
import Resources

extension ProviderFailure {
    /// The same failure of a step whose earlier call took effect.
    var withUnknownEffect: ProviderFailure {
        ProviderFailure(code, message, effect: .unknown, targetCode: targetCode, cause: cause)
    }

    init(transport failure: TransportFailure, _ path: APIPath) {
        switch failure.kind {
        case .notSent:
            self.init(
                .unreachable, "`\(path.text)` could not be sent: \(failure.message)",
                effect: .deferred(retryAfter: .seconds(1)))
        case .replyLost:
            self.init(.replyLost, "no reply to `\(path.text)`: \(failure.message)", effect: .unknown)
        }
    }

    /// SOURCE: API Gateway API reference, common errors; the error's name travels in `x-amzn-ErrorType`.
    init(reply: TransportReply, _ path: APIPath) {
        let status = reply.response.status.code
        let document: JSONValue?
        do { document = try JSONValue(parsing: reply.body) } catch { document = nil }
        let said = (document?["message"] ?? document?["Message"])?.string ?? "status \(status)"
        let named = HTTPField.Name("x-amzn-ErrorType").flatMap { reply.response.headerFields[$0] } ?? ""
        let target = named.split(separator: ":").first.map(String.init)
        let busy = said.contains("concurrent modification")
        switch (status, target) {
        case (429, "LimitExceededException"):
            self.init(.refused, said, effect: .none, targetCode: target)
        case (429, _):
            self.init(.throttled, said, effect: .deferred(retryAfter: .milliseconds(200)), targetCode: target)
        case (409, _) where busy:
            self.init(.conflict, said, effect: .deferred(retryAfter: .milliseconds(200)), targetCode: target)
        case (404, _): self.init(.notFound, said, effect: .none, targetCode: target)
        case (401, _), (403, _): self.init(.unauthorized, said, effect: .none, targetCode: target)
        case (400..<500, _): self.init(.refused, said, effect: .none, targetCode: target)
        default:
            self.init(
                .replyLost, "`\(path.text)` was answered with \(status): \(said)", effect: .unknown,
                targetCode: target)
        }
    }
}
