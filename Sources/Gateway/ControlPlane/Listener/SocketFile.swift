import Glibc
import Storage

/// The file of the owner's socket.
enum SocketFile {
    /// Removes a stale socket, and makes files of this process private until the socket is bound.
    ///
    /// - Throws: `control-plane.listener-failed` when something that is no socket is in the way.
    static func prepare(_ path: String) throws(EngineFailure) {
        guard let status = FileStatus(of: path, followsLink: false) else { return }
        guard status.isSocket else {
            throw EngineFailure(.listenerFailed, "`\(path)` is in the way of the owner's socket and is no socket")
        }
        _ = unlink(path)
    }

    /// Only the owner may connect.
    static func restrict(_ path: String) throws(EngineFailure) {
        guard chmod(path, S_IRUSR | S_IWUSR) == 0 else {
            throw EngineFailure(.listenerFailed, "the rights of the owner's socket `\(path)` cannot be set")
        }
    }
}
