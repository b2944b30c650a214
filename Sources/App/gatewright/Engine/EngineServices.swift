import ControlPlane
import DataPlane
import Functions
import Logging
import ServiceLifecycle

/// The engine's listeners as services of one group: management API on TCP and on the owner socket, data plane.
struct EngineServices {
    let host: EngineHost
    let listeners: ListenerSettings
    let certificates: ListenerCertificates
    let directory: DataDirectory
    let board: ListenerBoard
    let observation: Observation
    let logger: Logger
    /// For a process without a controller, whose listener has them else.
    var pages: EnginePages?

    func make() -> [any Service] {
        let (board, pages) = (board, pages)
        let management = ManagementListener(
            plane: host.plane, address: .tcp(host: listeners.management.host, port: listeners.management.port),
            server: .http1(certificates.management), isSecure: certificates.management != nil, logger: logger,
            onListening: { await board.took(.management, "\($0)") }, pages: { await pages?.answer($0) })
        let owner = ManagementListener(
            plane: host.plane, address: .socket(path: directory.ownerSocketPath()), logger: logger,
            onListening: { _ in await board.took(.owner, "owner.sock") },
            pages: { [stages = StagePage(registry: host.registry)] in stages.answer($0) })
        return [
            DataPlaneService(
                host: host, address: listeners.data, tls: certificates.data, board: board,
                observation: observation, logger: logger),
            management, owner, CertificateReloading(certificates: certificates, logger: logger),
        ]
    }
}

/// The data plane's server as a service.
struct DataPlaneService: Service {
    let host: EngineHost
    let address: ListenAddress
    let tls: ListenerTLS?
    let board: ListenerBoard
    let observation: Observation
    let logger: Logger

    func run() async throws {
        var configuration = DataPlaneConfiguration(host: address.host, port: address.port)
        if let tls { configuration.tls = { tls.context } }
        // Backends must not lead back into our own listeners, so their ports are known before the first request.
        guard let ports = await board.portsBesideData() else { return }
        configuration.endpoints = host.endpoints
        configuration.endpoints.ownPorts = ports
        observation.observe(&configuration)
        let server = DataPlaneServer(configuration: configuration, registry: host.registry, logger: logger)
        let port = try await server.start()
        observation.dataPlane.started(server)
        await board.took(.data, "\(ListenAddress(host: address.host, port: port))")
        do { try await gracefulShutdown() } catch {}
        await server.shutdown()
        await host.configuration.functions?.host?.stop()
        await host.plane.keepUsage()
    }
}

/// Collects which addresses the listeners took, and says so once all are there.
actor ListenerBoard {
    enum Listener: String, CaseIterable {
        case management, data, controller, owner, controllerSocket

        /// A file of the data directory, for those who may read it.
        var isSocket: Bool { self == .owner || self == .controllerSocket }
    }

    private var taken: [Listener: String] = [:]
    private let expected: Set<Listener>
    private let onComplete: @Sendable ([Listener: String]) async -> Void

    init(expected: Set<Listener>, onComplete: @escaping @Sendable ([Listener: String]) async -> Void) {
        self.expected = expected
        self.onComplete = onComplete
    }

    func took(_ listener: Listener, _ address: String) async {
        taken[listener] = address
        if Set(taken.keys) == expected { await onComplete(taken) }
    }

    /// The ports of the listeners that are no data listener, once all of them listen; nil when the group ends before.
    func portsBesideData() async -> [Int]? {
        let others = expected.filter { $0 != .data && !$0.isSocket }
        while !others.isSubset(of: taken.keys) {
            guard !Task.isShuttingDownGracefully else { return nil }
            do { try await Task.sleep(for: .milliseconds(5)) } catch { return nil }
        }
        return others.compactMap { taken[$0].flatMap(ListenAddress.init(argument:))?.port }
    }
}
