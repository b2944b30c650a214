import NIOCore
import NIOSSL

/// What errors of the TLS handler mean for the call, in words for whoever looks after the API.
extension EndpointTLS {
    static func failure(_ error: any Error, from host: String) -> EndpointFailure {
        if let failure = error as? EndpointFailure { return failure }
        // NIOSSL has one case more for what happens here: a name that is not the certificate's.
        if error is NIOSSLExtraError { return .untrusted("it is not for `\(host)`") }
        let text = "\(error)"
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return .untrusted("its time is over or has not begun, or nobody who is trusted here has signed it")
        }
        return .tlsFailed(words.first { text.contains($0.code) }?.meaning ?? shortened(text))
    }

    /// SOURCE: BoringSSL's names of its errors and of the alerts that a server sends; TLS 1.2 has only one for a
    /// certificate that is missing.
    private static let words: [(code: String, meaning: String)] = [
        ("WRONG_VERSION_NUMBER", "it does not speak TLS"), ("HTTP_REQUEST", "it does not speak TLS"),
        ("PROTOCOL_VERSION", "it speaks no TLS from 1.2 on"), ("UNSUPPORTED_PROTOCOL", "it speaks no TLS from 1.2 on"),
        ("CERTIFICATE_REQUIRED", "it asks for a client certificate"),
        ("HANDSHAKE_FAILURE", "it refused the handshake, perhaps because it asks for a client certificate"),
        ("ALERT_UNKNOWN_CA", refused), ("ALERT_BAD_CERTIFICATE", refused), ("ALERT_CERTIFICATE_UNKNOWN", refused),
        ("ALERT_UNSUPPORTED_CERTIFICATE", refused), ("ALERT_CERTIFICATE_EXPIRED", refused),
        ("ALERT_CERTIFICATE_REVOKED", refused), ("UNRECOGNIZED_NAME", "it does not know the name in the uri"),
        ("EOF during handshake", "it closed the connection during the handshake"),
    ]
    private static let refused = "it does not accept the client certificate"

    /// The name of the error alone: what follows is a place in the library's source.
    private static func shortened(_ text: String) -> String {
        let marker = "OPENSSL_internal:"
        guard let range = text.firstRange(of: marker) else { return String(text.prefix(200)) }
        return String(text[range.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" })
    }
}
