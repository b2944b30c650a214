package import Planning
package import Resources

/// What the last successful steps left on the target, as far as is recorded. Written through ``Journal`` while applying.
package protocol StateStore: Sendable {
    /// Recorded objects of an environment, in the order of their addresses.
    func objects(environment: String) async throws(JournalFailure) -> [RecordedObject]

    /// Addresses whose recorded document may not be what the target has, with the reason: residue of an apply.
    /// The next plan observes them first.
    func doubts(environment: String) async throws(JournalFailure) -> [Address: String]

    /// Writes recorded state outside an apply (a rebuild, a move), all or nothing.
    func write(_ changes: [StateChange], environment: String, lease: LeaseGrant) async throws(JournalFailure)
}

/// One change of the recorded state.
package enum StateChange: Sendable, Hashable {
    /// Puts the object in place of what was recorded; ends a doubt about the address.
    case record(RecordedObject)
    /// Forgets the address; ends a doubt about it.
    case remove(Address)
    /// The target may have something else than what is recorded.
    case doubt(Address, reason: String)

    package var address: Address {
        switch self {
        case .record(let object): object.address
        case .remove(let address), .doubt(let address, reason: _): address
        }
    }
}
