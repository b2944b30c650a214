package import HTTPTypes

/// How signed requests reach a target: the engine in this process, an engine elsewhere, or AWS.
///
/// Requests are swift-http-types values plus bytes on every way, so that the in-process transport carries exactly what
/// a socket would.
package protocol Transport: Sendable {
    /// Sends one request and waits for the whole reply.
    func send(_ request: HTTPRequest, body: [UInt8]) async throws(TransportFailure) -> TransportReply

    /// How long a request whose sender is gone may still take effect.
    var settleTime: Duration { get }
}

extension Transport {
    package var settleTime: Duration { Limits.settleTime }
}

/// A reply with its whole body.
package struct TransportReply: Sendable {
    package var response: HTTPResponse
    package var body: [UInt8]

    package init(response: HTTPResponse, body: [UInt8]) {
        self.response = response
        self.body = body
    }
}

/// A request without a reply.
package struct TransportFailure: Error, Sendable {
    package enum Kind: Sendable {
        /// Nothing reached the target.
        case notSent
        /// The request was written, at least in part: its effect is unknown.
        case replyLost
    }

    package let kind: Kind
    /// One sentence, lower case, no full stop.
    package let message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}

/// The engine in this process.
package struct InProcessTransport: Transport {
    package var settleTime: Duration { .zero }
    private let respond: @Sendable (HTTPRequest, [UInt8]) async -> (HTTPResponse, [UInt8])

    package init(_ respond: @escaping @Sendable (HTTPRequest, [UInt8]) async -> (HTTPResponse, [UInt8])) {
        self.respond = respond
    }

    package func send(_ request: HTTPRequest, body: [UInt8]) async throws(TransportFailure) -> TransportReply {
        let (response, body) = await respond(request, body)
        return TransportReply(response: response, body: body)
    }
}
