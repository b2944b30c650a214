import AWSProvider
import HTTPTypes
import JSON
import Planning

/// A plan as the controller that owns the environment makes it: `plan --server URL`.
struct ServerPlan {
    let url: String
    let ref: String
    let environment: String?
    let refreshes: Bool
    /// Certificates that are trusted beside the system's.
    var authoritiesPath: String?

    /// - Returns: Nil when the manifests have errors; they have been printed.
    func fetch(_ terminal: Terminal) async throws -> Plan? {
        let parts = url.split(separator: "://", maxSplits: 1)
        let authority = parts.count == 2 && parts[1].hasSuffix("/") ? parts[1].dropLast() : parts.last ?? ""
        guard PlainURL.isValid(url), !authority.contains("/") else {
            throw CommandFailure(.badAddress, "the server `\(url)` is not `https://HOST:PORT` or `http://HOST:PORT`")
        }
        var settings = OutgoingHTTP.Settings()
        settings.authoritiesPath = authoritiesPath
        let http = OutgoingHTTP(settings)
        var path = APIPath("plan", query: [("ref", ref)])
        if let environment { path.query.append(("environment", environment)) }
        if refreshes { path.query.append(("refresh", "true")) }
        let request = HTTPRequest(
            method: .get, scheme: String(parts[0]), authority: String(authority), path: path.text)
        let reply: OutgoingReply
        do {
            reply = try await http.send(
                request, timeLimit: .seconds(300), replyBytesMax: Limits.planReplyBytes)
        } catch {
            throw CommandFailure(.serverUnreachable, "the controller `\(url)` did not answer", cause: error)
        }
        let document = try JSONValue(parsing: reply.body, limits: JSONLimits(bytesMax: Limits.planReplyBytes))
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
