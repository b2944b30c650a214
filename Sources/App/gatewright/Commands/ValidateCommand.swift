import ArgumentParser
import Diagnostics
import GitSource
import Manifests
import Reconciling
import Resources

/// `gatewright validate [DIR]`: the working tree, no git needed; or a commit, of a remote repository too.
struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Check the files of a folder: everything that is wrong, at once.")

    @Argument(help: "A folder with a gatewright.yaml.")
    var dir = "."

    @Option(help: "The repository, instead of DIR: as of plan. Of one on another machine a commit is checked.")
    var repo: String?

    @Option(help: "Check this commit instead of the files as they are: a branch, a tag, a full or short id.")
    var ref: String?

    @Option(help: "The folder of gatewright.yaml inside the repository.")
    var repoPath = ""

    @Option(help: "Only this environment; all by default.", completion: .environments)
    var environment: String?

    @Option(help: "How problems are printed.")
    var format: DiagnosticFormat = .text

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            let (tree, loader) = try await open(terminal)
            var diagnostics: [Diagnostic] = []
            var names: [String?] = [environment]
            if environment == nil {
                let found = try await loader.environments(in: tree)
                diagnostics = found.diagnostics
                // Each environment has its own errors; only without a list of them there is nothing to go by.
                names = found.isWhole ? found.names : []
            }
            var seen = Set(diagnostics)
            var summary: [String] = []
            for name in names {
                let result = try await loader.load(environment: name, from: tree)
                // What environments share is said once.
                diagnostics += result.diagnostics.filter { seen.insert($0).inserted }
                if let graph = result.graph {
                    summary.append("environment `\(graph.environment)`: \(graph.resources.count) objects")
                }
            }
            try await print(diagnostics, tree, terminal)
            guard !diagnostics.hasErrors else { return .error }
            if format == .text { terminal.say("valid: " + summary.joined(separator: ", ")) }
            return .done
        }
    }

    private var isRemote: Bool { repo.map { RemoteURL.isRemote($0) } ?? false }

    /// The files, and the loader that starts at their gatewright.yaml.
    private func open(_ terminal: Terminal) async throws -> (tree: any FileTree, loader: ManifestLoader) {
        let folder = try isRemote ? "." : repo.map { text throws(GitFailure) in try Location(text).path } ?? dir
        guard isRemote || ref != nil else {
            return (WorkingTree(folder), .checking(repoPath: repoPath))
        }
        let git: GitRepository
        var prefix = ""
        if isRemote, let repo {
            let directory = DataDirectory(option: global.dataDir, environment: global.environment, repository: folder)
            let settings = try global.configuration(directory).values.git
            try directory.prepare()
            git = try await OpenRepository.mirror(of: repo, directory, settings, global.environment).git
        } else {
            git = try OpenRepository(folder: folder).git
            prefix = try RepositoryOptions.prefix(of: folder)
        }
        let commit = try await git.resolve(ref ?? "HEAD")
        return (CommitTree(git, at: commit), .checking(repoPath: repoPath, prefix: prefix))
    }

    private func print(_ diagnostics: [Diagnostic], _ tree: any FileTree, _ terminal: Terminal) async throws {
        switch format {
        case .text, .json:
            guard !diagnostics.isEmpty || format == .json else { return }
            terminal.write(
                try await DiagnosticPrinter(tree: tree).text(diagnostics, format, isColoured: terminal.colour))
        case .github: terminal.write(DiagnosticRenderer(.github).render(inRepository(diagnostics)))
        case .sarif:
            let tool = DiagnosticTool(version: Version.text) { Catalogue.all[$0]?.explanation }
            terminal.write(DiagnosticRenderer(.sarif, tool: tool).render(inRepository(diagnostics)))
        }
    }
}

extension ValidateCommand {
    /// Annotations and results name files from the root of the repository, wherever DIR is in it.
    private func inRepository(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        // Those of a commit do so already.
        guard ref == nil, !isRemote else { return diagnostics }
        let prefix: String
        do { prefix = try RepositoryOptions.prefix(of: repo ?? dir) } catch { return diagnostics }
        guard !prefix.isEmpty else { return diagnostics }
        return diagnostics.map { diagnostic in
            var diagnostic = diagnostic
            for index in diagnostic.spans.indices {
                diagnostic.spans[index].file = "\(prefix)/\(diagnostic.spans[index].file)"
            }
            return diagnostic
        }
    }
}

extension DiagnosticFormat: ExpressibleByArgument {}
