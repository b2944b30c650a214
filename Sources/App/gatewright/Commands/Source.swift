import ArgumentParser
import Diagnostics
import GitSource
import Manifests
import Reconciling

/// The commit, or the uncommitted files, that a command is about.
struct Source {
    let tree: any FileTree
    /// Nil for uncommitted files.
    let commit: CommitFacts?
    private let repository: GitRepository?

    /// - Parameters:
    ///   - ref: A branch, a tag, a full or short id; HEAD when empty.
    ///   - isWorktree: The files as they are, committed or not.
    ///   - isVerified: Its signature counts, where signatures are asked for.
    static func open(
        _ repository: RepositoryOptions, ref: String, isWorktree: Bool, isVerified: Bool = true, _ session: Session,
        _ terminal: Terminal
    ) async throws -> Source {
        if isWorktree {
            return Source(tree: WorkingTree(repository.location), commit: nil, repository: nil)
        }
        let git = try await repository.open(session.directory, session.configuration.git, Environment()).git
        let id = try await git.resolve(ref)
        let commit = try await git.commit(id)
        if ref.isEmpty || ref == "HEAD" { try await pointOutChanges(git, terminal) }
        try await refuseTracked(session.directory, git)
        return Source(tree: CommitTree(git, at: id), commit: CommitFacts(commit), repository: isVerified ? git : nil)
    }

    /// Refuses a commit whose signature is not as the controller's configuration demands.
    func verify(_ session: Session, environment: String) async throws {
        guard let repository, let id = commit.flatMap({ CommitID(hex: $0.id) }) else { return }
        try await session.pipeline.verify(id, in: repository, environment: environment)
    }

    private static func pointOutChanges(_ git: GitRepository, _ terminal: Terminal) async throws {
        guard git.workingFolder != nil else { return }
        let changed = try await git.changedPaths().filter { !$0.path.hasPrefix(".gatewright/") }
        guard let first = changed.first else { return }
        let others = changed.count > 1 ? " and \(changed.count - 1) more" : ""
        terminal.note(
            "warning[command.dirty-tree]: `\(first.path)`\(others) changed since the last commit; the plan is of the commit"
        )
    }

    /// The data directory holds credentials: in a repository they would be published.
    private static func refuseTracked(_ directory: DataDirectory, _ git: GitRepository) async throws {
        guard let folder = git.workingFolder, directory.path.hasPrefix(folder) else { return }
        let path = String(directory.path.dropFirst(folder.count))
        let files = ["credentials", "sealing.key", "state.db", "engine.db"]
        for file in files where try await git.isTracked("\(path)/\(file)") {
            throw CommandFailure(.trackedDataDirectory, "`\(path)/\(file)` is tracked by git")
        }
    }
}
