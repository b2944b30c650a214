import ArgumentParser
import ControlPlane
import DataPlane
import Logging
import SigV4

/// What `engine` and `serve` let a user set about the engine.
struct EngineOptions: ParsableArguments {
    @Option(help: "HOST:PORT of the management API (127.0.0.1:4600); port 0 takes a free one.")
    var managementListen: ListenAddress?

    @Option(help: "HOST:PORT of the deployed APIs (127.0.0.1:8080); port 0 takes a free one.")
    var dataListen: ListenAddress?

    @Option(help: "Access key of the root user; made and kept in the data directory by default.")
    var rootAccessKey: String?

    @Option(help: "Secret of the root user.")
    var rootSecretKey: String?

    @Option(help: "The engine's account, 12 digits (123456789012).")
    var accountID: String?

    @Option(help: "The engine's region (us-east-1).")
    var region: String?

    @Option(help: ArgumentHelp("A folder with more managed policies of AWS.", valueName: "dir"))
    var managedPolicies: String?

    @Option(
        help: ArgumentHelp("A quota of the engine, such as stages-per-api=10; may be repeated.", valueName: "name=n"))
    var quota: [String] = []

    @Option(
        help: ArgumentHelp(
            "Where a service of AWS is that integrations call, such as sns=http://127.0.0.1:5000; may be repeated.",
            valueName: "service=url"))
    var endpoint: [ServiceFlag] = []

    @Flag(help: "Run Lambda functions, as processes of this machine: whoever may commit can run code here.")
    var enableFunctions = false

    @Flag(help: "Keep nothing: no database, gone when the process ends.")
    var inMemory = false

    @Flag(help: "Accept any credentials, for tests only.")
    var insecureSkipAuthentication = false

    @Flag(help: "Listen on addresses that other machines reach, without TLS.")
    var insecurePlainHTTP = false

    func validate() throws {
        if let accountID, accountID.utf8.count != 12 || !accountID.utf8.allSatisfy({ (48...57).contains($0) }) {
            throw ValidationError("--account-id needs 12 digits")
        }
        guard (rootAccessKey == nil) == (rootSecretKey == nil) else {
            throw ValidationError("--root-access-key and --root-secret-key go together")
        }
    }

    /// Setting to text.
    var flags: [String: String] {
        var flags: [String: String] = [:]
        flags["listeners.management"] = managementListen?.description
        flags["listeners.data"] = dataListen?.description
        flags["engine.accountId"] = accountID
        flags["engine.region"] = region
        flags["engine.managedPolicies"] = managedPolicies
        flags["engine.functions.enabled"] = enableFunctions ? "true" : nil
        return flags
    }

    /// - Throws: `command.not-loopback`.
    func checkLoopback(_ listeners: ListenerSettings, hasController: Bool) throws(CommandFailure) {
        var plain: [ListenAddress] = []
        if listeners.managementTLS == nil { plain.append(listeners.management) }
        if listeners.dataTLS == nil { plain.append(listeners.data) }
        if listeners.controllerTLS == nil, hasController { plain.append(listeners.controller) }
        for address in plain where !address.isLoopback && !insecurePlainHTTP {
            throw CommandFailure(
                .notLoopback, "`\(address)` can be reached from other machines, and no certificate is set for it")
        }
    }

    /// The engine of this process, which runs functions where they are enabled.
    func open(
        _ directory: DataDirectory, _ settings: ControllerConfiguration, _ http: OutgoingHTTP,
        _ environment: Environment, _ logger: Logger
    ) async throws -> EngineHost {
        var configuration = try configuration(directory, settings.engine, http)
        configuration.functions = try await FunctionPlace(
            settings.engine.functions, directory, isInMemory: inMemory
        ).service(runs: true, region: configuration.region, logger: logger)
        return try await EngineHost.open(
            directory, configuration, authoritiesPath: settings.authoritiesPath,
            linkTargets: settings.engine.linkTargets,
            services: EndpointMap(settings.engine.services, flags: endpoint, environment: environment), logger: logger)
    }

    private func configuration(
        _ directory: DataDirectory, _ settings: EngineSettings, _ http: OutgoingHTTP
    ) throws -> EngineConfiguration {
        let root: RootCredentials
        if let rootAccessKey, let rootSecretKey {
            root = .init(accessKeyID: rootAccessKey, secretAccessKey: rootSecretKey)
            // Commands that go through the owner's socket sign with what is kept.
            try CredentialsFile(directory: directory).write(
                SigningCredentials(accessKeyID: rootAccessKey, secretAccessKey: rootSecretKey))
        } else {
            let kept = try CredentialsFile(directory: directory).readOrMake()
            root = .init(accessKeyID: kept.accessKeyID, secretAccessKey: kept.secretAccessKey)
        }
        var configuration = EngineConfiguration(
            rootCredentials: root, databasePath: inMemory ? nil : directory.enginePath)
        configuration.accountID = settings.accountID
        configuration.region = settings.region
        configuration.skipsAuthentication = insecureSkipAuthentication
        configuration.managedPolicies = try settings.managedPolicies.map(ManagedPolicyFolder.read)
        configuration.fetch = { try await http.providerDocument($0) }
        if !inMemory {
            configuration.sealingKey = try SealingKeyFile(directory: directory).readOrMake()
            try EnginePlace(accountID: settings.accountID, region: settings.region).write(directory)
        }
        for assignment in quota { try configuration.quotas.set(assignment) }
        return configuration
    }
}
