import Diagnostics
package import HTTPTypes
package import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An engine over plain HTTP/1.1: on a TCP port, or on the owner socket of a data directory.
///
/// One connection a request: a kept one may be closed by the other side in the very moment it is used again, and then
/// nobody could say whether the request took effect.
package struct SocketTransport: Transport {
    package enum Endpoint: Sendable, Hashable {
        case tcp(host: String, port: Int)
        case unix(path: String)
    }

    private let endpoint: Endpoint
    private let group: any EventLoopGroup
    private let timeLimit: TimeAmount

    /// - Parameter timeLimit: For one request, from connecting to the last byte of the reply.
    package init(endpoint: Endpoint, group: any EventLoopGroup, timeLimit: TimeAmount = .seconds(30)) {
        self.endpoint = endpoint
        self.group = group
        self.timeLimit = timeLimit
    }

    package func send(_ request: HTTPRequest, body: [UInt8]) async throws(TransportFailure) -> TransportReply {
        let collector = ReplyCollector()
        let channel = try await connect(collector)
        do {
            return try await exchange(request, body, channel, collector)
        } catch let failure as TransportFailure {
            throw failure
        } catch {
            throw TransportFailure(.replyLost, Self.words(error))
        }
    }

    private func connect(_ collector: ReplyCollector) async throws(TransportFailure) -> any Channel {
        let bootstrap = ClientBootstrap(group: group)
            .connectTimeout(min(timeLimit, .seconds(5)))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(ReplyHandler(collector))
                }
            }
        do {
            return switch endpoint {
            case .tcp(let host, let port): try await bootstrap.connect(host: host, port: port).get()
            case .unix(let path): try await bootstrap.connect(unixDomainSocketPath: path).get()
            }
        } catch {
            throw TransportFailure(.notSent, "no connection to \(endpoint.name): \(Self.words(error))")
        }
    }

    /// What the library throws, without its types.
    fileprivate static func words(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            error.connectionErrors.last.map { words($0.error) } ?? ConnectionTrouble.unknownName
        case ChannelError.connectTimeout: ConnectionTrouble.timeout
        case let error as IOError: ConnectionTrouble.words(errno: error.errnoCode)
        case is HTTPParserError: "the reply is no HTTP/1"
        default: "the connection was given up"
        }
    }

    private func exchange(
        _ request: HTTPRequest, _ body: [UInt8], _ channel: any Channel, _ collector: ReplyCollector
    ) async throws -> TransportReply {
        let reply = channel.eventLoop.makePromise(of: TransportReply.self)
        let timer = channel.eventLoop.scheduleTask(in: timeLimit) {
            reply.fail(TransportFailure(.replyLost, "no reply within the time limit"))
        }
        collector.promise.withLock { $0 = reply }
        channel.closeFuture.whenComplete { _ in
            reply.fail(TransportFailure(.replyLost, "the connection was closed before the reply was whole"))
        }
        var head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: request.method.rawValue), uri: request.path ?? "/")
        head.headers.add(name: "Host", value: request.authority ?? "localhost")
        for field in request.headerFields { head.headers.add(name: field.name.rawName, value: field.value) }
        head.headers.replaceOrAdd(name: "Content-Length", value: String(body.count))
        head.headers.replaceOrAdd(name: "Connection", value: "close")
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        if !body.isEmpty {
            channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil)
        }
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        defer {
            timer.cancel()
            channel.close(promise: nil)
        }
        return try await withTaskCancellationHandler {
            try await reply.futureResult.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }
}

extension SocketTransport.Endpoint {
    /// For messages.
    var name: String {
        switch self {
        case .tcp(let host, let port): "\(host):\(port)"
        case .unix(let path): "`\(path)`"
        }
    }
}

/// Hands the reply from the channel's pipeline to the waiting request.
private final class ReplyCollector: Sendable {
    let promise = Mutex<EventLoopPromise<TransportReply>?>(nil)
}

private final class ReplyHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let collector: ReplyCollector
    private var head: HTTPResponseHead?
    private var body: [UInt8] = []

    init(_ collector: ReplyCollector) { self.collector = collector }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body(let part):
            guard body.count + part.readableBytes <= Limits.replyBytesMax else {
                return fail("the reply is larger than \(Limits.replyBytesMax) bytes")
            }
            body += part.readableBytesView
        case .end:
            guard let head else { return }
            var response = HTTPResponse(status: .init(code: Int(head.status.code)))
            for (name, value) in head.headers {
                if let name = HTTPField.Name(name) { response.headerFields.append(HTTPField(name: name, value: value)) }
            }
            collector.promise.withLock { $0 }?.succeed(TransportReply(response: response, body: body))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(SocketTransport.words(error))
        context.close(promise: nil)
    }

    private func fail(_ message: String) {
        collector.promise.withLock { $0 }?.fail(TransportFailure(.replyLost, message))
    }
}
