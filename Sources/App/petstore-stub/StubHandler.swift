import JSON
import NIOCore
import NIOHTTP1

/// One connection: gathers a request, then answers it.
final class StubHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// LIMIT: bytes of a request body that are kept; more are read and forgotten.
    static let bodyBytesMax = 10 * 1024 * 1024

    private let journal: RequestJournal
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var isEndless = false

    init(journal: RequestJournal) { self.journal = journal }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let bytes):
            if body.count + bytes.readableBytes <= Self.bodyBytesMax {
                body.append(contentsOf: bytes.readableBytesView)
            }
        case .end:
            guard let head else { return }
            self.head = nil
            answer(head, context)
        }
    }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let target = RequestTarget(head.uri)
        let entry = RequestJournal.Entry(
            method: head.method.rawValue, target: head.uri, headers: head.headers.map { ($0.name, $0.value) },
            body: String(decoding: body, as: UTF8.self))
        if !target.path.hasPrefix("/__requests") { journal.record(entry) }
        switch target.path {
        case "/__requests": send(.json(journal.document), head, context)
        case "/__echo": send(.json(entry.document), head, context)
        case "/__hang": break
        case "/__close": context.close(promise: nil)
        case "/__garbage": sendRaw("what is this?\r\n\r\n", context)
        case "/__endless": startEndless(head, context)
        case "/__slow":
            let milliseconds = target.query.last { $0.name == "ms" }.flatMap { Int64($0.value) } ?? 1000
            _ = context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(min(max(milliseconds, 0), 600_000))) {
                self.send(.text("slow\n", status: 200), head, context)
            }
        case let path where path.hasPrefix("/__status/"):
            let status = Int(path.dropFirst("/__status/".count)).flatMap { (200...599).contains($0) ? $0 : nil } ?? 400
            send(.text("status \(status)\n", status: status), head, context)
        default:
            let method = head.method.rawValue
            send(PetStore.answer(method: method, path: target.path, query: target.query, body: body), head, context)
        }
    }

    private func send(_ answer: PetStore.Answer, _ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        let status = HTTPResponseStatus(statusCode: answer.status)
        var response = HTTPResponseHead(version: .http1_1, status: status)
        response.headers.add(name: "Content-Type", value: answer.contentType)
        let mayHaveBody = status.mayHaveResponseBody
        if mayHaveBody { response.headers.add(name: "Content-Length", value: String(answer.body.utf8.count)) }
        if !head.isKeepAlive { response.headers.add(name: "Connection", value: "close") }
        context.write(wrapOutboundOut(.head(response)), promise: nil)
        if mayHaveBody, head.method != .HEAD {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer.body)))), promise: nil)
        }
        let isLast = !head.isKeepAlive
        context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in
            if isLast { context.close(promise: nil) }
        }
    }

    /// Past the encoder, straight to the socket.
    private func sendRaw(_ text: String, _ context: ChannelHandlerContext) {
        let channel = context.channel
        do {
            let encoder = try channel.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
            encoder.writeAndFlush(NIOAny(ByteBuffer(string: text))).assumeIsolated().whenComplete { _ in
                channel.close(promise: nil)
            }
        } catch {
            channel.close(promise: nil)
        }
    }

    private func startEndless(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        var response = HTTPResponseHead(version: .http1_1, status: .ok)
        response.headers.add(name: "Content-Type", value: "application/octet-stream")
        response.headers.add(name: "Transfer-Encoding", value: "chunked")
        context.writeAndFlush(wrapOutboundOut(.head(response)), promise: nil)
        isEndless = true
        sendEndless(context)
    }

    /// As fast as the reader takes it, no faster.
    private func sendEndless(_ context: ChannelHandlerContext) {
        guard isEndless, context.channel.isActive, context.channel.isWritable else { return }
        let block = ByteBuffer(repeating: UInt8(ascii: "x"), count: 16 * 1024)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(block)))).assumeIsolated().whenSuccess {
            context.eventLoop.assumeIsolated().execute { self.sendEndless(context) }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        isEndless = false
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
