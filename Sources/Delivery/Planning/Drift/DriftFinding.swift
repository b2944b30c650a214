package import Diagnostics

/// What a drift report says beside the drift.
package enum DriftFinding: String, StableCode {
    case ruleExpired = "drift.rule-expired"
    case ruleUnused = "drift.rule-unused"
    case commitUnknown = "drift.commit-unknown"
    case desiredInvalid = "drift.desired-invalid"

    package var explanation: Explanation {
        switch self {
        case .ruleExpired:
            Explanation(
                meaning: "a rule of `spec.drift.ignore` does not hold any more, so its drift is reported",
                cause: "its last day is over",
                remedy: "correct the drift and remove the rule, or agree on another day with its owner")
        case .ruleUnused:
            Explanation(
                meaning: "a rule of `spec.drift.ignore` leaves nothing alone",
                cause: "the drift is gone, or the rule names another object, path or class",
                remedy: "remove the rule, or compare its target and paths with the report")
        case .commitUnknown:
            Explanation(
                meaning: "the commit that was applied could not be read, so the recorded state stands in for it",
                cause: "the commit is not in the repository any more, or its manifests have errors for this version",
                remedy: "fetch the whole history of the branch, or apply a commit that is there")
        case .desiredInvalid:
            Explanation(
                meaning: "the manifests of the next commit have errors, so it is not said what it wants of the drift",
                cause: "what `gatewright validate` names", remedy: "correct the manifests and commit")
        }
    }
}
