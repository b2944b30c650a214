import Blocking
import Crypto
import FoundationEssentials
import Glibc
import JSON

/// A bare copy of a remote repository in the data directory.
///
/// The network is left to a child process of the same program, since libgit2 cannot be interrupted: at the time limit
/// it is killed with all that it started, and a clone that is not whole is removed.
package actor GitMirror {
    /// How long an update may take.
    package struct Bounds: Sendable {
        package var whole = Limits.transferTime
        /// Without any sign of life, from the first connect on.
        package var silence = Limits.transferSilence

        package init() {}
    }

    private let blocking = BlockingExecutor(label: "gw.git.mirror")
    package nonisolated var unownedExecutor: UnownedSerialExecutor { blocking.asUnownedSerialExecutor() }

    /// The repository's folder; there once ``update()`` came back the first time.
    package nonisolated let path: String
    /// The remote, without a password.
    package nonisolated let remote: String
    private let url: RemoteURL
    private let writtenURL: String
    private let folder: String
    private let access: RemoteAccess
    private let bounds: Bounds
    private let program: String

    /// - Parameters:
    ///   - folder: Where mirrors are kept, each under a name made of its URL.
    ///   - program: Has the command `git-transfer`; this program itself by default.
    /// - Throws: `git.unsupported-location`.
    package init(
        _ url: String, folder: String, access: RemoteAccess, bounds: Bounds = Bounds(),
        program: String = "/proc/self/exe"
    ) throws(GitFailure) {
        self.url = try RemoteURL(url)
        writtenURL = url
        remote = self.url.description
        self.folder = folder
        self.access = access
        self.bounds = bounds
        self.program = program
        let digest = SHA256.hash(data: Array(self.url.address.utf8))
        path = "\(folder)/\(self.url.name)-\(TreeID.hex(of: Array(digest.prefix(6)))).git"
    }

    /// Brings the mirror to where the remote is: clones it the first time, fetches and prunes from then on.
    ///
    /// - Throws: Any failure of remotes; what was there before stays readable.
    package func update() throws(GitFailure) {
        try prepare()
        let lock = try lock()
        defer { close(lock) }
        removeLeftovers()
        guard Glibc.access(path, F_OK) != 0 else { return try transfer(to: path, lock: lock) }
        let place = path + ".new-\(getpid())"
        do {
            try transfer(to: place, lock: lock)
        } catch {
            remove(place)
            throw error
        }
        guard rename(place, path) == 0 else {
            let failure = unwritable("rename `\(place)`")
            remove(place)
            throw failure
        }
    }

    private func prepare() throws(GitFailure) {
        var made = ""
        for part in (folder + "/").split(separator: "/") {
            made += (made.isEmpty && !folder.hasPrefix("/") ? "" : "/") + part
            guard mkdir(made, 0o700) == 0 || errno == EEXIST else { throw unwritable("make `\(made)`") }
        }
    }

    /// One process at a time; the child has the lock too, so that it holds until both are gone.
    private func lock() throws(GitFailure) -> Int32 {
        let file = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw unwritable("open `\(path).lock`") }
        let start = ContinuousClock.now
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR, ContinuousClock.now - start < bounds.whole, !Task.isCancelled
            else {
                close(file)
                throw GitFailure(.remoteTimeout, "another process is fetching `\(remote)` and does not come to its end")
            }
            poll(nil, 0, 50)
        }
        return file
    }

    private func unwritable(_ what: String) -> GitFailure {
        let reason = strerror(errno).map { String(cString: $0) } ?? "no reason is given"
        return GitFailure(.mirrorUnwritable, "cannot \(what): \(reason)")
    }

    /// What a process that was killed left: clones that are not whole, locks of references, halves of packs.
    private func removeLeftovers() {
        let own = path.split(separator: "/").last.map { $0 + ".new-" } ?? ""
        for name in Self.names(folder) where name.hasPrefix(own) { remove("\(folder)/\(name)") }
        for name in ["HEAD.lock", "packed-refs.lock", "config.lock"] { unlink("\(path)/\(name)") }
        for name in Self.names("\(path)/objects/pack") where name.hasPrefix("tmp_") || name.hasPrefix("pack_git2_") {
            unlink("\(path)/objects/pack/\(name)")
        }
        let refs: [String]
        do { refs = try FileManager.default.subpathsOfDirectory(atPath: path + "/refs") } catch { return }
        for name in refs where name.hasSuffix(".lock") { unlink("\(path)/refs/\(name)") }
    }

    private static func names(_ folder: String) -> [String] {
        do { return try FileManager.default.contentsOfDirectory(atPath: folder) } catch { return [] }
    }

    private func remove(_ place: String) {
        do {
            try FileManager.default.removeItem(atPath: place)
        } catch {
            // Removed at the next update.
        }
    }

    private func transfer(to place: String, lock: Int32) throws(GitFailure) {
        let request = TransferRequest(url: writtenURL, folder: place, access: access)
        var variables = Environment.current
        variables["HOME"] = try keyFolder()
        // libssh2 knows the agent by this variable only.
        variables["SSH_AUTH_SOCK"] = access.agentSocket
        let child = ChildProcess(
            program: program, arguments: ["git-transfer"], environment: variables, keepsInputOpen: true,
            inherited: lock,
            limits: ChildProcess.Bounds(whole: bounds.whole, silence: bounds.silence, outputBytesMax: 4 << 20))
        var lines = LineReader()
        var last: TransferWord?
        let result = child.run(
            input: request.json.bytes(.compact) + [UInt8(ascii: "\n")], isCancelled: { Task.isCancelled },
            onOutput: { for line in lines.add($0) { last = TransferWord(line: line) ?? last } })
        guard let result else { throw GitFailure(.transferFailed, "the process that fetches could not be started") }
        switch (result.end, last) {
        case (.status, .failed(let failure)?): throw failure
        case (.status(0), .done?): return
        case (.timedOut, _):
            throw GitFailure(.remoteTimeout, "fetching `\(remote)` took longer than \(bounds.whole.words)")
        case (.silent, _):
            throw GitFailure(.remoteTimeout, "`\(remote)` said nothing for \(bounds.silence.words)")
        case (.cancelled, _): throw GitFailure(.transferFailed, "fetching `\(remote)` was stopped")
        case (.status(128 + SIGBUS), _):
            throw GitFailure(.mirrorUnwritable, "the mirror `\(path)` cannot be written: the disk is full")
        case (let end, _):
            let said = String(decoding: result.errors.suffix(400), as: UTF8.self).split(whereSeparator: \.isNewline)
            throw GitFailure(
                .transferFailed,
                "the process that fetches `\(remote)` ended without an answer (\(end))"
                    + (said.last.map { ": " + $0.prefix(200) } ?? ""))
        }
    }

    /// A home for the child with a known_hosts of this host's plain keys: libgit2 reads it to ask the host for a key of a
    /// type that is known. The judgement itself is ``KnownHosts``'.
    private func keyFolder() throws(GitFailure) -> String {
        let home = path + ".home"
        guard url.scheme == .ssh else { return "/nonexistent" }
        for made in [home, home + "/.ssh"] where mkdir(made, 0o700) != 0 && errno != EEXIST {
            throw unwritable("make `\(made)`")
        }
        let known = KnownHosts(
            access.knownHostsFiles.compactMap { SmallFile.text($0) }, of: url.knownHostName)
        do {
            try known.file(for: url.knownHostName).write(
                toFile: home + "/.ssh/known_hosts", atomically: true, encoding: .utf8)
        } catch {
            throw unwritable("write `\(home)/.ssh/known_hosts`")
        }
        return home
    }
}

/// Cuts what arrives into lines.
struct LineReader {
    private var rest: [UInt8] = []

    mutating func add(_ bytes: [UInt8]) -> [String] {
        rest += bytes
        var lines: [String] = []
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(String(decoding: rest[..<end], as: UTF8.self))
            rest.removeSubrange(...end)
        }
        return lines
    }
}

extension Duration {
    fileprivate var words: String {
        let parts = components
        return parts.seconds > 0 ? "\(parts.seconds) s" : "\(parts.attoseconds / 1_000_000_000_000_000) ms"
    }
}
