import HTTPTypes
import Hummingbird
import JSON
import Logging
import NIOCore
import Reconciling
import ServiceLifecycle

/// The controller's read API: `/healthz`, `/readyz`, `/status`, `/status/ENVIRONMENT`, `/plan`, `/metrics`; and the
/// webhooks of forges.
struct ControllerListener: Service {
    let address: ListenAddress
    let tls: ListenerTLS?
    let fleet: Fleet
    let plans: PlanService
    let webhooks: WebhookRoutes
    let board: ListenerBoard
    let observation: Observation
    let logger: Logger

    func run() async throws {
        let router = Router()
        let fleet = fleet
        let plans = plans
        let observation = observation
        // Alive: the process answers. Ready: every environment was attempted at least once, and one of them serves.
        router.get("/healthz") { _, _ in Self.answer(["status": "ok"]) }
        router.get("/readyz") { _, _ in
            let readiness = Readiness(fleet.statuses)
            return Self.answer(readiness.document, status: readiness.isReady ? .ok : .serviceUnavailable)
        }
        router.get("/status") { _, _ in
            Self.answer(StatusDocument.document(fleet.status, fleet.statuses))
        }
        router.get("/status/:environment") { _, context in
            let name = context.parameters.get("environment") ?? ""
            guard let status = fleet.statuses.first(where: { $0.environment == name }) else {
                return Self.answer(
                    StatusDocument.problem(.unknownEnvironment, "there is no environment `\(name)` here"),
                    status: .notFound)
            }
            return Self.answer(StatusDocument.document(status, fleet.counters(environment: name)))
        }
        // Harmless, whoever asks: it only ends the pause before the next look, and many are one.
        router.post("/wake") { request, _ in
            fleet.wake(environment: request.uri.queryParameters.get("environment"))
            return Self.answer(["status": "ok"], status: .accepted)
        }
        router.get("/plan") { request, _ in
            let query = request.uri.queryParameters
            let answer = await plans.answer(
                environment: query.get("environment"), ref: query.get("ref") ?? "HEAD",
                refreshes: query.get("refresh") == "true")
            return Self.answer(answer.document, status: answer.status)
        }
        router.get("/metrics") { _, _ in
            let statistics = await observation.dataPlane.statistics()
            let text = MetricsPage(fleet.counters, fleet.statuses, statistics, observation).text
            return Response(
                status: .ok, headers: [.contentType: MetricsPage.contentType],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
        webhooks.add(to: router)
        let address = address
        let board = board
        let application = Application(
            router: router, server: .http1(tls),
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port), serverName: nil),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? address.port
                await board.took(.controller, "\(ListenAddress(host: address.host, port: port))")
            },
            logger: logger)
        do {
            try await application.run()
        } catch let error as IOError {
            throw CommandFailure(.listenRefused, "cannot listen on `\(address)`", cause: error)
        }
    }

    private static func answer(_ document: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: document.text(.pretty) + "\n")))
    }
}
