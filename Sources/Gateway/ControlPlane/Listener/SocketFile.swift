import Glibc
package import Logging
import Storage

/// A socket that only the owner of the process may connect to.
package enum SocketFile {
    /// Removes a stale socket, and makes files of this process private until the socket is bound.
    ///
    /// - Throws: `control-plane.listener-failed` when something that is no socket is in the way.
    package static func prepare(_ path: String) throws(EngineFailure) {
        guard let status = FileStatus(of: path, followsLink: false) else { return }
        guard status.isSocket else {
            throw EngineFailure(.listenerFailed, "`\(path)` is in the way of a socket and is no socket")
        }
        _ = unlink(path)
    }

    /// Only the owner may connect, once it is bound; where that cannot be had it is logged.
    package static func restrict(_ path: String, _ logger: Logger) {
        do {
            try restrict(path)
        } catch {
            logger.error(
                "a socket is open to others", metadata: ["gw.code": "\(error.code.rawValue)", "gw.socket": "\(path)"])
        }
    }

    private static func restrict(_ path: String) throws(EngineFailure) {
        guard chmod(path, S_IRUSR | S_IWUSR) == 0 else {
            throw EngineFailure(.listenerFailed, "the rights of the socket `\(path)` cannot be set")
        }
    }
}
