import Applying
import ArgumentParser
import Diagnostics
import JSON
import Manifests
import Planning
import Reconciling
import Resources

/// `gatewright apply`: carries a commit out.
struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Carry out what a commit wants, or put everything back.")

    enum OnFailure: String, ExpressibleByArgument, CaseIterable { case rollback, hold }

    @OptionGroup var repository: RepositoryOptions

    @Option(help: "The commit: a branch, a tag, a full or short id.")
    var ref = "HEAD"

    @Flag(help: "Read the whole target first, so that drift is part of the plan.")
    var refresh = false

    @Option(help: "A plan file; applied only if the plan made now has its digest.")
    var plan: String?

    @Option(help: "Apply only if the plan made now has this digest.")
    var expectDigest: String?

    @Option(help: "What happens to what was applied before a step failed; the environment says by default.")
    var onFailure: OnFailure?

    @Flag(help: "Do not ask.")
    var yes = false

    @Flag(help: "Also where the environment is paused or rolled back: ends that.")
    var resume = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if plan != nil, expectDigest != nil {
            throw ValidationError("--plan and --expect-digest say the same: give one of them")
        }
    }

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            let approved = try plan.map(PlanFileText.read)
            if let approved, let environment = repository.environment, environment != approved.environment {
                throw CommandFailure(
                    .otherEnvironment, "the plan file is of `\(approved.environment)`, not of `\(environment)`")
            }
            let prefix = try repository.prefix()
            let session = try await Session.open(repository, global, prefix: prefix)
            let source = try await Source.open(repository, ref: ref, isWorktree: false, session, terminal)
            let stop = StopSignal()
            let progress = ProgressPrinter(terminal)
            return try await Interruptible.run(stop: stop, terminal) {
                try await apply(source, session, approved, stop, progress, terminal)
            }
        }
    }

    private func apply(
        _ source: Source, _ session: Session, _ approved: Plan?, _ stop: StopSignal, _ progress: ProgressPrinter,
        _ terminal: Terminal
    ) async throws -> ExitStatus {
        guard let commit = source.commit else { return .error }
        // A plan file says which environment is meant.
        let wanted = repository.environment ?? approved?.environment
        let expected = expectDigest ?? approved?.digest
        let load = try await session.pipeline.load(source.tree, environment: wanted)
        if let environment = load.graph?.environment ?? wanted {
            let recovered = try await session.pipeline.recover(
                environment: environment, stop: stop, progress: { progress.show($0) })
            for outcome in recovered {
                // With its journal open, nothing new may start: it may even be about another target.
                if outcome.openEnding != nil {
                    terminal.note("not recovered: \(OutcomeText(outcome).text)")
                    return OutcomeText(outcome).status
                }
                terminal.note("recovered: \(OutcomeText(outcome).text)")
            }
        }
        let environment = load.graph?.environment ?? repository.environment ?? ""
        let hold =
            resume
            ? try await session.pipeline.hold(of: environment)
            : try await session.pipeline.admit(commit.id, environment: environment)
        if let approved, let graph = load.graph, approved.target != graph.target {
            throw CommandFailure(
                .otherTarget,
                "the plan file is for the target `\(approved.target.text(.compact))`, and `\(graph.environment)` has "
                    + "`\(graph.target.text(.compact))`")
        }
        guard
            let prepared = try await Planned.make(
                source, wanted, session, observing: refresh ? .everything : .whenNeeded, onFailure: onFailure?.rawValue,
                terminal)
        else { return .error }
        let digest = prepared.plan.digest
        if let expected, expected != digest {
            throw CommandFailure(.staleDigest, "the plan is `\(digest)`, expected was `\(expected)`")
        }
        terminal.write(prepared.plan.text(colour: terminal.colour))
        let isAgreed =
            if (prepared.plan.isEmpty && prepared.plan.needsConsent.isEmpty) || yes || expected != nil {
                true
            } else {
                await terminal.confirm(Self.question(prepared.plan)) { stop.isStopped }
            }
        guard !stop.isStopped else {
            terminal.note("interrupted: nothing was applied")
            return .interrupted
        }
        guard isAgreed else {
            throw CommandFailure(
                .notConfirmed,
                terminal.isInteractive
                    ? "the plan was not confirmed: nothing was applied"
                    : "there is no terminal to confirm the plan on: nothing was applied; pass `--yes` to do without")
        }
        // A digest is consent to exactly that plan; `--yes` alone is not consent to what a guard asks about.
        let approved = try await session.pipeline.approval(of: environment)?.digest
        let consent = expected ?? (terminal.isInteractive && !yes ? digest : approved)
        if let hold {
            let why = resume ? "\(Operator.name) resumed it" : "commit \(commit.id.prefix(7)) is applied"
            try await session.pipeline.end(hold, because: why)
        }
        let result = try await session.pipeline.apply(
            prepared, commit: commit, consent: consent, stop: stop, progress: { progress.show($0) })
        guard case .ended(let outcome, let revision) = result else { return .done }
        let text = OutcomeText(outcome)
        if outcome.revisionOutcome == .applied {
            terminal.say("\(text.text), revision \(revision.number)")
        } else {
            terminal.note(text.text)
        }
        return text.status
    }
}

extension ApplyCommand {
    /// Names everything that the answer agrees to.
    static func question(_ plan: Plan) -> String {
        let reasons = plan.needsConsent.map { "  - \($0.finding.message)\n" }.joined()
        return (reasons.isEmpty ? "" : "This needs your consent:\n\(reasons)") + "Apply these changes?"
    }
}
