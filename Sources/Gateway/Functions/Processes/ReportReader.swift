import NIOCore

/// Reads what a keeper reports.
final class ReportReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let onReport: (KeeperReport) -> Void
    private let onEnd: () -> Void
    private var rest = ByteBuffer()

    init(onReport: @escaping (KeeperReport) -> Void, onEnd: @escaping () -> Void) {
        self.onReport = onReport
        self.onEnd = onEnd
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        rest.writeBuffer(&buffer)
        while let (kind, value) = rest.readMultipleIntegers(endianness: .host, as: (Int32, Int32).self) {
            if let report = KeeperReport(kind: kind, value: value) { onReport(report) }
        }
    }

    func channelInactive(context: ChannelHandlerContext) { onEnd() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
