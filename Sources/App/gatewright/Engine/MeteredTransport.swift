import AWSProvider
import HTTPTypes
import Metrics

/// Counts and times the requests to a target, by how they ended.
struct MeteredTransport: Transport {
    let base: any Transport

    func send(_ request: HTTPRequest, body: [UInt8]) async throws(TransportFailure) -> TransportReply {
        let began = ContinuousClock.now
        do throws(TransportFailure) {
            let reply = try await base.send(request, body: body)
            let code = reply.response.status.code
            record(code == 429 ? "throttled" : "\(code / 100)xx", began)
            return reply
        } catch {
            record(error.kind == .notSent ? "not-sent" : "reply-lost", began)
            throw error
        }
    }

    private func record(_ outcome: String, _ began: ContinuousClock.Instant) {
        Metrics.Timer(label: "gatewright_provider_call_seconds", dimensions: [("outcome", outcome)])
            .record(duration: ContinuousClock.now - began)
    }
}
