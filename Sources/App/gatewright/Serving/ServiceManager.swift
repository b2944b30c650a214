import Glibc
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The service manager that started this process and wants to hear how it stands, as systemd does for `Type=notify`.
///
/// SOURCE: sd_notify(3), systemd 252: one datagram a message to the socket in `NOTIFY_SOCKET`.
struct ServiceManager: Sendable {
    enum Message: String {
        case ready = "READY=1"
        case stopping = "STOPPING=1"
        case watchdog = "WATCHDOG=1"
    }

    /// How often it wants to hear from us before it takes us for dead; nil where it does not ask.
    let watchdog: Duration?
    private let path: String
    private let logger: Logger

    /// - Returns: Nil where nobody asks.
    init?(_ environment: Environment, _ logger: Logger) {
        guard let path = environment["NOTIFY_SOCKET"], !path.isEmpty else { return nil }
        // LIMIT: names of the abstract namespace (`@…`), which containers may use, are not spoken to.
        guard path.hasPrefix("/") else {
            logger.warning(
                "the service manager's socket is no path: it is told nothing", metadata: ["gw.socket": "\(path)"])
            return nil
        }
        self.path = path
        self.logger = logger
        let isForUs = environment["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
        let period = environment["WATCHDOG_USEC"].flatMap { Int64($0) }
        watchdog = isForUs ? period.flatMap { $0 > 0 ? .microseconds($0) : nil } : nil
    }

    /// What cannot be said is logged, and harms nobody but us: the manager ends what it takes for dead.
    func say(_ message: Message) async {
        do {
            let channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(unixDomainSocketPath: path).get()
            try await channel.writeAndFlush(ByteBuffer(string: message.rawValue + "\n")).get()
            try await channel.close().get()
        } catch {
            logger.warning(
                "the service manager was not told",
                metadata: ["gw.message": "\(message.rawValue)", "gw.error": "\(error)"])
        }
    }
}

/// Tells a service manager that the process lives, as often as it asks, and that it ends once it does.
///
/// Last in the list of services: it is the first that hears of the end.
struct ServiceManagerService: Service {
    let manager: ServiceManager

    func run() async throws {
        let manager = manager
        // On the pool that all others work on, through an event loop: where those hang, so does this.
        await cancelWhenGracefulShutdown {
            do {
                while true {
                    try await Task.sleep(for: manager.watchdog.map { $0 / 2 } ?? .seconds(3_600))
                    if manager.watchdog != nil { await manager.say(.watchdog) }
                }
            } catch {}
        }
        await manager.say(.stopping)
    }
}
