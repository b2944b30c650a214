import AWSProvider
import HTTPTypes
import JSON
import NIOPosix
import Planning

/// A plan as the controller that owns the environment makes it: `plan --server URL`.
struct ServerPlan {
    let url: String
    let ref: String
    let environment: String?
    let refreshes: Bool

    /// - Returns: Nil when the manifests have errors; they have been printed.
    func fetch(_ terminal: Terminal) async throws -> Plan? {
        guard let address = ListenAddress(httpURL: url) else {
            throw CommandFailure(.badAddress, "the server `\(url)` is not `http://HOST:PORT`")
        }
        let transport = SocketTransport(
            endpoint: .tcp(host: address.host, port: address.port), group: MultiThreadedEventLoopGroup.singleton)
        var path = APIPath("plan", query: [("ref", ref)])
        if let environment { path.query.append(("environment", environment)) }
        if refreshes { path.query.append(("refresh", "true")) }
        let request = HTTPRequest(method: .get, scheme: "http", authority: "\(address)", path: path.text)
        let reply: TransportReply
        do {
            reply = try await transport.send(request, body: [])
        } catch {
            throw CommandFailure(.serverUnreachable, "the controller `\(url)` did not answer: \(error.message)")
        }
        let document = try JSONValue(parsing: reply.body, limits: JSONLimits(bytesMax: 256 << 20))
        if let plan = document["plan"] { return try Plan.read(plan) }
        if let problem = document["problem"] {
            throw CommandFailure(
                .serverRefused,
                "the controller says [\(problem["code"]?.string ?? "")]: \(problem["message"]?.string ?? "")")
        }
        guard let diagnostics = document["diagnostics"]?.array else {
            throw CommandFailure(.serverRefused, "`\(url)` answered \(reply.response.status.code) and no plan")
        }
        for diagnostic in diagnostics { terminal.note(Self.line(diagnostic)) }
        return nil
    }

    private static func line(_ diagnostic: JSONValue) -> String {
        let severity = diagnostic["severity"]?.string ?? "error"
        let place = diagnostic["file"]?.string.map { file in
            "\n  --> \(file):\(diagnostic["line"]?.int ?? 1):\(diagnostic["column"]?.int ?? 1)"
        }
        let help = diagnostic["remedy"]?.string.map { "\n  = help: \($0)" }
        return "\(severity)[\(diagnostic["code"]?.string ?? "")]: \(diagnostic["message"]?.string ?? "")"
            + (place ?? "") + (help ?? "")
    }
}
