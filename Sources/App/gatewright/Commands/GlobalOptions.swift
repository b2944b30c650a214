import ArgumentParser
import Logging

/// Options that every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(
        help:
            "Where state, engine and credentials live; else $GATEWRIGHT_DATA_DIR, else .gatewright beside gatewright.yaml.",
        completion: .directory)
    var dataDir: String?

    @Option(
        help:
            "The controller's configuration; else $GATEWRIGHT_CONFIG, else gatewright.conf.yaml in the data directory.",
        completion: .file(extensions: ["yaml"]))
    var config: String?

    @Option(
        help: "The folder that valueFrom: {file: PATH} of manifests reads from; else secrets.dir of the configuration.",
        completion: .directory)
    var secretsDir: String?

    @Option(help: "Least level that is logged: trace, debug, info, notice, warning (default), error, critical.")
    var logLevel: LogLevel?

    @Option(help: "How log lines look: text (default) or json.")
    var logFormat: LogSettings.Format?

    func validate() throws {
        if dataDir?.isEmpty == true { throw ValidationError("--data-dir needs a folder") }
        if secretsDir?.isEmpty == true { throw ValidationError("--secrets-dir needs a folder") }
        if config?.isEmpty == true { throw ValidationError("--config needs a file") }
    }

    var environment: Environment { Environment() }
    var terminal: Terminal { Terminal(environment: environment) }

    /// The file, the variables, and these options over both.
    ///
    /// - Parameter flags: The command's own: setting to text.
    /// - Throws: `configuration.invalid` and its like; what is wrong has been printed.
    func configuration(_ directory: DataDirectory, flags: [String: String] = [:]) throws -> LoadedConfiguration {
        var flags = flags
        flags["logs.level"] = logLevel?.level.rawValue
        flags["logs.format"] = logFormat?.rawValue
        flags["secrets.dir"] = secretsDir
        return try ConfigurationLoader(
            directory: directory, option: config, environment: environment, flags: flags
        ).load(terminal)
    }
}

extension LogSettings {
    /// - Parameter least: Never above this level: a server says what it does.
    func logger(_ label: String, least: Logger.Level = .critical) -> Logger {
        var logger = Logger(label: label) { LineLogHandler(label: $0, json: format == .json) }
        logger.logLevel = min(level, least)
        return logger
    }
}

extension LogSettings.Format: ExpressibleByArgument {}

/// A level by its name.
struct LogLevel: ExpressibleByArgument {
    let level: Logger.Level

    init(_ level: Logger.Level) { self.level = level }

    init?(argument: String) {
        guard let level = Logger.Level(rawValue: argument) else { return nil }
        self.level = level
    }

    static var allValueStrings: [String] { Logger.Level.allCases.map(\.rawValue) }
}
