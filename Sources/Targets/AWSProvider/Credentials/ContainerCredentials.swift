import HTTPTypes
import JSON

/// The role of the container that this process runs in.
///
/// - Note: Source: AWS SDKs and Tools Reference Guide, "Container credential provider".
struct ContainerCredentials {
    private let world: any CredentialsWorld

    init(_ world: any CredentialsWorld) { self.world = world }

    /// - Returns: Nil where no container's variables are set.
    func obtain() async throws(CredentialsFailure) -> ObtainedCredentials? {
        let source = "the container's role"
        guard let (place, path) = try place() else { return nil }
        var request = HTTPRequest(method: .get, scheme: place.scheme, authority: place.authority, path: path)
        request.headerFields[.accept] = "application/json"
        request.headerFields[.authorization] = try authorization()
        let reply: TransportReply
        do {
            reply = try await world.send(request, body: [], timeLimit: Limits.containerTime)
        } catch {
            throw CredentialsFailure(.unreachable, "\(source): \(error.message)")
        }
        guard reply.response.status == .ok else {
            let status = reply.response.status.code
            throw CredentialsFailure(
                status >= 500 ? .unreachable : .sourceFailed, "\(source): `\(place.authority)` answers with \(status)")
        }
        let document: JSONValue
        do {
            document = try JSONValue(parsing: reply.body)
        } catch {
            throw CredentialsFailure(.sourceFailed, "\(source): the answer is not JSON")
        }
        return try ObtainedCredentials(document, .metadata, source: source).unexpired(world)
    }

    private func place() throws(CredentialsFailure) -> (ServiceEndpoint, path: String)? {
        if let path = world.set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            guard path.hasPrefix("/") else {
                throw CredentialsFailure(
                    .sourceFailed, "`AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` does not begin with `/`")
            }
            return (ServiceEndpoint(scheme: "http", authority: "169.254.170.2"), path)
        }
        guard let url = world.set("AWS_CONTAINER_CREDENTIALS_FULL_URI") else { return nil }
        let start = url.split(separator: "://", maxSplits: 1)
        guard start.count == 2 else { throw notAllowed("is no URL") }
        let authority = start[1].prefix { $0 != "/" }
        let path = start[1].dropFirst(authority.count)
        guard let place = ServiceEndpoint("\(start[0])://\(authority)") else { throw notAllowed("is no URL") }
        guard place.scheme == "https" || Self.isTrusted(place.host) else {
            throw notAllowed(
                "names `\(place.host)` over http: only https, this machine, and the addresses of ECS and EKS are allowed"
            )
        }
        return (place, path.isEmpty ? "/" : String(path))
    }

    /// This machine, and what ECS and EKS have.
    private static func isTrusted(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        let isLoopback =
            parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil } || host == "::1"
            || host == "localhost"
        return isLoopback || ["169.254.170.2", "169.254.170.23", "fd00:ec2::23"].contains(host)
    }

    private func notAllowed(_ what: String) -> CredentialsFailure {
        CredentialsFailure(.sourceFailed, "`AWS_CONTAINER_CREDENTIALS_FULL_URI` \(what)")
    }

    /// The file counts before the variable, and is read anew each time.
    private func authorization() throws(CredentialsFailure) -> String? {
        let token: String?
        if let path = world.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
            token = try world.text(path, "the container's role")
        } else {
            token = world.set("AWS_CONTAINER_AUTHORIZATION_TOKEN")
        }
        guard token?.contains(where: \.isNewline) != true else {
            throw CredentialsFailure(.sourceFailed, "the container's authorization token has a line break in it")
        }
        return token
    }
}
