import AWSProvider
import ControlPlane
import DataPlane
import HTTPTypes
import JSON
import Resources

/// Asks the process that runs the engine of the data directory: through its owner socket which deployment its data plane
/// has compiled, whatever certificate its listeners have; with a request of its own through the data listener.
struct OwnerStageProber: StageProber {
    let owner: any Transport
    let listener: HTTPStageProber

    func ask(_ question: ProbeQuestion) async -> ProbeAnswer {
        guard question.request == nil else { return await listener.ask(question) }
        let path = StagePage.path(apiID: question.apiID, stageName: question.stageName)
        let reply: TransportReply
        do throws(TransportFailure) {
            reply = try await owner.send(
                HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: path), body: [])
        } catch {
            return .failed("the running engine did not say what it serves: \(error)")
        }
        switch reply.response.status {
        case .ok:
            do {
                if let deployment = try JSONValue(parsing: reply.body)["deploymentId"]?.string {
                    return EngineStageProber.verdict(serving: deployment, wanted: question.deploymentID)
                }
                return .failed("the running engine's words about the stage name no deployment")
            } catch {
                return .failed("the running engine's words about the stage cannot be read: \(error)")
            }
        case .notFound: return .failed("the data plane has no such stage")
        // A process of an earlier version, which has no such page.
        default: return await listener.ask(question)
        }
    }
}

/// What the owner socket says of one stage: the deployment that the data plane has compiled, or 404.
struct StagePage: Sendable {
    private static let prefix = "/gatewright/stages/"
    let registry: SnapshotRegistry

    /// - Parameters: Names as the service gives them: letters, digits, `-` and `_`.
    static func path(apiID: String, stageName: String) -> String { "\(prefix)\(apiID)/\(stageName)" }

    /// Nil for what is no such question.
    func answer(_ request: HTTPRequest) -> ManagementListener.Page? {
        guard request.method == .get, let path = request.path, path.hasPrefix(Self.prefix) else { return nil }
        let names = path.dropFirst(Self.prefix.count).split(separator: "/", omittingEmptySubsequences: false)
        guard names.count == 2,
            let snapshot = registry.snapshot(apiID: String(names[0]), stageName: String(names[1]))
        else { return (HTTPResponse(status: .notFound), []) }
        let document: JSONValue = ["deploymentId": .string(snapshot.deploymentID)]
        return (HTTPResponse(status: .ok), document.bytes(.compact))
    }
}
