import Diagnostics
import HTTPTypes
import Telemetry

/// One export over HTTP.
///
/// SOURCE: OpenTelemetry Protocol 1.x, "OTLP/HTTP": 200 is taken, 429, 502, 503 and 504 may be tried again.
struct SpanSender: Sendable {
    let endpoint: String
    let headers: [String: SecretText]
    let http: OutgoingHTTP
    let environment: Environment

    func send(_ body: [UInt8]) async -> SpanExporter.Answer {
        let parts = endpoint.split(separator: "://", maxSplits: 1)
        let rest = parts.last ?? ""
        let authority = rest.prefix { $0 != "/" }
        let folder = rest.dropFirst(authority.count)
        let path = (folder.hasSuffix("/") ? folder.dropLast() : folder) + "/v1/traces"
        var request = HTTPRequest(
            method: .post, scheme: String(parts.first ?? ""), authority: String(authority), path: String(path))
        request.headerFields[.contentType] = "application/json"
        do {
            for (name, value) in headers {
                guard let name = HTTPField.Name(name) else { return .refused("the header `\(name)` has no valid name") }
                request.headerFields[name] = try value.read(environment).revealed
            }
            let reply = try await http.send(request, body: body, timeLimit: .seconds(10))
            switch reply.response.status.code {
            case 200..<300: return .accepted
            case 429, 502, 503, 504:
                let seconds = reply.response.headerFields[.retryAfter].flatMap { Int($0) }
                return .busy(retryAfter: seconds.map { .seconds(max(0, min($0, 60))) })
            case let code: return .refused("the collector answered \(code)")
            }
        } catch let failure as OutgoingFailure {
            return failure.code == .badRequest ? .refused(failure.message) : .busy(retryAfter: nil)
        } catch {
            return .refused("\(error)")
        }
    }
}
