/// The other end of a request's connection: what policies may ask about.
package struct Peer: Sendable, Hashable {
    /// `aws:SourceIp`; nil where there is no network between, and then no condition on it holds.
    package var address: String?
    /// `aws:SecureTransport`: the connection has TLS.
    package var isSecure: Bool

    package init(address: String? = nil, isSecure: Bool = false) {
        self.address = address
        self.isSecure = isSecure
    }
}
