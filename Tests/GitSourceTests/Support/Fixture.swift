import Foundation
import GitSource

/// A folder of its own for one test, with a repository made by the `git` command; removed at the end.
final class Fixture {
    let root: String
    var repository: String { root + "/repository" }

    init(bare: Bool = false) throws {
        root = NSTemporaryDirectory() + "gatewright-git-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: repository, withIntermediateDirectories: true)
        try git("init", "--quiet", "--initial-branch=main", bare ? "--bare" : "--no-bare")
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    struct CommandFailure: Error {
        let command: [String]
        let output: String
    }

    /// Runs `git` in the repository, with nobody's configuration and at a fixed time.
    @discardableResult
    func git(_ arguments: String..., input: [UInt8] = []) throws -> String {
        try run(["git"] + arguments.filter { $0 != "--no-bare" }, input: input)
    }

    @discardableResult
    func run(_ command: [String], input: [UInt8] = []) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.currentDirectoryURL = URL(fileURLWithPath: repository)
        process.environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": root,
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Ann Author", "GIT_AUTHOR_EMAIL": "ann@example.com",
            "GIT_AUTHOR_DATE": "1700000000 +0530", "GIT_COMMITTER_NAME": "Carl Committer",
            "GIT_COMMITTER_EMAIL": "carl@example.com", "GIT_COMMITTER_DATE": "1700000100 -0800",
        ]
        // Files, not pipes: a pipe's end that another child of the same moment inherits keeps both waiting.
        let files = root + "/" + UUID().uuidString
        try Data(input).write(to: URL(fileURLWithPath: files + ".in"))
        try Data().write(to: URL(fileURLWithPath: files + ".out"))
        defer { for suffix in [".in", ".out"] { try? FileManager.default.removeItem(atPath: files + suffix) } }
        process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: files + ".in"))
        let output = try FileHandle(forWritingTo: URL(fileURLWithPath: files + ".out"))
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try output.close()
        let text = try String(contentsOfFile: files + ".out", encoding: .utf8)
        guard process.terminationStatus == 0 else { throw CommandFailure(command: command, output: text) }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func write(_ path: String, _ text: String) throws {
        let full = repository + "/" + path
        try FileManager.default.createDirectory(
            atPath: (full as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: full))
    }

    func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: repository + "/" + path) }

    @discardableResult
    func commit(_ files: [String: String], message: String = "Change") throws -> CommitID {
        for (path, text) in files { try write(path, text) }
        try git("add", "--all")
        try git("commit", "--quiet", "--allow-empty", "--message", message)
        return try id(git("rev-parse", "HEAD"))
    }

    func id<Kind>(_ hex: String) throws -> ObjectID<Kind> {
        guard let id = ObjectID<Kind>(hex: hex) else { throw CommandFailure(command: [hex], output: "no id") }
        return id
    }

    func open() throws -> GitRepository { try GitRepository(opening: repository) }

    /// A commit whose tree is made entry by entry, as no `git add` would: `mode type id TAB name`.
    func commit(tree lines: [String]) throws -> CommitID {
        let bytes: [UInt8] = lines.flatMap { Array($0.utf8) + [0 as UInt8] }
        let tree = try git("mktree", "-z", "--missing", input: bytes)
        return try id(git("commit-tree", tree, "-m", "Made by hand"))
    }

    func blob(_ text: String) throws -> String { try git("hash-object", "-w", "--stdin", input: Array(text.utf8)) }

    func loosePath(_ hex: String) -> String { ".git/objects/\(hex.prefix(2))/\(hex.dropFirst(2))" }
}

/// The failure of an operation that must fail with one.
func failure(_ body: () async throws -> Void) async -> GitFailure? {
    do {
        try await body()
        return nil
    } catch {
        return error as? GitFailure
    }
}
