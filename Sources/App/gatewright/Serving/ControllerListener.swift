import HTTPTypes
import Hummingbird
import JSON
import Logging
import NIOCore
import Reconciling
import ServiceLifecycle

/// The controller's read API: `/healthz`, `/readyz`, `/status`, `/metrics`.
struct ControllerListener: Service {
    let address: ListenAddress
    let status: @Sendable () async -> EnvironmentStatus
    let counters: @Sendable () async -> ReconcilerCounters
    let plans: PlanService
    let board: ListenerBoard
    let logger: Logger

    func run() async throws {
        let router = Router()
        let status = status
        let counters = counters
        let plans = plans
        // Alive: the process answers. Ready: the environment was reconciled at least once and serves.
        router.get("/healthz") { _, _ in Self.answer(["status": "ok"]) }
        router.get("/readyz") { _, _ in
            let now = await status()
            let isReady = now.appliedCommit != nil || now.state == .ready
            return Self.answer(
                ["ready": .bool(isReady), "state": .string(now.state.rawValue)],
                status: isReady ? .ok : .serviceUnavailable)
        }
        router.get("/status") { _, _ in
            Self.answer(["environments": [StatusDocument.document(await status())]])
        }
        router.get("/plan") { request, _ in
            let query = request.uri.queryParameters
            let answer = await plans.answer(
                ref: query.get("ref") ?? "HEAD", refreshes: query.get("refresh") == "true")
            return Self.answer(answer.document, status: answer.status)
        }
        router.get("/metrics") { _, _ in
            let text = MetricsText(await counters(), await status()).text
            return Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
        let address = address
        let board = board
        let application = Application(
            router: router,
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
