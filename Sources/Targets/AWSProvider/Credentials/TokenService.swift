import Resources
import SigV4
import XML

/// Assumes the roles that sources of credentials name.
struct TokenService: Sendable {
    private let world: any CredentialsWorld
    private let profiles: Profiles
    private let region: String

    init(_ world: any CredentialsWorld, _ profiles: Profiles, region: String) {
        self.world = world
        self.profiles = profiles
        self.region = region
    }

    /// - Parameter profile: The one that names the role; it may name region and endpoint.
    func assume(
        _ request: RoleRequest, with source: ObtainedCredentials, _ profile: Profiles.Profile
    ) async throws(CredentialsFailure) -> ObtainedCredentials {
        let client = try client(FixedCredentials(source.signing), profile)
        return try await client.assume(request, "AssumeRole", request.parameters, by: source.source)
    }

    /// - Parameter tokenFile: Read anew each time: who put it there replaces it.
    func assume(
        _ request: RoleRequest, tokenFile: String, _ profile: Profiles.Profile?
    ) async throws(CredentialsFailure) -> ObtainedCredentials {
        let token = try world.text(tokenFile, "the role `\(request.roleARN)`")
        guard !token.isEmpty else {
            throw CredentialsFailure(.badFile, "the token file `\(tokenFile)` is empty")
        }
        var parameters = request.parameters
        parameters.add("WebIdentityToken", token)
        let client = try client(nil, profile ?? profiles[profiles.chosen])
        return try await client.assume(
            request, "AssumeRoleWithWebIdentity", parameters, by: "the token in `\(tokenFile)`")
    }

    /// - Parameter credentials: Nil for calls that carry their proof among their members.
    private func client(
        _ credentials: FixedCredentials?, _ profile: Profiles.Profile?
    ) throws(CredentialsFailure) -> QueryClient {
        let region =
            world.set("AWS_REGION") ?? world.set("AWS_DEFAULT_REGION") ?? profile?["region"] ?? region
        let place = try endpoint(region, profile)
        let world = world
        return QueryClient(
            .sts,
            SignedConnection(
                transport: WorldTransport(world: world, scheme: place.scheme), credentials: credentials,
                scope: SigningScope(service: "sts", region: region), host: place.authority, now: { world.now }))
    }

    /// SOURCE: AWS SDKs and Tools Reference Guide, "Service-specific endpoints".
    private func endpoint(
        _ region: String, _ profile: Profiles.Profile?
    ) throws(CredentialsFailure) -> ServiceEndpoint {
        var named = world.set("AWS_ENDPOINT_URL_STS") ?? world.set("AWS_ENDPOINT_URL")
        if named == nil, let profile {
            named = profiles.service(profile, "sts.endpoint_url") ?? profile["endpoint_url"]
        }
        guard let named else {
            return ServiceEndpoint(scheme: "https", authority: "sts.\(region).\(AWSPartition(region: region).suffix)")
        }
        guard let endpoint = ServiceEndpoint(named) else {
            throw CredentialsFailure(
                .badProfile, "the endpoint of the token service is not `https://HOST:PORT` or `http://HOST:PORT`")
        }
        return endpoint
    }
}

extension QueryClient {
    /// Asks for the keys of a role.
    ///
    /// - Parameter source: Who asks, for messages.
    func assume(
        _ request: RoleRequest, _ action: String, _ parameters: QueryParameters, by source: String
    ) async throws(CredentialsFailure) -> ObtainedCredentials {
        let title = "the role `\(request.roleARN)`, by \(source)"
        let result: XMLElement
        do {
            result = try await callRepeatedly(action, parameters)
        } catch {
            if let failure = error.cause as? CredentialsFailure { throw failure }
            let isSilent = [.unreachable, .replyLost, .throttled].contains(error.code)
            throw CredentialsFailure(isSilent ? .unreachable : .roleRefused, title, cause: error)
        }
        guard let found = result["Credentials"], let key = found.text("AccessKeyId"),
            let secret = found.text("SecretAccessKey"), let token = found.text("SessionToken"),
            let expires = found.text("Expiration").flatMap(ObtainedCredentials.seconds(from:))
        else { throw CredentialsFailure(.sourceFailed, "\(title): the answer holds no keys") }
        return ObtainedCredentials(
            SigningCredentials(accessKeyID: key, secretAccessKey: secret, sessionToken: token), expires: expires,
            source: title)
    }
}
