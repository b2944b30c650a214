/// The profiles of both shared files, as one.
struct Profiles: Sendable {
    /// One profile: what the credentials file says counts before what the config file says.
    struct Profile: Sendable {
        let name: String
        let credentials: [String: String]
        let config: [String: String]
        private let paths: (credentials: String, config: String)

        init(_ name: String, _ credentials: ProfileFile, _ config: ProfileFile) {
            self.name = name
            self.credentials = credentials.profiles[name] ?? [:]
            self.config = config.profiles[name] ?? [:]
            paths = (credentials.path, config.path)
        }

        /// Nil where it is not set, or to nothing.
        subscript(_ setting: String) -> String? {
            guard let value = credentials[setting] ?? config[setting], !value.isEmpty else { return nil }
            return value
        }

        /// For messages.
        var title: String { "the profile `\(name)`" }

        /// The file that has the keys themselves, and what it says.
        var keys: (settings: [String: String], path: String)? {
            for (settings, path) in [(credentials, paths.credentials), (config, paths.config)]
            where settings["aws_access_key_id"]?.isEmpty == false || settings["aws_secret_access_key"]?.isEmpty == false
            {
                return (settings, path)
            }
            return nil
        }
    }

    private let credentials: ProfileFile
    private let config: ProfileFile
    /// The one to take.
    let chosen: String
    /// True where somebody asked for it by name.
    let isChosen: Bool

    /// Reads the files that the environment names, or those of the home folder.
    ///
    /// - Throws: `credentials.bad-file`; a file that is not there has no profiles.
    init(_ world: any CredentialsWorld) throws(CredentialsFailure) {
        chosen = world.set("AWS_PROFILE") ?? "default"
        isChosen = world.set("AWS_PROFILE") != nil
        credentials = try Self.read(world, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials", .credentials)
        config = try Self.read(world, "AWS_CONFIG_FILE", "~/.aws/config", .config)
    }

    private static func read(
        _ world: any CredentialsWorld, _ variable: String, _ standard: String, _ form: ProfileFile.Form
    ) throws(CredentialsFailure) -> ProfileFile {
        guard let path = world.expanded(world.set(variable) ?? standard), let bytes = try world.file(path) else {
            return ProfileFile(path: world.set(variable) ?? standard)
        }
        return try ProfileFile(String(decoding: bytes, as: UTF8.self), path: path, form: form)
    }

    /// Nil where neither file has it.
    subscript(_ name: String) -> Profile? {
        guard credentials.profiles[name] != nil || config.profiles[name] != nil else { return nil }
        return Profile(name, credentials, config)
    }

    func signOn(_ name: String) -> [String: String]? { config.signOns[name] }

    /// A setting of a service in the `services` section that a profile names.
    func service(_ profile: Profile, _ setting: String) -> String? {
        profile["services"].flatMap { config.services[$0]?[setting] }
    }

    /// For messages.
    var places: String { "`\(credentials.path)` and `\(config.path)`" }

    var configPath: String { config.path }
}
