/// What carrying out a plan is expected to take: for people, never part of a digest.
package struct Estimate: Sendable, Hashable {
    /// Calls to the target, reads before the first write included; retries are not.
    package var calls: Int
    /// Where the target answers as it usually does.
    package var duration: Duration

    package init(calls: Int, duration: Duration) {
        self.calls = calls
        self.duration = duration
    }
}
