import Logging
import ServiceLifecycle
import UnixSignals

/// Reads the certificates again on SIGHUP; without any, the signal does nothing.
struct CertificateReloading: Service {
    let certificates: ListenerCertificates
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() { certificates.reload(logger) }
    }
}
