package import Diagnostics

/// The data plane could not do what it was asked to.
package struct DataPlaneFailure: Failure {
    package enum Code: String, StableCode {
        case listenRefused = "data-plane.listen-refused"
        case alreadyStarted = "data-plane.already-started"

        package var explanation: Explanation {
            switch self {
            case .listenRefused:
                Explanation(
                    meaning: "the data listener could not be opened",
                    cause: "the port is taken, or the address does not belong to this machine",
                    remedy: "choose another address with `--data-listen`; port 0 takes a free one",
                    example: "--data-listen 127.0.0.1:80")
            case .alreadyStarted:
                Explanation(
                    meaning: "a data plane was started a second time",
                    cause: "one server value serves one listener for its whole life",
                    remedy: "make a new server")
            }
        }
    }

    package let code: Code
    package let message: String
    package let recovery: Recovery
    package let cause: (any Error)?

    init(_ code: Code, _ message: String, recovery: Recovery, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.recovery = recovery
        self.cause = cause
    }
}
