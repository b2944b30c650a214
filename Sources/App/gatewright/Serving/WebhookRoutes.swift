import Forges
import HTTPTypes
import Hummingbird
import JSON
import Logging
import NIOCore
import Synchronization

/// `POST /webhooks/FORGE`: a forge says that something was pushed, and the controller looks at once.
///
/// Without a `webhooks:` section there is no such path. What a webhook says is never believed: it only makes the
/// controller read the repository earlier than at the end of its interval.
struct WebhookRoutes: Sendable {
    private let secrets: [Forge: SecretReference]
    private let ref: String
    private let environment: Environment
    private let wake: @Sendable () -> Void
    private let logger: Logger
    private let desk = WebhookDesk()
    private let complaints: Complaints

    /// LIMIT: seconds between two log records about refused webhooks of one code: anybody can send them.
    private static let complaintSeconds: Int64 = 60

    /// - Parameter ref: What is followed.
    init(
        _ settings: [WebhookSettings], following ref: String, environment: Environment, logger: Logger,
        wake: @escaping @Sendable () -> Void
    ) {
        secrets = Dictionary(settings.map { (Forge($0.forge), $0.secret) }) { first, _ in first }
        self.ref = ref
        self.environment = environment
        self.wake = wake
        self.logger = logger
        complaints = Complaints()
    }

    func add(to router: Router<BasicRequestContext>) {
        guard !secrets.isEmpty else { return }
        router.post("/webhooks/:forge") { request, context in
            let answer = await self.answer(request, forge: context.parameters.get("forge") ?? "")
            return Response(
                status: answer.status, headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: answer.document.text(.compact) + "\n")))
        }
    }

    private func answer(_ request: Request, forge name: String) async -> WebhookDesk.Answer {
        guard let forge = Forge(rawValue: name), let secret = secrets[forge] else {
            return refused(
                WebhookDesk.refusal(
                    WebhookFailure(.notConfigured, "there are no webhooks of such a forge here")), name: "unknown")
        }
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: WebhookDesk.bodyBytesMax)
        } catch is NIOTooManyBytesError {
            return refused(
                WebhookDesk.refusal(
                    WebhookFailure(.tooLarge, "a webhook has more than \(WebhookDesk.bodyBytesMax) bytes")), name: name)
        } catch {
            return refused(
                WebhookDesk.refusal(WebhookFailure(.notJSON, "the body of a webhook did not arrive")), name: name)
        }
        let answer = desk.take(
            forge, headers: request.headers, body: Array(body.readableBytesView), secret: key(secret), following: ref)
        guard let push = answer.push else { return answer.failure == nil ? answer : refused(answer, name: name) }
        logger.info(
            "a push was announced",
            metadata: [
                "gw.forge": "\(name)", "gw.ref": "\(push.ref)", "gw.commit": "\(push.after ?? "")",
                "gw.repository": "\(push.repository ?? "")",
            ])
        wake()
        return answer
    }

    private func key(_ secret: SecretReference) -> [UInt8]? {
        do {
            return Array(try secret.text(environment).utf8)
        } catch {
            logger.debug("a webhook's secret cannot be read", metadata: ["gw.error": "\(error)"])
            return nil
        }
    }

    private func refused(_ answer: WebhookDesk.Answer, name: String) -> WebhookDesk.Answer {
        guard let code = answer.failure else { return answer }
        let isNews = complaints.isNews(code, at: WallClock.millisecondsSince1970 / 1000, pause: Self.complaintSeconds)
        logger.log(
            level: isNews ? .warning : .debug, "a webhook was refused",
            metadata: ["gw.forge": "\(name)", "gw.code": "\(code.rawValue)"])
        return answer
    }
}

/// When each code was last complained of.
private final class Complaints: Sendable {
    private let last = Mutex<[WebhookFailure.Code: Int64]>([:])

    func isNews(_ code: WebhookFailure.Code, at now: Int64, pause: Int64) -> Bool {
        last.withLock { last in
            if let before = last[code], now >= before, now - before < pause { return false }
            last[code] = now
            return true
        }
    }
}
