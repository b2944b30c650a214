import HTTPTypes
package import Resources
package import XML

/// Signed calls of IAM or STS over any transport.
package struct QueryClient: Sendable {
    private let connection: SignedConnection
    private let service: QueryService

    /// - Parameter connection: Its scope names the service in the signature.
    init(_ service: QueryService, _ connection: SignedConnection) {
        self.service = service
        self.connection = connection
    }

    /// The same client, its calls counted.
    func counting(with counter: CallCounter) -> QueryClient {
        QueryClient(service, connection.counting(with: counter))
    }

    /// One call, made once.
    ///
    /// - Parameter action: `CreateRole`
    /// - Returns: The element `<ActionResult>`; an empty one of that name for calls that answer with nothing.
    package func call(
        _ action: String, _ parameters: QueryParameters = [:]
    ) async throws(ProviderFailure) -> XMLElement {
        let what = "\(service.rawValue):\(action)"
        var form: QueryParameters = ["Action": action, "Version": service.version]
        form.append(parameters)
        var request = HTTPRequest(method: .post, scheme: nil, authority: nil, path: "/")
        request.headerFields[.accept] = "text/xml"
        request.headerFields[.contentType] = "application/x-www-form-urlencoded; charset=utf-8"
        let reply = try await connection.send(request, body: form.body, what) { QueryError($0).isExpired }
        guard (200..<300).contains(reply.response.status.code) else {
            throw ProviderFailure(query: reply, what)
        }
        if reply.isPage { throw ProviderFailure(page: reply, what) }
        guard !reply.body.isEmpty else { return XMLElement("\(action)Result") }
        do {
            let root = try XMLElement.reply(reply.body)
            return root["\(action)Result"] ?? XMLElement("\(action)Result")
        } catch {
            throw ProviderFailure(
                .badReply, "the reply to `\(what)` is not XML: \(error)", effect: isReading(action) ? .none : .unknown)
        }
    }

    /// A call that harms nothing when made twice: made again when throttled, in conflict, or when the connection breaks.
    package func callRepeatedly(
        _ action: String, _ parameters: QueryParameters = [:]
    ) async throws(ProviderFailure) -> XMLElement {
        try await connection.pacer.repeating("\(service.rawValue):\(action)") { () throws(ProviderFailure) in
            try await call(action, parameters)
        }
    }

    /// Reads.
    ///
    /// - Returns: Nil where the object is not there.
    package func read(
        _ action: String, _ parameters: QueryParameters = [:]
    ) async throws(ProviderFailure) -> XMLElement? {
        do {
            return try await callRepeatedly(action, parameters)
        } catch {
            guard error.code != .notFound else { return nil }
            throw error
        }
    }

    /// Every page of a list.
    ///
    /// - Returns: The result elements, in order; none where what the list is of is not there.
    package func pages(
        _ action: String, _ parameters: QueryParameters = [:]
    ) async throws(ProviderFailure) -> [XMLElement] {
        var pages: [XMLElement] = []
        var marker: String?
        for _ in 0..<Limits.pagesMax {
            var form = parameters
            form.add("Marker", marker)
            guard let page = try await read(action, form) else { return pages }
            pages.append(page)
            guard page.text("IsTruncated") == "true", let next = page.text("Marker"), !next.isEmpty else {
                return pages
            }
            guard next != marker else { break }
            marker = next
        }
        throw ProviderFailure(
            .badReply, "the list `\(service.rawValue):\(action)` does not end", effect: .none)
    }

    /// Every item of a list, page after page.
    ///
    /// - Parameter member: The element that holds them: `Roles`.
    package func list(
        _ action: String, _ member: String, _ parameters: QueryParameters = [:]
    ) async throws(ProviderFailure) -> [XMLElement] {
        try await pages(action, parameters).flatMap { $0.members(member) }
    }

    private func isReading(_ action: String) -> Bool {
        ["Get", "List", "Simulate", "Decode"].contains { action.hasPrefix($0) }
    }
}
