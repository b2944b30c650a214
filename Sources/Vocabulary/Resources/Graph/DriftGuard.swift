/// What of `spec.drift` keeps watch over a target: a commit that takes some of it away needs a consent.
package struct DriftGuard: Sendable, Hashable {
    /// Somebody looks by schedule.
    package var isOn: Bool
    /// Classes of drift that are put back.
    package var corrected: Set<DriftClass>
    package var ignored: [DriftRule]

    package init(isOn: Bool = true, corrected: Set<DriftClass> = [], ignored: [DriftRule] = []) {
        self.isOn = isOn
        self.corrected = corrected
        self.ignored = ignored
    }
}
