import AsyncHTTPClient
import Glibc
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import ServiceLifecycle
import Synchronization

/// What somebody else answered.
struct OutgoingReply: Sendable {
    var response: HTTPResponse
    var body: [UInt8]
}

/// Requests to others: forges, receivers of notifications, collectors of telemetry, targets behind TLS.
///
/// Redirects are answers like any other, variables for proxies are not read, certificates are verified.
/// The client behind it is made with the first request: a program that sends none pays nothing.
final class OutgoingHTTP: Sendable {
    struct Settings: Sendable {
        /// A file of PEM certificates that are trusted beside those of the system.
        var authoritiesPath: String?
        /// False closes each connection after its reply: a kept one may be closed by the other side in the moment it is
        /// used again, and then nobody could say whether the request took effect.
        var keepsConnections = true
        /// For a connection to stand, its TLS included.
        var connectLimit = Duration.seconds(10)

        init() {}
    }

    private enum State: Sendable {
        case idle
        case open(HTTPClient)
        case ended
    }

    private let settings: Settings
    private let state = Mutex(State.idle)

    init(_ settings: Settings = Settings()) { self.settings = settings }

    /// As the controller's configuration says.
    convenience init(_ configuration: ControllerConfiguration) {
        var settings = Settings()
        settings.authoritiesPath = configuration.authoritiesPath
        self.init(settings)
    }

    deinit {
        // Those who end in order have called ``shutdown()``; a command that just returns has not.
        if case .open(let client) = state.withLock({ $0 }) { client.shutdown { _ in } }
    }

    /// Sends one request and reads its whole reply.
    ///
    /// - Parameters:
    ///   - request: With scheme, authority and path. `Content-Length` is set here.
    ///   - timeLimit: For everything, from the name's resolution to the last byte of the reply.
    ///   - replyBytesMax: A longer body is `outgoing.reply-too-large`.
    func send(
        _ request: HTTPRequest, body: [UInt8] = [], timeLimit: Duration = .seconds(30), replyBytesMax: Int = 1 << 20
    ) async throws(OutgoingFailure) -> OutgoingReply {
        let outgoing = try Self.outgoing(request, body)
        let client = try client()
        let place = "\(request.scheme ?? "")://\(request.authority ?? "")"
        do {
            return try await withThrowingTaskGroup(of: OutgoingReply.self) { group in
                group.addTask {
                    let reply = try await client.execute(outgoing, timeout: .seconds(600))
                    let body = try await reply.body.collect(upTo: replyBytesMax)
                    return OutgoingReply(response: Self.response(reply), body: Array(body.readableBytesView))
                }
                group.addTask {
                    try await Task.sleep(for: timeLimit)
                    throw OutgoingFailure(.timeout, "`\(place)` did not answer within \(timeLimit)")
                }
                defer { group.cancelAll() }
                guard let first = try await group.next() else { throw CancellationError() }
                return first
            }
        } catch let failure as OutgoingFailure {
            throw failure
        } catch {
            throw OutgoingFailure(error, place: place, replyBytesMax: replyBytesMax)
        }
    }

    /// Ends the client's connections; later requests are `outgoing.unreachable`.
    func shutdown() async {
        let before = state.withLock { state in
            defer { state = .ended }
            return state
        }
        guard case .open(let client) = before else { return }
        // It fails only where it was shut down before, which the state excludes.
        do { try await client.shutdown() } catch {}
    }

    private func client() throws(OutgoingFailure) -> HTTPClient {
        let settings = settings
        return try state.withLock { (state) throws(OutgoingFailure) -> HTTPClient in
            switch state {
            case .open(let client): return client
            case .ended: throw OutgoingFailure(.unreachable, "the program is ending")
            case .idle:
                let client = try Self.make(settings)
                state = .open(client)
                return client
            }
        }
    }

