/// The keys of a role that the target itself hands out: `target.aws.assumeRole`, on top of what the chain finds.
package struct AssumedRole: Sendable {
    private let request: RoleRequest
    private let tokens: QueryClient
    private let now: @Sendable () -> Int
    private let source: @Sendable () async throws(CredentialsFailure) -> ObtainedCredentials

    /// - Parameters:
    ///   - clients: Sign with what `source` gives.
    ///   - now: Seconds since 1970.
    ///   - source: Who asks.
    package init(
        _ request: RoleRequest, clients: ServiceClients, now: @escaping @Sendable () -> Int,
        source: @escaping @Sendable () async throws(CredentialsFailure) -> ObtainedCredentials
    ) {
        self.request = request
        tokens = clients.sts
        self.now = now
        self.source = source
    }

    package func obtain() async throws(CredentialsFailure) -> ObtainedCredentials {
        let by = try await source().source
        return try await tokens.assume(request, "AssumeRole", request.parameters, by: by)
    }

    /// Asked anew before they expire.
    package var refreshing: RefreshingCredentials {
        RefreshingCredentials(now: now) { () async throws(CredentialsFailure) in try await obtain() }
    }
}
