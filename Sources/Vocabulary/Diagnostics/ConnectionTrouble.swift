import Glibc

/// Why no connection came about, in words that follow the name of whom it was for.
package enum ConnectionTrouble {
    package static let timeout = "it did not answer in time"
    package static let unknownName = "its name has no address"

    /// - Parameter code: As connect(2) has it.
    package static func words(errno code: Int32) -> String {
        switch code {
        case ECONNREFUSED: "it refuses connections"
        case ECONNRESET, EPIPE: "it broke the connection off"
        case ETIMEDOUT: timeout
        case EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN: "there is no route to it"
        case ENOENT: "there is no such socket"
        case EACCES, EPERM: "this machine does not allow the connection"
        case EMFILE, ENFILE: "too many files are open here"
        case EADDRNOTAVAIL: "this machine has no port left for it"
        default: "the system says error \(code)"
        }
    }
}
