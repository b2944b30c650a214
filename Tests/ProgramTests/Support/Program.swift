import Foundation
import Glibc
import Testing

/// A program as a user starts it: by its name, with its own process group, its output kept in files.
final class Program: Sendable {
    let name: String
    let pid: Int32
    private let workspace: Workspace
    private let outputPath: String
    private let ending = Ending()

    /// - Parameters:
    ///   - name: A product of this package, or a program of this machine.
    ///   - folder: The current folder; the workspace by default.
    init(
        _ name: String, _ arguments: [String], in folder: String? = nil, _ workspace: Workspace,
        environment: [String: String] = [:]
    ) throws {
        self.name = ([name] + arguments).joined(separator: " ")
        self.workspace = workspace
        outputPath = workspace.path + "/output/" + UUID().uuidString
        let own = Self.product(name)
        let program = FileManager.default.isExecutableFile(atPath: own) ? own : name
        pid = try Spawning(
            program: program, arguments: arguments, folder: folder ?? workspace.path,
            environment: workspace.environment.merging(environment) { $1 }, outputPath: outputPath
        ).start()
        ending.await(pid)
    }

    deinit { signal(SIGKILL) }

    /// The built binaries stand beside the program that runs the tests.
    static func product(_ name: String) -> String {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path() + name
    }

    /// Whether this machine has a program of that name.
    static func isInstalled(_ name: String) -> Bool {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }

    var isRunning: Bool { ending.status == nil }

    /// Whether it left processes of its group behind when it ended.
    var leftChildren: Bool { ending.leftChildren }

    /// What it has printed so far.
    var output: Output {
        func text(_ ending: String) -> String {
            String(decoding: FileManager.default.contents(atPath: outputPath + ending) ?? Data(), as: UTF8.self)
        }
        return Output(command: name, status: ending.status ?? -1, out: text(".out"), err: text(".err"))
    }

    /// To the program; SIGKILL to its children too.
    func signal(_ number: Int32) {
        ending.whileRunning { _ = kill(number == SIGKILL ? -pid : pid, number) }
    }

    /// Waits for the end.
    ///
    /// - Throws: ``TimedOut``; the program is then killed.
    @discardableResult
    func end(within seconds: Int = Limits.commandSecondsMax) async throws -> Output {
        let ending = ending
        let isInTime = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: ending.wait(seconds: seconds)) }
        }
        guard isInTime else {
            let output = output
            signal(SIGKILL)
            throw TimedOut(what: "`\(name)` to end", seen: output.all)
        }
        return output
    }

    /// Runs a command to its end.
    static func run(
        _ name: String, _ arguments: [String], in folder: String? = nil, _ workspace: Workspace,
        environment: [String: String] = [:]
    ) async throws -> Output {
        try await Program(name, arguments, in: folder, workspace, environment: environment).end()
    }
}
