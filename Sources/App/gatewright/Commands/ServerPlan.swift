import AWSProvider
import HTTPTypes
import JSON
import Planning

/// A plan as the controller that owns the environment makes it: `plan --server URL`, or a command beside a `serve`.
struct ServerPlan {
    let ref: String
    let environment: String?
    let refreshes: Bool

    /// LIMIT: for the whole reply.
    static let secondsMax: Int64 = 300

    /// From another machine's controller, whose certificate is verified.
    ///
    /// - Returns: Nil when the manifests have errors; they have been printed.
    func fetch(_ url: String, _ settings: ControllerConfiguration, _ terminal: Terminal) async throws -> Plan? {
        let parts = url.split(separator: "://", maxSplits: 1)
        let authority = parts.count == 2 && parts[1].hasSuffix("/") ? parts[1].dropLast() : parts.last ?? ""
        guard PlainURL.isValid(url), !authority.contains("/") else {
            throw CommandFailure(.badAddress, "the server `\(url)` is not `https://HOST:PORT` or `http://HOST:PORT`")
        }
        let http = OutgoingHTTP(settings)
        do {
            let reply = try await http.send(
                request(String(parts[0]), String(authority)), timeLimit: .seconds(Self.secondsMax),
                replyBytesMax: Limits.planReplyBytes)
            return try plan(reply.body, reply.response, url, terminal)
        } catch let failure as OutgoingFailure {
            throw CommandFailure(.serverUnreachable, "the controller `\(url)` did not answer", cause: failure)
        }
    }

    /// From the controller of this data directory.
    func fetch(_ transport: any Transport, _ url: String, _ terminal: Terminal) async throws -> Plan? {
        do {
            let reply = try await transport.send(request("http", "localhost"), body: [])
            return try plan(reply.body, reply.response, url, terminal)
        } catch let failure as TransportFailure {
            throw CommandFailure(.serverUnreachable, "the controller `\(url)` did not answer", cause: failure)
        }
    }

    private func request(_ scheme: String, _ authority: String) -> HTTPRequest {
        var path = APIPath("plan", query: [("ref", ref)])
        if let environment { path.query.append(("environment", environment)) }
        if refreshes { path.query.append(("refresh", "true")) }
        return HTTPRequest(method: .get, scheme: scheme, authority: authority, path: path.text)
    }

    private func plan(
        _ body: [UInt8], _ response: HTTPResponse, _ url: String, _ terminal: Terminal
    ) throws -> Plan? {
        let document = try JSONValue(parsing: body, limits: JSONLimits(bytesMax: Limits.planReplyBytes))
        if let plan = document["plan"] { return try Plan.read(plan) }
        if let problem = document["problem"] {
            throw CommandFailure(
                .serverRefused,
                "the controller says [\(problem["code"]?.string ?? "")]: \(problem["message"]?.string ?? "")")
        }
        guard let diagnostics = document["diagnostics"]?.array else {
            throw CommandFailure(.serverRefused, "`\(url)` answered \(response.status.code) and no plan")
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
