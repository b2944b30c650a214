import Diagnostics
import NIOCore

extension EndpointFailure {
    /// What the library throws while it connects.
    static func connecting(_ error: any Error) -> EndpointFailure {
        switch error {
        case ChannelError.connectTimeout: .connectFailed(ConnectionTrouble.timeout)
        case let error as IOError: .connectFailed(ConnectionTrouble.words(errno: error.errnoCode))
        default: .connectFailed("the connection was given up")
        }
    }
}
