/// A request to an endpoint, ready to send.
package struct EndpointCall: Sendable {
    package enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// The client's body as it comes; text has its bad UTF-8 sequences replaced on the way.
        case streamed(isText: Bool)
    }

    /// What the uri says; over a link it makes Host, SNI and the name in the certificate alone.
    package var origin: EndpointOrigin
    /// The targets behind the private link; nil: the call goes to the origin itself.
    package var link: TargetGroup?
    package var method: String
    /// Path and query.
    package var target: String
    /// All but the lengths.
    package var headers: HeaderFields
    package var body: Body
    /// Milliseconds until the answer must be there.
    package var timeout: Int

    package var url: String { "\(origin.security.prefix)\(origin.authority)\(target)" }
    /// RFC 9110: sent twice it has the effect of sent once.
    var isIdempotent: Bool { ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"].contains(method) }
}

/// An endpoint's whole answer.
package struct EndpointAnswer: Sendable {
    package var status: Int
    package var headers: HeaderFields
    package var body: [UInt8]

    package init(status: Int, headers: HeaderFields, body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
