package import JSON
package import Resources

/// What became of the commits of each environment.
package protocol RevisionStore: Sendable {
    /// Adds a revision under the next number of its environment; the number it came with does not count.
    ///
    /// - Parameter changes: What it did; the store may drop those of the oldest revisions.
    func add(_ revision: Revision, changes: RevisionChanges?) async throws(RevisionFailure) -> Revision

    /// What a revision did, as ``RevisionChanges/document``; nil when it did nothing, or when that is not kept any more.
    func changes(of number: Int, environment: String) async throws(RevisionFailure) -> JSONValue?

    /// - Parameter before: Only older ones than this number; nil for the newest.
    /// - Returns: The newest first, at most `limit`.
    func revisions(environment: String, before: Int?, limit: Int) async throws(RevisionFailure) -> [Revision]

    /// Revisions that left an object changed; for the address of a manifest also those that changed something inside.
    ///
    /// - Parameter before: Only older ones than this number; nil for the newest.
    /// - Returns: The newest first, at most `limit`.
    func revisions(
        environment: String, changing address: Address, before: Int?, limit: Int
    ) async throws(RevisionFailure) -> [Revision]

    /// The newest revision with the outcome ``Revision/Outcome/applied``; nil if there never was one.
    func lastApplied(environment: String) async throws(RevisionFailure) -> Revision?

    /// Names of the environments that have recorded objects or a history here, in the order of their names.
    func environments() async throws(RevisionFailure) -> [String]

    /// What the recorded state was made from; nil if that is not known, or the state has changed since.
    func inputs(environment: String) async throws(RevisionFailure) -> RecordedInputs?

    func setInputs(_ inputs: RecordedInputs, environment: String) async throws(RevisionFailure)

    /// The guards of the Environment that was applied last; nil if none was.
    func guards(environment: String) async throws(RevisionFailure) -> AppliedGuards?

    func setGuards(_ guards: AppliedGuards, environment: String) async throws(RevisionFailure)

    /// What a person agreed to and what is not applied yet.
    func approval(environment: String) async throws(RevisionFailure) -> Approval?

    /// Puts `approval` in place of the one before; nil forgets it.
    func setApproval(_ approval: Approval?, environment: String) async throws(RevisionFailure)

    /// Adds an event. The store may drop the oldest ones.
    func add(_ event: Event) async throws(RevisionFailure)

    /// - Returns: The newest first, at most `limit`.
    func events(environment: String, limit: Int) async throws(RevisionFailure) -> [Event]

    /// The hold that an environment is under; nil if it follows its ref.
    func hold(environment: String) async throws(RevisionFailure) -> Hold?

    /// What the last look at the target found; nil before the first.
    func sweep(environment: String) async throws(RevisionFailure) -> SweepRecord?

    /// Puts `sweep` in place of the one before.
    func setSweep(_ sweep: SweepRecord) async throws(RevisionFailure)

    /// Puts `hold` in place of the one before; nil lets the environment follow its ref again.
    func setHold(_ hold: Hold?, environment: String) async throws(RevisionFailure)

    /// As ``setHold(_:environment:)``, but only if the hold still is `expected`.
    ///
    /// - Returns: False when it is another one by now, which stays.
    func swapHold(_ expected: Hold?, for hold: Hold?, environment: String) async throws(RevisionFailure) -> Bool
}

extension RevisionStore {
    /// Adds a revision that changed nothing.
    package func add(_ revision: Revision) async throws(RevisionFailure) -> Revision {
        try await add(revision, changes: nil)
    }
}
