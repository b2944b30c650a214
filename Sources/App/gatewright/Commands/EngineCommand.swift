import ArgumentParser
import JSON
import Logging
import ServiceLifecycle

/// `gatewright engine`: the engine alone, as a server.
struct EngineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine", abstract: "Run the gateway engine: the management API and the deployed APIs.")

    @OptionGroup var engine: EngineOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            let directory = DataDirectory(option: global.dataDir, environment: global.environment, repository: nil)
            let configuration = try global.configuration(directory, flags: engine.flags)
            let settings = configuration.values
            try engine.checkLoopback([settings.listeners.management, settings.listeners.data])
            try directory.prepare()
            let logger = settings.logs.logger("engine", least: .info)
            configuration.log(logger, at: .info)
            let host = try await EngineHost.open(
                directory, engine.configuration(directory, settings.engine), logger: logger)
            if engine.insecureSkipAuthentication {
                logger.warning("authentication is switched off: any credentials are accepted")
            }
            let board = ListenerBoard(expected: [.management, .data, .owner]) { taken in
                await ListenerFile.publish(taken, directory, terminal)
            }
            let services = EngineServices(
                host: host, listeners: settings.listeners, directory: directory, board: board, logger: logger
            ).make()
            try await ServerGroup(services: services, logger: logger).run()
            return .done
        }
    }
}
