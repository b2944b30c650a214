/// How long one rendering may keep its thread.
struct TimeBudget: Sendable {
    let milliseconds: Int
    /// Nil until the first look: most renderings end before it, and never ask for the time.
    private var end: ContinuousClock.Instant?

    init(milliseconds: Int) { self.milliseconds = milliseconds }

    /// Work of known length between two looks at the clock.
    static let stepsBetweenLooks = 16_384

    mutating func check(at place: Place) throws(TemplateFailure) {
        let now = ContinuousClock.now
        guard let end else {
            self.end = now + .milliseconds(milliseconds)
            return
        }
        guard now <= end else {
            throw TemplateFailure(
                .tooMuchWork, "the template did not end within \(milliseconds) milliseconds", at: place)
        }
    }
}
