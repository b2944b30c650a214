package import NIOCore

/// Runs Lambda functions for integrations and authorizers. Asked on event loops, so it must not block.
package protocol FunctionInvoker: Sendable {
    /// Gives the answer to `eventLoop`. Never fails: what went wrong is a ``FunctionReply``.
    ///
    /// Whoever calls keeps its own deadline: an answer after it is thrown away.
    func invoke(_ call: FunctionCall, on eventLoop: any EventLoop) -> EventLoopFuture<FunctionReply>
}

/// One event for one function, with the right by which it is sent.
package struct FunctionCall: Sendable {
    /// On whose behalf the function is invoked.
    package enum Authority: Sendable {
        /// The API itself: the function's resource-based policy must let `apigateway.amazonaws.com` invoke it for this
        /// source. The ARN is `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH`, a path parameter written as
        /// `*`, or `.../authorizers/ID`.
        case service(sourceARN: String, sourceAccount: String)
        /// The ARN of the role in the integration's or the authorizer's credentials, and the source as above.
        case role(String, sourceARN: String)
        /// Credentials `arn:aws:iam::*:user/*`: who signed the request.
        case caller(KnownCaller)
    }

    /// As in the uri: an ARN, with or without a version or an alias; stage variables are filled in.
    package var function: String
    /// JSON, or what the client sent instead; empty stands for `{}`.
    package var event: [UInt8]
    /// `X-Amz-Invocation-Type: Event`: the answer is ``FunctionReply/accepted``.
    package var isAsynchronous: Bool
    package var authority: Authority
    /// UUID: that of the client's request.
    package var requestID: String
    /// `Root=1-...`
    package var traceID: String?
    /// Milliseconds until the answer must be there.
    package var timeout: Int
    /// Signed, where the endpoint map has functions elsewhere: made in place of running the function here.
    var elsewhere: EndpointCall?

    package init(
        function: String, event: [UInt8], isAsynchronous: Bool = false, authority: Authority, requestID: String,
        traceID: String? = nil, timeout: Int = 29_000
    ) {
        self.function = function
        self.event = event
        self.isAsynchronous = isAsynchronous
        self.authority = authority
        self.requestID = requestID
        self.traceID = traceID
        self.timeout = timeout
    }
}

/// What came of a ``FunctionCall``.
package enum FunctionReply: Sendable {
    /// - functionError: `FunctionError` as Invoke has it (`Unhandled`); nil when the function succeeded.
    case answered(payload: [UInt8], functionError: String?)
    /// The event of an asynchronous call is taken: 202.
    case accepted
    /// What Invoke would answer: 403 `AccessDeniedException`, 404 `ResourceNotFoundException`, 429
    /// `TooManyRequestsException`, 413 `RequestTooLargeException`.
    case refused(status: Int, type: String, message: String)
    /// Functions are off, or their host has stopped. The text goes to logs only.
    case unavailable(String)
}
