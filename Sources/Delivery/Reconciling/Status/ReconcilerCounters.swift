/// What happened since the start, for `/metrics`; all only rise.
package struct ReconcilerCounters: Sendable, Hashable {
    /// Times that the ref was read, and how many of them failed.
    package var polls = 0
    package var pollFailures = 0
    /// Commits that needed no work because nothing that they read had changed.
    package var commitsSkipped = 0
    package var plans = 0
    /// Plans made again because the target was not what they were made from.
    package var stalePlans = 0
    /// Attempts by how they ended.
    package var outcomes: [Revision.Outcome: Int] = [:]
    /// Steps of all applies.
    package var steps = 0
    /// Attempts that are made again later.
    package var retries = 0
    package var recoveries = 0
    /// Looks at a whole target for drift, and how many failed.
    package var sweeps = 0
    package var sweepFailures = 0
    /// Calls of all looks.
    package var sweepCalls = 0
    /// Looks that found other drift than the one before.
    package var driftsFound = 0
    package var driftsCorrected = 0

    package init() {}

    mutating func add(_ other: ReconcilerCounters) {
        polls += other.polls
        pollFailures += other.pollFailures
        commitsSkipped += other.commitsSkipped
        plans += other.plans
        stalePlans += other.stalePlans
        outcomes.merge(other.outcomes, uniquingKeysWith: +)
        steps += other.steps
        retries += other.retries
        recoveries += other.recoveries
        sweeps += other.sweeps
        sweepFailures += other.sweepFailures
        sweepCalls += other.sweepCalls
        driftsFound += other.driftsFound
        driftsCorrected += other.driftsCorrected
    }
}
