import Diagnostics
package import Logging

/// Serves the stages of a registry.
package final class DataPlaneServer: Sendable {
    let configuration: DataPlaneConfiguration
    let registry: SnapshotRegistry
    let logger: Logger

    package init(configuration: DataPlaneConfiguration, registry: SnapshotRegistry, logger: Logger) {
        self.configuration = configuration
        self.registry = registry
        self.logger = logger
    }

    /// Opens the listener.
    ///
    /// - Returns: The port taken.
    /// - Throws: `data-plane.listen-refused`, `data-plane.already-started`.
    package func start() async throws(DataPlaneFailure) -> Int {
        throw DataPlaneFailure(.listenRefused, "the data plane is not there yet", recovery: .awaitCommit)
    }

    /// Stops accepting, lets requests in flight finish within the grace time, then closes everything.
    package func shutdown() async {}
}
