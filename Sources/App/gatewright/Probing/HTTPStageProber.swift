import HTTPTypes
import Resources

/// Asks a stage through its URL: no redirect is followed, and the answer is bounded.
struct HTTPStageProber: StageProber {
    let http: OutgoingHTTP
    /// Nil where nobody said where the target serves its stages.
    let url: @Sendable () throws -> StageURL?

    /// A path that an API hardly has: what answers is the stage itself, unless a greedy route takes everything.
    static let unlikelyPath = "/gatewright-probe"

    func ask(_ question: ProbeQuestion) async -> ProbeAnswer {
        let url: StageURL?
        do { url = try self.url() } catch { return .failed("where the stages are served could not be read: \(error)") }
        guard let url else {
            let words = "`spec.target` names no `dataEndpoint`, so the stage cannot be asked"
            return question.request == nil ? .serves(words) : .failed(words)
        }
        guard let parts = url.parts(of: question) else { return .failed("the URL of the stage cannot be made") }
        var request = HTTPRequest(
            method: .get, scheme: parts.scheme, authority: parts.authority,
            path: parts.prefix + (question.request?.path ?? Self.unlikelyPath))
        if let method = question.request.flatMap({ HTTPRequest.Method($0.method) }) { request.method = method }
        for header in question.request?.headers ?? [] {
            guard let name = HTTPField.Name(header.name) else { return .failed("`\(header.name)` is no header") }
            request.headerFields.append(HTTPField(name: name, value: header.value))
        }
        do {
            let reply = try await http.send(
                request, timeLimit: question.timeout, replyBytesMax: Limits.probeReplyBytes)
            return question.request == nil
                ? Self.verdict(on: reply, of: question)
                : .answered(status: reply.response.status.code, excerpt: Self.excerpt(reply.body))
        } catch {
            return .failed(error.message)
        }
    }

    /// Whether an answer to a path that hardly exists shows a stage that serves.
    private static func verdict(on reply: OutgoingReply, of question: ProbeQuestion) -> ProbeAnswer {
        let status = reply.response.status.code
        let type = HTTPField.Name("x-amzn-errortype").flatMap { reply.response.headerFields[$0] } ?? ""
        let answer = "`GET \(unlikelyPath)` was answered \(status)\(type.isEmpty ? "" : " \(type)")"
        // The gateway's answer where it has no such API or no such stage.
        let isUnknown = status == 403 && type.hasPrefix("ForbiddenException")
        // A greedy route passes the question on: that its backend is away is no matter of the deployment.
        let isBackend = (502...504).contains(status)
        return (status >= 500 && !isBackend) || isUnknown
            ? .failed("\(answer): \(excerpt(reply.body))") : .serves(answer)
    }

    /// The beginning of a body, printable, for messages.
    static func excerpt(_ body: [UInt8]) -> String {
        let text = String(decoding: body.prefix(Limits.probeExcerptBytes), as: UTF8.self)
        let printable = String(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) })
        return body.count > Limits.probeExcerptBytes ? printable + "…" : printable
    }
}
