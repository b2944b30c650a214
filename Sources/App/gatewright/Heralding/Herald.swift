import Diagnostics
import Forges
import HTTPTypes
import Logging
import Reconciling
import ServiceLifecycle
import Synchronization

/// Tells forges and receivers what the reconciler announces: commit statuses and notifications, as the configuration
/// says. Taking an announcement is cheap and never waits.
final class Herald: Sendable {
    /// A receiver of notifications, and what it wants to hear.
    private struct Receiver: Sendable {
        var courier: Courier<Notice>
        var kinds: Set<Notice.Kind>
    }

    private struct State {
        var statuses: Courier<CommitStatus>?
        var receivers: [Receiver] = []
        var sent = StatusMemory()
        var told = ToldMemory()
        /// Environments of which the trouble of this attempt was told as an event.
        var explained: Set<String> = []
    }

    private let plan: Plan
    private let state = Mutex(State())

    /// What the configuration asks for, checked.
    private struct Plan: Sendable {
        var api: StatusAPI?
        var token: SecretReference?
        var receivers: [(settings: NotificationSettings, kinds: Set<Notice.Kind>)] = []
        /// Of the controller, as others reach it.
        var link: String?
    }

    /// - Throws: `forge.bad-url`, `forge.bad-project`, `forge.unknown-kind`.
    init(_ configuration: ControllerConfiguration) throws(ForgeFailure) {
        var plan = Plan()
        if let url = configuration.listeners.publicURL { plan.link = try WebAddress(url).text + "/status" }
        if let statuses = configuration.statuses {
            plan.api = try StatusAPI(Forge(statuses.forge), url: statuses.url, project: statuses.project)
            plan.token = statuses.token
        }
        for settings in configuration.notifications {
            _ = try WebAddress(settings.url)
            plan.receivers.append((settings, try Self.kinds(settings.events)))
        }
        self.plan = plan
    }

    private static func kinds(_ names: [String]) throws(ForgeFailure) -> Set<Notice.Kind> {
        guard !names.isEmpty else { return Set(Notice.Kind.allCases) }
        var kinds: Set<Notice.Kind> = []
        for name in names {
            guard let kind = Notice.Kind(rawValue: name) else {
                let known = Notice.Kind.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
                throw ForgeFailure(.unknownKind, "`\(name)` is no kind of event; there are \(known)")
            }
            kinds.insert(kind)
        }
        return kinds
    }

    /// The services that send; to be run before the first announcement, and ended after the last.
    func services(
        store: (any OutboxStore)?, http: OutgoingHTTP, environment: Environment, logger: Logger
    ) -> [any Service] {
        let transport = MessagePost(http: http)
        let now: @Sendable () -> Int64 = { WallClock.millisecondsSince1970 }
        var services: [any Service] = []
        if let api = plan.api, let token = plan.token {
            let courier = Courier<CommitStatus>(
                channel: "statuses", store: store, transport: transport, now: now, logger: logger,
                read: { api.outcome(of: $0) }
            ) { (status) throws(ForgeFailure) in api.message(status, token: try token.text(environment)) }
            state.withLock { $0.statuses = courier }
            services.append(CourierService(courier: courier))
        }
        for (position, receiver) in plan.receivers.enumerated() {
            let courier = Courier<Notice>(
                channel: "notifications[\(position)]", store: store, transport: transport, now: now, logger: logger,
                write: Self.writing(receiver.settings, environment, now))
            state.withLock { $0.receivers.append(Receiver(courier: courier, kinds: receiver.kinds)) }
            services.append(CourierService(courier: courier))
        }
        return services
    }

    private static func writing(
        _ settings: NotificationSettings, _ environment: Environment, _ now: @escaping @Sendable () -> Int64
    ) -> Courier<Notice>.Writing {
        switch settings.kind {
        case .slack:
            { (notice) throws(ForgeFailure) in try SlackMessages(url: settings.url).message(notice) }
        case .cloudevents:
            { (notice) throws(ForgeFailure) in
                let secret = try settings.secret?.text(environment)
                return try CloudEvents(url: settings.url).message(notice, secret: secret, now: now())
            }
        }
    }

    /// Takes what the reconciler says.
    func announce(_ announcement: Announcement) {
        switch announcement {
        case .began(let environment, let commit):
            state.withLock { _ = $0.explained.remove(environment) }
            let begun = CommitStatus(
                commit: commit, environment: environment, state: .pending, description: "planned and applied now",
                targetURL: plan.link)
            send(begun, isBeginning: true)
        case .event(let event, let revision):
            guard let notice = Notice(event, revision, link: plan.link) else { return }
            if notice.kind != .applied { state.withLock { _ = $0.explained.insert(event.environment) } }
            tell(notice)
        case .ended(let status, let commit):
            if let ended = CommitStatus(status, commit: commit, link: plan.link) { send(ended) }
            // A failure that wrote nothing is no event of the history.
            guard !state.withLock({ $0.explained.contains(status.environment) }) else { return }
            if let notice = Notice(status, commit: commit, link: plan.link) { tell(notice) }
        }
    }

    private func send(_ status: CommitStatus, isBeginning: Bool = false) {
        let courier = state.withLock { state in
            state.statuses.flatMap { state.sent.isNews(status, isBeginning: isBeginning) ? $0 : nil }
        }
        courier?.put(status)
    }

    private func tell(_ notice: Notice) {
        let receivers = state.withLock { state in
            state.receivers.isEmpty || !state.told.isNews(notice) ? [] : state.receivers
        }
        for receiver in receivers where receiver.kinds.contains(notice.kind) { receiver.courier.put(notice) }
    }
}

/// A courier as a service: what can be sent at once at the end is sent, the rest waits for the next start.
private struct CourierService<Item: Letter>: Service {
    let courier: Courier<Item>

    func run() async throws {
        await withGracefulShutdownHandler {
            await courier.run()
        } onGracefulShutdown: {
            courier.stop()
        }
    }
}

/// Messages over the program's one client.
struct MessagePost: MessageTransport {
    let http: OutgoingHTTP

    /// LIMIT: for one message; those behind it wait so long.
    private static let timeLimit = Duration.seconds(10)

    func send(_ message: Message) async throws(ForgeFailure) -> Message.Reply {
        do {
            let reply = try await http.send(message.request, body: message.body, timeLimit: Self.timeLimit)
            return Message.Reply(response: reply.response, body: reply.body)
        } catch {
            throw ForgeFailure(.notTaken, "a message could not be sent", cause: error)
        }
    }
}

extension SecretReference {
    /// As it is now: a secret may be changed while the controller runs.
    func text(_ environment: Environment) throws(ForgeFailure) -> String {
        do {
            return try read(environment).revealed
        } catch {
            throw ForgeFailure(.secretMissing, "the secret \(self) cannot be read", cause: error)
        }
    }
}

extension Forge {
    init(_ kind: ForgeKind) {
        switch kind {
        case .github: self = .github
        case .gitlab: self = .gitlab
        case .gitea: self = .gitea
        }
    }
}
