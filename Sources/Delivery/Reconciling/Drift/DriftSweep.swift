package import Manifests
package import Planning
import Resources

/// One look at everything that an environment has on its target.
package struct DriftSweep: Sendable {
    package var report: DriftReport
    /// `spec.drift` of the commit that the environment is at.
    package let settings: DriftSettings
    /// The commit that a correction goes back to; nil where nothing was applied, or where it cannot be read.
    package let applied: CommitFacts?
    /// What that commit wants.
    let graph: DesiredGraph?
    let recorded: [RecordedObject]
    let observed: ObservedState
    let doubts: [Address: String]
    let provider: any ResourceProvider
    /// Of the Environment that was applied last.
    let guards: AppliedGuards?
    /// Of the lease before and after the reading.
    let epoch: Int
}

/// One commit of one environment, loaded.
struct LoadedCommit: Sendable {
    let facts: CommitFacts
    let graph: DesiredGraph
    let drift: DriftSettings
}
