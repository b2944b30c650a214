import HTTPTypes
import JSON
import Resources

extension ProviderFailure {
    /// The same failure of a step whose earlier call took effect.
    var withUnknownEffect: ProviderFailure {
        ProviderFailure(code, message, effect: .unknown, targetCode: targetCode, cause: cause)
    }

    init(transport failure: TransportFailure, _ what: String) {
        switch failure.kind {
        case .notSent:
            self.init(
                .unreachable, "`\(what)` could not be sent: \(failure.message)",
                effect: .deferred(retryAfter: .seconds(1)))
        case .replyLost:
            self.init(.replyLost, "no reply to `\(what)`: \(failure.message)", effect: .unknown)
        }
    }

    /// SOURCE: API Gateway API reference, common errors; the error's name travels in `x-amzn-ErrorType`.
    init(reply: TransportReply, _ what: String) {
        let status = reply.response.status.code
        if reply.isPage, !(500..<600).contains(status) || status == 501 {
            self.init(page: reply, what)
            return
        }
        let document: JSONValue?
        do { document = try JSONValue(parsing: reply.body) } catch { document = nil }
        let said = (document?["message"] ?? document?["Message"])?.string ?? "status \(status)"
        let target = reply.errorType
        let busy = said.contains("concurrent modification")
        switch (status, target) {
        case (429, "LimitExceededException"):
            self.init(.refused, said, effect: .none, targetCode: target)
        case (429, _):
            self.init(
                .throttled, said, effect: .deferred(retryAfter: reply.retryAfter ?? .milliseconds(200)),
                targetCode: target)
        case (409, _) where busy:
            self.init(.conflict, said, effect: .deferred(retryAfter: .milliseconds(200)), targetCode: target)
        case (404, _): self.init(.notFound, said, effect: .none, targetCode: target)
        case (401, _), (403, _): self.init(.unauthorized, said, effect: .none, targetCode: target)
        case (400..<500, _): self.init(.refused, said, effect: .none, targetCode: target)
        default:
            self.init(
                .replyLost, "`\(what)` was answered with \(status): \(said)", effect: .unknown,
                targetCode: target)
        }
    }

    /// SOURCE: IAM API reference, "Common errors".
    init(query reply: TransportReply, _ what: String) {
        let status = reply.response.status.code
        if reply.isPage, !(500..<600).contains(status) || status == 501 {
            self.init(page: reply, what)
            return
        }
        let error = QueryError(reply)
        let said = error.message ?? "status \(status)"
        let code = error.code ?? ""
        switch status {
        case _ where status == 429 || QueryError.throttled.contains(code):
            self.init(
                .throttled, said, effect: .deferred(retryAfter: reply.retryAfter ?? .milliseconds(200)),
                targetCode: error.code)
        case _ where QueryError.inConflict.contains(code):
            self.init(
                .conflict, said, effect: .deferred(retryAfter: .milliseconds(200)), targetCode: error.code)
        case _ where code == "NoSuchEntity": self.init(.notFound, said, effect: .none, targetCode: code)
        case _ where [401, 403].contains(status) || QueryError.unauthorized.contains(code):
            self.init(.unauthorized, said, effect: .none, targetCode: error.code)
        case 400..<500: self.init(.refused, said, effect: .none, targetCode: error.code)
        default:
            self.init(
                .replyLost, "`\(what)` was answered with \(status): \(said)", effect: .unknown,
                targetCode: error.code)
        }
    }

    /// A web page in place of an answer: nobody there knows the call.
    init(page reply: TransportReply, _ what: String) {
        self.init(
            .missingOperation,
            "`\(what)` was answered with a web page (status \(reply.response.status.code)): the endpoint does not "
                + "offer it",
            effect: .none)
    }
}

extension TransportReply {
    /// The error's name without what services put behind it: `BadRequestException`.
    var errorType: String? {
        let named = HTTPField.Name("x-amzn-ErrorType").flatMap { response.headerFields[$0] } ?? ""
        return named.split(separator: ":").first.map(String.init)
    }

    /// A web page, which no service of AWS answers with. Its content type says nothing: some endpoints call every answer
    /// `text/html`.
    var isPage: Bool {
        let start = String(decoding: body.prefix(64), as: UTF8.self).lowercased().drop { $0.isWhitespace }
        return ["<!doctype html", "<html", "<head", "<body", "<h1"].contains { start.hasPrefix($0) }
    }

    /// What the target says about when to come back, in whole seconds.
    var retryAfter: Duration? {
        guard let text = response.headerFields[.retryAfter], let seconds = Int(text), (0...3600).contains(seconds)
        else {
            return nil
        }
        return .seconds(seconds)
    }
}
