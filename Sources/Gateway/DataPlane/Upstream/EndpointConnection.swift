import NIOCore

/// One connection to an endpoint: writes a request, reads its answer, then is idle again. Bound to its event loop.
final class EndpointConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let origin: EndpointOrigin
    private let pool: EndpointPool
    private var context: ChannelHandlerContext?
    private var inbox = ByteBuffer()
    private var scanned = 0
    private var decoder: BodyDecoder?
    private var answerKeepsAlive = false
    private var isReadPending = false
    /// What TLS found wrong, until the connection is closed for it.
    private var tlsFailure: EndpointFailure?

    /// Whom the answer is for; nil while idle.
    private(set) var exchange: EndpointExchange?
    private(set) var isIdle = true
    /// True from the second request on.
    private(set) var isReused = false
    private(set) var hasReceived = false
    /// When it became idle.
    var idleSince = NIODeadline.uptimeNanoseconds(0)

    init(origin: EndpointOrigin, pool: EndpointPool) {
        self.origin = origin
        self.pool = pool
    }

    var isActive: Bool { context?.channel.isActive ?? false }
    var isWritable: Bool { context?.channel.isWritable ?? false }

    func begin(_ exchange: EndpointExchange) {
        self.exchange = exchange
        isIdle = false
        hasReceived = false
        decoder = nil
        scanned = 0
        read()
    }

    func write(_ buffer: ByteBuffer) { context?.write(wrapOutboundOut(buffer), promise: nil) }
    func flush() { context?.flush() }
    func close() { context?.close(promise: nil) }

    /// Reads on, if nothing is being read yet.
    func read() {
        guard !isReadPending, let context else { return }
        isReadPending = true
        context.read()
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        guard !isIdle else {
            // Nothing was asked, so nothing may be said.
            context.close(promise: nil)
            return
        }
        hasReceived = true
        if inbox.readableBytes == 0 { inbox = bytes } else { inbox.writeBuffer(&bytes) }
        do {
            try process()
        } catch {
            fail(.malformed)
        }
    }

    private func process() throws(WireFailure) {
        while !isIdle {
            if decoder == nil, try !readHead() { return }
            guard var decoder else { return }
            let event = try decoder.decode(&inbox)
            self.decoder = decoder
            switch event {
            case .needsMore: return
            case .bytes(let bytes): exchange?.listener?.endpointSent(bytes)
            case .end: finish()
            }
        }
    }

    /// - Returns: False if the head is not complete.
    private func readHead() throws(WireFailure) -> Bool {
        let isBodyless = exchange?.call.method == "HEAD"
        // Untyped inside the buffer's closure, typed again outside.
        let outcome: Result<(ResponseHead, Int)?, WireFailure> = inbox.withUnsafeReadableBytes { raw in
            let bytes = raw.bindMemory(to: UInt8.self)
            guard let end = HeadScanner.end(of: bytes, scanned: scanned) else { return .success(nil) }
            do throws(WireFailure) {
                let head = UnsafeBufferPointer(rebasing: bytes[..<end])
                return .success((try ResponseHead(parsing: head, isBodyless: isBodyless), end))
            } catch {
                return .failure(error)
            }
        }
        guard let (head, length) = try outcome.get() else {
            scanned = inbox.readableBytes
            guard scanned <= Limits.responseHeadBytesMax else { throw .headTooLong }
            return false
        }
        inbox.moveReaderIndex(forwardBy: length)
        scanned = 0
        // Interim answers are for this connection; 101 was not asked for.
        guard head.status != 101 else { throw .malformed }
        guard head.status >= 200 else { return try readHead() }
        answerKeepsAlive = head.keepsAlive
        decoder = BodyDecoder(head.framing)
        exchange?.listener?.endpointAnswered(head)
        return true
    }

    private func finish() {
        let exchange = self.exchange
        self.exchange = nil
        isIdle = true
        isReused = true
        decoder = nil
        let isClean = inbox.readableBytes == 0 && answerKeepsAlive && exchange?.hasSentAll ?? false
        inbox.clear()
        if isClean { pool.release(self) } else { pool.forget(self) }
        exchange?.finished()
    }

    private func fail(_ failure: EndpointFailure) {
        let exchange = self.exchange
        self.exchange = nil
        isIdle = true
        pool.forget(self)
        exchange?.failed(failure, over: self)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReadPending = false
        if let listener = exchange?.listener {
            listener.endpointReadCompleted()
            if listener.takesMore { read() }
        } else if isIdle {
            read()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        exchange?.listener?.endpointWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        guard !isIdle else {
            pool.forget(self)
            return
        }
        if let tlsFailure {
            fail(tlsFailure)
        } else if let decoder, decoder.endsWithConnection {
            answerKeepsAlive = false
            finish()
        } else {
            fail(.closed)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if origin.security != .none, tlsFailure == nil { tlsFailure = EndpointTLS.failure(error, from: origin.host) }
        context.close(promise: nil)
    }
}
