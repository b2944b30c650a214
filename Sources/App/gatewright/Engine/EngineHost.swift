import AWSProvider
import ControlPlane
import DataPlane
import Glibc
import Logging
import SigV4

/// The engine in this process: the only one that has this data directory's `engine.db` open.
struct EngineHost: Sendable {
    let plane: ControlPlane
    let registry: SnapshotRegistry
    let configuration: EngineConfiguration
    /// Which endpoints may be called, and whom to trust there.
    let endpoints: EndpointRules
    private let lock: FileLock

    /// - Throws: `data-directory.in-use` when another process has the engine open; the control plane's failures.
    static func open(
        _ directory: DataDirectory, _ configuration: EngineConfiguration, authoritiesPath: String? = nil,
        linkTargets: [String: LinkTargets] = [:], services: EndpointMap = EndpointMap(), logger: Logger
    ) async throws -> EngineHost {
        let lock = try FileLock(path: directory.engineLockPath)
        let registry = SnapshotRegistry(linkTargets: linkTargets, endpoints: services)
        var calls = DataPlaneConfiguration()
        calls.endpoints.authoritiesPath = authoritiesPath
        let plane = try await ControlPlane(
            configuration: configuration, snapshots: registry,
            testInvoker: TestInvoker(
                configuration: calls, functions: registry.functions, links: registry.links,
                services: registry.services, logger: logger),
            clock: { WallClock.secondsSince1970 }, logger: logger)
        return EngineHost(
            plane: plane, registry: registry, configuration: configuration, endpoints: calls.endpoints,
            lock: lock)
    }

    /// Signed as any other client's calls: the in-process transport carries exactly what a socket would.
    var clients: ServiceClients {
        let plane = plane
        return ServiceClients(
            transport: MeteredTransport(
                base: InProcessTransport { request, body in
                    let answer = await plane.respond(to: request, body: body)
                    return (answer.response, answer.body)
                }),
            credentials: FixedCredentials(
                SigningCredentials(
                    accessKeyID: configuration.rootCredentials.accessKeyID,
                    secretAccessKey: configuration.rootCredentials.secretAccessKey)),
            region: configuration.region, hosts: .init(aws: configuration.region), now: { WallClock.secondsSince1970 })
    }
}

/// A lock that the system takes back when the process ends, however it ends.
final class FileLock: Sendable {
    private let descriptor: Int32

    /// - Throws: `data-directory.in-use` when another process holds it.
    init(path: String) throws(DataDirectoryFailure) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw DataDirectoryFailure(errno: errno, doing: "open `\(path)`") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw DataDirectoryFailure(.inUse, "another process holds `\(path)`")
        }
        self.descriptor = descriptor
    }

    deinit {
        // A process that was forked and has not become another program yet would keep a merely closed file locked.
        _ = flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
