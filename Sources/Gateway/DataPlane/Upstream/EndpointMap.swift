package import SigV4

/// Where services of AWS are that integrations call, as the engine's configuration says; what is not in it is called at
/// AWS.
package struct EndpointMap: Sendable, Equatable {
    /// One service.
    package struct Entry: Sendable, Equatable {
        /// Nil: AWS itself, with other credentials.
        package let origin: EndpointOrigin?
        /// Before the path of each request; without a slash at its end.
        package let basePath: String
        /// Sign the requests instead of the role's own, which only the engine knows; nil: the role's.
        package let credentials: SigningCredentials?

        /// - Parameter url: `http` or `https`, with a path perhaps; nil for AWS itself.
        /// - Returns: Nil for what is no such address.
        package init?(url: String?, credentials: SigningCredentials? = nil) {
            self.credentials = credentials
            guard let url else {
                (origin, basePath) = (nil, "")
                return
            }
            let isSecure = url.lowercased().hasPrefix("https://")
            guard isSecure || url.lowercased().hasPrefix("http://"), !url.contains(where: { "?#{}@".contains($0) })
            else { return nil }
            let rest = url.dropFirst(isSecure ? 8 : 7)
            let authority = rest.prefix { $0 != "/" }
            guard let origin = EndpointOrigin(authority: String(authority), security: isSecure ? .verified : .none)
            else { return nil }
            var path = rest.dropFirst(authority.count)
            while path.hasSuffix("/") { path = path.dropLast() }
            guard path.utf8.allSatisfy({ QueryText.isPathCharacter($0) || $0 == UInt8(ascii: "%") }) else { return nil }
            self.origin = origin
            basePath = String(path)
        }
    }

    /// By `SERVICE` or `SERVICE.REGION`, as uris of integrations write them: `sns`, `sns.eu-west-1`.
    package var services: [String: Entry]

    package init(_ services: [String: Entry] = [:]) { self.services = services }

    /// The closest entry; nil: AWS itself.
    package func entry(of service: String, in region: String) -> Entry? {
        services["\(service).\(region)"] ?? services[service]
    }
}
