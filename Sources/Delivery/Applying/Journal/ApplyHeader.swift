package import JSON
package import Planning
package import Resources

/// What an apply is about to do, journaled before its first step: enough to finish it or take it back with nothing else
/// at hand.
package struct ApplyHeader: Sendable, Hashable {
    package static let format = "gatewright.journal/v1"

    package var id: ApplyID
    package var environment: String
    /// 40 or 64 hex digits.
    package var commit: String
    package var planDigest: String
    /// `spec.target` of the plan.
    package var target: JSONValue
    package var parallelism: Int
    package var onFailure: ApplySettings.OnFailure
    /// In the plan's order, numbered from 0; effects carry the documents before and after.
    package var steps: [Step]
    /// One for each step, never falling: a step starts when all steps of smaller stages are done.
    package var stages: [Int]
    /// What is waited for between stages.
    package var gates: [ApplyGate]
    /// What is known of the objects that the steps touch or refer to, before the first step.
    package var identities: [Address: Identity]
    /// The recorded objects that the steps touch, as they were before the first step.
    package var recorded: [Address: RecordedObject]
    /// What the objects depend on once the apply is done, for the recorded state.
    package var dependencies: [Address: [Address]]
    /// Changes of the recorded state that need no call: written when the apply ends, unless it is rolled back.
    package var recordings: [StateChange]
    /// Of the touched objects those that are recorded only from this apply on: forgotten again by a rollback.
    package var taken: [Address] = []
    /// Manifest names whose whole definition is read, before and after.
    package var roots: Set<String>
    /// Hashes of the documents of all touched objects as observed before the first step.
    package var observed: TargetHash

    package init(
        id: ApplyID, environment: String, commit: String, planDigest: String, target: JSONValue, parallelism: Int,
        onFailure: ApplySettings.OnFailure, steps: [Step], stages: [Int], gates: [ApplyGate] = [],
        identities: [Address: Identity] = [:],
        recorded: [Address: RecordedObject] = [:], dependencies: [Address: [Address]] = [:],
        recordings: [StateChange] = [], roots: Set<String> = [], observed: TargetHash = TargetHash()
    ) {
        self.id = id
        self.environment = environment
        self.commit = commit
        self.planDigest = planDigest
        self.target = target
        self.parallelism = parallelism
        self.onFailure = onFailure
        self.steps = steps
        self.stages = stages
        self.gates = gates
        self.identities = identities
        self.recorded = recorded
        self.dependencies = dependencies
        self.recordings = recordings
        self.roots = roots
        self.observed = observed
    }
}
