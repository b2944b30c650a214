package import Resources
package import SigV4

/// Keys that are asked for anew before they expire, once for all who wait.
package actor RefreshingCredentials: CredentialsSource {
    private let obtain: @Sendable () async throws(CredentialsFailure) -> ObtainedCredentials
    private let now: @Sendable () -> Int
    private var current: ObtainedCredentials?
    /// Seconds since 1970 before which a failed refresh is not tried again.
    private var pausedUntil = 0
    private var isRefreshing = false
    private var waiting: [CheckedContinuation<Void, Never>] = []
    /// Calls that wait for a refresh.
    var waitingCount: Int { waiting.count }

    /// What the last refresh ended with, for those who waited for it.
    private var lastFailure: CredentialsFailure?
    private var refreshesCount = 0

    /// - Parameter now: Seconds since 1970.
    package init(
        now: @escaping @Sendable () -> Int,
        obtain: @escaping @Sendable () async throws(CredentialsFailure) -> ObtainedCredentials
    ) {
        self.now = now
        self.obtain = obtain
    }

    /// The same keys, each set of them approved by `check` before it is used.
    package nonisolated func checked(
        by check: @escaping @Sendable (ObtainedCredentials) async throws(CredentialsFailure) -> Void
    ) -> RefreshingCredentials {
        let obtain = obtain
        return RefreshingCredentials(now: now) { () async throws(CredentialsFailure) in
            let found = try await obtain()
            try await check(found)
            return found
        }
    }

    package func credentials() async throws(ProviderFailure) -> SigningCredentials {
        do {
            return try await obtained().signing
        } catch {
            throw error.ofCall
        }
    }

    package func discard(_ credentials: SigningCredentials) {
        if current?.signing == credentials { current = nil }
    }

    /// The keys with their source, fresh enough for a call.
    package func obtained() async throws(CredentialsFailure) -> ObtainedCredentials {
        while true {
            if let current, isFresh(current) { return current }
            guard isRefreshing else { return try await refresh() }
            let before = refreshesCount
            await withCheckedContinuation { waiting.append($0) }
            // One refresh answers all who waited for it, its failure too.
            if refreshesCount > before, let lastFailure { throw lastFailure }
        }
    }

    private func isFresh(_ credentials: ObtainedCredentials) -> Bool {
        guard let expires = credentials.expires else { return true }
        let left = expires - now()
        return left > Limits.credentialsRefreshSeconds || (left > 0 && now() < pausedUntil)
    }

    private func refresh() async throws(CredentialsFailure) -> ObtainedCredentials {
        isRefreshing = true
        defer {
            isRefreshing = false
            let all = waiting
            waiting = []
            for one in all { one.resume() }
        }
        do {
            let found = try await obtain()
            current = found
            lastFailure = nil
            refreshesCount += 1
            // Of short life from the start: good until it ends, asked for anew only then or on refusal.
            if let expires = found.expires, expires - now() <= Limits.credentialsRefreshSeconds {
                pausedUntil = expires
            }
            return found
        } catch {
            // One that was given up says nothing to the others: the next one of them asks.
            guard !Task.isCancelled else { throw error }
            refreshesCount += 1
            // Those at hand are good for a while yet.
            if let current, let expires = current.expires, expires > now() {
                pausedUntil = now() + Limits.credentialsRetrySeconds
                lastFailure = nil
                return current
            }
            lastFailure = error
            throw error
        }
    }
}
