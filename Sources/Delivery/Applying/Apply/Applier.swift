import Diagnostics
package import Logging
package import Resources

/// Carries out plans and recovers what was left unfinished: the shell around ``ApplyMachine``, which decides.
package struct Applier: Sendable {
    package let journal: any Journal
    package let states: any StateStore
    package let leases: any Lease
    /// Who holds the lease, for messages: `pid 4711 on build-7`.
    package let holder: String
    package let clock: any Clock<Duration>
    package let settings: ApplierSettings
    package let logger: Logger

    package init(
        journal: any Journal, states: any StateStore, leases: any Lease, holder: String,
        clock: any Clock<Duration> = ContinuousClock(), settings: ApplierSettings = ApplierSettings(), logger: Logger
    ) {
        self.journal = journal
        self.states = states
        self.leases = leases
        self.holder = holder
        self.clock = clock
        self.settings = settings
        self.logger = logger
    }

    /// Applies a plan: reads what it touches, then journals and runs its steps.
    ///
    /// Recovers first what an earlier apply of the environment left unfinished. Cancelling the task is as safe as a crash.
    ///
    /// - Parameters:
    ///   - stop: Asks for a graceful end.
    ///   - progress: Called in order, from one task at a time; it must not block.
    package func apply(
        _ request: ApplyRequest, with provider: any ResourceProvider, stop: StopSignal = StopSignal(),
        progress: @escaping @Sendable (ApplyProgress) -> Void = { _ in }
    ) async -> ApplyOutcome {
        .notStarted(ApplyFailure(.badSteps, "applying is not built in yet"))
    }

    /// Finishes or takes back every unfinished apply of an environment, the oldest first. Needs no question answered.
    ///
    /// - Returns: One outcome for each journal; empty when there was nothing to recover.
    package func recover(
        environment: String, with provider: any ResourceProvider, stop: StopSignal = StopSignal(),
        progress: @escaping @Sendable (ApplyProgress) -> Void = { _ in }
    ) async -> [ApplyOutcome] {
        []
    }
}
