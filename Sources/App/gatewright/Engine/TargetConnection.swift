import AWSProvider
import ControlPlane
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
    let client: APIGatewayClient
    /// Set while the engine runs in this process: its lock is held as long as this value lives.
    private let host: EngineHost?

    init(client: APIGatewayClient, host: EngineHost? = nil) {
        self.client = client
        self.host = host
    }

    func provider(environment: String) -> any ResourceProvider {
        APIGatewayProvider(client: client, environment: environment)
    }

    /// - Parameter target: `spec.target` of the environment, already validated.
    /// - Throws: `command.unsupported-target`, `command.missing-credentials`, `data-directory.in-use`.
    static func open(
        _ target: JSONValue, _ directory: DataDirectory, _ global: GlobalOptions,
        _ configuration: ControllerConfiguration
    ) async throws -> TargetConnection {
        guard let engine = target["engine"]?.object else {
            throw CommandFailure(.unsupportedTarget, "the target `\(target.text(.compact))` needs TLS")
        }
        guard let endpoint = engine["endpoint"]?.string else { return try await local(directory, configuration) }
        guard let address = ListenAddress(httpURL: endpoint) else {
            throw CommandFailure(.unsupportedTarget, "the engine's endpoint `\(endpoint)` is not `http://HOST:PORT`")
        }
        let transport = SocketTransport(
            endpoint: .tcp(host: address.host, port: address.port == 0 ? 80 : address.port),
            group: MultiThreadedEventLoopGroup.singleton)
        return TargetConnection(
            client: client(
                transport, try credentials(directory, global.environment),
                region: global.environment["AWS_REGION"] ?? "us-east-1", host: address.description))
    }

    /// LIMIT: tries to open the engine, a tenth of a second apart.
    private static let lockTriesMax = 50

    private static func local(
        _ directory: DataDirectory, _ settings: ControllerConfiguration
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
        var tries = 0
        while true {
            do {
                let host = try await EngineHost.open(directory, configuration, logger: logger)
                return TargetConnection(client: host.client, host: host)
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
        return TargetConnection(
            client: client(
                transport, kept, region: place.region, host: "apigateway.\(place.region).amazonaws.com"))
    }

    private static func client(
        _ transport: any Transport, _ credentials: SigningCredentials, region: String, host: String
    ) -> APIGatewayClient {
        APIGatewayClient(
            transport: transport, credentials: credentials, region: region, host: host,
            now: { WallClock.secondsSince1970 })
    }

    /// The environment's, as every AWS client takes them, else those of the data directory.
    private static func credentials(
        _ directory: DataDirectory, _ environment: Environment
    ) throws -> SigningCredentials {
        if let id = environment["AWS_ACCESS_KEY_ID"], let secret = environment["AWS_SECRET_ACCESS_KEY"] {
            return SigningCredentials(
                accessKeyID: id, secretAccessKey: secret, sessionToken: environment["AWS_SESSION_TOKEN"])
        }
        guard try FileText.read(directory.credentialsPath) != nil else {
            throw CommandFailure(.missingCredentials, "there is no access key for the engine's endpoint")
        }
        return try CredentialsFile(directory: directory).readOrMake()
    }
}
