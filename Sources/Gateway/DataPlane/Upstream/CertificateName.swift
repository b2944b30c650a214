import NIOCore
import NIOSSL

/// Whether a certificate is for a name.
///
/// NIOSSL also takes a certificate for the *address* that the connection has. Behind a private link that is the
/// target's, and with it any target could pass for the endpoint.
enum CertificateName {
    /// - Returns: True also for a certificate without alternative names, whose common name NIOSSL has checked.
    static func isGood(_ certificate: NIOSSLCertificate, for host: String) -> Bool {
        let names = certificate._subjectAlternativeNames()
        guard !names.isEmpty else { return true }
        return names.contains { name in
            name.nameType == .dnsName && matches(String(decoding: Array(name.contents), as: UTF8.self), host)
        }
    }

    /// RFC 6125, section 6.4.3: a `*` is the whole of the first label, and stands for one label.
    static func matches(_ pattern: String, _ host: String) -> Bool {
        let (pattern, host) = (labels(pattern), labels(host))
        guard pattern.count == host.count else { return false }
        if pattern.first == "*", pattern.count > 2 { return pattern.dropFirst() == host.dropFirst() }
        return pattern == host
    }

    private static func labels(_ name: String) -> [Substring] {
        var labels = name.lowercased().split(separator: ".", omittingEmptySubsequences: false)
        if labels.count > 1, labels.last == "" { labels.removeLast() }
        return labels
    }
}
