import AWSProvider
import HTTPTypes

/// A target that is reached over the network: AWS, or an endpoint that speaks as AWS does.
///
/// Connections are kept: of one that breaks in the moment it is used, the reply counts as lost, and the object is observed
/// before anything else is written.
struct OutgoingTransport: Transport {
    let http: OutgoingHTTP
    /// `http` or `https`; the host is the one that requests are signed for.
    let scheme: String

    func send(_ request: HTTPRequest, body: [UInt8]) async throws(TransportFailure) -> TransportReply {
        var request = request
        request.scheme = scheme
        do {
            let reply = try await http.send(request, body: body, replyBytesMax: Limits.targetReplyBytes)
            return TransportReply(response: reply.response, body: reply.body)
        } catch {
            let cause = error.cause.map { ": \($0)" } ?? ""
            throw TransportFailure(error.isUnsent ? .notSent : .replyLost, error.message + cause)
        }
    }
}
