package import Resources
package import SigV4

/// Where the keys come from that calls are signed with. Temporary ones change while a long apply runs, so each call asks.
package protocol CredentialsSource: Sendable {
    /// - Throws: `provider.unauthorized` where there are none, `provider.unreachable` where who hands them out does not
    ///   answer; nothing was sent to the target in either case.
    func credentials() async throws(ProviderFailure) -> SigningCredentials

    /// Told that the target calls these expired: the next question is not answered with them.
    func discard(_ credentials: SigningCredentials) async
}

/// Keys that stay as they are.
package struct FixedCredentials: CredentialsSource {
    private let value: SigningCredentials

    package init(_ value: SigningCredentials) { self.value = value }

    package func credentials() async throws(ProviderFailure) -> SigningCredentials { value }
    package func discard(_ credentials: SigningCredentials) async {}
}
