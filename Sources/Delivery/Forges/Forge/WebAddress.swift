import HTTPTypes

/// An `http` or `https` URL in the parts that a request needs.
package struct WebAddress: Sendable, Hashable, CustomStringConvertible {
    package var scheme: String
    /// HOST or HOST:PORT.
    package var authority: String
    /// Starts with a slash and ends without one; may be empty. The query belongs to ``query``.
    package var path: String
    /// With its question mark; may be empty.
    package var query: String

    /// - Throws: `forge.bad-url`.
    package init(_ url: String) throws(ForgeFailure) {
        let parts = url.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        let rest = parts.count == 2 ? parts[1] : ""
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard parts[0] == "https" || parts[0] == "http", !authority.isEmpty, !authority.contains("@"),
            url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !url.contains("#")
        else { throw ForgeFailure(.badURL, "`\(Self.shown(url))` is not `https://HOST[:PORT][/PATH]`") }
        scheme = String(parts[0])
        self.authority = String(authority)
        let target = rest.dropFirst(authority.count)
        var path = target.prefix { $0 != "?" }
        query = String(target.dropFirst(path.count))
        while path.hasSuffix("/") { path = path.dropLast() }
        self.path = String(path)
    }

    /// A request to this address, or to a path below it.
    func request(
        _ method: HTTPRequest.Method, below suffix: String = "", fields: HTTPFields
    ) -> HTTPRequest {
        let whole = path + suffix + query
        return HTTPRequest(
            method: method, scheme: scheme, authority: authority, path: whole.hasPrefix("/") ? whole : "/" + whole,
            headerFields: fields)
    }

    /// The whole of it, without a slash at its end.
    package var text: String { description + path + query }

    /// For logs: a receiver's path and query may be its only secret.
    package var description: String { "\(scheme)://\(authority)" }

    private static func shown(_ url: String) -> String {
        let host = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).prefix(3)
        return host.joined(separator: "/")
    }
}
