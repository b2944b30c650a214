import ArgumentParser
import Diagnostics
import GitSource
import Glibc
import Logging
import Manifests
import Reconciling

/// Where the configuration is, and which environment of it is meant.
struct RepositoryOptions: ParsableArguments {
    @Argument(help: "A folder of a git repository with a gatewright.yaml.", completion: .directory)
    var dir = "."

    @Option(
        help:
            "The repository, instead of DIR: a folder, file:// and a folder, or https://, ssh://, git://, user@host:path."
    )
    var repo: String?

    @Option(help: "The folder of gatewright.yaml inside the repository.")
    var repoPath = ""

    @Option(help: "The environment; needed where there are several.", completion: .environments)
    var environment: String?

    /// On another machine: read from a mirror in the data directory.
    var isRemote: Bool { repo.map { RemoteURL.isRemote($0) } ?? false }

    /// The repository's folder on this machine, without `file://`; the current one for a remote repository.
    var location: String { isRemote ? "." : Self.folder(repo ?? dir) }

    /// A folder of this machine, where the data directory stands by default.
    var folder: String { repoPath.isEmpty || isRemote ? location : "\(location)/\(repoPath)" }

    /// - Parameters:
    ///   - prefix: Where the folder is inside the repository; empty for a working tree's own files.
    ///   - configuration: Of the engine, where it is known.
    func loader(prefix: String = "", configuration: ControllerConfiguration? = nil) -> ManifestLoader {
        .checking(repoPath: repoPath, prefix: prefix, configuration: configuration)
    }

    func prefix() throws(GitFailure) -> String { isRemote ? "" : try Self.prefix(of: location) }

    /// The folder's path from the root of the repository that it is in: git finds repositories from folders inside them.
    static func prefix(of location: String) throws(GitFailure) -> String {
        guard let root = try GitRepository(opening: location).workingFolder else { return "" }
        guard let real = unsafe realpath(folder(location), nil) else { return "" }
        defer { unsafe free(real) }
        let folder = unsafe String(cString: real) + "/"
        return folder.hasPrefix(root) ? String(folder.dropFirst(root.count).dropLast()) : ""
    }

    /// What cannot be read is left to the opening, which says why.
    private static func folder(_ text: String) -> String {
        do { return try Location(text).path } catch { return text }
    }
}

extension RepositoryOptions {
    /// Opens the repository; a remote one is cloned or fetched into the data directory first.
    ///
    /// - Parameter logger: With one, an older mirror is served while its remote cannot be reached.
    func open(
        _ directory: DataDirectory, _ settings: GitSettings, _ environment: Environment,
        servingOlder logger: Logger? = nil
    ) async throws -> OpenRepository {
        guard isRemote, let repo else { return try OpenRepository(folder: location) }
        return try await OpenRepository.mirror(of: repo, directory, settings, environment, servingOlder: logger)
    }
}

/// An open repository, and the mirror that it is, if it is one.
struct OpenRepository {
    let git: GitRepository
    private let mirror: GitMirror?

    /// - Parameter folder: Of this machine.
    init(folder: String) throws(GitFailure) {
        git = try GitRepository(opening: folder)
        mirror = nil
    }

    private init(_ mirror: GitMirror) throws(GitFailure) {
        git = try GitRepository(opening: mirror.path)
        self.mirror = mirror
    }

    /// Clones or fetches.
    ///
    /// - Parameter logger: With one, an older mirror is served while its remote cannot be reached.
    static func mirror(
        of url: String, _ directory: DataDirectory, _ settings: GitSettings, _ environment: Environment,
        servingOlder logger: Logger? = nil
    ) async throws -> OpenRepository {
        var bounds = GitMirror.Bounds()
        bounds.whole = settings.timeout
        let mirror = try GitMirror(
            url, folder: directory.path + "/repos", access: try RemoteAccess(url, settings, environment),
            bounds: bounds)
        do {
            try await mirror.update()
        } catch {
            guard let logger, access(mirror.path, F_OK) == 0 else { throw error }
            logger.warning(
                "the remote cannot be read: what was applied stays until it can", metadata: ["gw.error": "\(error)"])
        }
        return try OpenRepository(mirror)
    }

    /// Brings a mirror to where its remote is.
    func refresh() async throws(GitFailure) {
        guard let mirror else { return }
        try await mirror.update()
    }
}

extension ManifestLoader {
    /// A loader with all checks that this program has.
    ///
    /// - Parameters:
    ///   - prefix: Where the folder that `repoPath` starts at is inside its repository.
    ///   - configuration: Of the engine; without it nothing is said about what it alone knows.
    static func checking(
        repoPath: String, prefix: String = "", configuration: ControllerConfiguration? = nil
    ) -> ManifestLoader {
        var checks: [Check] = [TemplateCheck.check, EngineCheck.check]
        if let configuration {
            let targets = Set(configuration.engine.linkTargets.keys)
            checks.append { LinkCheck.check($0, targets: targets) }
        }
        return ManifestLoader(
            repoPath: (prefix.split(separator: "/") + repoPath.split(separator: "/")).joined(separator: "/"),
            checks: checks, today: { WallClock.today })
    }
}

extension RemoteAccess {
    /// From the variables and the configuration; the order is that of docs/remote-repositories.md.
    init(_ repo: String, _ settings: GitSettings, _ environment: Environment) throws {
        self.init()
        let host = try RemoteURL(repo).host
        let word = environment["GATEWRIGHT_GIT_PASSWORD"] ?? environment["GATEWRIGHT_GIT_TOKEN"]
        if let word, !word.isEmpty {
            logins.append(
                TransferRequest.Login(username: environment["GATEWRIGHT_GIT_USERNAME"] ?? "git", password: word))
        }
        if let given = settings.credentials[host] {
            let password = try given.password.read(environment).revealed
            logins.append(TransferRequest.Login(username: given.username ?? "git", password: password))
        }
        home = environment["HOME"]
        agentSocket = environment["SSH_AUTH_SOCK"]
        keyFiles = [environment["GATEWRIGHT_SSH_KEY"], settings.sshKey].compactMap(\.self).filter { !$0.isEmpty }
        knownHosts = settings.knownHosts.map { [$0] }
        authorities = environment["GIT_SSL_CAINFO"] ?? settings.certificateAuthorities
    }
}

extension SignaturePolicy {
    /// Nil where no signature is asked for.
    init?(_ settings: GitSettings) {
        guard settings.requiresSignatures else { return nil }
        self.init(signers: settings.allowedSigners.map { Signers(paths: $0.paths, ssh: $0.ssh, gpg: $0.gpg) })
    }
}
