import Diagnostics
package import Logging
import Planning
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
    /// Recovers first what an earlier apply of the environment left unfinished, if it went to the same target: `provider`
    /// reaches no other. Cancelling the task is as safe as a crash.
    ///
    /// - Parameters:
    ///   - stop: Asks for a graceful end.
    ///   - progress: Called in order, from one task at a time; it must not block.
    package func apply(
        _ request: ApplyRequest, with provider: any ResourceProvider, stop: StopSignal = StopSignal(),
        progress: @escaping @Sendable (ApplyProgress) -> Void = { _ in }
    ) async -> ApplyOutcome {
        let environment = request.plan.environment
        let outcome = await holdingLease(of: environment) { keeper -> ApplyOutcome in
            let run = run(provider, keeper, stop, progress)
            do throws(JournalFailure) {
                for unfinished in try await journal.unfinished(environment: environment) {
                    guard unfinished.header.target == request.plan.target else {
                        return .notStarted(ApplyFailure(otherTarget: unfinished.header))
                    }
                    let outcome = await recover(unfinished, run)
                    if case .interrupted = outcome { return outcome }
                }
            } catch {
                return .notStarted(error)
            }
            return await apply(request, run)
        }
        switch outcome {
        case .success(let outcome): return outcome
        case .failure(let failure): return failure.code == .held ? .leaseHeld(failure) : .notStarted(failure)
        }
    }

    /// Finishes or takes back every unfinished apply of an environment, the oldest first. Needs no question answered.
    ///
    /// - Returns: One outcome for each journal; empty when there was nothing to recover. After an interruption the
    ///   later ones are left alone.
    package func recover(
        environment: String, with provider: any ResourceProvider, stop: StopSignal = StopSignal(),
        progress: @escaping @Sendable (ApplyProgress) -> Void = { _ in }
    ) async -> [ApplyOutcome] {
        do throws(JournalFailure) {
            // Most starts have nothing to recover, and need no lease to know it.
            guard try await !journal.unfinished(environment: environment).isEmpty else { return [] }
        } catch {
            return [.notStarted(error)]
        }
        let outcome = await holdingLease(of: environment) { keeper -> [ApplyOutcome] in
            let run = run(provider, keeper, stop, progress)
            var outcomes: [ApplyOutcome] = []
            do throws(JournalFailure) {
                for unfinished in try await journal.unfinished(environment: environment) {
                    outcomes.append(await recover(unfinished, run))
                    if case .interrupted = outcomes.last { break }
                }
            } catch {
                outcomes.append(.notStarted(error))
            }
            return outcomes
        }
        switch outcome {
        case .success(let outcomes): return outcomes
        case .failure(let failure): return [failure.code == .held ? .leaseHeld(failure) : .notStarted(failure)]
        }
    }
}

extension Applier {
    /// Runs `body` while the lease is held and renewed; gives it back afterwards.
    private func holdingLease<Value: Sendable>(
        of environment: String, _ body: (LeaseKeeper) async -> Value
    ) async -> Result<Value, LeaseFailure> {
        let keeper: LeaseKeeper
        do throws(LeaseFailure) {
            keeper = try await LeaseKeeper.acquire(
                leases, environment: environment, holder: holder, ticker: Ticker(clock), ttl: settings.leaseTTL)
        } catch {
            return .failure(error)
        }
        let value = await withDiscardingTaskGroup { group in
            group.addTask { await keeper.keep() }
            defer { group.cancelAll() }
            return await body(keeper)
        }
        do throws(LeaseFailure) {
            try await leases.release(keeper.grant)
        } catch {
            logger.warning("the lease was not given back", metadata: ["gw.code": "\(error.code.rawValue)"])
        }
        return .success(value)
    }

