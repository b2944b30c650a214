import ArgumentParser
import ControlPlane
import DataPlane
import Diagnostics
import GitSource
import Logging
import Manifests
import Persistence
import Reconciling
import ServiceLifecycle

/// `gatewright serve`: controller and engine in one process.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Follow a ref: every new commit becomes live, or is refused and says why.")

    @OptionGroup var repository: RepositoryOptions

    @Option(help: "What is followed: a branch, a tag.")
    var ref = "HEAD"

    @Option(help: "Between two looks at the ref: 2s, 500ms, 1m.")
    var interval = Interval(.seconds(30))

    @Option(help: "HOST:PORT of the controller's status (127.0.0.1:4601); port 0 takes a free one.")
    var listen: ListenAddress?

    @OptionGroup var engine: EngineOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            let directory = DataDirectory(
                option: global.dataDir, environment: global.environment, repository: repository.folder)
            let configuration = try self.configuration(directory)
            let settings = configuration.values
            let listeners = settings.listeners
            try engine.checkLoopback(listeners, hasController: true)
            let certificates = try ListenerCertificates(listeners)
            let prefix = try repository.prefix()
            try directory.prepare()
            let logger = settings.logs.logger("serve", least: .info)
            configuration.log(logger, at: .info)
            for tls in certificates.all { tls.warn(logger) }
            let observation = Observation.start(settings, logger)
            if engine.insecureSkipAuthentication {
                logger.warning("authentication is switched off: any credentials are accepted")
            }
            let herald = try Herald(settings)
            let http = OutgoingHTTP(settings)
            let host = try await engine.open(directory, settings, http, global.environment, logger)
            let session = try await Session.open(
                repository, global, prefix: prefix, isInMemory: engine.inMemory, host: host,
                configuration: configuration, announce: { herald.announce($0) }, logger: logger)
            let opened = try await repository.open(
                directory, settings.git, global.environment, servingOlder: logger)
            let fleet = try await fleet(opened, session)
            let manager = ServiceManager(global.environment, logger)
            let board = ListenerBoard(expected: Set(ListenerBoard.Listener.allCases)) { taken in
                await ListenerFile.publish(taken, tls: certificates.listeners, directory, terminal)
                await manager?.say(.ready)
            }
            // They end in the opposite order: what the last attempt announces is still sent.
            var services: [any Service] = [OutgoingHTTPService(http: http)]
            services.append(observation.service(http, global.environment))
            services += herald.services(
                store: session.stores, http: http, environment: global.environment, logger: logger)
            services += EngineServices(
                host: host, listeners: listeners, certificates: certificates, directory: directory, board: board,
                observation: observation, logger: logger
            ).make()
            let pages = ControllerPages(
                fleet: fleet,
                plans: PlanService(repository: opened.git, pipeline: session.pipeline, environments: environments),
                webhooks: WebhookRoutes(
                    settings.webhooks, following: ref, environment: global.environment, logger: logger
                ) { fleet.wake() }, observation: observation)
            for place in [
                ControllerListener.Place.tcp(listeners.controller, certificates.controller),
                .socket(directory.controllerSocketPath()),
            ] {
                services.append(ControllerListener(place: place, pages: pages, board: board, logger: logger))
            }
            services.append(FleetService(fleet: fleet))
            if let manager { services.append(ServiceManagerService(manager: manager)) }
            try await ServerGroup(services: services, logger: logger).run()
            return .done
        }
    }

    private func configuration(_ directory: DataDirectory) throws -> LoadedConfiguration {
        var flags = engine.flags
        flags["listeners.controller"] = listen?.description
        return try global.configuration(directory, flags: flags)
    }

    /// Those of `--environment`, or none for all of the repository.
    private var environments: [String] {
        (repository.environment ?? "").split(separator: ",").map { String($0.drop { $0 == " " }) }
    }

    /// - Throws: Before anything is served: no such ref, or nothing to serve that was ever served from here.
    private func fleet(_ opened: OpenRepository, _ session: Session) async throws -> Fleet {
        let git = opened.git
        let head = try await git.resolve(ref)
        if environments.isEmpty {
            let found = try await session.pipeline.loader.environments(in: CommitTree(git, at: head))
            // What was applied before goes on being served, whatever a commit did to the configuration.
            let recorded = try await session.stores.environments()
            if found.names.isEmpty, recorded.isEmpty {
                let first = found.diagnostics.first { $0.severity == .error }
                throw CommandFailure(
                    .environmentNeeded,
                    "commit \(head.short) has no environment" + (first.map { ": \($0.message)" } ?? ""))
            }
        }
        var settings = ReconcilerSettings()
        settings.interval = interval.duration
        settings.version = Version.text
        return Fleet(
            ref: ref, only: environments, repository: git, pipeline: session.pipeline, settings: settings,
            refresh: { () async throws(GitFailure) in try await opened.refresh() }, logger: session.logger)
    }
}

/// The environments as a service: a graceful shutdown stops starting steps and lets those in flight finish.
struct FleetService: Service {
    let fleet: Fleet

    func run() async throws {
        await withGracefulShutdownHandler {
            await fleet.run()
        } onGracefulShutdown: {
            fleet.stop()
        }
    }
}

/// A time with its unit: `2s`, `500ms`, `1m`.
struct Interval: ExpressibleByArgument {
    let duration: Duration

    init(_ duration: Duration) { self.duration = duration }

    init?(argument: String) {
        let units: [(String, Int)] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)]
        for (unit, milliseconds) in units where argument.hasSuffix(unit) {
            guard let count = Int(argument.dropLast(unit.count)), count > 0, count <= 1_000_000_000 else { continue }
            self.init(.milliseconds(count * milliseconds))
            return
        }
        return nil
    }

    var defaultValueDescription: String { "30s" }
}
