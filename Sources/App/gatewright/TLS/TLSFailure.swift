import Diagnostics

/// A listener's certificate or key cannot be used.
struct TLSFailure: Failure {
    enum Code: String, StableCode {
        case certificateUnusable = "tls.certificate-unusable"
        case keyUnusable = "tls.key-unusable"
        case keyMismatch = "tls.key-mismatch"
        case outOfTime = "tls.out-of-time"
    }

    let code: Code
    let message: String
    let cause: (any Error)?
    var recovery: Recovery { .askOperator(runbook: "tls.md") }

    init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension TLSFailure.Code {
    var explanation: Explanation {
        switch self {
        case .certificateUnusable:
            Explanation(
                meaning: "the file of a listener's certificate holds no PEM certificate that can be read",
                cause: "a file in DER, an empty file, the key in the place of the certificate, or rights",
                remedy: "write the certificate and then its chain in PEM, and let this process read it",
                example: "tls: { certificate: server.crt, key: server.key }")
        case .keyUnusable:
            Explanation(
                meaning: "the file of a listener's key holds no PEM key that can be read",
                cause: "a key with a passphrase, the certificate in the place of the key, or rights",
                remedy: "write the key in PEM without a passphrase, and let this process alone read it")
        case .keyMismatch:
            Explanation(
                meaning: "key and certificate of a listener are not a pair, or are not usable for TLS 1.2 and later",
                cause: "one of them was renewed and the other was not, or the chain stands before the certificate",
                remedy: "put the pair that was issued together in place; the server's own certificate comes first")
        case .outOfTime:
            Explanation(
                meaning: "a listener's certificate is past its time, or before it: clients refuse it",
                cause: "it was not renewed, or the clock of this machine is wrong",
                remedy: "renew it and send the process SIGHUP: no connection is dropped")
        }
    }
}