    private func run(
        _ provider: any ResourceProvider, _ keeper: LeaseKeeper, _ stop: StopSignal,
        _ progress: @escaping @Sendable (ApplyProgress) -> Void
    ) -> ApplyRun {
        let ticker = Ticker(clock)
        return ApplyRun(
            journal: journal,
            calls: ProviderCalls(
                provider: provider, ticker: ticker, settings: settings,
                ensure: { time throws(LeaseFailure) in try await keeper.ensure(for: time) }),
            probes: provider.prober.map { ProbeCalls(prober: $0, ticker: ticker) }, keeper: keeper, ticker: ticker,
            stop: stop, progress: progress)
    }

    private func apply(_ request: ApplyRequest, _ run: ApplyRun) async -> ApplyOutcome {
        let header: ApplyHeader
        var machine: ApplyMachine
        do {
            let preparation = Preparation(
                request, steps: try run.calls.provider.steps(for: request.plan.changes),
                recorded: try await states.objects(environment: request.plan.environment))
            let scope = preparation.scope
            run.progress(.reading(objectsCount: scope.addresses.count))
            let observed = try await run.calls.provider.observe(scope.observation(preparation.identities))
            let stale = preparation.stale(observed)
            guard stale.isEmpty else { return .stale(stale) }
            let provider = run.calls.provider
            let probes = provider.prober == nil ? [] : Array(request.probes.prefix(Limits.probesMax))
            header = preparation.header(
                observed, propagation: { provider.propagationTime(of: $0) }, isProbed: !probes.isEmpty)
            machine = try ApplyMachine(
                header, budget: RetryBudget(settings, settleTime: provider.settleTime), probes: probes)
        } catch let failure as any Failure {
            return .notStarted(failure)
        } catch {
            return .notStarted(ApplyFailure(.badSteps, "the apply could not be prepared", cause: error))
        }
        run.progress(.began(stepsCount: header.steps.count, isRecovery: false))
        let end = await run.run(&machine, opening: [.began(header)])
        return outcome(end, machine, isRecovered: false)
    }

    private func recover(_ unfinished: UnfinishedApply, _ run: ApplyRun) async -> ApplyOutcome {
        var machine: ApplyMachine
        do throws(JournalFailure) {
            machine = try ApplyMachine(
                recovering: unfinished,
                budget: RetryBudget(settings, settleTime: run.calls.provider.settleTime))
        } catch {
            return .notStarted(error)
        }
        run.progress(.began(stepsCount: unfinished.header.steps.count, isRecovery: true))
        let end = await run.run(&machine)
        return outcome(end, machine, isRecovered: true)
    }

    private func outcome(_ end: ApplyRun.End, _ machine: ApplyMachine, isRecovered: Bool) -> ApplyOutcome {
        var report = ApplyReport(machine, isRecovered: isRecovered)
        switch end {
        case .interrupted(let failure):
            logger.warning("apply interrupted", metadata: metadata(report, failure.description))
            return .interrupted(report, because: failure)
        case .ended(let ending, let proof):
            report.proof = proof
            logger.debug("journal closed", metadata: metadata(report, ending.rawValue))
            switch ending {
            case .done:
                report.cause = nil
                return .done(report)
            case .rolledBack: return .rolledBack(report)
            case .held: return .held(report)
            case .residue:
                report.runbook = "residue.md"
                return .residue(report)
            }
        }
    }

    private func metadata(_ report: ApplyReport, _ end: String) -> Logger.Metadata {
        [
            "gw.commit": "\(report.commit)", "gw.plan": "\(report.planDigest)", "gw.apply": "\(report.id)",
            "gw.end": "\(end)",
        ]
    }
}

extension ApplyReport {
    fileprivate init(_ machine: ApplyMachine, isRecovered: Bool) {
        let header = machine.header
        self.init(
            id: header.id, environment: header.environment, commit: header.commit, planDigest: header.planDigest,
            stepsCount: header.steps.count, doneCount: machine.states.count { $0 == .done }, cause: machine.cause,
            blamed: machine.cause?.step.map { header.steps[$0].effects.map(\.address) } ?? [],
            residue: machine.residue, proof: nil, probes: machine.probeReports, runbook: nil,
            isRecovered: isRecovered)
    }
}
