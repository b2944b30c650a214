import ArgumentParser
import Logging

/// Options that every command takes.
struct GlobalOptions: ParsableArguments {
    enum LogFormat: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Option(
        help:
            "Where state, engine and credentials live; else $GATEWRIGHT_DATA_DIR, else .gatewright beside gatewright.yaml."
    )
    var dataDir: String?

    @Option(help: "Least level that is logged: trace, debug, info, notice, warning, error, critical.")
    var logLevel: LogLevel = .init(.warning)

    @Option(help: "How log lines look.")
    var logFormat: LogFormat = .text

    func validate() throws {
        if dataDir?.isEmpty == true { throw ValidationError("--data-dir needs a folder") }
    }

    var environment: Environment { Environment() }
    var terminal: Terminal { Terminal(environment: environment) }

    /// - Parameter least: Never above this level: a server says what it does.
    func logger(_ label: String, least: Logger.Level = .critical) -> Logger {
        var logger = Logger(label: label) { _ in LineLogHandler(json: logFormat == .json) }
        logger.logLevel = min(logLevel.level, least)
        return logger
    }
}

/// A level by its name.
struct LogLevel: ExpressibleByArgument {
    let level: Logger.Level

    init(_ level: Logger.Level) { self.level = level }

    init?(argument: String) {
        guard let level = Logger.Level(rawValue: argument) else { return nil }
        self.level = level
    }

    static var allValueStrings: [String] { Logger.Level.allCases.map(\.rawValue) }
    var defaultValueDescription: String { level.rawValue }
}
