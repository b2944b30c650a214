import FoundationEssentials
import Glibc

/// The program `function-host`, which stands beside the one that runs the tests.
struct HostProcess {
    let pid: Int32
    private let output: Int32

    struct NotStarted: Error {}

    init(_ arguments: [String]) throws {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let program = own[..<(own.lastIndex(of: "/") ?? own.endIndex)] + "/function-host"
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw NotStarted() }
        _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
        _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        let words = ([String(program)] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var pid: Int32 = 0
        let result = posix_spawn(&pid, String(program), &actions, nil, words, environ)
        close(ends[1])
        guard result == 0 else { throw NotStarted() }
        self.pid = pid
        output = ends[0]
    }

    /// The first line that it prints.
    func readLine() throws -> String {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(output, &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
        return String(decoding: line, as: UTF8.self)
    }

    func wait() {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        close(output)
    }
}