    private static func make(_ settings: Settings) throws(OutgoingFailure) -> HTTPClient {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .nanoseconds(settings.connectLimit.nanoseconds)), decompression: .disabled)
        configuration.httpVersion = .http1Only
        // Its spans would name whole URLs, those of webhooks are secrets; and an export would be traced by the next one.
        configuration.tracing.tracer = nil
        // Tries again are the caller's: it knows what they cost and when they are pointless.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.maximumUsesPerConnection = settings.keepsConnections ? nil : 1
        if let path = settings.authoritiesPath {
            var tls = TLSConfiguration.makeClientConfiguration()
            do {
                let certificates = try NIOSSLCertificate.fromPEMFile(path)
                guard !certificates.isEmpty else {
                    throw OutgoingFailure(.authoritiesUnusable, "`\(path)` holds no certificate")
                }
                tls.additionalTrustRoots = [.certificates(certificates)]
            } catch let failure as OutgoingFailure {
                throw failure
            } catch {
                throw OutgoingFailure(.authoritiesUnusable, "`\(path)` could not be read as PEM", cause: error)
            }
            configuration.tlsConfiguration = tls
        }
        return HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
    }

    private static func outgoing(
        _ request: HTTPRequest, _ body: [UInt8]
    ) throws(OutgoingFailure) -> HTTPClientRequest {
        guard let scheme = request.scheme, scheme == "http" || scheme == "https" else {
            throw OutgoingFailure(.badRequest, "only `http` and `https` URLs are requested")
        }
        guard let authority = request.authority, !authority.isEmpty, let path = request.path, path.hasPrefix("/") else {
            throw OutgoingFailure(.badRequest, "a request needs a host and a path")
        }
        var outgoing = HTTPClientRequest(url: "\(scheme)://\(authority)\(path)")
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        for field in request.headerFields where field.name != .contentLength && field.name != .transferEncoding {
            outgoing.headers.add(name: field.name.rawName, value: field.value)
        }
        if !outgoing.headers.contains(name: "User-Agent") {
            outgoing.headers.add(name: "User-Agent", value: "gatewright/\(Version.text)")
        }
        if !body.isEmpty || request.method == .post || request.method == .put || request.method == .patch {
            outgoing.body = .bytes(ByteBuffer(bytes: body))
        }
        return outgoing
    }

    private static func response(_ reply: HTTPClientResponse) -> HTTPResponse {
        var response = HTTPResponse(status: .init(code: Int(reply.status.code)))
        for (name, value) in reply.headers {
            if let name = HTTPField.Name(name) { response.headerFields.append(HTTPField(name: name, value: value)) }
        }
        return response
    }
}

extension OutgoingFailure {
    /// Sorts what the client throws into the closed set.
    fileprivate init(_ error: any Error, place: String, replyBytesMax: Int) {
        func unreachable(_ cause: (any Error)? = nil) -> OutgoingFailure {
            OutgoingFailure(.unreachable, "no connection to `\(place)`", cause: cause)
        }
        switch error {
        case is NIOTooManyBytesError:
            self.init(.replyTooLarge, "the reply of `\(place)` has more than \(replyBytesMax) bytes")
        case is CancellationError: self.init(.replyLost, "the request to `\(place)` was given up")
        case is NIOConnectionError, is SocketAddressError: self = unreachable(error)
        case let error as IOError where [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, ETIMEDOUT].contains(error.errnoCode):
            self = unreachable(error)
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            self.init(.tls, "the certificate or the TLS of `\(place)` was not accepted", cause: error)
        case let error as HTTPClientError:
            switch error {
            case .connectTimeout, .alreadyShutdown: self = unreachable(error)
            case .tlsHandshakeTimeout: self.init(.tls, "`\(place)` did not finish its TLS handshake", cause: error)
            case .deadlineExceeded, .readTimeout, .writeTimeout:
                self.init(.timeout, "`\(place)` did not answer in time", cause: error)
            case .invalidURL, .emptyHost, .emptyScheme, .bodyLengthMismatch:
                self.init(.badRequest, "the request to `\(place)` cannot be sent", cause: error)
            case .cancelled: self.init(.replyLost, "the request to `\(place)` was given up")
            default:
                let isHeader = error.shortDescription.contains("eader field")
                self.init(
                    isHeader ? .badRequest : .replyLost,
                    isHeader
                        ? "a header of the request to `\(place)` is malformed" : "the reply of `\(place)` was lost",
                    cause: isHeader ? nil : error)
            }
        default: self.init(.replyLost, "the reply of `\(place)` was lost", cause: error)
        }
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}

/// Ends the client with its group. First in the list of services, so that it ends last: the others may still send.
struct OutgoingHTTPService: Service {
    let http: OutgoingHTTP

    func run() async throws {
        do { try await gracefulShutdown() } catch {}
        await http.shutdown()
    }
}
