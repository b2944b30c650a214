import AWSProvider
import Applying
import Diagnostics
import GitSource
import Glibc
import JSON
import Logging
import Manifests
import Persistence
import Planning
import Reconciling
import Resources

/// What `plan`, `apply`, `history`, `show` and `serve` share: the data directory, the stores in it, and the pipeline.
struct Session: Sendable {
    let directory: DataDirectory
    let stores: StateDatabase
    let pipeline: Pipeline
    /// What the controller's configuration says.
    let configuration: ControllerConfiguration
    let logger: Logger

    /// - Parameters:
    ///   - prefix: Where the configuration is inside its repository, for commands that read commits.
    ///   - isReading: Makes nothing: where no data directory is, nothing was applied.
    ///   - isInMemory: Keeps no state, as the engine that it is about keeps nothing.
    ///   - callsTarget: False for a plan from the recorded state: see ``TargetConnection``.
    ///   - host: The engine of this process, where the command runs one; else the target is opened when a plan needs it.
    ///   - announce: Told what happens while it happens; it must not block.
    static func open(
        _ repository: RepositoryOptions, _ global: GlobalOptions, prefix: String = "", isReading: Bool = false,
        isInMemory: Bool = false, callsTarget: Bool = true, host: EngineHost? = nil,
        configuration: LoadedConfiguration? = nil,
        announce: @escaping @Sendable (Announcement) -> Void = { _ in }, logger: Logger? = nil
    ) async throws -> Session {
        let directory = DataDirectory(
            option: global.dataDir, environment: global.environment, repository: repository.folder)
        let loaded = try configuration ?? global.configuration(directory)
        if !isReading { try directory.prepare() }
        let isKept = !isInMemory && (!isReading || access(directory.statePath, F_OK) == 0)
        let logger = logger ?? loaded.values.logs.logger("gatewright")
        if configuration == nil { loaded.log(logger, at: .debug) }
        let stores = try await StateDatabase.open(
            directory: isKept ? directory.path : nil, now: { Timestamp(milliseconds: WallClock.millisecondsSince1970) })
        let applier = Applier(
            journal: stores, states: stores, leases: stores, holder: holder, logger: logger)
        let targets = TargetPool(
            directory: directory, global: global, configuration: loaded.values, callsTarget: callsTarget, host: host)
        let pipeline = Pipeline(
            loader: repository.loader(prefix: prefix, configuration: loaded.values), applier: applier,
            revisions: stores,
            guards: loaded.values.guards.forPlans,
            signatures: SignaturePolicy(loaded.values.git),
            provider: { target, environment throws(ProviderFailure) in
                try await targets.provider(for: target, environment: environment)
            }, announce: announce, now: { Timestamp(milliseconds: WallClock.millisecondsSince1970) }, logger: logger)
        return Session(
            directory: directory, stores: stores, pipeline: pipeline, configuration: loaded.values, logger: logger)
    }

    /// For messages to others who want the lease.
    private static var holder: String {
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "process \(getpid())" }
        let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "process \(getpid()) on \(host)"
    }
}

/// Opens each target once and keeps it: the engine's lock is held as long as the process lives.
private actor TargetPool {
    private let directory: DataDirectory
    private let global: GlobalOptions
    private let configuration: ControllerConfiguration
    private let callsTarget: Bool
    private let host: EngineHost?
    private let secrets: ControllerSecrets
    private let code: CodeFolder
    private var open: [String: TargetConnection] = [:]

    init(
        directory: DataDirectory, global: GlobalOptions, configuration: ControllerConfiguration, callsTarget: Bool,
        host: EngineHost?
    ) {
        self.directory = directory
        self.global = global
        self.configuration = configuration
        self.callsTarget = callsTarget
        self.host = host
        code = CodeFolder(directory: directory)
        secrets = ControllerSecrets(
            settings: configuration.secrets, environment: global.environment, directory: directory)
    }

    func provider(
        for target: JSONValue, environment: String
    ) async throws(ProviderFailure) -> any ResourceProvider {
        let key = target.text(.canonical)
        if let connection = open[key] {
            return connection.provider(environment: environment, secrets: secrets, code: code)
        }
        let connection: TargetConnection
        if let host, target["engine"] != nil, target["engine"]?["endpoint"] == nil {
            connection = TargetConnection(host: host, logger: configuration.logs.logger("engine"))
        } else {
            do {
                connection = try await TargetConnection.open(
                    target, directory, global, configuration, isCalled: callsTarget)
            } catch let failure as CredentialsFailure {
                throw failure.ofCall
            } catch let failure as ProviderFailure {
                throw failure
            } catch let failure as any Failure {
                throw ProviderFailure(.unreachable, "the target could not be opened", effect: .none, cause: failure)
            } catch {
                throw ProviderFailure(.unreachable, "the target could not be opened: \(error)", effect: .none)
            }
        }
        open[key] = connection
        return connection.provider(environment: environment, secrets: secrets, code: code)
    }
}

extension GuardSettings {
    /// As the pipeline has them.
    fileprivate var forPlans: ControllerGuards {
        ControllerGuards(
            maxDeletes: maxDeletes, protect: protect,
            environments: environments.mapValues { own in
                ControllerGuards.Environment(
                    maxDeletes: own.maxDeletes, protect: own.protect, target: own.target,
                    needsApproval: own.needsApproval)
            })
    }
}
