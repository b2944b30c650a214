import Logging
import ServiceLifecycle
import UnixSignals

/// Services that start together and end together: the first interrupt stops gracefully, a second one at once.
struct ServerGroup {
    let services: [any Service]
    let logger: Logger

    func run() async throws {
        var configuration = ServiceGroupConfiguration(
            services: services.map {
                .init(
                    service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup)
            },
            gracefulShutdownSignals: [.sigterm, .sigint], cancellationSignals: [.sigquit], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(40)
        try await ServiceGroup(configuration: configuration).run()
    }
}
