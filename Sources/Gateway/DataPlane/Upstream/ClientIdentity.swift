/// The certificate that a stage shows to https endpoints, with its key. A class, so that an address carries one pointer.
package final class ClientIdentity: Sendable {
    package let certificatePEM: String
    let privateKeyPEM: String

    package init(certificatePEM: String, privateKeyPEM: String) {
        self.certificatePEM = certificatePEM
        self.privateKeyPEM = privateKeyPEM
    }
}

extension ClientIdentity: Hashable {
    package static func == (left: ClientIdentity, right: ClientIdentity) -> Bool {
        left === right || left.certificatePEM == right.certificatePEM && left.privateKeyPEM == right.privateKeyPEM
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(certificatePEM) }
}

extension ClientIdentity: CustomStringConvertible {
    /// The key never reaches a log.
    package var description: String { "a client certificate" }
}
