import CKeeper
import Glibc
import NIOCore
import NIOHTTP1

/// One connection of a runtime.
final class RuntimeConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private weak var process: FunctionProcess?
    private var context: ChannelHandlerContext?
    private var request: RuntimeRequest?
    private var version = HTTPVersion.http1_1
    private var keepsAlive = true
    private var body: [UInt8] = []
    private var bodyByteCount = 0

    init(_ process: FunctionProcess?) { self.process = process }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    /// Any program of this machine can connect; only the function's own user may go on. Where the system does not say
    /// who it is, everybody may.
    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        guard let process, let port = context.remoteAddress?.port, let own = context.localAddress?.port else { return }
        let owner = gw_connection_owner(UInt16(clamping: port), UInt16(clamping: own))
        if owner == -Int64(ENOENT) || owner >= 0 && owner != process.user { context.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            request = RuntimeRequest(head)
            (version, keepsAlive) = (head.version, head.isKeepAlive)
            (body, bodyByteCount) = ([], 0)
        case .body(let buffer):
            bodyByteCount += buffer.readableBytes
            if bodyByteCount <= Limits.answerBytesMax {
                body += buffer.readableBytesView
            } else {
                body = []
                if bodyByteCount > Limits.discardedAnswerBytesMax { context.close(promise: nil) }
            }
        case .end:
            guard let request else { return }
            self.request = nil
            guard let process else { return context.close(promise: nil) }
            process.receive(
                request, body: body, isTooLarge: bodyByteCount > Limits.answerBytesMax, from: self)
            body = []
        }
    }

    func reply(_ reply: RuntimeReply) {
        guard let context else { return }
        var headers = HTTPHeaders(reply.headers)
        headers.add(name: "Content-Type", value: "application/json")
        headers.add(name: "Content-Length", value: String(reply.body.count))
        if !keepsAlive { headers.add(name: "Connection", value: "close") }
        let head = HTTPResponseHead(version: version, status: reply.status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let buffer = context.channel.allocator.buffer(bytes: reply.body)
        context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        let end = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        guard !keepsAlive else { return }
        let channel = context.channel
        end.whenComplete { _ in channel.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        process?.hasClosed(self)
        context.fireChannelInactive()
    }

    /// What is no HTTP ends the connection, and nothing else.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
