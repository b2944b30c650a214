import JSON
import SigV4

/// Keys by what a profile says.
struct ProfileCredentials {
    private let world: any CredentialsWorld
    private let profiles: Profiles
    private let tokens: TokenService

    init(_ world: any CredentialsWorld, _ profiles: Profiles, _ tokens: TokenService) {
        self.world = world
        self.profiles = profiles
        self.tokens = tokens
    }

    /// - Returns: Nil where the profile says nothing about credentials.
    func obtain(_ profile: Profiles.Profile) async throws(CredentialsFailure) -> ObtainedCredentials? {
        try await obtain(profile, after: [])
    }

    /// - Parameter names: The profiles that name this one as their source, the first one first.
    private func obtain(
        _ profile: Profiles.Profile, after names: [String]
    ) async throws(CredentialsFailure) -> ObtainedCredentials? {
        // Keys of a profile that is a source count before the role that it names itself.
        if !names.isEmpty, let keys = try keys(profile) { return keys }
        if let role = profile["role_arn"] { return try await assume(role, profile, after: names) }
        if profile["sso_account_id"] != nil || profile["sso_role_name"] != nil || profile["sso_session"] != nil {
            return try await SingleSignOn(world, profiles).obtain(profile)
        }
        if let keys = try keys(profile) { return keys }
        if let command = profile["credential_process"] { return try await run(command, profile) }
        return nil
    }

    private func keys(_ profile: Profiles.Profile) throws(CredentialsFailure) -> ObtainedCredentials? {
        guard let (settings, path) = profile.keys else { return nil }
        guard let key = settings["aws_access_key_id"], let secret = settings["aws_secret_access_key"], !key.isEmpty,
            !secret.isEmpty
        else {
            throw CredentialsFailure(
                .incomplete,
                "\(profile.title) in `\(path)` has only one of `aws_access_key_id` and `aws_secret_access_key`")
        }
        let token = settings["aws_session_token"].flatMap { $0.isEmpty ? nil : $0 }
        return ObtainedCredentials(
            SigningCredentials(accessKeyID: key, secretAccessKey: secret, sessionToken: token),
            source: "\(profile.title) in `\(path)`")
    }

    // MARK: Roles

    private func assume(
        _ role: String, _ profile: Profiles.Profile, after names: [String]
    ) async throws(CredentialsFailure) -> ObtainedCredentials {
        var request = RoleRequest(roleARN: role, sessionName: profile["role_session_name"])
        request.externalID = profile["external_id"]
        if let text = profile["duration_seconds"] {
            guard let seconds = Int(text), RoleRequest.durations.contains(seconds) else {
                throw bad(profile, "its `duration_seconds` is not a number from 900 to 43200")
            }
            request.durationSeconds = seconds
        }
        if profile["mfa_serial"] != nil {
            throw bad(
                profile,
                "its role needs a code of a device (`mfa_serial`), which a program without a person cannot give")
        }
        if let path = profile["web_identity_token_file"] {
            return try await tokens.assume(request, tokenFile: path, profile)
        }
        let source: ObtainedCredentials
        switch (profile["source_profile"], profile["credential_source"]) {
        case (.some, .some): throw bad(profile, "it has both `source_profile` and `credential_source`")
        case (nil, nil): throw bad(profile, "it has a `role_arn` and neither `source_profile` nor `credential_source`")
        case (let name?, nil): source = try await self.source(name, of: profile, after: names)
        case (nil, let place?): source = try await surroundings(place, of: profile)
        }
        return try await tokens.assume(request, with: source, profile)
    }

    private func source(
        _ name: String, of profile: Profiles.Profile, after names: [String]
    ) async throws(CredentialsFailure) -> ObtainedCredentials {
        let names = names + [profile.name]
        guard let other = profiles[name] else {
            throw bad(profile, "its `source_profile` names `\(name)`, which neither of \(profiles.places) has")
        }
        // A profile may name itself where it has keys of its own.
        guard !names.contains(name) || (name == profile.name && other.keys != nil) else {
            let circle = (names + [name]).map { "`\($0)`" }.joined(separator: " → ")
            throw bad(profile, "its `source_profile` leads in a circle: \(circle)")
        }
        guard names.count <= Limits.profilesChainedMax else {
            throw bad(profile, "more than \(Limits.profilesChainedMax) profiles are chained by `source_profile`")
        }
        guard let found = try await obtain(other, after: names) else {
            throw bad(other, "it is the source of `\(profile.name)` and says nothing about credentials")
        }
        return found
    }

    private func surroundings(
        _ place: String, of profile: Profiles.Profile
    ) async throws(CredentialsFailure) -> ObtainedCredentials {
        let found: ObtainedCredentials?
        switch place.lowercased() {
        case "environment": found = try CredentialsChain(world, region: "").environment()
        case "ecscontainer": found = try await ContainerCredentials(world).obtain()
        case "ec2instancemetadata":
            switch try await MachineCredentials(world).obtain() {
            case .found(let credentials): found = credentials
            case .none(let reason): throw bad(profile, "its `credential_source` is the machine's role, and \(reason)")
            }
        default:
            throw bad(
                profile,
                "its `credential_source` is `\(place)`, not `Environment`, `EcsContainer` or `Ec2InstanceMetadata`")
        }
        guard let found else { throw bad(profile, "its `credential_source`, `\(place)`, has no keys") }
        return found
    }

    // MARK: Programs

    /// SOURCE: AWS SDKs and Tools Reference Guide, "Process credential provider".
    private func run(
        _ command: String, _ profile: Profiles.Profile
    ) async throws(CredentialsFailure) -> ObtainedCredentials {
        let source = "the `credential_process` of \(profile.title)"
        let output: [UInt8]
        switch await world.run(command, timeLimit: Limits.credentialsProgramTime) {
        case .status(0, let said): output = said
        case .status(let status, _):
            throw CredentialsFailure(
                .sourceFailed, "\(source) ended with status \(status); run it by hand to see what it says")
        case .timedOut:
            throw CredentialsFailure(
                .sourceFailed, "\(source) did not end within \(Limits.credentialsProgramTime)")
        case .notStarted: throw CredentialsFailure(.sourceFailed, "\(source) could not be started")
        }
        let document: JSONValue
        do {
            document = try JSONValue(parsing: output)
        } catch {
            throw CredentialsFailure(.sourceFailed, "\(source) prints no JSON")
        }
        guard document["Version"]?.number?.int == 1 else {
            throw CredentialsFailure(.sourceFailed, "\(source) prints a `Version` other than 1")
        }
        return try ObtainedCredentials(document, .process, source: source).unexpired(world)
    }

    private func bad(_ profile: Profiles.Profile, _ what: String) -> CredentialsFailure {
        CredentialsFailure(.badProfile, "\(profile.title): \(what)")
    }
}

extension ObtainedCredentials {
    /// - Throws: `credentials.source-failed` where they are too old already.
    func unexpired(_ world: any CredentialsWorld) throws(CredentialsFailure) -> ObtainedCredentials {
        guard let expires, expires <= world.now else { return self }
        throw CredentialsFailure(.sourceFailed, "\(source): its keys have expired")
    }
}
