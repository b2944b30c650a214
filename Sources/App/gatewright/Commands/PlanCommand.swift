import ArgumentParser
import JSON
import Manifests
import Planning
import Reconciling
import Resources

/// `gatewright plan`: what a commit would change.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what a commit would change; nothing is written to the target.")

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, markdown }

    @OptionGroup var repository: RepositoryOptions

    @Option(help: "The commit: a branch, a tag, a full or short id.")
    var ref = "HEAD"

    @Flag(help: "Plan the files as they are, committed or not.")
    var worktree = false

    @Option(help: "Ask the controller at this URL, which owns the environment, such as http://127.0.0.1:4601.")
    var server: String?

    @Flag(help: "Read the whole target first, so that drift is part of the plan.")
    var refresh = false

    @Option(help: "Also write the plan into this file, for `apply --plan`.")
    var out: String?

    @Flag(name: .customLong("detailed-exitcode"), help: "Exit with 2 when there are changes.")
    var hasDetailedExitCode = false

    @Option(help: "How the plan is printed.")
    var format: Format = .text

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            guard let plan = try await plan(terminal) else { return .error }
            switch format {
            case .text: terminal.write(plan.text(colour: terminal.colour))
            case .json: terminal.say(plan.json.text(.pretty))
            case .markdown: terminal.write(plan.markdown)
            }
            if let out { try PlanFileText.write(plan, to: out) }
            return hasDetailedExitCode && !plan.isEmpty ? .changes : .done
        }
    }
}

extension PlanCommand {
    func validate() throws {
        if worktree, repository.isRemote {
            throw ValidationError("--worktree is for a folder of this machine, not for a remote repository")
        }
        if server != nil, worktree { throw ValidationError("a server plans commits: --worktree is not for it") }
    }

    /// - Returns: Nil when the manifests have errors; they have been printed.
    private func plan(_ terminal: Terminal) async throws -> Plan? {
        if let server {
            let directory = DataDirectory(
                option: global.dataDir, environment: global.environment, repository: repository.folder)
            let settings = try global.configuration(directory).values
            return try await ServerPlan(ref: ref, environment: repository.environment, refreshes: refresh)
                .fetch(server, settings, terminal)
        }
        let prefix = try worktree ? "" : repository.prefix()
        let session = try await Session.open(repository, global, prefix: prefix, callsTarget: refresh)
        let source = try await Source.open(repository, ref: ref, isWorktree: worktree, session, terminal)
        return try await Planned.make(
            source, repository.environment, session, observing: refresh ? .everything : .whenNeeded, terminal)?.plan
    }
}

/// From files to a plan, with what is wrong printed.
enum Planned {
    /// - Returns: Nil when the manifests have errors; they have been printed. Warnings are findings of the plan.
    static func make(
        _ source: Source, _ environment: String?, _ session: Session, observing scope: ObservationScope,
        onFailure: String? = nil, _ terminal: Terminal
    ) async throws -> PreparedPlan? {
        let result = try await session.pipeline.load(source.tree, environment: environment)
        guard var graph = result.graph else {
            let printer = DiagnosticPrinter(tree: source.tree)
            terminal.note(try await printer.text(result.diagnostics, isColoured: terminal.colour))
            return nil
        }
        try await source.verify(session, environment: graph.environment)
        if let onFailure = onFailure.flatMap(ApplySettings.OnFailure.init(rawValue:)) {
            graph.apply.onFailure = onFailure
        }
        return try await session.pipeline.plan(graph, observing: scope)
    }
}
