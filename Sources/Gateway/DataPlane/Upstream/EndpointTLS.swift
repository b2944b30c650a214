import NIOCore
import NIOSSL
import Synchronization

/// The TLS of calls to https endpoints: one context for those that are verified, one for those that are not; each made
/// when it is first needed, which takes milliseconds, so not on an event loop.
final class EndpointTLS: Sendable {
    private struct Contexts {
        var verified: NIOSSLContext?
        var unverified: NIOSSLContext?
    }

    private let authoritiesPath: String?
    private let contexts = Mutex(Contexts())

    /// - Parameter authoritiesPath: PEM certificates that are trusted beside those of the system.
    init(authoritiesPath: String?) { self.authoritiesPath = authoritiesPath }

    func isReady(_ security: EndpointOrigin.Security) -> Bool { context(security) != nil }

    private func context(_ security: EndpointOrigin.Security) -> NIOSSLContext? {
        contexts.withLock { security == .verified ? $0.verified : $0.unverified }
    }

    /// Blocks while it reads the system's authorities.
    func prepare(_ security: EndpointOrigin.Security) throws(EndpointFailure) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        do {
            if security == .unverified {
                configuration.certificateVerification = .none
            } else if let authoritiesPath {
                configuration.additionalTrustRoots = [
                    .certificates(try NIOSSLCertificate.fromPEMFile(authoritiesPath))
                ]
            }
            let made = try NIOSSLContext(configuration: configuration)
            contexts.withLock { contexts in
                if security == .verified { contexts.verified = made } else { contexts.unverified = made }
            }
        } catch {
            throw .tlsFailed("the trusted certificates cannot be read: \(error)")
        }
    }

    /// - Throws: When ``prepare(_:)`` did not come first.
    func handler(for origin: EndpointOrigin) throws -> NIOSSLClientHandler {
        guard let context = context(origin.security) else { throw EndpointFailure.tlsFailed("it is not prepared") }
        // An address is no name: it is held against the certificate, but not sent.
        let isAddress = EndpointResolver.literal(host: origin.host, port: origin.port) != nil
        return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : origin.host)
    }

    /// What an error of the TLS handler means for the call.
    static func failure(_ error: any Error) -> EndpointFailure {
        let text = "\(error)"
        let isUntrusted = error is NIOSSLExtraError || text.contains("CERTIFICATE_VERIFY_FAILED")
        return isUntrusted ? .untrusted(text) : .tlsFailed(text)
    }
}
