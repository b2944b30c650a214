import SigV4

/// Finds keys where AWS's own tools find them, in their order: the environment, a web identity token, the shared files'
/// profile (a role, a sign-in, keys, a program), the container's role, the machine's role.
///
/// The first source that is set up counts: where it fails, the next ones are not asked, since they are somebody else.
/// - Note: Source: AWS SDKs and Tools Reference Guide, "Standardized credential providers" and the pages of each.
package struct CredentialsChain: Sendable {
    private let world: any CredentialsWorld
    private let region: String

    /// - Parameter region: Of the token service, where neither the environment nor the profile names one.
    package init(_ world: any CredentialsWorld, region: String) {
        self.world = world
        self.region = region
    }

    /// Asked anew before they expire.
    package var refreshing: RefreshingCredentials {
        let world = world
        return RefreshingCredentials(now: { world.now }) { () async throws(CredentialsFailure) in try await obtain() }
    }

    package func obtain() async throws(CredentialsFailure) -> ObtainedCredentials {
        if let found = try environment() { return found }
        let profiles = try Profiles(world)
        let tokens = TokenService(world, profiles, region: region)
        if let found = try await webIdentity(tokens) { return found }
        guard let profile = profiles[profiles.chosen] else {
            guard !profiles.isChosen else {
                throw CredentialsFailure(
                    .badProfile,
                    "`AWS_PROFILE` names the profile `\(profiles.chosen)`, which neither of \(profiles.places) has")
            }
            return try await surroundings("no profile `default` in \(profiles.places)")
        }
        if let found = try await ProfileCredentials(world, profiles, tokens).obtain(profile) { return found }
        guard !profiles.isChosen else {
            throw CredentialsFailure(.badProfile, "\(profile.title) says nothing about credentials")
        }
        return try await surroundings("nothing about credentials in \(profile.title)")
    }

    /// - Returns: Nil where they are not set.
    func environment() throws(CredentialsFailure) -> ObtainedCredentials? {
        let key = world.set("AWS_ACCESS_KEY_ID")
        let secret = world.set("AWS_SECRET_ACCESS_KEY")
        guard key != nil || secret != nil else { return nil }
        guard let key, let secret else {
            throw CredentialsFailure(
                .incomplete,
                "the environment has only one of `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`")
        }
        return ObtainedCredentials(
            SigningCredentials(accessKeyID: key, secretAccessKey: secret, sessionToken: world.set("AWS_SESSION_TOKEN")),
            source: "the environment (`AWS_ACCESS_KEY_ID`)")
    }

    private func webIdentity(_ tokens: TokenService) async throws(CredentialsFailure) -> ObtainedCredentials? {
        guard let path = world.set("AWS_WEB_IDENTITY_TOKEN_FILE") else { return nil }
        guard let role = world.set("AWS_ROLE_ARN") else {
            throw CredentialsFailure(
                .incomplete, "the environment has `AWS_WEB_IDENTITY_TOKEN_FILE` and not `AWS_ROLE_ARN`")
        }
        let request = RoleRequest(roleARN: role, sessionName: world.set("AWS_ROLE_SESSION_NAME"))
        return try await tokens.assume(request, tokenFile: path, nil)
    }

    /// What is around this process.
    private func surroundings(_ before: String) async throws(CredentialsFailure) -> ObtainedCredentials {
        if let found = try await ContainerCredentials(world).obtain() { return found }
        switch try await MachineCredentials(world).obtain() {
        case .found(let found): return found
        case .none(let reason):
            throw CredentialsFailure(
                .missing,
                "no keys for AWS: not in the environment, \(before), no role of a container, and \(reason)")
        }
    }
}
