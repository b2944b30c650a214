import AWSProvider
import ControlPlane
import DataPlane
import Glibc
import JSON
import Logging
import NIOPosix
import Resources
import SigV4

/// The way to the target that an environment names.
///
/// `target: {engine: {}}` is the engine of the data directory: through the owner's socket while a `serve` or `engine`
/// runs there, else opened in this process for as long as this value lives.
struct TargetConnection: Sendable {
    let clients: ServiceClients
    let prober: any StageProber
    /// AWS itself: what is granted holds some seconds later.
    private let isEventual: Bool
    /// Set while the engine runs in this process: its lock is held as long as this value lives.
    private let host: EngineHost?

    private init(clients: ServiceClients, prober: any StageProber, isEventual: Bool = false) {
        self.clients = clients
        self.prober = prober
        self.isEventual = isEventual
        host = nil
    }

    /// The engine of this process.
    init(host: EngineHost, logger: Logger) {
        clients = host.clients
        var settings = OutgoingHTTP.Settings()
        settings.keepsConnections = false
        prober = EngineStageProber(host: host, http: OutgoingHTTP(settings), logger: logger)
        isEventual = false
        self.host = host
    }

    func provider(
        environment: String, secrets: (any SecretSource)? = nil, code: (any CodeShelf)? = nil
    ) -> any ResourceProvider {
        APIGatewayProvider(
            clients: clients, environment: environment, prober: prober, secrets: secrets, code: code,
            isEventual: isEventual)
    }

    /// - Parameters:
    ///   - target: `spec.target` of the environment, already validated.
    ///   - isCalled: False for a plan from the recorded state, which may need nothing of the target: a remote one is
    ///     asked for nothing, its keys not looked for, before the first call.
    /// - Throws: `command.unsupported-target`, `command.missing-credentials`, `data-directory.in-use`.
    static func open(
        _ target: JSONValue, _ directory: DataDirectory, _ global: GlobalOptions,
        _ configuration: ControllerConfiguration, isCalled: Bool = true
    ) async throws -> TargetConnection {
        if let aws = target["aws"]?.object {
            let region = try region(aws, target, global.environment)
            return try await AWSTarget(aws, region: region, configuration, global.environment).open(isCalled: isCalled)
        }
        if let endpoint = target["engine"]?["endpoint"]?.string {
            return try engine(at: endpoint, target, directory, global.environment, configuration)
        }
        return try await local(directory, configuration, global.environment)
    }

    private static func region(
        _ aws: JSONObject, _ target: JSONValue, _ environment: Environment
    ) throws(CommandFailure) -> String {
        guard let region = aws["region"]?.string ?? environment["AWS_REGION"] else {
            throw CommandFailure(.unsupportedTarget, "the target `\(target.text(.compact))` names no region")
        }
        return region
    }

