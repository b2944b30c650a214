import Foundation

/// One temporary folder that holds everything a test makes; it is gone with the last one who uses it.
final class Workspace: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path() + "gatewright-program-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try folder("home")
        try folder("output")
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            FileHandle.standardError.write(Data("left behind: \(path): \(error)\n".utf8))
        }
    }

    /// A folder in here, made if it is not there.
    @discardableResult
    func folder(_ name: String) throws -> String {
        let folder = path + "/" + name
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    /// What every process of a test is given: this machine's programs and an empty home, nothing of the user's own.
    var environment: [String: String] {
        let inherited = ProcessInfo.processInfo.environment
        var environment = ["HOME": path + "/home", "LANG": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1", "AWS_PAGER": ""]
        for name in ["PATH", "LD_LIBRARY_PATH", "TMPDIR"] { environment[name] = inherited[name] }
        return environment
    }
}
