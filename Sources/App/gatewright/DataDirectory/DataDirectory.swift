import Diagnostics
import Glibc
import Storage

/// The folder that holds what outlives a process: `state.db`, `engine.db`, `credentials`, `sealing.key`,
/// `owner.sock`.
///
/// Mode 0700: the credentials in it are root's of the engine.
struct DataDirectory: Sendable {
    let path: String
    /// Beside a configuration, which must be there: nothing above it is made.
    private let isDefault: Bool

    var statePath: String { path + "/state.db" }
    var enginePath: String { path + "/engine.db" }
    var credentialsPath: String { path + "/credentials" }
    var sealingKeyPath: String { path + "/sealing.key" }
    var engineLockPath: String { path + "/engine.lock" }
    var placePath: String { path + "/engine.json" }
    /// The code of functions that was applied, by its hash.
    var codePath: String { path + "/functions" }
    var listenersPath: String { path + "/listeners.json" }

    /// - Parameters:
    ///   - option: `--data-dir`.
    ///   - repository: A local repository or folder with a `gatewright.yaml`, if the command has one.
    init(option: String?, environment: Environment, repository: String?) {
        let chosen = option ?? environment["GATEWRIGHT_DATA_DIR"].flatMap { $0.isEmpty ? nil : $0 }
        path = Self.absolute(chosen ?? (repository ?? ".") + "/.gatewright")
        isDefault = chosen == nil
    }

    /// Makes the folder if it is not there, with the folders above it.
    func prepare() throws(DataDirectoryFailure) {
        let parts = path.split(separator: "/")
        var made = isDefault ? parts.dropLast().map { "/" + $0 }.joined() : ""
        for part in isDefault ? parts.suffix(1) : parts[...] {
            made += "/" + part
            if unsafe mkdir(made, 0o700) != 0, errno != EEXIST {
                throw DataDirectoryFailure(errno: errno, doing: "make the folder `\(made)`")
            }
        }
        guard access(path, R_OK | W_OK | X_OK) == 0 else {
            throw DataDirectoryFailure(errno: errno, doing: "write in the data directory `\(path)`")
        }
        guard let status = FileStatus(of: path) else {
            throw DataDirectoryFailure(errno: errno, doing: "look at the data directory `\(path)`")
        }
        guard status.isFolder else {
            throw DataDirectoryFailure(.notAFolder, "`\(path)` is no folder")
        }
        // `/tmp` and its like must stay as they are; an empty one is the root of a disk that was made for this.
        guard !status.isSticky || access(statePath, F_OK) == 0 || isEmpty else {
            throw DataDirectoryFailure(.unusable, "`\(path)` is shared with others: name a folder in it")
        }
        // A folder that was there already with wider rights is narrowed: it holds credentials.
        if status.isOpenToOthers, status.isOwn { _ = chmod(path, 0o700) }
    }

    private var isEmpty: Bool {
        guard let folder = unsafe opendir(path) else { return false }
        defer { unsafe closedir(folder) }
        var count = 0
        while unsafe readdir(folder) != nil { count += 1 }
        // `.` and `..`
        return count <= 2
    }

    /// A path that fits into a socket address.
    ///
    /// LIMIT: a unix socket's path has at most 107 bytes; a longer one goes through `/proc/self/fd`, whose descriptor
    /// stays open for the life of the process.
    private func socketPath(_ name: String) -> String {
        let plain = path + "/" + name
        guard plain.utf8.count > 107 else { return plain }
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        return descriptor < 0 ? plain : "/proc/self/fd/\(descriptor)/\(name)"
    }

    /// Where the engine answers those who may read the data directory.
    func ownerSocketPath() -> String { socketPath("owner.sock") }

    /// Where the controller does.
    func controllerSocketPath() -> String { socketPath("controller.sock") }

    /// From the current folder.
    static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/") else { return path }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard unsafe getcwd(&buffer, buffer.count) != nil else { return path }
        let length = buffer.firstIndex(of: 0) ?? 0
        let current = String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let tail = path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
        return tail.isEmpty ? current : current + "/" + tail
    }
}

/// The data directory cannot be used.
struct DataDirectoryFailure: Failure {
    enum Code: String, StableCode {
        case notWritable = "data-directory.not-writable"
        case notAFolder = "data-directory.not-a-folder"
        case full = "data-directory.full"
        case inUse = "data-directory.in-use"
        case badCredentials = "data-directory.bad-credentials"
        case badSealingKey = "data-directory.bad-sealing-key"
        case unusable = "data-directory.unusable"
    }

    let code: Code
    let message: String
    var recovery: Recovery { .askOperator(runbook: "data-directory.md") }

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    init(errno number: Int32, doing what: String) {
        let reason = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
        let code: Code =
            switch number {
            case EACCES, EPERM, EROFS: .notWritable
            case ENOTDIR: .notAFolder
            case ENOSPC, EDQUOT: .full
            default: .unusable
            }
        self.init(code, "cannot \(what): \(reason)")
    }
}

extension DataDirectoryFailure.Code {
    var explanation: Explanation {
        switch self {
        case .notWritable:
            Explanation(
                meaning: "the data directory, or a folder above it, may not be written by this user",
                cause: "another user made it, or the file system is read-only",
                remedy: "name another one with `--data-dir`, or give this user the right to write there")
        case .notAFolder:
            Explanation(
                meaning: "the path of the data directory leads to a file", cause: "a file of that name is in the way",
                remedy: "move the file away or name another folder with `--data-dir`")
        case .full:
            Explanation(
                meaning: "the disk of the data directory is full", cause: "no space left on the device",
                remedy: "free some space and run the command again: nothing that was applied is lost")
        case .inUse:
            Explanation(
                meaning: "another process has the engine of this data directory open",
                cause: "a `gatewright serve` or `gatewright engine` is running there, or is just stopping",
                remedy: "use that process (commands find its `owner.sock` by themselves), stop it, or name another "
                    + "folder with `--data-dir`")
        case .badCredentials:
            Explanation(
                meaning: "the `credentials` file of the data directory is not an AWS shared-credentials file",
                cause: "it was edited by hand, or its writing was cut off",
                remedy: "put back `aws_access_key_id` and `aws_secret_access_key` under `[default]`, or delete the "
                    + "file: a new pair is made at the next start")
        case .badSealingKey:
            Explanation(
                meaning: "the `sealing.key` file of the data directory does not hold a key",
                cause: "it was edited by hand, or its writing was cut off",
                remedy: "put back the file of the backup; without it the access keys in `engine.db` cannot be used and "
                    + "have to be made anew")
        case .unusable:
            Explanation(
                meaning: "the data directory cannot be used", cause: "the message says what the system answered",
                remedy: "name another folder with `--data-dir`")
        }
    }
}
