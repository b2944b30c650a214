/// How patient an apply is. The defaults are those of the product; tests and simulations have their own.
package struct ApplierSettings: Sendable {
    /// Calls of one step before a deferral counts as a refusal.
    package var attemptsMax = Limits.attemptsMax
    /// From a step's first call to the last attempt to make it.
    package var retryTimeMax = Limits.retryTimeMax
    /// First pause after a deferral; doubled each time, up to ``pauseMax``. A target that asks for more gets it.
    package var pauseFirst = Limits.pauseFirst
    package var pauseMax = Limits.pauseMax
    /// A call that takes longer counts as lost.
    package var callTimeMax = Limits.callTimeMax
    package var leaseTTL = Limits.leaseTTL

    package init() {}
}
