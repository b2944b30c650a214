/// How the loop of one environment behaves; the defaults are those of the product.
package struct ReconcilerSettings: Sendable {
    /// Between two reads of the ref; each pause is between 0.9 and 1.1 times as long.
    package var interval = Limits.interval
    /// The first pause after a failed attempt, doubled each time up to ``pauseMax``; each pause is between 0.5 and 1 times
    /// as long, unless the failure asks for more.
    package var pauseFirst = Limits.pauseFirst
    package var pauseMax = Limits.pauseMax
    /// For steps in flight to finish after a stop; then the work is cancelled, which the next start recovers.
    package var grace = Limits.grace
    /// Environments of one fleet that are loaded, planned or applied at once.
    package var environmentsAtOnce = Limits.environmentsAtOnce

    /// Of the program; what another one recorded about its inputs is not relied on.
    package var version = ""

    package init() {}
}
