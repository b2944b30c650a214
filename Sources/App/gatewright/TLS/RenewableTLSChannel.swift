import HummingbirdCore
import Logging
import NIOCore
import NIOSSL

/// A server's channel behind TLS whose certificate may be renewed while it serves.
struct RenewableTLSChannel<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let tls: ListenerTLS

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls.context))
        }.flatMap {
            base.setup(channel: channel, logger: logger)
        }
    }

    func handle(value: Base.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}

extension HTTPServerBuilder {
    /// - Parameter tls: Nil for plain HTTP.
    static func http1(_ tls: ListenerTLS?) -> HTTPServerBuilder {
        guard let tls else { return .http1() }
        return HTTPServerBuilder { responder in
            RenewableTLSChannel(base: HTTP1Channel(responder: responder), tls: tls)
        }
    }
}
