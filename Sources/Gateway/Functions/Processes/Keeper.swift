import CKeeper
import Diagnostics
import Glibc

/// The keeper of a running function, as the engine holds it.
struct Keeper {
    let pid: Int32
    /// Writing here ends the function, and so does its closing.
    let life: Int32
    /// ``gw_keeper_report``s, then the end.
    let reports: Int32
    /// What the function prints; ends with the last process that has it.
    let output: Int32

    struct Order {
        var program: String
        var arguments: [String]
        var environment: [String: String]
        var folder: String
        /// Of a user and a group of this number each; nil stays as it is.
        var user: UInt32?
        var memoryBytes: UInt64
        var grace: Duration
    }

    /// - Throws: `functions.start-refused`.
    init(_ order: Order) throws(FunctionsFailure) {
        var pipes: [Int32] = []
        for _ in 0..<3 {
            var ends: [Int32] = [-1, -1]
            let result = gw_keeper_pipe(&ends)
            guard result == 0 else {
                for file in pipes { close(file) }
                throw Self.refused(order.program, -result)
            }
            pipes += ends
        }
        (life, reports, output) = (pipes[1], pipes[2], pipes[4])
        let words = ([order.program] + order.arguments).map { strdup($0) } + [nil]
        let variables = order.environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + variables { free(text) } }
        let milliseconds =
            order.grace.components.seconds * 1000
            + order.grace.components.attoseconds / 1_000_000_000_000_000
        let result = words.withUnsafeBufferPointer { words in
            variables.withUnsafeBufferPointer { variables in
                order.program.withCString { program in
                    order.folder.withCString { folder in
                        var request = gw_keeper_order()
                        request.program = program
                        request.arguments = words.baseAddress
                        request.environment = variables.baseAddress
                        request.folder = folder
                        (request.life, request.reports, request.output) = (pipes[0], pipes[3], pipes[5])
                        request.user = order.user ?? 0
                        request.group = order.user ?? 0
                        request.memoryBytes = order.memoryBytes
                        request.fileBytes = Limits.writtenFileBytesMax
                        // The system counts those of a user, so that only a user of its own can have the limit.
                        request.processes = order.user == nil ? 0 : Limits.processesMax
                        request.files = Limits.openFilesMax
                        request.graceMilliseconds = Int32(clamping: milliseconds)
                        return gw_keeper_start(&request)
                    }
                }
            }
        }
        for file in [pipes[0], pipes[3], pipes[5]] { close(file) }
        guard result > 0 else {
            for file in [life, reports, output] { close(file) }
            throw Self.refused(order.program, -result)
        }
        pid = result
    }

    private static func refused(_ program: String, _ reason: Int32) -> FunctionsFailure {
        FunctionsFailure(
            .startRefused, "no process could be started for `\(program)`: errno \(reason)",
            recovery: .retry(after: .seconds(1)))
    }

    enum Word {
        /// Politely: SIGTERM, then SIGKILL after the time of grace.
        case terminate
        case kill
    }

    func say(_ word: Word) {
        var byte = UInt8(word == .kill ? GW_KEEPER_KILL : GW_KEEPER_TERMINATE)
        // A keeper that is gone needs no word. SIGPIPE is ignored in every program with event loops.
        _ = write(life, &byte, 1)
    }

    /// After the last report: the keeper ends at once.
    func reap() {
        close(life)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    }
}

/// What a keeper says, in this order.
enum KeeperReport: Equatable {
    case started(pid: Int32)
    case refused(errno: Int32)
    case ended(status: Int32)

    static let byteCount = 8

    init?(kind: Int32, value: Int32) {
        switch kind {
        case Int32(GW_KEEPER_STARTED): self = .started(pid: value)
        case Int32(GW_KEEPER_REFUSED): self = .refused(errno: value)
        case Int32(GW_KEEPER_ENDED): self = .ended(status: value)
        default: return nil
        }
    }
}
