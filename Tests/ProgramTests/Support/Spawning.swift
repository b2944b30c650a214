import Foundation
import Glibc
import Synchronization

/// Starts a process by posix_spawn.
///
/// Foundation's `Process` of Swift 6.3 on Linux sometimes reads past a buffer in `run()` and ends the test runner; it
/// also gives no say about process groups.
struct Spawning {
    /// A path, or a name that is looked for in PATH.
    var program: String
    var arguments: [String]
    var folder: String
    var environment: [String: String]
    /// With `.out` and `.err` appended.
    var outputPath: String

    struct Failed: Error, CustomStringConvertible {
        var description: String
    }

    /// - Returns: The process id, which is its group's id too.
    func start() throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, outputPath + ".out", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, outputPath + ".err", O_WRONLY | O_CREAT | O_APPEND, 0o600)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var pid: Int32 = 0
        // `env` goes to the folder, finds the program and becomes it.
        let words = (["env", "-C", folder, program] + arguments).map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + variables { free(text) } }
        let result = posix_spawn(&pid, "/usr/bin/env", &actions, &attributes, words, variables)
        guard result == 0 else { throw Failed(description: "cannot start `\(program)`: error \(result)") }
        return pid
    }
}

/// How a process ended, once it has.
final class Ending: Sendable {
    private struct State {
        var status: Int32?
        var leftChildren = false
    }

    private let state = Mutex(State())
    private let ended = DispatchGroup()

    /// As a shell has it: 128 and the signal's number where one ended it; nil while it runs.
    var status: Int32? { state.withLock { $0.status } }
    var leftChildren: Bool { state.withLock { $0.leftChildren } }

    /// Reaps the process on a thread of its own.
    func await(_ pid: Int32) {
        ended.enter()
        Thread.detachNewThread { [self] in
            var info = siginfo_t()
            while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
            // Reaped under the lock: a signal goes to this process, or to none.
            state.withLock { state in
                var raw: Int32 = 0
                while waitpid(pid, &raw, 0) < 0, errno == EINTR {}
                state.status = raw & 0x7f == 0 ? (raw >> 8) & 0xff : 128 + (raw & 0x7f)
                state.leftChildren = kill(-pid, SIGKILL) == 0
            }
            ended.leave()
        }
    }

    func whileRunning(_ work: () -> Void) {
        state.withLock { if $0.status == nil { work() } }
    }

    func wait(seconds: Int) -> Bool { ended.wait(timeout: .now() + .seconds(seconds)) == .success }
}
