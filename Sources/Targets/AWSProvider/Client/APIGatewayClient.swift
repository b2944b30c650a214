import HTTPTypes
import JSON
import Resources
package import SigV4

/// Signed calls of the API Gateway management API over any transport.
package struct APIGatewayClient: Sendable {
    private(set) var transport: any Transport
    private let credentials: SigningCredentials
    let region: String
    private let host: String
    private let keys = SigningKeyCache()
    /// Seconds since 1970: injected, so that this target reads no clock.
    private let now: @Sendable () -> Int

    /// - Parameter host: What the `Host` header says and the signature covers: `apigateway.us-east-1.amazonaws.com`.
    package init(
        transport: any Transport, credentials: SigningCredentials, region: String, host: String,
        now: @escaping @Sendable () -> Int
    ) {
        self.transport = transport
        self.credentials = credentials
        self.region = region
        self.host = host
        self.now = now
    }

    /// The same client, its calls counted.
    func counting(with counter: CallCounter) -> APIGatewayClient {
        var client = self
        client.transport = CountingTransport(transport: transport, counter: counter)
        return client
    }

    /// Reads; see ``callRepeatedly(_:_:)``.
    ///
    /// - Returns: Nil when the target answers 404.
    func read(_ path: APIPath) async throws(ProviderFailure) -> JSONValue? {
        do {
            return try await callRepeatedly(.get, path)
        } catch {
            guard error.code != .notFound else { return nil }
            throw error
        }
    }

    /// A call that harms nothing when made twice: made again when throttled, in conflict, or when the connection breaks.
    func callRepeatedly(
        _ method: HTTPRequest.Method, _ path: APIPath
    ) async throws(ProviderFailure) -> JSONValue {
        var delay = Duration.milliseconds(50)
        for _ in 1..<Limits.triesMax {
            do {
                return try await call(method, path)
            } catch {
                guard [.throttled, .conflict, .replyLost].contains(error.code) else { throw error }
                do {
                    try await Task.sleep(for: delay)
                } catch {
                    throw ProviderFailure(.unreachable, "the call of `\(path.text)` was cancelled", effect: .none)
                }
                delay *= 2
            }
        }
        return try await call(method, path)
    }

    /// Every item of a list, page after page; none where what the list is of is not there.
    ///
    /// - Throws: `provider.bad-reply` for what is no list of objects: it must not be taken for an empty target.
    func list(_ path: APIPath) async throws(ProviderFailure) -> [JSONValue] {
        var items: [JSONValue] = []
        var position: String?
        for _ in 0..<Limits.pagesMax {
            var page = path
            page.query.append(("limit", String(Limits.pageSize)))
            if let position { page.query.append(("position", position)) }
            guard let reply = try await read(page) else { return items }
            guard case .object(let object) = reply, let page = (object["item"] ?? []).array,
                page.allSatisfy({ $0.object != nil })
            else { throw ProviderFailure(.badReply, "the reply to `\(path.text)` is no list", effect: .none) }
            items += page
            guard let next = reply["position"]?.string, !next.isEmpty else { return items }
            position = next
        }
        throw ProviderFailure(
            .badReply, "the list `\(path.text)` has more than \(Limits.pagesMax) pages", effect: .none)
    }

    /// One call, made once.
    ///
    /// - Returns: The reply's document; null for an empty body.
    func call(
        _ method: HTTPRequest.Method, _ path: APIPath, body: JSONValue? = nil
    ) async throws(ProviderFailure) -> JSONValue {
        let bytes = body?.bytes(.compact) ?? []
        var request = HTTPRequest(method: method, scheme: "https", authority: host, path: path.text)
        request.headerFields[.accept] = "application/json"
        if body != nil { request.headerFields[.contentType] = "application/json" }
        Signer.sign(
            &request, body: bytes, credentials: credentials,
            scope: SigningScope(service: "apigateway", region: region), at: SigningDate(secondsSince1970: now()),
            keys: keys)
        let reply: TransportReply
        do {
            reply = try await transport.send(request, body: bytes)
        } catch {
            throw ProviderFailure(transport: error, path)
        }
        guard (200..<300).contains(reply.response.status.code) else { throw ProviderFailure(reply: reply, path) }
        guard !reply.body.isEmpty else { return .null }
        do {
            return try JSONValue(parsing: reply.body)
        } catch {
            throw ProviderFailure(
                .badReply, "the reply to `\(path.text)` is not JSON", effect: method == .get ? .none : .unknown,
                cause: error)
        }
    }
}
