import DataPlane
import Logging
import Resources

/// Asks a stage of the engine in this process: what its data plane has compiled, or through a listener that is open for
/// that one request, on loopback.
struct EngineStageProber: StageProber {
    let host: EngineHost
    let http: OutgoingHTTP
    let logger: Logger

    func ask(_ question: ProbeQuestion) async -> ProbeAnswer {
        guard let snapshot = host.registry.snapshot(apiID: question.apiID, stageName: question.stageName) else {
            return .failed("the data plane has no such stage")
        }
        let verdict = Self.verdict(serving: snapshot.deploymentID, wanted: question.deploymentID)
        guard question.request != nil, case .serves = verdict else { return verdict }
        var configuration = DataPlaneConfiguration(host: "127.0.0.1", port: 0)
        configuration.eventLoops = 1
        configuration.endpoints = host.endpoints
        configuration.shutdownGrace = .zero
        let server = DataPlaneServer(configuration: configuration, registry: host.registry, logger: logger)
        let port: Int
        do { port = try await server.start() } catch { return .failed(error.message) }
        let answer = await HTTPStageProber(http: http) { .endpoint("http://127.0.0.1:\(port)") }.ask(question)
        await server.shutdown()
        return answer
    }

    /// - Parameter wanted: Nil where any deployment will do.
    static func verdict(serving deployment: String, wanted: String?) -> ProbeAnswer {
        if let wanted, deployment != wanted {
            return .failed("the stage serves the deployment `\(deployment)`, not `\(wanted)`")
        }
        return .serves("serves the deployment `\(deployment)`")
    }
}
