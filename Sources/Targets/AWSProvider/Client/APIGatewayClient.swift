import HTTPTypes
import JSON
import Resources
import SigV4

/// Signed calls of the API Gateway management API over any transport.
package struct APIGatewayClient: Sendable {
    private var connection: SignedConnection

    /// An endpoint that is neither AWS nor an engine: it may offer only a part of the API, and import only a part of a
    /// definition.
    let isPartial: Bool

    /// - Parameter connection: Its scope is `apigateway` in the region of the target.
    init(_ connection: SignedConnection, isPartial: Bool) {
        self.connection = connection
        self.isPartial = isPartial
    }

    var region: String { connection.scope.region }
    var transport: any Transport { connection.transport }

    /// The same client, its calls counted.
    func counting(with counter: CallCounter) -> APIGatewayClient {
        APIGatewayClient(connection.counting(with: counter), isPartial: isPartial)
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
        try await connection.pacer.repeating(path.text) { () throws(ProviderFailure) in
            try await call(method, path)
        }
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

    /// Null is absent: some endpoints write all members that an object may have. In templates it means an empty one.
    private static func withoutNulls(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map(withoutNulls))
        case .object(let object):
            return .object(
                JSONObject(
                    object.filter { $0.value != .null }.map { name, value in
                        let isTemplates = name == "requestTemplates" || name == "responseTemplates"
                        return (name, isTemplates ? value : withoutNulls(value))
                    }))
        default: return value
        }
    }

    /// Every item of a list of things that an endpoint may not know at all: then it has none of them.
    ///
    /// Only where the endpoint says so of this list alone; AWS and engines know them all.
    func listIfOffered(_ path: APIPath) async throws(ProviderFailure) -> [JSONValue] {
        do {
            return try await list(path)
        } catch let failure where failure.code == .missingOperation && isPartial {
            return []
        }
    }

    /// One call, made once.
    ///
    /// - Returns: The reply's document; null for an empty body.
    func call(
        _ method: HTTPRequest.Method, _ path: APIPath, body: JSONValue? = nil
    ) async throws(ProviderFailure) -> JSONValue {
        let bytes = body?.bytes(.compact) ?? []
        var request = HTTPRequest(method: method, scheme: nil, authority: nil, path: path.text)
        request.headerFields[.accept] = "application/json"
        if body != nil { request.headerFields[.contentType] = "application/json" }
        let reply = try await connection.send(request, body: bytes, path.text) { reply in
            reply.errorType.map(QueryError.expired.contains) ?? false
        }
        guard (200..<300).contains(reply.response.status.code) else { throw ProviderFailure(reply: reply, path.text) }
        if reply.isPage { throw ProviderFailure(page: reply, path.text) }
        guard !reply.body.isEmpty else { return .null }
        do {
            let document = try JSONValue(parsing: reply.body)
            return isPartial ? Self.withoutNulls(document) : document
        } catch {
            throw ProviderFailure(
                .badReply, "the reply to `\(path.text)` is not JSON", effect: method == .get ? .none : .unknown,
                cause: error)
        }
    }
}
