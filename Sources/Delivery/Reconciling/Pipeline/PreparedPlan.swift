package import Applying
import JSON
package import Planning
package import Resources

/// A plan with everything that applying it needs.
package struct PreparedPlan: Sendable {
    package let plan: Plan
    /// With its deployments.
    package let graph: DesiredGraph
    package let provider: any ResourceProvider
    /// What was read of the target and is to be recorded before the plan is applied; empty if nothing was read.
    package let stateChanges: [StateChange]
    /// What is recorded once the plan is applied, beside what its steps record.
    let takeover: [StateChange]
    /// Of the commit's own Environment, as it writes them.
    let guards: AppliedGuards
    /// Of the Environment that was applied last.
    let appliedGuards: AppliedGuards?
    /// Of the lease before the target was read: what was read counts as long as nobody had the lease since. Nil where
    /// somebody had it then.
    let epoch: Int?
    /// What every desired object depends on.
    var dependencies: [Address: [Address]] {
        Dictionary(graph.resources.map { ($0.address, $0.dependencies) }) { first, _ in first }
    }
}

/// What of the target is read before a plan is made.
package enum ObservationScope: Sendable, Hashable {
    /// Only what must be: everything where nothing is recorded, else what the last apply left in doubt.
    case whenNeeded
    /// Also these objects, and what they are in.
    case touching(Set<Address>)
    /// Everything that is desired or recorded, and what is inside the APIs beside.
    case everything
}

/// How an attempt to bring an environment to a commit ended.
package enum AttemptResult: Sendable {
    /// Nothing to do: the target is at the commit.
    case nothing
    case ended(ApplyOutcome, Revision)
}
