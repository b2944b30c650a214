import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// An HTTP server of these tests on a free port: it keeps what it was asked, and answers what the test says.
final class FakeServer: Sendable {
    struct Request: Sendable {
        var method: String
        /// With its query.
        var target: String
        var headers: [(name: String, value: String)]
        var body: [UInt8]

        var path: String { String(target.prefix { $0 != "?" }) }
        var text: String { String(decoding: body, as: UTF8.self) }

        func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }

        /// The value of a query parameter, as it was sent.
        func query(_ name: String) -> String? {
            let query = target.drop { $0 != "?" }.dropFirst()
            let pairs = query.split(separator: "&").map { $0.split(separator: "=", maxSplits: 1) }
            return pairs.first { $0.first.map(String.init) == name }.map { $0.count == 2 ? String($0[1]) : "" }
        }
    }

    enum Reply: Sendable {
        case status(Int, headers: [String: String] = [:], body: String = "")
        /// Closes the connection without a word.
        case hangUp
        /// Leaves the connection open without a word.
        case silence
    }

    let port: Int
    private let channel: any Channel
    private let kept = Mutex<[Request]>([])
    private let connections = Mutex(0)

    /// - Parameter answer: Called on an event loop; it must not block.
    init(tls: NIOSSLContext? = nil, _ answer: @escaping @Sendable (Request) -> Reply) async throws {
        let box = Box()
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 64)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    box.server.withLock { $0.value }?.connections.withLock { $0 += 1 }
                    try channel.pipeline.syncOperations.addHandler(
                        Handler { request in
                            box.server.withLock { $0.value }?.kept.withLock { $0.append(request) }
                            return answer(request)
                        })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
        box.server.withLock { $0.value = self }
    }

    deinit { channel.close(promise: nil) }

    var url: String { "http://127.0.0.1:\(port)" }
    /// All that it was asked, oldest first.
    var requests: [Request] { kept.withLock { $0 } }
    /// Connections that were made to it.
    var connectionsCount: Int { connections.withLock { $0 } }

    private final class Box: Sendable {
        struct Weak { weak var value: FakeServer? }
        let server = Mutex(Weak())
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let answer: @Sendable (Request) -> Reply
        private var request: Request?

        init(_ answer: @escaping @Sendable (Request) -> Reply) { self.answer = answer }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                request = Request(
                    method: head.method.rawValue, target: head.uri,
                    headers: head.headers.map { (name: $0.name, value: $0.value) }, body: [])
            case .body(let part): request?.body += part.readableBytesView
            case .end:
                guard let whole = request else { return }
                request = nil
                reply(answer(whole), context)
            }
        }

        private func reply(_ reply: Reply, _ context: ChannelHandlerContext) {
            switch reply {
            case .silence: break
            case .hangUp: context.close(promise: nil)
            case .status(let status, let headers, let body):
                var head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status))
                for (name, value) in headers { head.headers.add(name: name, value: value) }
                head.headers.replaceOrAdd(name: "Content-Length", value: String(body.utf8.count))
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
