import NIOCore

/// Who waits for an endpoint's answer. All calls come on the event loop that the request lives on.
protocol EndpointListener: AnyObject {
    /// Status and headers of the final answer; once.
    func endpointAnswered(_ head: ResponseHead)
    /// A piece of the body.
    func endpointSent(_ bytes: ByteBuffer)
    /// The body is complete. Nothing comes after it.
    func endpointFinished()
    /// It will not be completed. Nothing comes after it.
    func endpointFailed(_ failure: EndpointFailure)
    /// The endpoint takes more of the request's body, or a pause for output; look at ``EndpointExchange/isWritable``.
    func endpointWritabilityChanged()
    /// No more input for now: a good moment to flush.
    func endpointReadCompleted()
    /// False while what was received cannot be passed on: no more is read.
    var takesMore: Bool { get }
}

/// Why an endpoint gave no answer, or only a part of one.
enum EndpointFailure: Error, Equatable {
    /// The name has no address.
    case unresolved
    /// Its address is one that is never called.
    case forbiddenAddress
    case connectFailed(String)
    /// Closed or reset before the answer was complete.
    case closed
    /// What it sent is no HTTP/1 answer.
    case malformed
    case tooManyConnections
    /// No target of the private link is healthy, or all that are were tried.
    case noHealthyTarget
    /// The endpoint's certificate is not good for its host.
    case untrusted(String)
    /// No TLS session came about, or it broke.
    case tlsFailed(String)

    /// Speaks against the target that was called, and not against the request or the gateway.
    var isOfTarget: Bool {
        switch self {
        case .unresolved, .connectFailed, .closed, .malformed, .tlsFailed: true
        case .forbiddenAddress, .tooManyConnections, .noHealthyTarget, .untrusted: false
        }
    }

    var error: GatewayError {
        switch self {
        case .unresolved: .network("the endpoint's name has no address")
        case .forbiddenAddress: .network("the endpoint's address is link-local or one of the gateway's own listeners")
        case .connectFailed(let reason): .network("the endpoint cannot be reached: \(reason)")
        case .closed: .network("the endpoint closed the connection before its answer was complete")
        case .malformed: .network("the endpoint's answer is no HTTP/1 response")
        case .noHealthyTarget: .network("no target of the VPC link is healthy")
        case .tooManyConnections: .network("too many connections to the endpoint")
        // SOURCE: the service's execution log calls it a configuration error, so it is 500 and not 504.
        case .untrusted(let reason): .configuration("the endpoint's certificate is not accepted: \(reason)")
        case .tlsFailed(let reason): .network("no TLS session with the endpoint: \(reason)")
        }
    }
}
