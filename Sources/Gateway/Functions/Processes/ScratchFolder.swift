import Diagnostics
import FoundationEssentials
import Glibc

/// A folder that one process may write to, for as long as it lives.
struct ScratchFolder {
    let path: String

    /// - Throws: `functions.start-refused`.
    init(in parent: String, user: UInt32?) throws(FunctionsFailure) {
        path = parent + "/" + Invocation.newRequestID()
        guard mkdir(path, 0o700) == 0, user.map({ chown(path, $0, $0) == 0 }) ?? true else {
            throw FunctionsFailure(
                .startRefused, "no folder could be made in `\(parent)`: errno \(errno)",
                recovery: .retry(after: .seconds(1)))
        }
    }

    /// Makes the folder of all of them, and removes what an earlier host left in it.
    static func prepare(_ parent: String) throws {
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        chmod(parent, 0o711)
        for name in try FileManager.default.contentsOfDirectory(atPath: parent) {
            try FileManager.default.removeItem(atPath: parent + "/" + name)
        }
    }

    /// With all that is in it; links are removed, not followed. May take long.
    func remove() throws { try FileManager.default.removeItem(atPath: path) }
}
