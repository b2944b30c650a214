import Applying
import ArgumentParser
import Diagnostics
import GitSource
import JSON
import Manifests
import Persistence
import Planning
import Reconciling

/// `gatewright rollback [REVISION]`: brings an environment to an earlier commit and holds it there.
struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Bring an environment to an earlier revision, and hold it there until a newer commit or `resume`.")

    @Argument(help: "The number of a revision, or a commit that was applied; by default the commit before.")
    var revision: String?

    @OptionGroup var repository: RepositoryOptions

    @Option(help: "What is followed: a commit of it that is newer than now ends the hold.")
    var ref = "HEAD"

    @Option(help: "Why, for everybody who wonders.")
    var reason = ""

    @Flag(help: "Do not ask.")
    var yes = false

    @Option(help: "Apply only if the plan has this digest; that is consent to what a guard asks about.")
    var expectDigest: String?

    @Option(help: "How long a running controller may take: 90s, 10m.")
    var timeout = Interval(.seconds(600))

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if RollbackGoal(revision) == nil {
            throw ValidationError(
                "`\(revision ?? "")` is neither a revision's number nor a commit of 4 hex digits or more")
        }
        try HoldReason.check(reason)
    }

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            guard let goal = RollbackGoal(revision) else { return .usage }
            let session = try await Session.open(repository, global, prefix: repository.prefix())
            let environment = try await EnvironmentName.find(repository, session)
            let target = try await session.pipeline.revision(for: goal, environment: environment)
            terminal.note(
                "to revision \(target.number), commit \(target.commit.prefix(7)): \(target.subject) (\(target.author))")
            let rollback = Rollback(command: self, session: session, target: target, terminal: terminal)
            if let controller = try await RunningController.find(environment, session.directory) {
                return try await rollback.run(through: controller)
            }
            let (command, stop) = (self, StopSignal())
            return try await Interruptible.run(stop: stop, terminal) {
                try await rollback.run(here: command.repository, stop)
            }
        }
    }
}

/// One rollback, here or through the controller that keeps the environment.
struct Rollback: Sendable {
    let command: RollbackCommand
    let session: Session
    let target: Revision
    let terminal: Terminal

    private var pipeline: Pipeline { session.pipeline }

    // MARK: Here

    func run(here repository: RepositoryOptions, _ stop: StopSignal) async throws -> ExitStatus {
        let progress = ProgressPrinter(terminal)
        for outcome in try await pipeline.recover(
            environment: target.environment, stop: stop, progress: { progress.show($0) })
        {
            let text = OutcomeText(outcome)
            guard outcome.openEnding == nil else {
                terminal.note("not recovered: \(text.text)")
                return text.status
            }
            terminal.note("recovered: \(text.text)")
        }
        let head = try await repository.open(
            session.directory, session.configuration.git, Environment()
        ).git.resolve(command.ref)
        let source = try await source(repository)
        guard
            let prepared = try await Planned.make(
                source, target.environment, session, observing: .whenNeeded, terminal)
        else {
            terminal.note("the manifests of revision \(target.number) do not load with this version")
            return .error
        }
        guard try await agree(to: prepared.plan, stop) else { return .interrupted }
        let (hold, before) = try await begin(head: head.hex, consent: nil)
        let consent = consent(to: prepared.plan)
        do {
            let result = try await pipeline.apply(
                prepared, commit: CommitFacts(id: target.commit, author: target.author, subject: target.subject),
                consent: consent, stop: stop, progress: { progress.show($0) })
            return try await report(result, hold, before)
        } catch {
            // Nothing was written: nothing is held.
            try await pipeline.takeBack(hold, to: before)
            throw error
        }
    }

    private func source(_ repository: RepositoryOptions) async throws -> Source {
        do {
            return try await Source.open(
                repository, ref: target.commit, isWorktree: false, isVerified: false, session, terminal)
        } catch let failure as GitFailure where failure.code == .unknownRef || failure.code == .objectMissing {
            throw commitGone(failure)
        }
    }

    private func commitGone(_ cause: (any Error)?) -> CommandFailure {
        CommandFailure(
            .commitGone,
            "revision \(target.number) is of commit \(target.commit), which the repository does not have any more",
            cause: cause)
    }

    private func report(_ result: AttemptResult, _ hold: Hold, _ before: Hold?) async throws -> ExitStatus {
        guard case .ended(let outcome, let revision) = result else {
            terminal.say("the target is at revision \(target.number) already; \(hold.sentence)")
            return .done
        }
        let text = OutcomeText(outcome)
        switch outcome.revisionOutcome {
        case .applied:
            terminal.say("\(text.text), revision \(revision.number); \(hold.sentence)")
        case .interrupted:
            // The next start recovers the apply, and goes on to what is held.
            terminal.note(text.text)
        default:
            try await pipeline.takeBack(hold, to: before)
            terminal.note(text.text)
        }
        return text.status
    }

