import Foundation
import GitSource
import Glibc
import Synchronization
import Testing

/// A bare repository that servers of this test give out, a clone to push into it from, and a mirror's folder.
final class Remote: Sendable {
    let workspace: Workspace
    /// What servers give out.
    let root: String
    let clone: Repository
    /// End with this remote.
    private let servers = Mutex<[Program]>([])

    var bare: String { root + "/team/api.git" }
    var repos: String { workspace.path + "/data/repos" }

    init() async throws {
        workspace = try Workspace()
        root = try workspace.folder("served")
        let made = try await Program.run(
            "git", ["init", "--quiet", "--bare", "-b", "main", root + "/team/api.git"], workspace)
        try #require(made.status == 0, "\(made)")
        clone = try Repository(files: ["a.txt": "one\n"], in: workspace)
        try await clone.start()
        try await clone.git("remote", "add", "origin", bare)
        try await clone.git("push", "--quiet", "origin", "main")
    }

    /// One that has the configuration which `init` writes, pushed.
    static func hello() async throws -> Remote {
        let remote = try await Remote()
        let hello = try await Repository.hello()
        for file in try await hello.git("ls-files").split(separator: "\n").map(String.init) {
            try remote.clone.write(file, try hello.read(file))
        }
        try await remote.clone.commit("Add the API")
        try await remote.clone.git("push", "--quiet", "origin", "main")
        return remote
    }

    /// - Returns: The new commit's id, pushed.
    @discardableResult
    func push(_ path: String, _ text: String, branch: String = "main") async throws -> String {
        try clone.write(path, text)
        let id = try await clone.commit("Change \(path)")
        try await clone.git("push", "--quiet", "--force", "origin", "HEAD:refs/heads/" + branch)
        return id
    }

    var access: RemoteAccess {
        var access = RemoteAccess()
        access.home = workspace.path + "/home"
        access.knownHosts = [workspace.path + "/known_hosts"]
        return access
    }

    func mirror(
        _ url: String, access: RemoteAccess? = nil, whole: Duration = .seconds(60), silence: Duration = .seconds(30)
    ) throws -> GitMirror {
        var bounds = GitMirror.Bounds()
        bounds.whole = whole
        bounds.silence = silence
        return try GitMirror(
            url, folder: repos, access: access ?? self.access, bounds: bounds, program: Program.product("gatewright"))
    }

    /// Why an update fails; it must, and must leave nothing behind.
    func refusal(_ mirror: GitMirror, location: SourceLocation = #_sourceLocation) async throws -> GitFailure {
        let failure = await #expect(throws: GitFailure.self, sourceLocation: location) { try await mirror.update() }
        #expect(try leftovers().isEmpty, sourceLocation: location)
        let explained = try await Program.run("gatewright", ["explain", failure?.code.rawValue ?? ""], workspace)
        #expect(explained.status == 0, "\(explained)", sourceLocation: location)
        return try #require(failure, sourceLocation: location)
    }

    /// Halves of clones.
    func leftovers() throws -> [String] {
        guard FileManager.default.fileExists(atPath: repos) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: repos).filter { $0.contains(".new-") }
    }

    /// A port that nobody listens on.
    static func freePort() throws -> Int {
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(file) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(file, $0, length) == 0 && getsockname(file, $0, &length) == 0
            }
        }
        try #require(isBound)
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// Whether something accepts connections there.
    static func accepts(_ port: Int) -> Bool {
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(file) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    /// Starts a server on a free port and waits until it listens.
    func serve(_ name: String, environment: [String: String] = [:], _ arguments: (Int) throws -> [String]) async throws
        -> (program: Program, port: Int)
    {
        let port = try Self.freePort()
        let program = try Program(name, arguments(port), workspace, environment: environment)
        servers.withLock { $0.append(program) }
        try await until("`\(name)` to listen") {
            try #require(program.isRunning, "\(program.output)")
            return (Self.accepts(port) ? () : nil, program.output.all)
        }
        return (program, port)
    }

    func daemon() async throws -> (program: Program, port: Int) {
        try await serve("git") { port in
            [
                "daemon", "--reuseaddr", "--listen=127.0.0.1", "--port=\(port)", "--base-path=" + root, "--export-all",
                "--informative-errors",
            ]
        }
    }
}

extension GitMirror {
    /// The first line of a file of a ref.
    func text(_ path: String, at ref: String = "") async throws -> String {
        let repository = try GitRepository(opening: self.path)
        let files = try await repository.files(of: repository.resolve(ref), under: [path])
        let bytes = try await repository.read(files, byteLimit: 1 << 20).first ?? []
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines)
    }

    func head() async throws -> String {
        let repository = try GitRepository(opening: path)
        return try await repository.resolve("").hex
    }
}
