package import HTTPTypes
import Hummingbird
package import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// The server of the management API, on a TCP port or on the owner's unix domain socket.
///
/// Runs in a service group; on a graceful shutdown it takes no new connection and finishes the requests in flight.
package struct ManagementListener: Service {
    package enum Address: Sendable, Hashable {
        /// Port 0 takes a free one.
        case tcp(host: String, port: Int)
        /// The file is made with mode 0600; a stale one is replaced.
        case socket(path: String)
    }

    /// An answer that is none of the API.
    package typealias Page = (response: HTTPResponse, body: [UInt8])

    private let plane: ControlPlane
    private let address: Address
    private let server: HTTPServerBuilder
    private let isSecure: Bool
    private let pages: @Sendable (HTTPRequest) async -> Page?
    private let onListening: @Sendable (Address) async -> Void
    private let logger: Logger

    /// - Parameters:
    ///   - server: How connections are spoken to: TLS is put in here.
    ///   - isSecure: That has TLS; policies may ask.
    ///   - onListening: Called once, with the port that was taken.
    ///   - pages: Asked before the API: what the process shows beside it, such as its metrics; nil leaves the request to
    ///     the API.
    package init(
        plane: ControlPlane, address: Address, server: HTTPServerBuilder = .http1(),
        isSecure: Bool = false, logger: Logger = Logger(label: "ControlPlane"),
        onListening: @escaping @Sendable (Address) async -> Void = { _ in },
        pages: @escaping @Sendable (HTTPRequest) async -> Page? = { _ in nil }
    ) {
        self.plane = plane
        self.address = address
        self.server = server
        self.isSecure = isSecure
        self.logger = logger
        self.pages = pages
        self.onListening = onListening
    }

    /// Serves until it is shut down.
    ///
    /// - Throws: `control-plane.listener-failed`.
    package func run() async throws {
        let (plane, pages) = (plane, pages)
        let responder = CallbackResponder<ManagementContext> { [isSecure] request, context in
            if let page = await pages(request.head) { return Response(page) }
            let peer = Peer(address: context.address, isSecure: isSecure)
            return await Self.respond(to: request, from: peer, plane: plane)
        }
        let application = Application(
            responder: responder, server: server,
            configuration: ApplicationConfiguration(address: bindAddress, serverName: nil, backlog: 512),
            onServerRunning: { [onListening, address, logger] channel in
                address.restrict(logger)
                await onListening(address.taken(by: channel))
            },
            logger: logger)
        do {
            if case .socket(let path) = address { try SocketFile.prepare(path) }
            try await application.run()
        } catch {
            throw EngineFailure(.listenerFailed, "the management listener cannot use `\(address)`", cause: error)
        }
    }

    private var bindAddress: BindAddress {
        switch address {
        case .tcp(let host, let port): .hostname(host, port: port)
        case .socket(let path): .unixDomainSocket(path: path)
        }
    }

    private static func respond(to request: Request, from peer: Peer, plane: ControlPlane) async -> Response {
        let bytes: [UInt8]
        do {
            let buffer = try await request.body.collect(upTo: Limits.requestBodyBytesMax)
            bytes = Array(buffer.readableBytesView)
        } catch {
            let refused = Exchange(request: request.head, body: []).response(
                .bodyTooLarge, to: Authentication.claimedService(request.head, []))
            return Response(refused)
        }
        return Response(await plane.respond(to: request.head, body: bytes, from: peer))
    }
}

extension ManagementListener.Address: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .socket(let path): path
        }
    }

    fileprivate func restrict(_ logger: Logger) {
        guard case .socket(let path) = self else { return }
        SocketFile.restrict(path, logger)
    }

    fileprivate func taken(by channel: any Channel) -> Self {
        switch self {
        case .tcp(let host, let port): .tcp(host: host, port: channel.localAddress?.port ?? port)
        case .socket: self
        }
    }
}

extension Response {
    fileprivate init(_ answer: (response: HTTPResponse, body: [UInt8])) {
        let body = answer.body.isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body))
        self.init(status: answer.response.status, headers: answer.response.headerFields, body: body)
    }
}
