import Foundation
import Testing

/// A configuration repository, as a user has one.
final class Repository: Sendable {
    let workspace: Workspace
    let folder: String

    /// A folder that is no git repository yet.
    init(files: [String: String], in workspace: Workspace? = nil) throws {
        let workspace = try workspace ?? Workspace()
        self.workspace = workspace
        folder = try workspace.folder("repository")
        for (path, text) in files { try write(path, text) }
    }

    /// A copy of one of `examples/`, as its README says: with a .gitignore, committed, its backend being `backend`.
    static func example(
        _ name: String, backend: String = "http://127.0.0.1:9", in workspace: Workspace? = nil
    ) async throws -> Repository {
        let repository = try Repository(files: [".gitignore": ".gatewright/\n"], in: workspace)
        let source = project + "/examples/" + name
        for item in try FileManager.default.contentsOfDirectory(atPath: source) {
            try FileManager.default.copyItem(atPath: source + "/" + item, toPath: repository.folder + "/" + item)
        }
        // An example without an API has no backend.
        let environment = try repository.read("gatewright.yaml")
        try repository.write("gatewright.yaml", environment.replacing("http://127.0.0.1:19090", with: backend))
        try repository.keepConfiguration()
        try await repository.start()
        return repository
    }

    /// What an example's README gives to the engine by a flag lies where every command finds it.
    private func keepConfiguration() throws {
        let given = folder + "/gatewright.conf.yaml"
        guard FileManager.default.fileExists(atPath: given) else { return }
        let data = folder + "/.gatewright"
        try FileManager.default.createDirectory(
            atPath: data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try FileManager.default.copyItem(atPath: given, toPath: data + "/gatewright.conf.yaml")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: data + "/gatewright.conf.yaml")
    }

    static var project: String {
        var url = URL(filePath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url.path().hasSuffix("/") ? String(url.path().dropLast()) : url.path()
    }

    // MARK: Files

    func read(_ path: String) throws -> String {
        try String(contentsOfFile: folder + "/" + path, encoding: .utf8)
    }

    func write(_ path: String, _ text: String) throws {
        let file = folder + "/" + path
        try FileManager.default.createDirectory(
            atPath: URL(filePath: file).deletingLastPathComponent().path(), withIntermediateDirectories: true)
        try text.write(toFile: file, atomically: true, encoding: .utf8)
    }

    /// Fails the test where there is nothing to replace.
    func replace(_ path: String, _ old: String, by new: String) throws {
        let text = try read(path)
        try #require(text.contains(old), "`\(path)` has no `\(old)`")
        try write(path, text.replacingOccurrences(of: old, with: new))
    }

    // MARK: Commands

    /// Makes it a git repository with one commit.
    func start() async throws {
        try await git("init", "--quiet", "-b", "main")
        try await git("config", "user.name", "Ann")
        try await git("config", "user.email", "ann@example.com")
        try await git("config", "commit.gpgsign", "false")
        try await commit("Start")
    }

    /// - Returns: The new commit's id.
    @discardableResult
    func commit(_ message: String) async throws -> String {
        try await git("add", "--all")
        try await git("commit", "--quiet", "--message", message)
        return try await git("rev-parse", "HEAD")
    }

    /// - Returns: What it printed, without the last newline.
    @discardableResult
    func git(_ arguments: String...) async throws -> String {
        let output = try await Program.run("git", arguments, in: folder, workspace)
        try #require(output.status == 0, "\(output)")
        return output.out.trimmingCharacters(in: .newlines)
    }

    /// `gatewright` in the repository's folder.
    func gatewright(_ arguments: String...) async throws -> Output {
        try await Program.run("gatewright", arguments, in: folder, workspace)
    }

    /// `gatewright apply --yes`, which has to work.
    func apply() async throws {
        let output = try await gatewright("apply", "--yes")
        try #require(output.status == 0, "\(output)")
    }

    /// The target is what the state says, and that is what git says.
    func expectConverged(_ location: SourceLocation = #_sourceLocation) async throws {
        let plan = try await gatewright("plan", "--refresh", "--detailed-exitcode")
        #expect(plan.status == 0, "\(plan)", sourceLocation: location)
    }

    /// A command that fails says why, with a code that `explain` knows.
    ///
    /// - Parameter code: Nil where the specification names none.
    @discardableResult
    func expectFailure(
        _ arguments: String..., status: Int32, says words: String..., location: SourceLocation = #_sourceLocation
    ) async throws -> Output {
        let output = try await Program.run("gatewright", arguments, in: folder, workspace)
        try await expectFailure(output, status: status, says: words, location: location)
        return output
    }

    func expectFailure(
        _ output: Output, status: Int32, says words: [String] = [], location: SourceLocation = #_sourceLocation
    ) async throws {
        #expect(output.status == status, "\(output)", sourceLocation: location)
        for word in words { #expect(output.all.contains(word), "\(output)", sourceLocation: location) }
        #expect(!output.codes.isEmpty, "no code in the message of \(output)", sourceLocation: location)
        for code in Set(output.codes) {
            let explained = try await Program.run("gatewright", ["explain", code], workspace)
            #expect(
                explained.status == 0 && explained.out.contains("remedy"), "\(explained)", sourceLocation: location)
        }
    }
}
