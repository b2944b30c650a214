import Applying
import ArgumentParser
import DataPlane
import Diagnostics
import GitSource
import JSON
import Manifests
import Persistence
import Planning
import Reconciling
import Resources

/// `gatewright drift`: where the target is not as it was applied.
struct DriftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drift", abstract: "Show where the target is not as it was applied, and put it back if asked to.")

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, markdown }

    @OptionGroup var repository: RepositoryOptions

    @Option(help: "The commit at which the environment is to be: what it wants of drifted objects is said as well.")
    var ref = "HEAD"

    @Flag(help: "Put the target back to the last applied commit, by an ordinary plan.")
    var correct = false

    @Option(help: "Correct only if the plan of the correction has this digest.")
    var expectDigest: String?

    @Flag(help: "Do not ask.")
    var yes = false

    @Flag(help: "List also what rules of the environment ignore.")
    var showIgnored = false

    @Flag(help: "Print what the controller found last; the target is not read.")
    var last = false

    @Option(help: "How the report is printed.")
    var format: Format = .text

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if last, correct { throw ValidationError("--last reads no target: --correct is not for it") }
        if last, format == .markdown { throw ValidationError("--last is printed as text or JSON") }
        if expectDigest != nil, !correct { throw ValidationError("--expect-digest is for --correct") }
    }

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            if last { return try await printLast(terminal) }
            let session = try await Session.open(
                repository, global, prefix: try repository.prefix(), isReading: !correct)
            let git = try await repository.open(session.directory, session.configuration.git, Environment()).git
            let environment = try await environmentName(git, session)
            let stop = StopSignal()
            return try await Interruptible.run(stop: stop, terminal) {
                let sweep = try await sweep(environment, git, session)
                try await warn(environment, git, session, terminal)
                guard correct else {
                    show(sweep.report, terminal)
                    return sweep.report.isEmpty ? .done : .drift
                }
                return try await correct(sweep, git, session, stop, terminal)
            }
        }
    }

    private func environmentName(_ git: GitRepository, _ session: Session) async throws -> String {
        if let name = repository.environment { return name }
        let head = try await git.resolve(ref)
        let found = try await session.pipeline.loader.environments(in: CommitTree(git, at: head))
        return found.names.count == 1 ? found.names[0] : try await EnvironmentName.find(repository, session)
    }

    /// An environment that is held is to be where it is held, unless a commit was asked for.
    private func sweep(_ environment: String, _ git: GitRepository, _ session: Session) async throws -> DriftSweep {
        var desired: CommitID? = try await git.resolve(ref)
        if ref == "HEAD", let hold = try await session.stores.hold(environment: environment) {
            desired = hold.commit.flatMap { CommitID(hex: $0) }
        }
        return try await session.pipeline.sweep(environment, in: git, desired: desired, today: WallClock.today)
    }

    /// Links of the commit that this engine has no targets of, which no comparison of objects shows.
    private func warn(
        _ environment: String, _ git: GitRepository, _ session: Session, _ terminal: Terminal
    ) async throws {
        let tree = CommitTree(git, at: try await git.resolve(ref))
        let result = try await session.pipeline.load(tree, environment: environment)
        let warnings = result.diagnostics.filter { $0.code == ConfigurationProblem.linkTarget.rawValue }
        guard !warnings.isEmpty else { return }
        terminal.note(try await DiagnosticPrinter(tree: tree).text(warnings, isColoured: terminal.colour))
    }

    private func show(_ report: DriftReport, _ terminal: Terminal) {
        switch format {
        case .text: terminal.write(report.text(colour: terminal.colour, showsIgnored: showIgnored))
        case .json: terminal.say(report.json(showsIgnored: showIgnored).text(.pretty))
        case .markdown: terminal.write(report.markdown)
        }
    }
}

// MARK: What the controller found

