import Bytes
import ControlPlane
import Functions
import Glibc
import Logging

/// Where an engine's functions lie, and their host.
///
/// Under root each process of a function has a user of its own, who must reach the code: so it is not in the data
/// directory, which is closed to all others.
struct FunctionPlace {
    private let folder: String
    private let settings: FunctionSettings

    init(_ settings: FunctionSettings, _ directory: DataDirectory, isInMemory: Bool) {
        self.settings = settings
        let base = settings.folder ?? Self.base(of: directory)
        // What is kept for good is none of an engine's that keeps nothing: it removes what it does not know.
        folder = isInMemory ? base + "/memory-\(getpid())" : base
    }

    private static func base(of directory: DataDirectory) -> String {
        guard geteuid() == 0 else { return directory.path + "/functions" }
        return "/var/lib/gatewright/functions/" + StableHash(of: directory.path.utf8).text
    }

    /// - Parameter runs: Starts a host, if functions are enabled; else they are kept only.
    /// - Throws: What the system says of the folder.
    func service(runs: Bool, region: String, logger: Logger) async throws -> FunctionService {
        let code = CodeStore(root: folder + "/code")
        guard runs, settings.isEnabled else { return FunctionService(code: code, host: nil) }
        var configuration = FunctionHostConfiguration(
            scratchFolder: folder + "/scratch", clock: { WallClock.millisecondsSince1970 })
        configuration.region = region
        for (runtime, interpreter) in settings.interpreters { configuration.runtimes[runtime] = .python(interpreter) }
        if geteuid() != 0 {
            logger.warning(
                "functions run as the user of this process, and may do what that may: run it as root to separate them")
        }
        return FunctionService(code: code, host: try await FunctionHost(configuration, logger: logger))
    }
}
