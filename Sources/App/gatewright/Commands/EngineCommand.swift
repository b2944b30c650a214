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
            try engine.checkLoopback([engine.managementListen, engine.dataListen])
            let directory = DataDirectory(option: global.dataDir, environment: global.environment, repository: nil)
            try directory.prepare()
            let logger = global.logger("engine", least: .notice)
            let host = try await EngineHost.open(directory, engine.configuration(directory), logger: logger)
            if engine.insecureSkipAuthentication {
                logger.warning("authentication is switched off: any credentials are accepted")
            }
            let board = ListenerBoard(expected: [.management, .data, .owner]) { taken in
                await ListenerFile.publish(taken, directory, terminal)
            }
            let services = EngineServices(
                host: host, options: engine, directory: directory, board: board, logger: logger
            ).make()
            try await ServerGroup(services: services, logger: logger).run()
            return .done
        }
    }
}
