import Logging
import NIOCore

/// One client's connection: reads requests one after the other, runs their exchanges, writes the answers in order.
/// Bound to its event loop.
final class ClientConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Where the reading of a request stands.
    enum Reading {
        case head
        case body(BodyUse)
        /// An authorizer is asked: the body of the request must wait.
        case paused(RequestHead)
        /// The request is read; its answer is not complete.
        case done
        /// Nothing more is read: the connection ends after what is being written.
        case ended
    }

    /// What becomes of the body of a request.
    enum BodyUse {
        case dropped
        case collected
        /// Held back up to a limit, so that it can be sent with its length.
        case held(EndpointCall)
        case forwarded
    }

    let loop: LoopState
    var context: ChannelHandlerContext?
    var inbox = ByteBuffer()
    var scanned = 0
    var reading = Reading.head
    var decoder = BodyDecoder(RequestHead.Framing.none)
    var body: [UInt8] = []
    var repair: UTF8Repair?
    /// Packs an answer that passes as it comes; nil: it is not packed.
    var deflater: BodyDeflater?
    var droppedBytes = 0
    var forwardedBytes = 0
    /// The endpoint's answer, where it must be held.
    var collected: EndpointAnswer?
    /// Something was written past ``outbox``.
    var hasUnflushed = false

    // The request that is being answered.
    var exchange: Exchange?
    var endpoint: EndpointExchange?
    /// The function that is waited for; nil while none is.
    var invocation: PendingInvocation?
    /// The body that is packed or unpacked elsewhere; nil while none is.
    var pendingBody: PendingBody?
    var answer = AnswerState()
    var timer = LazyTimer()
    var record = AccessRecord()
    /// Nil unless the request is traced.
    var trace: RequestTrace?

    /// What waits to be written.
    var outbox = ByteBuffer()
    var sourceIP = ""
    private var isReadPending = false
    private var isProcessing = false

    init(loop: LoopState) { self.loop = loop }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) {
        loop.opened(self)
        sourceIP = context.channel.remoteAddress?.ipAddress ?? ""
        outbox = context.channel.allocator.buffer(capacity: 1024)
        // Accepted just before the end: nothing of it was read, so it is idle as those that were open then.
        guard !loop.isDraining else { return closeNow() }
        setDeadline(loop.idleTimeout)
        readOn()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if case .ended = reading { return }
        if inbox.readableBytes == 0 { inbox = bytes } else { inbox.writeBuffer(&bytes) }
        process()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReadPending = false
        flush()
        readOn()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable else { return }
        endpoint?.resumeReading()
        process()
        flush()
        readOn()
    }

    func channelInactive(context: ChannelHandlerContext) {
        reading = .ended
        timer.cancel()
        if endpoint != nil || exchange != nil || pendingBody != nil { writeRecord(outcome: "client-gone") }
        endpoint?.cancel()
        endpoint = nil
        invocation = nil
        pendingBody = nil
        exchange = nil
        loop.closed(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    /// Reads on as long as what comes has a place to go.
    func readOn() {
        guard !isReadPending, let context, inbox.readableBytes < 64 * 1024 else { return }
        if case .ended = reading { return }
        if case .body(.forwarded) = reading, !(endpoint?.isWritable ?? false) { return }
        if case .head = reading, !context.channel.isWritable { return }
        isReadPending = true
        context.read()
    }

    // MARK: Requests

    /// Works through what has come, until more is needed or an answer must be waited for.
    func process() {
        guard !isProcessing else { return }
        isProcessing = true
        defer { isProcessing = false }
        while true {
            switch reading {
            case .head:
                guard let context, context.channel.isWritable, inbox.readableBytes > 0, readHead() else { return }
            case .body(let use):
                guard readBody(use) else { return }
            case .paused, .done, .ended: return
            }
        }
    }

    /// - Returns: False if the head is not complete.
    private func readHead() -> Bool {
        skipEmptyLines()
        let outcome: Result<(RequestHead, Int)?, WireFailure> = inbox.withUnsafeReadableBytes { raw in
            let bytes = raw.bindMemory(to: UInt8.self)
            guard let end = HeadScanner.end(of: bytes, scanned: scanned) else {
                return bytes.count > Limits.requestHeadBytesMax ? .failure(.headTooLong) : .success(nil)
            }
            guard end <= Limits.requestHeadBytesMax else { return .failure(.headTooLong) }
            do throws(WireFailure) {
                return .success((try RequestHead(parsing: UnsafeBufferPointer(rebasing: bytes[..<end])), end))
            } catch {
                return .failure(error)
            }
        }
        switch outcome {
        case .success(nil):
            if scanned == 0 { setDeadline(loop.headTimeout) }
            scanned = inbox.readableBytes
            return false
        case .success(.some((let head, let length))):
            inbox.moveReaderIndex(forwardBy: length)
            scanned = 0
            begin(head)
            return true
        case .failure(let failure):
            refuse(failure)
            return false
        }
    }

    /// RFC 9112, section 2.2: an empty line before a request is passed over.
    private func skipEmptyLines() {
        guard scanned == 0 else { return }
        while inbox.getInteger(at: inbox.readerIndex, as: UInt16.self) == 0x0D0A { inbox.moveReaderIndex(forwardBy: 2) }
    }

    /// - Returns: False if more must come first.
    private func readBody(_ use: BodyUse) -> Bool {
        if case .forwarded = use, !(endpoint?.isWritable ?? false) { return false }
        do {
            switch try decoder.decode(&inbox) {
            case .needsMore: return false
            case .bytes(let bytes):
                setDeadline(loop.idleTimeout)
                receive(bytes, use)
            case .end: receiveEnd(use)
            }
            return true
        } catch {
            refuse(error)
            return false
        }
    }

    // MARK: Time

    func setDeadline(_ amount: TimeAmount) {
        guard timer.move(to: .now() + amount) else { return }
        timer.schedule(onto: loop.eventLoop) { self.timerFired() }
    }

    private func timerFired() {
        switch timer.fired() {
        case .due: timeOut()
        case .early: timer.schedule(onto: loop.eventLoop) { self.timerFired() }
        case .off: break
        }
    }

    // MARK: The end

    func closeIfIdle() {
        guard case .head = reading, inbox.readableBytes == 0, !answer.isOpen else { return }
        closeNow()
    }

    func closeNow() {
        reading = .ended
        context?.close(promise: nil)
    }
}
