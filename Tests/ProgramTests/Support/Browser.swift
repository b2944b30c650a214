import Testing

/// What a browser does for a script of a site that calls another one: `fetch`, without caches.
///
/// Source: the Fetch standard, "HTTP-network-or-cache fetch", "CORS check" and "CORS-preflight fetch", read 2026-11-23.
struct Browser {
    /// Of the page that the script came with.
    let origin: String
    let site: Site
    /// Sends cookies and keys of the user.
    var hasCredentials = false
    /// As HTTP/2 writes it.
    var writesLowercase = false

    enum Outcome: Equatable {
        /// The script gets status and body, and these headers.
        case response(Int, String, [String: String])
        /// The script gets an error that says nothing; why, for tests.
        case refused(String)

        var isRefused: Bool { if case .refused = self { true } else { false } }
        var status: Int? { if case .response(let status, _, _) = self { status } else { nil } }
        var body: String? { if case .response(_, let body, _) = self { body } else { nil } }
        var headers: [String: String] { if case .response(_, _, let headers) = self { headers } else { [:] } }
    }

    func fetch(_ path: String, _ method: String = "GET", headers: [String: String] = [:], body: String? = nil)
        async throws -> Outcome
    {
        let unsafe = headers.filter { !Self.isSafe($0.key, $0.value) }.map { $0.key.lowercased() }.sorted()
        if !["GET", "HEAD", "POST"].contains(method) || !unsafe.isEmpty {
            if let refusal = try await preflight(path, method, unsafe) { return .refused(refusal) }
        }
        var options = ["-X", method]
        for (name, value) in headers { options += ["-H", "\(name): \(value)"] }
        if let body { options += ["--data-binary", body] }
        let answer = try await site.get(path, options + originHeader)
        if let refusal = check(answer) { return .refused(refusal) }
        let exposed = list(answer.header("Access-Control-Expose-Headers"))
        let readable = answer.headers.filter {
            ["content-type", "cache-control"].contains($0.name.lowercased())
                || exposed.contains($0.name.lowercased()) || (exposed.contains("*") && !hasCredentials)
        }
        return .response(
            answer.status, answer.body,
            Dictionary(readable.map { ($0.name.lowercased(), $0.value) }) { "\($0), \($1)" })
    }

    /// Nil where the request itself may follow.
    private func preflight(_ path: String, _ method: String, _ headers: [String]) async throws -> String? {
        var options = ["-X", "OPTIONS", "-H", "Access-Control-Request-Method: \(method)"] + originHeader
        if !headers.isEmpty { options += ["-H", "Access-Control-Request-Headers: \(headers.joined(separator: ","))"] }
        let answer = try await site.get(path, options)
        if let refusal = check(answer) { return "the preflight: \(refusal)" }
        guard (200...299).contains(answer.status) else { return "the preflight's status is \(answer.status)" }
        let methods = (answer.header("Access-Control-Allow-Methods") ?? "").split(separator: ",").map(String.init)
        guard methods.contains(method) || ["GET", "HEAD", "POST"].contains(method) || isAll(methods) else {
            return "the method \(method) is none of \(methods)"
        }
        let allowed = list(answer.header("Access-Control-Allow-Headers"))
        for header in headers where !allowed.contains(header) {
            guard isAll(allowed), header != "authorization" else { return "the header \(header) is none of \(allowed)" }
        }
        return nil
    }

    private var originHeader: [String] { ["-H", "\(writesLowercase ? "origin" : "Origin"): \(origin)"] }

    /// Nil where the script may read the answer.
    private func check(_ answer: Answer) -> String? {
        let origins = answer.headers.filter { $0.name.lowercased() == "access-control-allow-origin" }
        guard origins.count == 1, let allowed = origins.first?.value else {
            return "\(origins.count) Access-Control-Allow-Origin on \(answer.status)"
        }
        if allowed == "*", !hasCredentials { return nil }
        guard allowed == origin else { return "\(allowed) is not \(origin)" }
        guard hasCredentials else { return nil }
        return answer.header("Access-Control-Allow-Credentials") == "true" ? nil : "no credentials are allowed"
    }

    private func isAll(_ names: [String]) -> Bool { names.contains("*") && !hasCredentials }

    private func list(_ value: String?) -> [String] {
        (value ?? "").split(separator: ",").map { $0.lowercased().filter { $0 != " " } }
    }

    private static func isSafe(_ name: String, _ value: String) -> Bool {
        switch name.lowercased() {
        case "accept", "accept-language", "content-language": true
        case "content-type":
            ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"].contains(value.lowercased())
        default: false
        }
    }
}
