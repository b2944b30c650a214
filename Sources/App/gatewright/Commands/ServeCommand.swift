import ArgumentParser
import GitSource
import Logging
import Manifests
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
            try engine.checkLoopback([listeners.management, listeners.data, listeners.controller])
            let prefix = try repository.prefix()
            try directory.prepare()
            let logger = settings.logs.logger("serve", least: .info)
            configuration.log(logger, at: .info)
            if engine.insecureSkipAuthentication {
                logger.warning("authentication is switched off: any credentials are accepted")
            }
            let host = try await EngineHost.open(
                directory, engine.configuration(directory, settings.engine), logger: logger)
            let session = try await Session.open(
                repository, global, prefix: prefix, isInMemory: engine.inMemory, host: host,
                configuration: configuration, logger: logger)
            let git = try GitRepository(opening: repository.location)
            let name = try await environmentName(git, session)
            let reconciler = reconciler(git, name, session)
            let board = ListenerBoard(expected: [.management, .data, .owner, .controller]) { taken in
                await ListenerFile.publish(taken, directory, terminal)
            }
            var services = EngineServices(
                host: host, listeners: listeners, directory: directory, board: board, logger: logger
            ).make()
            services.append(
                ControllerListener(
                    address: listeners.controller, status: { reconciler.status }, counters: { reconciler.counters },
                    plans: PlanService(repository: git, pipeline: session.pipeline, environment: name), board: board,
                    logger: logger))
            services.append(ReconcilerService(reconciler: reconciler))
            try await ServerGroup(services: services, logger: logger).run()
            return .done
        }
    }

    private func configuration(_ directory: DataDirectory) throws -> LoadedConfiguration {
        var flags = engine.flags
        flags["listeners.controller"] = listen?.description
        return try global.configuration(directory, flags: flags)
    }

    /// - Throws: Before anything is served: no repository, no such ref, no or several environments.
    private func environmentName(_ git: GitRepository, _ session: Session) async throws -> String {
        let head = try await git.resolve(ref)
        if let given = repository.environment { return given }
        let found = try await session.pipeline.loader.environments(in: CommitTree(git, at: head))
        guard found.names.count == 1 else {
            throw CommandFailure(
                .environmentNeeded,
                found.names.isEmpty
                    ? "commit \(head.short) has no environment"
                    : "there are several environments: " + found.names.map { "`\($0)`" }.joined(separator: ", ")
                        + "; name one with `--environment`")
        }
        return found.names[0]
    }

    private func reconciler(_ git: GitRepository, _ name: String, _ session: Session) -> Reconciler {
        var settings = ReconcilerSettings()
        settings.interval = interval.duration
        return Reconciler(
            environment: name, ref: ref, repository: git, pipeline: session.pipeline, settings: settings,
            logger: session.logger)
    }
}

/// The reconciler as a service: a graceful shutdown stops starting steps and lets those in flight finish.
struct ReconcilerService: Service {
    let reconciler: Reconciler

    func run() async throws {
        await withGracefulShutdownHandler {
            await reconciler.run()
        } onGracefulShutdown: {
            reconciler.stop()
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
