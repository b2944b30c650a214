/// What one validation may still spend, in steps and in time.
struct StepBudget {
    var steps: Int
    private let milliseconds: Int
    /// Steps left at which the clock is looked at next.
    private var nextLook: Int
    /// Nil until the first look: most validations end before it.
    private var end: ContinuousClock.Instant?

    init(steps: Int, milliseconds: Int) {
        self.steps = steps
        self.milliseconds = milliseconds
        nextLook = steps - ModelLimits.stepsBetweenLooks
    }

    /// False once the steps or the time are spent.
    mutating func spend(_ count: Int) -> Bool {
        steps -= count
        guard steps > 0 else { return false }
        guard steps <= nextLook else { return true }
        nextLook = steps - ModelLimits.stepsBetweenLooks
        let now = ContinuousClock.now
        guard let end else {
            self.end = now + .milliseconds(milliseconds)
            return milliseconds > 0
        }
        return now <= end
    }
}
