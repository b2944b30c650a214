import HTTPTypes
import Synchronization

/// How many requests were sent.
final class CallCounter: Sendable {
    private let sent = Mutex(0)

    var count: Int { sent.withLock(\.self) }
    fileprivate func add() { sent.withLock { $0 += 1 } }
}

/// Counts what goes over another transport.
struct CountingTransport: Transport {
    let transport: any Transport
    let counter: CallCounter

    func send(_ request: HTTPRequest, body: [UInt8]) async throws(TransportFailure) -> TransportReply {
        counter.add()
        return try await transport.send(request, body: body)
    }
}
