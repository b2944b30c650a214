import NIOCore
import NIOSSL
import Synchronization

/// The TLS of calls to https endpoints: a context for those that are verified and one for those that are not, for each
/// client certificate; each made when it is first needed, which takes milliseconds, so not on an event loop.
final class EndpointTLS: Sendable {
    private struct Terms: Hashable {
        var security: EndpointOrigin.Security
        var identity: ClientIdentity?

        init(_ origin: EndpointOrigin) {
            security = origin.security
            identity = origin.identity
        }
    }

    private let authoritiesPath: String?
    private let contexts = Mutex<[Terms: NIOSSLContext]>([:])

    /// - Parameter authoritiesPath: PEM certificates that are trusted beside those of the system.
    init(authoritiesPath: String?) { self.authoritiesPath = authoritiesPath }

    func isReady(for origin: EndpointOrigin) -> Bool { context(Terms(origin)) != nil }

    private func context(_ terms: Terms) -> NIOSSLContext? { contexts.withLock { $0[terms] } }

    /// Blocks while it reads the system's authorities.
    func prepare(for origin: EndpointOrigin) throws(EndpointFailure) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        if let identity = origin.identity { try show(identity, &configuration) }
        do {
            if origin.security == .unverified {
                configuration.certificateVerification = .none
            } else if let authoritiesPath {
                configuration.additionalTrustRoots = [
                    .certificates(try NIOSSLCertificate.fromPEMFile(authoritiesPath))
                ]
            }
            let made = try NIOSSLContext(configuration: configuration)
            contexts.withLock { contexts in
                if contexts.count >= Limits.endpointContextsMax { contexts.removeAll() }
                contexts[Terms(origin)] = made
            }
        } catch {
            throw .tlsFailed("the trusted certificates cannot be read: \(error)")
        }
    }

    private func show(
        _ identity: ClientIdentity, _ configuration: inout TLSConfiguration
    ) throws(EndpointFailure) {
        do {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMBytes(Array(identity.certificatePEM.utf8))
                .map { .certificate($0) }
            configuration.privateKey = .privateKey(
                try NIOSSLPrivateKey(bytes: Array(identity.privateKeyPEM.utf8), format: .pem))
        } catch {
            throw .tlsFailed("the client certificate cannot be read: \(error)")
        }
    }

    /// - Throws: When ``prepare(for:)`` did not come first.
    func handler(for origin: EndpointOrigin) throws -> NIOSSLClientHandler {
        guard let context = context(Terms(origin)) else { throw EndpointFailure.tlsFailed("it is not prepared") }
        // An address is no name: it is held against the certificate, but not sent.
        let isAddress = EndpointResolver.literal(host: origin.host, port: origin.port) != nil
        guard !isAddress else { return try NIOSSLClientHandler(context: context, serverHostname: nil) }
        guard origin.security == .verified else {
            return try NIOSSLClientHandler(context: context, serverHostname: origin.host)
        }
        let host = origin.host
        return try NIOSSLClientHandler._makeSSLClientHandler(context: context, serverHostname: host) {
            certificate, channel in
            guard CertificateName.isGood(certificate, for: host) else {
                return channel.eventLoop.makeFailedFuture(EndpointFailure.untrusted("it is not for `\(host)`"))
            }
            return channel.eventLoop.makeSucceededVoidFuture()
        }
    }
}
