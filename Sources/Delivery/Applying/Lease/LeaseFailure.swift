package import Diagnostics

/// A lease that was not granted or could not be kept.
package struct LeaseFailure: Failure {
    package enum Code: String, StableCode {
        case held = "lease.held"
        case lost = "lease.lost"
        case unavailable = "lease.unavailable"
    }

    package let code: Code
    package let message: String
    /// With `held` and `lost`: who has it.
    package let holder: String?
    package let cause: (any Error)?

    package init(_ code: Code, _ message: String, holder: String? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.holder = holder
        self.cause = cause
    }

    package var recovery: Recovery {
        switch code {
        case .held, .unavailable: .retry(after: .seconds(5))
        case .lost: .observeFirst
        }
    }
}

extension LeaseFailure.Code {
    package var explanation: Explanation {
        switch self {
        case .held:
            Explanation(
                meaning: "another process is applying to this environment",
                cause: "a running `gatewright serve` or `apply`",
                remedy: "wait for it; a process that was killed gives the environment free by itself",
                example: "`dev` is being applied to by pid 4711 on build-7")
        case .lost:
            Explanation(
                meaning: "another process took over the environment while this one worked on it",
                cause: "this process was paused or cut off for longer than its lease",
                remedy: "nothing: the new holder recovers what was begun")
        case .unavailable:
            Explanation(
                meaning: "the lease of the environment could not be read or written",
                cause: "a full or read-only disk, or a database that is out of reach",
                remedy: "look at the cause behind this message")
        }
    }
}
