package import JSON

/// The durable, append-only record of applies.
package protocol Journal: Sendable {
    /// Makes records and the recorded state that they changed durable, all or nothing, as one.
    ///
    /// Appends of one apply arrive one after another. When this throws, the records may or may not be there.
    ///
    /// - Throws: `journal.append-failed`; `journal.fenced` when the lease's epoch is not the environment's latest.
    func append(_ append: JournalAppend) async throws(JournalFailure)

    /// Applies of an environment without an ending, the oldest first.
    func unfinished(environment: String) async throws(JournalFailure) -> [UnfinishedApply]

    /// The target of the newest apply of an environment, ended or not; nil if there was none.
    func lastTarget(environment: String) async throws(JournalFailure) -> JSONValue?
}

/// Records of one apply that become durable together.
package struct JournalAppend: Sendable {
    package var apply: ApplyID
    package var environment: String
    /// Not empty; in order.
    package var records: [JournalRecord]
    package var changes: [StateChange]
    package var lease: LeaseGrant

    package init(
        apply: ApplyID, environment: String, records: [JournalRecord], changes: [StateChange] = [], lease: LeaseGrant
    ) {
        self.apply = apply
        self.environment = environment
        self.records = records
        self.changes = changes
        self.lease = lease
    }
}

/// A journal that was not closed.
package struct UnfinishedApply: Sendable, Hashable {
    package var header: ApplyHeader
    /// What followed the header, in order.
    package var records: [JournalRecord]

    package init(header: ApplyHeader, records: [JournalRecord]) {
        self.header = header
        self.records = records
    }
}
