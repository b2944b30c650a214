import Applying
import ArgumentParser
import Diagnostics
import Persistence
import Planning
import Reconciling

/// `gatewright destroy`: deletes everything that is recorded for an environment.
struct DestroyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "destroy",
        abstract:
            "Delete everything that was applied to an environment; afterwards it is paused, so that nothing comes back."
    )

    @OptionGroup var repository: RepositoryOptions

    @Flag(help: "Do not ask; protected objects also need --expect-digest.")
    var yes = false

    @Option(help: "Destroy only if the plan made now has this digest; consent to losing protected objects.")
    var expectDigest: String?

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            let session = try await Session.open(repository, global)
            let environment = try await EnvironmentName.find(repository, session)
            let stop = StopSignal()
            return try await Interruptible.run(stop: stop, terminal) {
                try await destroy(environment, session, stop, terminal)
            }
        }
    }

    private func destroy(
        _ environment: String, _ session: Session, _ stop: StopSignal, _ terminal: Terminal
    ) async throws -> ExitStatus {
        let pipeline = session.pipeline
        let progress = ProgressPrinter(terminal)
        let recovered = try await pipeline.recover(
            environment: environment, stop: stop, progress: { progress.show($0) })
        if let open = recovered.first(where: { $0.openEnding != nil }) {
            terminal.note("not recovered: \(OutcomeText(open).text)")
            return OutcomeText(open).status
        }
        guard let prepared = try await pipeline.planDestruction(of: environment), !prepared.plan.isEmpty else {
            terminal.say("nothing is recorded for `\(environment)`: there is nothing to destroy")
            return .done
        }
        terminal.write(prepared.plan.text(colour: terminal.colour))
        try await agree(to: prepared.plan, stop, terminal)
        guard !stop.isStopped else {
            terminal.note("interrupted: nothing was destroyed")
            return .interrupted
        }
        let before = try await pipeline.hold(of: environment)
        let hold = Hold(
            .pause, environment: environment, since: Timestamp(milliseconds: WallClock.millisecondsSince1970),
            by: Operator.name, reason: "destroyed; `gatewright resume` makes it again")
        // First, so that a running controller does not make again what is deleted here.
        try await pipeline.begin(hold, inPlaceOf: before)
        await RunningController.wake(environment, session.directory)
        let result: AttemptResult
        do {
            let last = try await session.stores.lastApplied(environment: environment)
            result = try await pipeline.apply(
                prepared,
                commit: CommitFacts(
                    id: last?.commit ?? "", author: Operator.name, subject: "Destroy the environment"),
                consent: prepared.plan.digest, stop: stop, progress: { progress.show($0) })
        } catch {
            try await pipeline.takeBack(hold, to: before)
            throw error
        }
        return try await report(result, hold, before, pipeline, terminal)
    }

    private func report(
        _ result: AttemptResult, _ hold: Hold, _ before: Hold?, _ pipeline: Pipeline, _ terminal: Terminal
    ) async throws -> ExitStatus {
        guard case .ended(let outcome, let revision) = result else { return .done }
        let text = OutcomeText(outcome)
        guard outcome.revisionOutcome == .applied else {
            // What is left half-way stays held, so that nobody makes the rest of it again unasked.
            if outcome.revisionOutcome == nil { try await pipeline.takeBack(hold, to: before) }
            terminal.note(text.text)
            return text.status
        }
        terminal.say("\(text.text), revision \(revision.number); `\(hold.environment)` is \(hold.sentence)")
        return .done
    }

    /// - Throws: `command.stale-digest`, `reconciling.consent-needed`, `command.not-confirmed`.
    private func agree(to plan: Plan, _ stop: StopSignal, _ terminal: Terminal) async throws {
        if let expectDigest, expectDigest != plan.digest {
            throw CommandFailure(.staleDigest, "the plan is `\(plan.digest)`, expected was `\(expectDigest)`")
        }
        let protected = plan.needsConsent.filter { if case .protected = $0 { true } else { false } }
        if let first = protected.first, expectDigest == nil {
            throw ReconcilingFailure(
                .consentNeeded,
                "\(first.finding.message): nothing was destroyed; consent to losing it with "
                    + "`--yes --expect-digest \(plan.digest)`", recovery: .awaitCommit)
        }
        guard !yes else { return }
        let question = "Destroy `\(plan.environment)`?"
        guard await terminal.confirm(question, by: plan.environment, unless: { stop.isStopped }) else {
            guard !stop.isStopped else { return }
            throw CommandFailure(
                .notConfirmed,
                terminal.isInteractive
                    ? "the name was not typed: nothing was destroyed"
                    : "there is no terminal to confirm it on: nothing was destroyed; pass `--yes` to do without")
        }
    }
}
