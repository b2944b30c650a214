import ArgumentParser
import Diagnostics
import GitSource
import JSON
import Manifests
import Planning
import Reconciling
import Resources

/// `gatewright diff`: the dry run of a pull request, from the repository alone.
struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show what a branch would change once it is merged; needs no state, no target and no secret.",
        discussion: """
            BASE...HEAD merges HEAD into BASE in memory and plans from BASE to the result. BASE..HEAD plans from BASE to \
            HEAD as it is. HEAD may be left out and is then the commit that is checked out.
            """)

    @Argument(help: ArgumentHelp("A folder of a git repository, . by default; then the commits.", valueName: "range"))
    var arguments: [String]

    @Option(help: "The repository, instead of the folder: as of plan, also one on another machine.")
    var repo: String?

    @Option(help: "The folder of gatewright.yaml inside the repository.")
    var repoPath = ""

    @Option(help: "Only this environment; all by default.", completion: .environments)
    var environment: String?

    @Flag(name: .customLong("detailed-exitcode"), help: "Exit with 2 when there are changes.")
    var hasDetailedExitCode = false

    @Option(help: "How the plans are printed.")
    var format: PlanCommand.Format = .text

    @OptionGroup var global: GlobalOptions

    private var dir: String { arguments.count > 1 ? arguments[0] : "." }

    func validate() throws {
        guard repo == nil || arguments.count == 1 else {
            throw ValidationError("--repo stands for the folder: gatewright diff --repo URL BASE...HEAD")
        }
        guard arguments.count <= 2 else {
            throw ValidationError("diff takes a folder and one range: gatewright diff [DIR] BASE...HEAD")
        }
    }

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            let range = try CommitRange(arguments.last ?? "")
            let (git, prefix) = try await open()
            let (base, head, result) = try await trees(range, git)
            let differ = Differ(loader: .checking(repoPath: repoPath, prefix: prefix))
            let baseTree = CommitTree(git, at: base)
            switch try await differ.compare(base: baseTree, result: result, environment: environment) {
            case .refused(let diagnostics):
                terminal.note(
                    try await DiagnosticPrinter(tree: result).text(diagnostics, isColoured: terminal.colour))
                return .error
            case .sections(let sections):
                try await pointOut(sections, baseTree, terminal)
                let report = DiffReport(
                    range: range.text, base: base.hex, head: head.hex, isMerge: range.isMerge,
                    environment: environment, sections: sections)
                print(report, terminal)
                return hasDetailedExitCode && report.hasChanges ? .changes : .done
            }
        }
    }

    /// The repository, and where its folder that was named is inside it.
    private func open() async throws -> (git: GitRepository, prefix: String) {
        guard let repo, RemoteURL.isRemote(repo) else {
            let folder = try repo.map { text throws(GitFailure) in try Location(text).path } ?? dir
            return (try GitRepository(opening: folder), try RepositoryOptions.prefix(of: folder))
        }
        let directory = DataDirectory(option: global.dataDir, environment: global.environment, repository: ".")
        let settings = try global.configuration(directory).values.git
        try directory.prepare()
        return (try await OpenRepository.mirror(of: repo, directory, settings, global.environment).git, "")
    }

    private func print(_ report: DiffReport, _ terminal: Terminal) {
        switch format {
        case .text: terminal.write(report.text(colour: terminal.colour))
        case .json: terminal.say(report.json.text(.pretty))
        case .markdown: terminal.write(report.markdown)
        }
    }

    /// - Throws: `command.merge-conflicts`, `command.shallow-clone`, `git.shallow`, `git.unknown-ref`, ...
    private func trees(
        _ range: CommitRange, _ git: GitRepository
    ) async throws -> (base: CommitID, head: CommitID, result: CommitTree) {
        let base = try await commit(range.base, git)
        let head = try await commit(range.head, git)
        guard range.isMerge else { return (base, head, CommitTree(git, at: head)) }
        switch try await git.merge(base: base, head: head) {
        case .merged(let tree): return (base, head, CommitTree(tree))
        case .conflicts(let conflicts):
            let paths = conflicts.prefix(100).map { "  \($0.path) (\($0.kind.rawValue))" }
            let more = conflicts.count > paths.count ? ["  … and \(conflicts.count - paths.count) more"] : []
            let count = conflicts.count == 1 ? "1 path conflicts" : "\(conflicts.count) paths conflict"
            throw CommandFailure(
                .mergeConflicts,
                (["`\(range.head)` cannot be merged into `\(range.base)`: \(count)"] + paths + more)
                    .joined(separator: "\n"))
        }
    }

    private func commit(_ name: String, _ git: GitRepository) async throws -> CommitID {
        do {
            let commit = try await git.resolve(name)
            // `HEAD~1` of a shallow clone has an id and no commit.
            return try await git.commit(commit).id
        } catch {
            let isShallow = await git.isShallow
            guard [.unknownRef, .objectMissing].contains(error.code), isShallow else { throw error }
            throw CommandFailure(
                .shallowClone,
                "\(error.message), and this clone is shallow: run `git fetch --unshallow`, or check out with "
                    + "`fetch-depth: 0`")
        }
    }

    /// What is wrong with the base stops nothing: a pull request may be what mends it.
    private func pointOut(
        _ sections: [DiffReport.Section], _ base: CommitTree, _ terminal: Terminal
    ) async throws {
        var diagnostics: [Diagnostic] = []
        for section in sections {
            guard case .baseInvalid(let wrong) = section.outcome else { continue }
            diagnostics += wrong.filter { !diagnostics.contains($0) }
        }
        guard !diagnostics.isEmpty else { return }
        terminal.note("warning[command.base-invalid]: the base has errors, so there is no plan from it:")
        terminal.note(try await DiagnosticPrinter(tree: base).text(diagnostics, isColoured: terminal.colour))
    }
}

/// `BASE...HEAD` or `BASE..HEAD`.
struct CommitRange {
    let text: String
    let base: String
    /// `HEAD` where it is left out.
    let head: String
    /// Three dots: the result is that of the merge.
    let isMerge: Bool

    /// - Throws: `command.bad-range`.
    init(_ text: String) throws(CommandFailure) {
        let parts = text.split(separator: "...", omittingEmptySubsequences: false)
        let isMerge = parts.count > 1
        let sides = isMerge ? parts : text.split(separator: "..", omittingEmptySubsequences: false)
        guard sides.count == 2, !sides[0].isEmpty, !sides[0].contains(".."), !sides[1].contains(".."),
            !sides[1].hasPrefix(".")
        else {
            throw CommandFailure(
                .badRange, "`\(text)` is not BASE...HEAD: two commits with three dots between, or two")
        }
        self.text = text
        self.isMerge = isMerge
        base = String(sides[0])
        head = sides[1].isEmpty ? "HEAD" : String(sides[1])
    }
}
