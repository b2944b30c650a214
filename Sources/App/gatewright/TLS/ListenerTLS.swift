import Diagnostics
import Logging
import NIOSSL
import Synchronization

/// The certificate of a listener: read at the start and again when it is renewed; each new connection gets the newest,
/// those that stand keep theirs.
final class ListenerTLS: Sendable {
    let files: TLSFiles
    private let current: Mutex<NIOSSLContext>
    private let validity: Mutex<Range<Int>>

    /// - Throws: `tls.certificate-unusable`, `tls.key-unusable`, `tls.key-mismatch`.
    init(_ files: TLSFiles) throws(TLSFailure) {
        self.files = files
        let (context, validity) = try Self.read(files)
        current = Mutex(context)
        self.validity = Mutex(validity)
    }

    var context: NIOSSLContext { current.withLock { $0 } }

    /// Reads the files again; what is in use stays where they cannot be used.
    func reload() throws(TLSFailure) {
        let (context, validity) = try Self.read(files)
        current.withLock { $0 = context }
        self.validity.withLock { $0 = validity }
    }

    /// Says it where clients will refuse the certificate for its dates.
    func warn(_ logger: Logger) {
        do {
            try checkTime()
        } catch {
            logger.warning(
                "clients refuse the certificate",
                metadata: ["gw.code": "\(error.code.rawValue)", "gw.error": "\(error.message)"])
        }
    }

    /// - Throws: `tls.out-of-time`.
    func checkTime() throws(TLSFailure) {
        guard !validity.withLock({ $0 }).contains(WallClock.secondsSince1970) else { return }
        throw TLSFailure(.outOfTime, "the certificate `\(files.certificate)` is out of its time")
    }

    private static func read(_ files: TLSFiles) throws(TLSFailure) -> (NIOSSLContext, validity: Range<Int>) {
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(files.certificate)
        } catch {
            throw TLSFailure(
                .certificateUnusable, "`\(files.certificate)` cannot be read as PEM certificates", cause: error)
        }
        guard let leaf = chain.first else {
            throw TLSFailure(.certificateUnusable, "`\(files.certificate)` has no certificate in it")
        }
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(file: files.key, format: .pem)
        } catch {
            throw TLSFailure(.keyUnusable, "`\(files.key)` cannot be read as a PEM key", cause: error)
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        do {
            // The key is held against the certificate here.
            return (
                try NIOSSLContext(configuration: configuration),
                Int(
                    leaf.notValidBefore)..<max(
                        Int(leaf.notValidBefore), Int(leaf.notValidAfter))
            )
        } catch {
            throw TLSFailure(
                .keyMismatch, "the key `\(files.key)` does not go with the certificate `\(files.certificate)`",
                cause: error)
        }
    }
}

/// The certificates of all listeners of a process.
struct ListenerCertificates: Sendable {
    let management: ListenerTLS?
    let data: ListenerTLS?
    let controller: ListenerTLS?

    init(_ settings: ListenerSettings) throws(TLSFailure) {
        management = try settings.managementTLS.map { (files) throws(TLSFailure) in try ListenerTLS(files) }
        data = try settings.dataTLS.map { (files) throws(TLSFailure) in try ListenerTLS(files) }
        controller = try settings.controllerTLS.map { (files) throws(TLSFailure) in try ListenerTLS(files) }
    }

    var all: [ListenerTLS] { [management, data, controller].compactMap { $0 } }

    /// Who speaks TLS.
    var listeners: Set<ListenerBoard.Listener> {
        var secure: Set<ListenerBoard.Listener> = []
        if management != nil { secure.insert(.management) }
        if data != nil { secure.insert(.data) }
        if controller != nil { secure.insert(.controller) }
        return secure
    }

    /// Reads all again; says what cannot be used.
    func reload(_ logger: Logger) {
        for tls in all {
            do {
                try tls.reload()
                logger.info("the certificate was read again", metadata: ["gw.file": "\(tls.files.certificate)"])
            } catch {
                logger.error(
                    "the certificate was not renewed: the one before stays in use",
                    metadata: ["gw.code": "\(error.code.rawValue)", "gw.error": "\(error)"])
            }
            tls.warn(logger)
        }
    }
}
