package import Diagnostics
package import Resources

/// Why a plan must not be applied before a person agreed.
package enum ConsentReason: Sendable, Hashable {
    /// More delete lines than `spec.apply.maxDeletes`.
    case tooManyDeletes(count: Int, limit: Int)
    /// A delete or replacement of what `spec.apply.protect` names.
    case protected(Address, pattern: String)
    /// Nothing of a kind would be left.
    case deletesEvery(ResourceKind, count: Int)
    /// A replacement that takes something away before it comes back.
    case interruption(Address)
    /// The commit loosens a guard of the Environment that was applied last.
    case loosened(field: String, before: String, after: String)
    /// A name and the one before it are both recorded: the rename cannot be done, and what has the old name is deleted.
    case bothRecorded(Address, previous: Address, span: SourceSpan?)
    /// The controller's configuration wants a consent to every plan of the environment.
    case approval
}
