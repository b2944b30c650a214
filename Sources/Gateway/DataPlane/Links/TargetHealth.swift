/// Whether a target is taken for healthy: a pure machine that is told of checks and of requests.
struct TargetHealth: Equatable, Sendable {
    /// Until something is known a target gets requests: a failed connection costs them little.
    private(set) var isHealthy = true
    /// Results in a row that speak against ``isHealthy``.
    private var contrary = 0
    private var isKnown = false

    /// A check ended. The first one decides alone.
    ///
    /// - Returns: True if ``isHealthy`` changed.
    mutating func checked(passed: Bool, by check: TargetCheck) -> Bool {
        let threshold = isKnown ? (isHealthy ? check.unhealthyThreshold : check.healthyThreshold) : 1
        isKnown = true
        return note(passed, threshold)
    }

    /// A request got an answer, or could not be brought to the target. An answer heals nobody: only checks do.
    ///
    /// - Returns: True if ``isHealthy`` changed.
    mutating func served(_ answered: Bool, by check: TargetCheck) -> Bool {
        isHealthy ? note(answered, check.unhealthyThreshold) : false
    }

    private mutating func note(_ isGood: Bool, _ threshold: Int) -> Bool {
        guard isGood != isHealthy else {
            contrary = 0
            return false
        }
        contrary += 1
        guard contrary >= threshold else { return false }
        contrary = 0
        isHealthy = isGood
        return true
    }
}
