import Planning
package import Resources

/// What is known of an environment's drift: part of what `/status` shows.
package struct DriftStatus: Sendable {
    /// Objects by class; ignored ones do not count.
    package var counts: [DriftClass: Int] = [:]
    package var ignoredCount = 0
    /// Of the drift found last; empty for none.
    package var fingerprint = ""
    /// Calls that the last look took.
    package var callsCount = 0
    /// When the target was last read whole.
    package var lastSweep: Timestamp?
    /// Nil where `spec.drift.action` is `off`.
    package var nextSweep: Timestamp?
    /// Why the last look failed, or why drift that should be corrected is not; nil while all is well.
    package var problem: Problem?
    /// The plan of a correction that waits for a consent; nil if none does.
    package var pendingDigest: String?

    package init() {}

    mutating func take(_ report: DriftReport, at time: Timestamp) {
        counts = Dictionary(uniqueKeysWithValues: DriftClass.allCases.map { ($0, report.count(of: $0)) })
        ignoredCount = report.ignored.count
        fingerprint = report.fingerprint
        callsCount = report.callsCount
        lastSweep = time
        problem = nil
        pendingDigest = nil
    }
}
