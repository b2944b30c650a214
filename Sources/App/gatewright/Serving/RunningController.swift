import AWSProvider
import Diagnostics
import HTTPTypes
import JSON
import NIOCore
import NIOPosix
import Planning

/// The `serve` that keeps an environment of this data directory, as commands reach it.
///
/// What it does is decided by rows of `state.db` that commands write: it is only asked to look at them now, and to say
/// where it stands.
struct RunningController: Sendable {
    /// For messages: the controller itself is reached on its socket.
    let url: String
    private let environment: String
    private let path: String

    /// - Returns: Nil where no `serve` runs on the data directory, or one that does not keep the environment.
    /// - Throws: `data-directory.in-use` for a process that owns the directory and does not say what it keeps.
    static func find(_ environment: String, _ directory: DataDirectory) async throws -> RunningController? {
        guard let url = try ListenerFile(directory: directory).url(.controller) else { return nil }
        let controller = RunningController(
            url: url, environment: environment, path: directory.controllerSocketPath())
        do {
            return try await controller.status() == nil ? nil : controller
        } catch {
            // The number of a process that ended may be another's by now; its socket answers no more.
            guard await OwnerSocket(path: directory.ownerSocketPath()).isAnswering() else { return nil }
            throw DataDirectoryFailure(
                .inUse, "a process owns `\(directory.path)`, and its controller at `\(url)` does not answer")
        }
    }

    /// Asks the controller of an environment to look now. Where that fails it looks at the end of its interval.
    static func wake(_ environment: String, _ directory: DataDirectory) async {
        do { try await find(environment, directory)?.wake() } catch {}
    }

    func wake() async throws(TransportFailure) {
        _ = try await send(.post, APIPath("wake", query: [("environment", environment)]).text)
    }

    /// The environment's part of `/status`; nil where the controller does not keep it.
    func status() async throws -> JSONValue? {
        let reply = try await send(.get, "/status")
        let document = try JSONValue(parsing: reply.body)
        return document["environments"]?.array?.first { $0["environment"]?.string == environment }
    }

    private func send(
        _ method: HTTPRequest.Method, _ path: String
    ) async throws(TransportFailure) -> TransportReply {
        try await transport.send(
            HTTPRequest(method: method, scheme: "http", authority: "localhost", path: path), body: [])
    }

    /// A plan of this environment, as ``ServerPlan`` reads it.
    func plan(ref: String, _ terminal: Terminal) async throws -> Plan? {
        try await ServerPlan(ref: ref, environment: environment, refreshes: false).fetch(transport, url, terminal)
    }

    private var transport: SocketTransport {
        SocketTransport(
            endpoint: .unix(path: path), group: MultiThreadedEventLoopGroup.singleton,
            timeLimit: .seconds(ServerPlan.secondsMax))
    }
}
