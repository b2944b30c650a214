package import Diagnostics
package import Resources

/// What a drift report is made from.
package struct DriftInput: Sendable {
    package var environment: String
    /// What the state holds.
    package var recorded: [RecordedObject]
    /// What the last applied commit wants, which then counts for more than what was recorded; nil where it is not known,
    /// or where an apply after it left something behind.
    package var applied: DesiredGraph?
    /// What the next commit wants; nil where the environment is at the commit at which it is to be.
    package var desired: DesiredGraph?
    package var observed: ObservedState
    package var strangers: [Stranger] = []
    package var served: [Address: ServedDefinition] = [:]
    package var ignore: [DriftRule] = []
    /// In UTC; rules whose last day is over do not count.
    package var today: CivilDate

    package init(
        environment: String, recorded: [RecordedObject], applied: DesiredGraph? = nil, desired: DesiredGraph? = nil,
        observed: ObservedState, today: CivilDate
    ) {
        self.environment = environment
        self.recorded = recorded
        self.applied = applied
        self.desired = desired
        self.observed = observed
        self.today = today
    }
}