    /// An engine elsewhere; its keys are looked for when the first call needs them.
    private static func engine(
        at endpoint: String, _ target: JSONValue, _ directory: DataDirectory, _ environment: Environment,
        _ configuration: ControllerConfiguration
    ) throws -> TargetConnection {
        // Those of AWS count only where they are said for this process: the engine has keys of its own.
        let names = ["AWS_ACCESS_KEY_ID", "AWS_SHARED_CREDENTIALS_FILE", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE"]
        let region = environment["AWS_REGION"] ?? "us-east-1"
        let place = try place(endpoint)
        let http = OutgoingHTTP(configuration)
        let credentials: any CredentialsSource
        if names.contains(where: { environment[$0] != nil }) {
            credentials =
                CredentialsChain(ProgramWorld(environment: environment, http: http), region: region).refreshing
        } else {
            credentials = FixedCredentials(try kept(directory))
        }
        return remote(
            place, http, credentials, region: region, hosts: .init(one: place.authority, region: region), configuration,
            serving: target["engine"]?["dataEndpoint"]?.string.map { .endpoint($0) })
    }

    /// - Throws: `command.unsupported-target`
    static func place(_ endpoint: String) throws(CommandFailure) -> ServiceEndpoint {
        guard PlainURL.isValid(endpoint), let place = ServiceEndpoint(endpoint) else {
            throw CommandFailure(
                .unsupportedTarget,
                "the target's endpoint `\(PlainURL.withoutUser(endpoint))` is not `https://HOST:PORT` or `http://HOST:PORT`"
            )
        }
        return place
    }

    /// - Parameter http: Takes the calls; its connections are kept.
    static func remote(
        _ place: ServiceEndpoint, _ http: OutgoingHTTP, _ credentials: any CredentialsSource, region: String,
        hosts: ServiceClients.Hosts, _ settings: ControllerConfiguration, serving: StageURL?, isEventual: Bool = false,
        isPartial: Bool = false
    ) -> TargetConnection {
        // A prober's connections are few and far between: a kept one would be closed by the time of the next question.
        var outgoing = OutgoingHTTP.Settings()
        outgoing.authoritiesPath = settings.authoritiesPath
        outgoing.keepsConnections = false
        return TargetConnection(
            clients: clients(
                OutgoingTransport(http: http, scheme: place.scheme), credentials, region: region, hosts: hosts,
                isPartial: isPartial),
            prober: HTTPStageProber(http: OutgoingHTTP(outgoing)) { serving }, isEventual: isEventual)
    }

    /// LIMIT: tries to open the engine, a tenth of a second apart.
    private static let lockTriesMax = 50

    @inline(never)
    private static func local(
        _ directory: DataDirectory, _ settings: ControllerConfiguration, _ environment: Environment
    ) async throws -> TargetConnection {
        try directory.prepare()
        let kept = try CredentialsFile(directory: directory).readOrMake()
        let logger = settings.logs.logger("engine")
        let path = directory.ownerSocketPath()
        let place = try EnginePlace.read(directory)
        var configuration = EngineConfiguration(
            rootCredentials: RootCredentials(accessKeyID: kept.accessKeyID, secretAccessKey: kept.secretAccessKey),
            databasePath: directory.enginePath)
        configuration.accountID = place.accountID
        configuration.region = place.region
        configuration.managedPolicies = try settings.engine.managedPolicies.map(ManagedPolicyFolder.read)
        configuration.sealingKey = try SealingKeyFile(directory: directory).readOrMake()
        configuration.functions = try await FunctionPlace(settings.engine.functions, directory, isInMemory: false)
            .service(runs: false, region: place.region, logger: logger)
        var tries = 0
        while true {
            do {
                let host = try await EngineHost.open(
                    directory, configuration, linkTargets: settings.engine.linkTargets,
                    services: EndpointMap(settings.engine.services, environment: environment), logger: logger)
                return TargetConnection(host: host, logger: logger)
            } catch let failure as DataDirectoryFailure where failure.code == .inUse {
                // A `serve` or `engine` answers on its socket; one that was killed leaves a socket where nobody answers.
                if await OwnerSocket(path: path).isAnswering() { break }
                // Another command may have the engine open for a moment.
                tries += 1
                guard tries < lockTriesMax else { throw failure }
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        let transport = SocketTransport(endpoint: .unix(path: path), group: MultiThreadedEventLoopGroup.singleton)
        var outgoing = OutgoingHTTP.Settings()
        outgoing.authoritiesPath = settings.authoritiesPath
        outgoing.keepsConnections = false
        return TargetConnection(
            clients: clients(
                transport, FixedCredentials(kept), region: place.region, hosts: .init(aws: place.region)),
            prober: OwnerStageProber(
                owner: transport,
                listener: HTTPStageProber(http: OutgoingHTTP(outgoing)) {
                    try ListenerFile(directory: directory).url(.data).map { .endpoint($0) }
                }))
    }

    static func clients(
        _ transport: any Transport, _ credentials: any CredentialsSource, region: String, hosts: ServiceClients.Hosts,
        isPartial: Bool = false
    ) -> ServiceClients {
        ServiceClients(
            transport: MeteredTransport(base: transport), credentials: credentials, region: region, hosts: hosts,
            isPartial: isPartial, now: { WallClock.secondsSince1970 })
    }

    private static func kept(_ directory: DataDirectory) throws -> SigningCredentials {
        guard try FileText.read(directory.credentialsPath) != nil else {
            throw CommandFailure(.missingCredentials, "there is no access key for the engine's endpoint")
        }
        return try CredentialsFile(directory: directory).readOrMake()
    }
}
