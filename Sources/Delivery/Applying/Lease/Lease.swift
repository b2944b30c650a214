/// One writer per environment.
package protocol Lease: Sendable {
    /// Takes the lease if it is free, expired, or its holder is known to be dead; each grant has a higher epoch.
    ///
    /// - Throws: `lease.held` with the holder's name; `lease.unavailable`.
    func acquire(environment: String, holder: String, ttl: Duration) async throws(LeaseFailure) -> LeaseGrant

    /// Who has the lease now, if anybody; taking it is another thing.
    ///
    /// - Throws: `lease.unavailable`.
    func standing(environment: String) async throws(LeaseFailure) -> LeaseStanding

    /// Extends the lease to `ttl` from now.
    ///
    /// - Throws: `lease.lost` when another holder had it since; `lease.unavailable` when it is not known.
    func renew(_ grant: LeaseGrant, ttl: Duration) async throws(LeaseFailure)

    /// Gives the lease back; a lease that was lost already is no failure.
    func release(_ grant: LeaseGrant) async throws(LeaseFailure)
}

/// Where the lease of an environment stands: two of the same epoch without a holder mean that nobody wrote in between.
package struct LeaseStanding: Sendable, Hashable {
    /// Of the last grant; 0 before the first.
    package var epoch: Int
    /// Nil while the lease is free.
    package var holder: String?

    /// Nil while somebody may be writing.
    package var settledEpoch: Int? { holder == nil ? epoch : nil }

    package init(epoch: Int, holder: String?) {
        self.epoch = epoch
        self.holder = holder
    }
}

/// The right to write one environment, until it expires.
package struct LeaseGrant: Sendable, Hashable {
    package var environment: String
    package var holder: String
    /// Rises with each grant: what an older epoch writes is refused.
    package var epoch: Int

    package init(environment: String, holder: String, epoch: Int) {
        self.environment = environment
        self.holder = holder
        self.epoch = epoch
    }
}
