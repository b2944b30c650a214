import ArgumentParser
import Diagnostics
import Glibc
import JSON
import Persistence
import Reconciling

/// `gatewright pause`: nothing is applied for a while.
struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Apply nothing to an environment until a given time; drift is still looked for."
    )

    @OptionGroup var repository: RepositoryOptions

    @Option(help: "When it ends by itself: 2h, 30m, 3d, or a time such as 2026-11-22T18:00Z.")
    var until: PauseEnd

    @Option(help: "Why, for everybody who wonders.")
    var reason: String

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard reason.contains(where: { !$0.isWhitespace }) else { throw ValidationError("--reason needs a reason") }
        try HoldReason.check(reason)
    }

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            let now = Timestamp(milliseconds: WallClock.millisecondsSince1970)
            let end = until.moment(from: now)
            guard end > now else { throw CommandFailure(.badTime, "`\(end)` is over already: it is \(now)") }
            let session = try await Session.open(repository, global)
            let environment = try await EnvironmentName.find(repository, session)
            let before = try await session.pipeline.hold(of: environment)
            if let before, before.kind == .rollback {
                throw ReconcilingFailure(
                    .held, "`\(environment)` is \(before.sentence): resume it first",
                    recovery: .askOperator(runbook: "holds.md"))
            }
            let hold = Hold(
                .pause, environment: environment, since: now, until: end, by: Operator.name, reason: reason)
            try await session.pipeline.begin(hold, inPlaceOf: before)
            await RunningController.wake(environment, session.directory)
            terminal.say("`\(environment)` is \(hold.sentence)")
            return .done
        }
    }
}

/// `gatewright resume`: ends a pause or a rollback's hold.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Let an environment that is paused or rolled back follow its ref again.")

    @OptionGroup var repository: RepositoryOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            let session = try await Session.open(repository, global)
            let environment = try await EnvironmentName.find(repository, session)
            guard let hold = try await session.pipeline.hold(of: environment) else {
                terminal.say("`\(environment)` is not held: it follows its ref")
                return .done
            }
            try await session.pipeline.end(hold, because: "\(Operator.name) resumed it")
            await RunningController.wake(environment, session.directory)
            terminal.say("`\(environment)` follows its ref again; it was \(hold.sentence)")
            return .done
        }
    }
}

/// Who runs the command, as holds and messages name them.
enum Operator {
    /// `ann on build-7`
    static var name: String {
        var host = [CChar](repeating: 0, count: 256)
        let hasHost = unsafe gethostname(&host, host.count - 1) == 0
        return user + (hasHost ? " on " + text(of: host) : "")
    }

    private static var user: String {
        guard let entry = unsafe getpwuid(geteuid()), let name = unsafe entry.pointee.pw_name else {
            return "user \(geteuid())"
        }
        return unsafe String(cString: name)
    }

    private static func text(of buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// What `--reason` may be.
enum HoldReason {
    /// LIMIT: bytes of a reason.
    private static let bytesMax = 1_000

    static func check(_ reason: String) throws {
        guard reason.utf8.count <= bytesMax else { throw ValidationError("--reason has at most \(bytesMax) bytes") }
        guard !reason.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) else {
            throw ValidationError("--reason is one line")
        }
    }
}

/// When a pause ends: a moment, or so long from now.
enum PauseEnd: ExpressibleByArgument {
    case at(Timestamp)
    case after(Duration)

    /// LIMIT: days that a pause lasts.
    private static let daysMax = 366

    init?(argument: String) {
        if let moment = Timestamp(text: argument) {
            self = .at(moment)
            return
        }
        let units: [(String, Int)] = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)]
        for (unit, seconds) in units where argument.hasSuffix(unit) {
            let digits = argument.dropLast(unit.count)
            guard digits.utf8.count <= 8, digits.utf8.allSatisfy({ (48...57).contains($0) }), let count = Int(digits),
                count > 0, count * seconds <= Self.daysMax * 86_400
            else { continue }
            self = .after(.seconds(count * seconds))
            return
        }
        return nil
    }

    func moment(from now: Timestamp) -> Timestamp {
        switch self {
        case .at(let moment): min(moment, now.adding(.seconds(Self.daysMax * 86_400)))
        case .after(let duration): now.adding(duration)
        }
    }
}
