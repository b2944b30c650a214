import ControlPlane
import HTTPTypes
import JSON

/// What an engine without a controller shows on its management listener beside the API: `/healthz` and `/metrics`.
struct EnginePages: Sendable {
    let observation: Observation

    /// - Returns: Nil for all other requests: they are the API's.
    func answer(_ request: HTTPRequest) async -> ManagementListener.Page? {
        let path = request.path.map { $0.prefix { $0 != "?" } } ?? ""
        guard request.method == .get || request.method == .head else { return nil }
        switch path {
        case "/healthz":
            let document: JSONValue = ["status": "ok"]
            return Self.page("application/json", document.text(.pretty) + "\n")
        case "/metrics":
            let statistics = await observation.dataPlane.statistics()
            return Self.page(MetricsPage.contentType, MetricsPage(nil, statistics, observation).text)
        default: return nil
        }
    }

    private static func page(_ type: String, _ text: String) -> ManagementListener.Page {
        (HTTPResponse(status: .ok, headerFields: [.contentType: type]), Array(text.utf8))
    }
}
