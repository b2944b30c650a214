import ControlPlane
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON
import Logging
import NIOCore
import Reconciling
import ServiceLifecycle

/// The controller's read API: `/healthz`, `/readyz`, `/status`, `/status/ENVIRONMENT`, `/plan`, `/metrics`; and the
/// webhooks of forges.
struct ControllerPages: Sendable {
    let fleet: Fleet
    let plans: PlanService
    let webhooks: WebhookRoutes
    let observation: Observation

    var router: Router<BasicRequestContext> {
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
            let text = MetricsPage((fleet.counters, fleet.statuses), statistics, observation).text
            return Response(
                status: .ok, headers: [.contentType: MetricsPage.contentType],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
        webhooks.add(to: router)
        return router
    }

    private static func answer(_ document: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: document.text(.pretty) + "\n")))
    }
}

/// Where the controller answers: at its address, and on a socket of the data directory for the commands of those who
/// may read that, whatever name its certificate has.
struct ControllerListener: Service {
    enum Place: Sendable {
        case tcp(ListenAddress, ListenerTLS?)
        case socket(String)
    }

    let place: Place
    let pages: ControllerPages
    let board: ListenerBoard
    let logger: Logger

    func run() async throws {
        let board = board
        switch place {
        case .tcp(let address, let tls):
            try await serve(.hostname(address.host, port: address.port), .http1(tls), "`\(address)`") { channel in
                let port = channel.localAddress?.port ?? address.port
                await board.took(.controller, "\(ListenAddress(host: address.host, port: port))")
            }
        case .socket(let path):
            try SocketFile.prepare(path)
            let logger = logger
            try await serve(.unixDomainSocket(path: path), .http1(), "`\(path)`") { _ in
                SocketFile.restrict(path, logger)
                await board.took(.controllerSocket, path)
            }
        }
    }

    private func serve(
        _ address: BindAddress, _ server: HTTPServerBuilder, _ name: String,
        onRunning: @escaping @Sendable (any Channel) async -> Void
    ) async throws {
        let application = Application(
            router: pages.router, server: server,
            configuration: ApplicationConfiguration(address: address, serverName: nil), onServerRunning: onRunning,
            logger: logger)
        do {
            try await application.run()
        } catch let error as IOError {
            throw CommandFailure(.listenRefused, "cannot listen on \(name)", cause: error)
        }
    }
}
