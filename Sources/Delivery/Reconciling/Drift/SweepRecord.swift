package import JSON

/// What the last look at the target of an environment found, kept so that a restart neither repeats events nor forgets
/// who keeps undoing corrections.
package struct SweepRecord: Sendable, Hashable {
    package var environment: String
    /// When the look ended.
    package var time: Timestamp
    /// Of the drift that was found; empty for none.
    package var fingerprint: String
    /// `gatewright.drift/v1`, what is ignored included.
    package var report: JSONValue
    /// The last correction; nil if there never was one.
    package var correction: Correction?

    package struct Correction: Sendable, Hashable {
        /// Of the drift that was corrected.
        package var fingerprint: String
        /// How often the same drift was corrected in a row.
        package var count: Int
        package var time: Timestamp

        package init(fingerprint: String, count: Int, time: Timestamp) {
            self.fingerprint = fingerprint
            self.count = count
            self.time = time
        }
    }

    package init(
        environment: String, time: Timestamp, fingerprint: String, report: JSONValue, correction: Correction? = nil
    ) {
        self.environment = environment
        self.time = time
        self.fingerprint = fingerprint
        self.report = report
        self.correction = correction
    }
}

extension SweepRecord.Correction {
    /// Before then the same drift is not corrected again: the first times at once, then after pauses that double.
    var again: Timestamp {
        guard count >= Limits.correctionsInRow else { return time }
        let doublings = min(count - Limits.correctionsInRow, 10)
        return time.adding(min(Limits.correctionPauseFirst * (1 << doublings), Limits.correctionPauseMax))
    }

    /// The correction that comes after this one; a day without the same drift starts a new row.
    func next(_ fingerprint: String, at time: Timestamp) -> Self {
        let isSame = self.fingerprint == fingerprint && time.since(self.time) <= Limits.correctionPauseMax * 2
        return Self(fingerprint: fingerprint, count: isSame ? min(count + 1, 1_000) : 1, time: time)
    }
}