    // MARK: Through the controller

    func run(through controller: RunningController) async throws -> ExitStatus {
        let plan: Plan
        do {
            guard let made = try await controller.plan(ref: target.commit, terminal) else {
                terminal.note("the manifests of revision \(target.number) do not load with this version")
                return .error
            }
            plan = made
        } catch let failure as CommandFailure where failure.message.contains(GitFailure.Code.unknownRef.rawValue) {
            throw commitGone(failure)
        }
        guard try await agree(to: plan, StopSignal()) else { return .interrupted }
        guard let head = try await controller.status()?["headCommit"]?.string else {
            throw CommandFailure(.serverRefused, "the controller does not say what its ref names: try again")
        }
        let (hold, before) = try await begin(head: head, consent: consent(to: plan))
        do {
            try await controller.wake()
            terminal.note("the running controller does it: \(controller.url)/status")
            try await wait(for: hold, controller)
        } catch {
            try await pipeline.takeBack(hold, to: before)
            do { try await controller.wake() } catch {}
            throw error
        }
        terminal.say("`\(target.environment)` is \(hold.sentence)")
        return .done
    }

    /// Until the controller stands at the commit of the hold.
    private func wait(for hold: Hold, _ controller: RunningController) async throws {
        let end = ContinuousClock.now + command.timeout.duration
        while ContinuousClock.now < end {
            let status = try await controller.status()
            if status?["hold"]?["since"]?.string == hold.since.description {
                let isThere = status?["appliedCommit"]?.string == hold.commit
                switch status?["state"]?.string {
                case "held" where isThere && status?["problem"] == nil: return
                case "held" where status?["pendingDigest"] != nil:
                    throw ReconcilingFailure(
                        .consentNeeded,
                        "the plan is `\(status?["pendingDigest"]?.string ?? "")` by now: look at it again",
                        recovery: .awaitCommit)
                case "refused", "failed", "held":
                    let problem = status?["problem"]
                    if let problem {
                        throw CommandFailure(
                            .rollbackFailed,
                            "the controller says [\(problem["code"]?.string ?? "")]: "
                                + (problem["message"]?.string ?? ""))
                    }
                default: break
                }
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw CommandFailure(.rollbackFailed, "the controller was not done within \(command.timeout.duration)")
    }

    // MARK: Both

    /// - Returns: False when interrupted.
    private func agree(to plan: Plan, _ stop: StopSignal) async throws -> Bool {
        if let expected = command.expectDigest, expected != plan.digest {
            throw CommandFailure(.staleDigest, "the plan is `\(plan.digest)`, expected was `\(expected)`")
        }
        terminal.write(plan.text(colour: terminal.colour))
        if !plan.needsConsent.isEmpty, consent(to: plan) == nil {
            throw ReconcilingFailure(
                .consentNeeded, "the plan `\(plan.digest)` needs a consent: \(plan.needsConsent[0].finding.message)",
                recovery: .awaitCommit)
        }
        guard !plan.isEmpty, !command.yes, command.expectDigest == nil else { return true }
        let isAgreed = await terminal.confirm("Roll back?") { stop.isStopped }
        guard !stop.isStopped else {
            terminal.note("interrupted: nothing was applied")
            return false
        }
        guard isAgreed else {
            throw CommandFailure(
                .notConfirmed,
                terminal.isInteractive
                    ? "the rollback was not confirmed: nothing was applied"
                    : "there is no terminal to confirm the rollback on: nothing was applied; pass `--yes` to do without"
            )
        }
        return true
    }

    /// A digest, or an answer on the terminal, is consent to what a guard asks about; `--yes` alone is not.
    private func consent(to plan: Plan) -> String? {
        command.expectDigest ?? (terminal.isInteractive && !command.yes ? plan.digest : nil)
    }

    private func begin(head: String, consent: String?) async throws -> (hold: Hold, before: Hold?) {
        let before = try await pipeline.hold(of: target.environment)
        let hold = Hold(
            .rollback, environment: target.environment, commit: target.commit, head: head,
            since: Timestamp(milliseconds: WallClock.millisecondsSince1970), by: Operator.name,
            reason: command.reason, revision: target.number, consent: consent)
        try await pipeline.begin(hold, inPlaceOf: before)
        return (hold, before)
    }
}
