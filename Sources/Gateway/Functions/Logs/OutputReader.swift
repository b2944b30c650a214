import NIOCore

/// Reads what a process prints, no faster than ``Limits/logBytesPerPauseMax``: one that floods its log must not keep
/// the loop from the others.
final class OutputReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let onBytes: (ByteBuffer) -> Void
    private let onEnd: () -> Void
    private var readInPause = 0
    private var isPaused = false

    init(onBytes: @escaping (ByteBuffer) -> Void, onEnd: @escaping () -> Void) {
        self.onBytes = onBytes
        self.onEnd = onEnd
    }

    func channelActive(context: ChannelHandlerContext) { context.read() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        readInPause += buffer.readableBytes
        onBytes(buffer)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        guard readInPause >= Limits.logBytesPerPauseMax else { return context.read() }
        guard !isPaused else { return }
        isPaused = true
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .milliseconds(Limits.logPauseMilliseconds)) {
            let (reader, context) = bound.value
            reader.isPaused = false
            reader.readInPause = 0
            context.read()
        }
    }

    func channelInactive(context: ChannelHandlerContext) { onEnd() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
