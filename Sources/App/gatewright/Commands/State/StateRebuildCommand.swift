import Applying
import ArgumentParser
import Diagnostics
import GitSource
import Glibc
import Manifests
import Persistence
import Planning
import Reconciling
import Resources
import Storage

/// `gatewright state rebuild`
struct StateRebuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild", abstract: "Make the recorded state of an environment anew from what the target has.")

    @OptionGroup var repository: RepositoryOptions

    @Option(help: "The commit that says which target it is: a branch, a tag, a full or short id.")
    var ref = "HEAD"

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            let directory = DataDirectory(
                option: global.dataDir, environment: global.environment, repository: repository.folder)
            try directory.prepare()
            try await DamagedState(directory: directory).setAside(terminal)
            let session = try await Session.open(repository, global, prefix: repository.prefix())
            let source = try await Source.open(repository, ref: ref, isWorktree: false, session, terminal)
            let load = try await session.pipeline.load(source.tree, environment: repository.environment)
            guard let graph = load.graph else {
                terminal.note(
                    try await DiagnosticPrinter(tree: source.tree).text(load.diagnostics, isColoured: terminal.colour))
                return .error
            }
            let isReadable = try await recovers(graph.environment, session, terminal)
            let survey = try await session.holdingLease(of: graph.environment) { lease in
                try await rebuild(graph, session, lease, keepsJournals: isReadable, terminal)
            }
            try await session.pipeline.tell(
                Event(
                    .rebuilt, environment: survey.environment,
                    time: Timestamp(milliseconds: WallClock.millisecondsSince1970), commit: source.commit?.id,
                    message: "\(survey.objects.count) objects were recorded anew from the target by \(Operator.name)"))
            report(survey, terminal)
            return .done
        }
    }

    /// What an apply left unfinished is finished or taken back first, as far as its journal can be read.
    ///
    /// - Returns: False for a journal that is to be set aside.
    private func recovers(_ environment: String, _ session: Session, _ terminal: Terminal) async throws -> Bool {
        let outcomes: [ApplyOutcome]
        do {
            outcomes = try await session.pipeline.recover(environment: environment)
        } catch {
            if let cause = error.cause, isUnreadable(cause) { return false }
            throw error
        }
        for outcome in outcomes {
            guard let failure = outcome.openEnding else {
                terminal.note("recovered: \(OutcomeText(outcome).text)")
                continue
            }
            if isUnreadable(failure) { return false }
            throw failure
        }
        return true
    }

    /// A newer version's journal is no damage: that version recovers it.
    private func isUnreadable(_ failure: any Error) -> Bool {
        let code = (failure as? JournalFailure)?.code
        return code == .corrupt || code == .illegalTransition
    }

    private func rebuild(
        _ graph: DesiredGraph, _ session: Session, _ lease: LeaseGrant, keepsJournals: Bool, _ terminal: Terminal
    ) async throws -> Survey {
        let git = try await repository.open(session.directory, session.configuration.git, Environment()).git
        let survey = try await session.pipeline.survey(graph) { commit in
            do {
                let tree = CommitTree(git, at: try await git.resolve(commit))
                return try await session.pipeline.load(tree, environment: graph.environment).graph
            } catch {
                // Gone, or no longer loadable: the other commits and the head say what they can.
                return nil
            }
        }
        if !keepsJournals {
            let paths = try await session.stores.setAsideJournals(environment: graph.environment, lease: lease)
            for path in paths { terminal.note("a journal that cannot be read is kept as `\(path)`") }
        }
        try await session.stores.replace(
            with: survey.objects, target: survey.target, environment: survey.environment, lease: lease)
        return survey
    }

    private func report(_ survey: Survey, _ terminal: Terminal) {
        terminal.say("`\(survey.environment)`: \(survey.objects.count) objects recorded from the target")
        for commit in survey.missingCommits {
            terminal.note("commit \(commit) is named by a marker, and cannot be read from the repository")
        }
        for text in survey.skipped { terminal.note("skipped: \(text)") }
        for address in survey.drifted { terminal.note("drift: `\(address)` is as no known commit wants it") }
        if !survey.drifted.isEmpty { terminal.note("the next plan shows what it would change back") }
    }
}

/// A `state.db` that SQLite cannot use: kept under another name, so that a new one can be made.
struct DamagedState {
    let directory: DataDirectory

    func setAside(_ terminal: Terminal) async throws {
        guard access(directory.statePath, F_OK) == 0, let problem = try await problem() else { return }
        guard await !OwnerSocket(path: directory.ownerSocketPath()).isAnswering() else {
            throw DataDirectoryFailure(
                .inUse, "`\(directory.statePath)` is damaged (\(problem)), and a running process has it open")
        }
        let kept = "\(directory.statePath).damaged-\(WallClock.millisecondsSince1970)"
        for ending in ["", "-wal", "-shm"] where access(directory.statePath + ending, F_OK) == 0 {
            guard rename(directory.statePath + ending, kept + ending) == 0 else {
                throw DataDirectoryFailure(errno: errno, doing: "rename `\(directory.statePath + ending)`")
            }
        }
        terminal.note("`\(directory.statePath)` is damaged: \(problem)")
        terminal.note("it is kept as `\(kept)`; other environments of it need a rebuild too")
    }

    private func problem() async throws -> String? {
        do {
            let stores = try await StateDatabase.open(
                directory: directory.path, now: { Timestamp(milliseconds: WallClock.millisecondsSince1970) })
            let problems = try await stores.problems()
            await stores.close()
            return problems.first
        } catch {
            guard error.code == .corrupt || error.code == .notADatabase else { throw error }
            return error.message
        }
    }
}
