import DataPlane
import Logging

/// A data plane on a free port, for one test.
struct TestServer {
    var server: DataPlaneServer
    var registry: SnapshotRegistry
    var port: Int

    static func with<Result>(
        _ definitions: [StageDefinition], linkTargets: [String: LinkTargets] = [:],
        endpoints: EndpointMap = EndpointMap(),
        roles: (any RoleCredentials)? = nil,
        configure: (inout DataPlaneConfiguration) -> Void = { _ in },
        _ body: (TestServer) async throws -> Result
    ) async throws -> Result {
        var configuration = DataPlaneConfiguration(host: "127.0.0.1", port: 0)
        configuration.eventLoops = 2
        configuration.shutdownGrace = .seconds(5)
        configure(&configuration)
        let registry = SnapshotRegistry(linkTargets: linkTargets, endpoints: endpoints)
        if let roles { registry.services.roles.publish(roles) }
        registry.links.publishOne()
        for definition in definitions {
            registry.publish(
                StageSnapshot(
                    compiling: definition, keys: registry.keys, callers: registry.callers, links: registry.links,
                    services: registry.services))
        }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = DataPlaneServer(configuration: configuration, registry: registry, logger: logger)
        let port = try await server.start()
        do {
            let result = try await body(TestServer(server: server, registry: registry, port: port))
            await server.shutdown()
            return result
        } catch {
            await server.shutdown()
            throw error
        }
    }

    func client() throws -> WireClient { try WireClient(port: port) }

    /// One request on a connection of its own.
    func send(
        _ method: String, _ target: String, headers: String = "", body: String = ""
    ) throws -> WireClient.Answer {
        let length = body.isEmpty ? "" : "Content-Length: \(body.utf8.count)\r\n"
        return try client().exchange(
            "\(method) \(target) HTTP/1.1\r\nHost: abc123.execute-api.test\r\n\(headers)\(length)\r\n\(body)")
    }
}