extension DriftCommand {
    private func printLast(_ terminal: Terminal) async throws -> ExitStatus {
        let session = try await Session.open(repository, global, isReading: true)
        let environment = try await EnvironmentName.find(repository, session)
        guard let record = try await session.stores.sweep(environment: environment) else {
            terminal.note("nobody looked for drift of `\(environment)` by schedule yet")
            return .done
        }
        if case .object(var document) = record.report, format == .json {
            document["time"] = .string(record.time.description)
            if !showIgnored { document["ignored"] = nil }
            terminal.say(JSONValue.object(document).text(.pretty))
        } else {
            let lines = record.report["drift"]?.array ?? []
            for line in lines {
                let words = [line["class"], line["sort"], line["address"]].map { $0?.string ?? "" }
                terminal.say("  \(words.joined(separator: "  "))")
            }
            let count = lines.count
            let words = count == 0 ? "no drift" : "\(count) object\(count == 1 ? "" : "s") drifted"
            terminal.say("\(environment): \(words) at \(record.time)")
        }
        return record.fingerprint.isEmpty ? .done : .drift
    }
}

// MARK: Correcting

extension DriftCommand {
    /// - Returns: `done` only where no drift is left.
    private func correct(
        _ sweep: DriftSweep, _ git: GitRepository, _ session: Session, _ stop: StopSignal, _ terminal: Terminal
    ) async throws -> ExitStatus {
        let environment = sweep.report.environment
        guard !sweep.report.isEmpty else {
            show(sweep.report, terminal)
            return .done
        }
        guard let commit = sweep.applied, let prepared = session.pipeline.correction(of: sweep, where: \.isCorrectable)
        else {
            show(sweep.report, terminal)
            throw CommandFailure(
                .notCorrectable,
                "the commit that was applied to `\(environment)` cannot be read: there is nothing to go back to")
        }
        if format == .text { show(sweep.report, terminal) }
        let plan = prepared.plan
        guard !plan.isEmpty else {
            if format != .text { show(sweep.report, terminal) }
            terminal.note("no plan can put this back: what is undeclared is never deleted from here")
            return .drift
        }
        if let expectDigest, expectDigest != plan.digest {
            throw CommandFailure(.staleDigest, "the plan is `\(plan.digest)`, expected was `\(expectDigest)`")
        }
        if format == .text { terminal.write(plan.text(colour: terminal.colour)) }
        let isAgreed = yes || expectDigest != nil
        guard isAgreed ? true : await terminal.confirm("Put this back?", unless: { stop.isStopped }) else {
            guard !stop.isStopped else { return .interrupted }
            throw CommandFailure(
                .notConfirmed,
                terminal.isInteractive
                    ? "the correction was not confirmed: nothing was applied"
                    : "there is no terminal to confirm the correction on: nothing was applied; "
                        + "pass `--yes` to do without")
        }
        // A digest is consent to exactly that plan; `--yes` alone is not consent to what a guard asks about.
        let consent = expectDigest ?? (terminal.isInteractive && !yes ? plan.digest : nil)
        let progress = ProgressPrinter(terminal)
        let result = try await session.pipeline.apply(
            prepared, commit: commit, consent: consent, stop: stop, progress: { progress.show($0) })
        guard case .ended(let outcome, let revision) = result else { return .drift }
        let text = OutcomeText(outcome)
        guard outcome.revisionOutcome == .applied else {
            terminal.note(text.text)
            return text.status
        }
        let rest = try await self.sweep(environment, git, session).report
        if format == .text {
            terminal.say("\(text.text), revision \(revision.number)")
            if !rest.isEmpty { terminal.write("Left:\n" + rest.text(colour: terminal.colour)) }
        } else {
            showCorrected(sweep.report, rest, revision, terminal)
        }
        return rest.isEmpty ? .done : .drift
    }

    private func showCorrected(
        _ report: DriftReport, _ rest: DriftReport, _ revision: Revision, _ terminal: Terminal
    ) {
        guard format == .json, case .object(var document) = report.json(showsIgnored: showIgnored) else {
            return terminal.write(rest.markdown)
        }
        document["correction"] = [
            "digest": .string(revision.planDigest ?? ""), "commit": .string(revision.commit),
            "revision": .number(JSONNumber(revision.number)), "outcome": .string(revision.outcome.rawValue),
            "left": rest.json(showsIgnored: false)["drift"] ?? [],
        ]
        terminal.say(JSONValue.object(document).text(.pretty))
    }
}
