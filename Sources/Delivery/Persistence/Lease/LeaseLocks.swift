import Applying
import Glibc
import Synchronization

/// One locked file for each environment that this process holds. The system lets go of them when the process ends,
/// however it ends.
final class LeaseLocks: Sendable {
    private let directory: String
    private let held = Mutex<[String: FileLock]>([:])

    init(directory: String) { self.directory = directory }

    /// False when another holder has it, be it in this process.
    ///
    /// - Throws: `lease.unavailable` when the file cannot be made.
    func lock(_ environment: String) throws(LeaseFailure) -> Bool {
        guard let lock = try FileLock(path: path(environment)) else { return false }
        held.withLock { $0[environment] = lock }
        return true
    }

    /// True where nobody has it.
    func isFree(_ environment: String) throws(LeaseFailure) -> Bool { try FileLock(path: path(environment)) != nil }

    func unlock(_ environment: String) {
        held.withLock { $0[environment] = nil }
    }

    func releaseAll() {
        held.withLock { $0 = [:] }
    }

    /// Letters, digits, `-` and `_` stay; what else a name may have is written in hex, so that it leaves no folder.
    private func path(_ environment: String) -> String {
        var name = ""
        for byte in environment.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                name.unicodeScalars.append(Unicode.Scalar(byte))
            default: name += "%" + String(byte, radix: 16)
            }
        }
        return "\(directory)/lease-\(name).lock"
    }
}

/// A file that is locked for as long as this lives.
private final class FileLock: Sendable {
    private let descriptor: Int32

    /// Nil when somebody else has it.
    init?(path: String) throws(LeaseFailure) {
        // Close-on-exec, so that no function or hook keeps the lock alive.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw LeaseFailure(.unavailable, "`\(path)` could not be opened (\(String(cString: strerror(errno))))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            close(descriptor)
            if reason == EWOULDBLOCK { return nil }
            throw LeaseFailure(.unavailable, "`\(path)` could not be locked (\(String(cString: strerror(reason))))")
        }
        self.descriptor = descriptor
    }

    deinit {
        // A process that was forked and has not become another program yet would keep a merely closed file locked.
        _ = flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
