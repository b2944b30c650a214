import AWSProvider
import Blocking
import GitSource
import HTTPTypes

/// The environment, files, programs and web services of this process, for sources of credentials.
struct ProgramWorld: CredentialsWorld {
    private let environment: Environment
    private let http: OutgoingHTTP
    private let runner = ProgramRunner()

    init(environment: Environment, http: OutgoingHTTP) {
        self.environment = environment
        self.http = http
    }

    var now: Int { WallClock.secondsSince1970 }

    func variable(_ name: String) -> String? { environment[name] }

    func file(_ path: String) throws(CredentialsFailure) -> [UInt8]? {
        do {
            return try FileText.read(path).map { Array($0.utf8) }
        } catch {
            throw CredentialsFailure(.badFile, "`\(path)` cannot be read", cause: error)
        }
    }

    func run(_ command: String, timeLimit: Duration) async -> ProgramEnd {
        await runner.run(command, timeLimit: timeLimit)
    }

    func send(
        _ request: HTTPRequest, body: [UInt8], timeLimit: Duration
    ) async throws(TransportFailure) -> TransportReply {
        do {
            let reply = try await http.send(request, body: body, timeLimit: timeLimit)
            return TransportReply(response: reply.response, body: reply.body)
        } catch {
            throw TransportFailure(error.isUnsent ? .notSent : .replyLost, error.message)
        }
    }
}

/// Runs a program on a thread of its own: waiting for one blocks.
private actor ProgramRunner {
    private let blocking = BlockingExecutor(label: "gatewright.credentials")
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe blocking.asUnownedSerialExecutor() }

    func run(_ command: String, timeLimit: Duration) -> ProgramEnd {
        var limits = ChildProcess.Bounds()
        limits.whole = timeLimit
        let child = ChildProcess(program: "/bin/sh", arguments: ["-c", command], limits: limits)
        guard let result = child.run(isCancelled: { Task.isCancelled }) else { return .notStarted }
        return switch result.end {
        case .status(let status): .status(Int(status), output: result.output)
        case .timedOut, .silent, .cancelled: .timedOut
        case .tooMuchOutput: .status(0, output: [])
        }
    }
}
