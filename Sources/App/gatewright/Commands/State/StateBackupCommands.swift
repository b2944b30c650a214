import ArgumentParser
import Glibc
import Persistence
import Reconciling
import Storage

/// `gatewright state backup FOLDER`
struct StateBackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the data directory into a new folder, also while a `serve` works in it.")

    @Argument(help: "A folder that is not there yet; it will hold credentials.")
    var folder: String

    @OptionGroup var repository: RepositoryOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            let directory = DataDirectory(
                option: global.dataDir, environment: global.environment, repository: repository.folder)
            let copied = try await Backup(folder: folder).make(of: directory)
            terminal.say("`\(directory.path)` is copied to `\(folder)`: \(copied.joined(separator: ", "))")
            return .done
        }
    }
}

/// `gatewright state restore FOLDER`
struct StateRestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Bring a backup into an empty data directory.")

    @Argument(help: "The folder that `state backup` made.")
    var folder: String

    @Flag(help: "Only the recorded state and the history; the target, an engine among them, stays as it is.")
    var stateOnly = false

    @OptionGroup var repository: RepositoryOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            let directory = DataDirectory(
                option: global.dataDir, environment: global.environment, repository: repository.folder)
            try directory.prepare()
            let copied = try await Backup(folder: folder).restore(to: directory, stateOnly: stateOnly)
            terminal.say("`\(folder)` is restored to `\(directory.path)`: \(copied.joined(separator: ", "))")
            terminal.say("the next plan of each environment reads the target first: what it has may be newer")
            return .done
        }
    }
}

/// A copy of a data directory.
struct Backup {
    let folder: String

    /// In this order: a state that is older than its target is the usual case, which a plan mends by reading; one that is
    /// newer is not.
    private static let databases = ["state.db", "engine.db"]
    private static let texts = ["credentials", "sealing.key", "engine.json", "gatewright.conf.yaml"]

    /// - Returns: The names of the files that were copied.
    func make(of directory: DataDirectory) async throws -> [String] {
        guard access(folder, F_OK) != 0 else {
            throw CommandFailure(.cannotBackUp, "`\(folder)` is there already: a backup needs a new folder")
        }
        guard access(directory.statePath, F_OK) == 0 || access(directory.enginePath, F_OK) == 0 else {
            throw CommandFailure(
                .cannotBackUp, "`\(directory.path)` has no database: nothing was applied from there yet")
        }
        // Whole or not at all: what a cut-off backup leaves has another name.
        let partial = "\(folder).partial-\(getpid())"
        guard unsafe mkdir(partial, 0o700) == 0 else {
            throw DataDirectoryFailure(errno: errno, doing: "make the folder `\(partial)`")
        }
        let copied = try await copy(from: directory.path, to: partial, Self.databases, Self.texts)
        guard rename(partial, folder) == 0 else {
            throw DataDirectoryFailure(errno: errno, doing: "rename `\(partial)`")
        }
        return copied
    }

    func restore(to directory: DataDirectory, stateOnly: Bool) async throws -> [String] {
        let databases = stateOnly ? ["state.db"] : Self.databases
        guard databases.contains(where: { access("\(folder)/\($0)", F_OK) == 0 }) else {
            throw CommandFailure(
                .cannotBackUp, "`\(folder)` is no backup: it has no \(databases.joined(separator: " or "))")
        }
        for name in databases where access("\(directory.path)/\(name)", F_OK) == 0 {
            throw CommandFailure(
                .cannotBackUp, "`\(directory.path)/\(name)` is there: a backup is restored where there is none")
        }
        if await OwnerSocket(path: directory.ownerSocketPath()).isAnswering(), !stateOnly {
            throw DataDirectoryFailure(.inUse, "a running process owns `\(directory.path)`")
        }
        let copied = try await copy(from: folder, to: directory.path, databases, stateOnly ? [] : Self.texts)
        let stores = try await StateDatabase.open(
            directory: directory.path, now: { Timestamp(milliseconds: WallClock.millisecondsSince1970) })
        try await stores.doubtEverything(because: "the state was restored from a backup")
        await stores.close()
        return copied
    }

    private func copy(
        from source: String, to target: String, _ databases: [String], _ texts: [String]
    ) async throws -> [String] {
        var copied: [String] = []
        for name in databases where access("\(source)/\(name)", F_OK) == 0 {
            let new = "\(target)/\(name).new"
            unlink(new)
            try await Database.copy("\(source)/\(name)", to: new)
            _ = chmod(new, 0o600)
            guard rename(new, "\(target)/\(name)") == 0 else {
                throw DataDirectoryFailure(errno: errno, doing: "rename `\(new)`")
            }
            copied.append(name)
        }
        for name in texts {
            guard let text = try FileText.read("\(source)/\(name)") else { continue }
            try FileText.write(text, to: "\(target)/\(name)", mode: 0o600)
            copied.append(name)
        }
        return copied
    }
}
