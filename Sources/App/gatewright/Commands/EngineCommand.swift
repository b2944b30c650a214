import ArgumentParser
import ControlPlane
import DataPlane
import JSON
import Logging
import ServiceLifecycle

/// `gatewright engine`: the engine alone, as a server.
struct EngineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine", abstract: "Run the gateway engine: the management API and the deployed APIs.",
        discussion: "The management listener also answers GET /healthz and GET /metrics, without credentials.")

    @OptionGroup var engine: EngineOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            let directory = DataDirectory(option: global.dataDir, environment: global.environment, repository: nil)
            let configuration = try global.configuration(directory, flags: engine.flags)
            let settings = configuration.values
            try engine.checkLoopback(settings.listeners, hasController: false)
            let certificates = try ListenerCertificates(settings.listeners)
            try directory.prepare()
            let logger = settings.logs.logger("engine", least: .info)
            configuration.log(logger, at: .info)
            for tls in certificates.all { tls.warn(logger) }
            let observation = Observation.start(settings, logger)
            let http = OutgoingHTTP(settings)
            let host = try await engine.open(directory, settings, http, global.environment, logger)
            if engine.insecureSkipAuthentication {
                logger.warning("authentication is switched off: any credentials are accepted")
            }
            let manager = ServiceManager(global.environment, logger)
            let board = ListenerBoard(expected: [.management, .data, .owner]) { taken in
                await ListenerFile.publish(taken, tls: certificates.listeners, directory, terminal)
                await manager?.say(.ready)
            }
            // They end in the opposite order.
            var services: [any Service] = [
                OutgoingHTTPService(http: http), observation.service(http, global.environment),
            ]
            services += EngineServices(
                host: host, listeners: settings.listeners, certificates: certificates, directory: directory,
                board: board, observation: observation, logger: logger,
                pages: EnginePages(observation: observation)
            ).make()
            if let manager { services.append(ServiceManagerService(manager: manager)) }
            try await ServerGroup(services: services, logger: logger).run()
            return .done
        }
    }
}
