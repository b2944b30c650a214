import Glibc
import HTTPTypes

/// `Benchmarks start BINARY FOLDER`: from the start of the engine's process to its first answer, the best of ten.
enum StartBenchmark {
    private static let starts = 10

    static func run(_ arguments: [String]) throws {
        guard arguments.count == 2 else { throw ManagementBenchmark.Failed(what: "Benchmarks start BINARY FOLDER") }
        let (binary, folder) = (arguments[0], arguments[1])
        try report("in memory", binary, ["--in-memory", "--data-dir", folder + "/memory"], budget: 50)
        try report("on disk, empty", binary, ["--data-dir", folder + "/disk"], budget: 150)
    }

    private static func report(_ name: String, _ binary: String, _ options: [String], budget: Double) throws {
        var best = Double.infinity
        for _ in 0..<starts { best = min(best, try start(binary, options)) }
        Bench.report(
            "engine start to first answer, \(name)", best, "ms", budget: "\(Int(budget)) ms", isMet: best <= budget)
    }

    /// Milliseconds.
    private static func start(_ binary: String, _ options: [String]) throws -> Double {
        let port = try freePort()
        let arguments =
            [binary, "engine", "--management-listen", "127.0.0.1:\(port)", "--data-listen", "127.0.0.1:0"] + options
        var pointers = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var pid: pid_t = 0
        let begin = ContinuousClock.now
        guard posix_spawn(&pid, binary, &actions, nil, &pointers, environ) == 0 else {
            throw ManagementBenchmark.Failed(what: "\(binary) does not start")
        }
        defer {
            kill(pid, SIGTERM)
            var status: Int32 = 0
            waitpid(pid, &status, 0)
        }
        while (ContinuousClock.now - begin).seconds < 10 {
            do {
                var connection = try ManagementBenchmark.Connection(host: "127.0.0.1", port: port)
                defer { connection.close() }
                // Its credentials are not these: it says so, and that is an answer.
                _ = try connection.ask(.get, "/restapis", "")
                return (ContinuousClock.now - begin).seconds * 1000
            } catch {
                usleep(200)
            }
        }
        throw ManagementBenchmark.Failed(what: "the engine does not answer")
    }

    private static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard result else { throw ManagementBenchmark.Failed(what: "no port is free") }
        return UInt16(bigEndian: address.sin_port)
    }
}
