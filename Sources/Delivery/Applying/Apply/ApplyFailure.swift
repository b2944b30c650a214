package import Diagnostics
import JSON

/// An apply that could not start or could not go on, for no reason of target, journal or lease.
package struct ApplyFailure: Failure {
    package enum Code: String, StableCode {
        case badSteps = "applying.bad-steps"
        case tooManySteps = "applying.too-many-steps"
        case targetOutOfReach = "applying.target-out-of-reach"
        case cancelled = "applying.cancelled"
        case stopped = "applying.stopped"
        case restarted = "applying.restarted"
        case changedMeanwhile = "applying.changed-meanwhile"
        case otherTarget = "applying.other-target"
        case probeFailed = "applying.probe-failed"
    }

    package let code: Code
    package let message: String
    package let cause: (any Error)?

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    init(otherTarget header: ApplyHeader) {
        self.init(
            .otherTarget,
            "the apply `\(header.id)` of `\(header.environment)` has not ended, and it went to "
                + "`\(header.target.text(.compact))`")
    }

    package var recovery: Recovery {
        switch code {
        case .badSteps, .tooManySteps, .probeFailed: .awaitCommit
        case .targetOutOfReach: .retry(after: .seconds(30))
        case .otherTarget: .retry(after: .seconds(1))
        case .cancelled, .stopped, .restarted, .changedMeanwhile: .observeFirst
        }
    }
}

extension ApplyFailure.Code {
    package var explanation: Explanation {
        switch self {
        case .badSteps:
            Explanation(
                meaning: "the calls derived from the plan contradict each other, so none was made",
                cause: "a defect of gatewright",
                remedy: "report the plan (`gatewright plan --format json`)")
        case .tooManySteps:
            Explanation(
                meaning: "the plan needs more calls than one apply may make",
                cause: "a very large first commit",
                remedy: "commit in parts, or split the environment")
        case .targetOutOfReach:
            Explanation(
                meaning: "the target could not be reached for as long as a step may be tried",
                cause: "a network or a target that is down",
                remedy: "nothing: the apply is recovered as soon as the target answers again")
        case .cancelled:
            Explanation(
                meaning: "the apply was cut off in the middle",
                cause: "a second interrupt, or a shutdown that ran out of time",
                remedy: "nothing: the next start recovers it")
        case .stopped:
            Explanation(
                meaning: "the apply was asked to stop",
                cause: "an interrupt or a shutdown",
                remedy: "apply again")
        case .restarted:
            Explanation(
                meaning: "the process that applied ended in the middle; what it had begun was taken back or finished",
                cause: "a crash, a kill, a restart of the machine",
                remedy: "apply again")
        case .changedMeanwhile:
            Explanation(
                meaning: "after a lost reply the object was neither as before the step nor as after it",
                cause: "someone else changed the object at the same time",
                remedy: "plan again: the object is read first")
        case .otherTarget:
            Explanation(
                meaning: "an apply that has not ended went to another target than the plan; nothing was written",
                cause: "`spec.target` was changed while an apply was cut off in the middle",
                remedy: "nothing where `serve` runs: the apply is recovered first; else apply again")
        case .probeFailed:
            Explanation(
                meaning: "a stage did not serve as it should after it was flipped, so it was flipped back",
                cause: "a deployment that does not work, a backend that is down, a probe that expects something else",
                remedy: "the message has the question and the answer: mend the API or `spec.apply.probes`, and commit")
        }
    }
}
