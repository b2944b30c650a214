import NIOCore

/// One call to an endpoint, from the search for a connection to the end of the answer.
final class EndpointExchange {
    let call: EndpointCall
    private let pool: EndpointPool
    /// How the request's body is framed.
    private let framing: Framing
    /// Let go when the call has ended.
    private(set) var listener: (any EndpointListener)?
    private var connection: EndpointConnection?
    /// Where it goes now: the call's own origin, or a target of its link.
    private(set) var origin: EndpointOrigin
    private var target: LinkTarget?
    /// Targets that could not be reached, the one of now among them.
    private var tried: [LinkTarget] = []
    private var hasRetried = false
    private var hasSentBody = false
    /// The request is on its way completely.
    private(set) var hasSentAll = false
    private var isDone = false

    enum Framing {
        case none
        /// The body is in the call.
        case whole
        case length(Int)
        case chunked
    }

    init(_ call: EndpointCall, framing: Framing, pool: EndpointPool, listener: any EndpointListener) {
        self.call = call
        origin = call.origin
        self.framing = framing
        self.pool = pool
        self.listener = listener
    }

    var isWritable: Bool { connection?.isWritable ?? false }
    var isAbandoned: Bool { isDone }

    /// Where others may be tried, none may take all the time there is.
    var connectTimeout: TimeAmount {
        let whole = TimeAmount.milliseconds(Int64(call.timeout))
        return call.link.map { min(TimeAmount($0.check.timeout), whole) } ?? whole
    }

    func start() {
        guard let link = call.link else {
            pool.acquire(for: self, allowsIdle: true)
            return
        }
        guard turn(to: link.next(besides: [])) else {
            pool.fail(self, .noHealthyTarget)
            return
        }
        pool.acquire(for: self, allowsIdle: true)
    }

    /// - Returns: False if there is no target to turn to.
    private func turn(to next: LinkTarget?) -> Bool {
        guard let next else { return false }
        target?.leave()
        target = next
        tried.append(next)
        next.enter()
        origin = call.origin.over(next.origin)
        return true
    }

    /// The target has no more to do with this call.
    private func leaveTarget(answered: Bool?) {
        guard let target else { return }
        if let answered { note(answered) }
        self.target = nil
        target.leave()
    }

    private func note(_ answered: Bool) {
        if call.link?.isWatched ?? false { _ = target?.served(answered) }
    }

    /// Sends the request over a connection that was found.
    func send(over connection: EndpointConnection) {
        guard !isDone else {
            pool.release(connection)
            return
        }
        self.connection = connection
        connection.begin(self)
        var buffer = pool.takeBuffer()
        buffer.writeBytes(head)
        switch framing {
        case .none: hasSentAll = true
        case .whole:
            if case .bytes(let bytes) = call.body { buffer.writeBytes(bytes) }
            hasSentAll = true
        case .length, .chunked: break
        }
        connection.write(buffer)
        connection.flush()
        pool.giveBack(buffer)
        if !hasSentAll { listener?.endpointWritabilityChanged() }
    }

    private var head: [UInt8] {
        var writer = HeadWriter()
        writer.start(method: call.method, target: call.target)
        writer.append(call.headers)
        switch (framing, call.body) {
        case (.none, _):
            if ["POST", "PUT", "PATCH"].contains(call.method) { writer.append("Content-Length", "0") }
        case (.whole, .bytes(let bytes)): writer.append("Content-Length", String(bytes.count))
        case (.whole, _): break
        case (.length(let length), _): writer.append("Content-Length", String(length))
        case (.chunked, _): writer.append("Transfer-Encoding", "chunked")
        }
        writer.end()
        return writer.bytes
    }

    /// A piece of a streamed body.
    func sendBody(_ bytes: ByteBuffer) {
        guard let connection, bytes.readableBytes > 0 else { return }
        hasSentBody = true
        if case .chunked = framing {
            connection.write(ByteBuffer(string: String(bytes.readableBytes, radix: 16) + "\r\n"))
            connection.write(bytes)
            connection.write(ByteBuffer(string: "\r\n"))
        } else {
            connection.write(bytes)
        }
        connection.flush()
    }

    func endBody() {
        guard let connection, !hasSentAll else { return }
        hasSentAll = true
        guard case .chunked = framing else { return }
        connection.write(ByteBuffer(string: "0\r\n\r\n"))
        connection.flush()
    }

    /// The listener takes more of the answer again.
    func resumeReading() { connection?.read() }

    /// Nobody waits any more: the connection cannot be used again, since the answer may still come.
    func cancel() {
        guard !isDone else { return }
        isDone = true
        listener = nil
        leaveTarget(answered: nil)
        if let connection {
            self.connection = nil
            pool.forget(connection)
        }
    }

    func finished() {
        guard !isDone else { return }
        isDone = true
        connection = nil
        leaveTarget(answered: true)
        let listener = self.listener
        self.listener = nil
        listener?.endpointFinished()
    }

    /// An idle connection may have been closed by the endpoint at the moment it was taken: tried once more on a new
    /// one, if nothing came and sending twice does no harm.
    func failed(_ failure: EndpointFailure, over connection: EndpointConnection?) {
        guard !isDone else { return }
        self.connection = nil
        let wasStale = failure == .closed && (connection?.isReused ?? false) && !(connection?.hasReceived ?? false)
        if wasStale, !hasRetried, call.isIdempotent, !hasSentBody {
            hasRetried = true
            hasSentAll = false
            pool.acquire(for: self, allowsIdle: false)
            return
        }
        if failure.isOfTarget, !wasStale { note(false) }
        // Without a connection nothing was sent, so another target may be asked.
        if connection == nil, let link = call.link, turn(to: link.next(besides: tried)) {
            pool.acquire(for: self, allowsIdle: true)
            return
        }
        isDone = true
        leaveTarget(answered: nil)
        let listener = self.listener
        self.listener = nil
        listener?.endpointFailed(failure)
    }
}
