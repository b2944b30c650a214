package import Diagnostics

/// A commit that could not be planned or applied.
package struct ReconcilingFailure: Failure {
    package enum Code: String, StableCode {
        case sourceUnreadable = "reconciling.source-unreadable"
        case manifestsInvalid = "reconciling.manifests-invalid"
        case signatureRefused = "reconciling.signature-refused"
        case stateUnreadable = "reconciling.state-unreadable"
        case stateUnwritable = "reconciling.state-unwritable"
        case targetUnusable = "reconciling.target-unusable"
        case targetUnreadable = "reconciling.target-unreadable"
        case recoveryFailed = "reconciling.recovery-failed"
        case consentNeeded = "reconciling.consent-needed"
        case digestDiffers = "reconciling.digest-differs"
        case stale = "reconciling.stale"
        case busy = "reconciling.busy"
        case driftReturns = "reconciling.drift-returns"
        case targetChanged = "reconciling.target-changed"
        case cannotAdopt = "reconciling.cannot-adopt"
        case targetForbidden = "reconciling.target-forbidden"
        case planImpossible = "reconciling.plan-impossible"
        case unknownEnvironment = "reconciling.unknown-environment"
        case historyUnreadable = "reconciling.history-unreadable"
        case historyUnwritable = "reconciling.history-unwritable"
        case held = "reconciling.held"
        case holdChanged = "reconciling.hold-changed"
        case noSuchRevision = "reconciling.no-such-revision"
        case notApplied = "reconciling.not-applied"
        case secretMissing = "reconciling.secret-missing"
    }

    package let code: Code
    package let message: String
    package let recovery: Recovery
    package let cause: (any Error)?

    package init(_ code: Code, _ message: String, recovery: Recovery) {
        self.code = code
        self.message = message
        self.recovery = recovery
        cause = nil
    }

    /// What may be done about it is what may be done about its cause.
    package init(_ code: Code, _ message: String, cause: any Failure) {
        self.code = code
        self.message = message
        recovery = cause.recovery
        self.cause = cause
    }
}

extension ReconcilingFailure.Code {
    package var explanation: Explanation {
        switch self {
        case .sourceUnreadable:
            Explanation(
                meaning: "a ref, a commit or its files could not be read",
                cause: "a ref that does not exist, a damaged repository, missing rights",
                remedy: "see the cause at the end of the message")
        case .manifestsInvalid:
            Explanation(
                meaning: "the manifests of a commit have errors, so nothing of it is applied",
                cause: "what `gatewright validate` names",
                remedy: "correct the manifests and commit; what was applied before stays meanwhile")
        case .signatureRefused:
            Explanation(
                meaning:
                    "a commit is not signed as the controller's configuration demands, so nothing of it is applied",
                cause: "see the cause at the end of the message",
                remedy: "sign the commit, or have someone sign it who is allowed to; what was applied before stays")
        case .secretMissing:
            Explanation(
                meaning: "the plan makes an object with a secret that cannot be read, so nothing was started",
                cause: "see the cause at the end of the message",
                remedy: "put the secret where the manifest's `valueFrom` says, or allow it in the controller's "
                    + "configuration")
        case .stateUnreadable:
            Explanation(
                meaning: "the recorded state of an environment could not be read, so nothing was started",
                cause: "a database that is busy, damaged or out of reach",
                remedy: "see the cause at the end of the message, and what `gatewright explain` says about it")
        case .stateUnwritable:
            Explanation(
                meaning: "what was read of the target could not be recorded, so nothing was started",
                cause: "a full or read-only disk, or someone else who is applying",
                remedy: "see the cause at the end of the message")
        case .planImpossible:
            Explanation(
                meaning: "what a commit wants cannot be reached from what is there, so nothing of it is applied",
                cause: "the finding that the message names: the service can never change such an object",
                remedy: "as the message says; `gatewright explain` tells more about the finding's code")
        case .targetUnusable:
            Explanation(
                meaning: "the target of an environment cannot be used",
                cause: "`spec.target` names what this version or this machine does not have",
                remedy: "correct `spec.target`, or the configuration that it relies on")
        case .targetUnreadable:
            Explanation(
                meaning: "the target could not be read before planning, so nothing was started",
                cause: "a target that is down, or credentials that may not read",
                remedy: "see the cause at the end of the message; the commit is tried again with back-off")
        case .recoveryFailed:
            Explanation(
                meaning: "an apply that had not ended could not be finished or taken back yet",
                cause: "a target that is down, or another process that is applying",
                remedy: "nothing: it is tried again; see the cause at the end of the message")
        case .consentNeeded:
            Explanation(
                meaning: "the plan does something that a person must agree to",
                cause: "a guard of the environment: too many deletes, a protected object, an interruption",
                remedy: "read the plan; consent to its digest, or change the manifests")
        case .digestDiffers:
            Explanation(
                meaning: "the plan made now is not the plan that was asked for",
                cause: "another commit, or a target that changed after the plan was shown",
                remedy: "look at the plan again")
        case .stale:
            Explanation(
                meaning: "the target changed between plan and apply, twice in a row; nothing was written",
                cause: "someone else works on the same objects",
                remedy: "nothing: it is tried again with back-off; find out who else writes to the target")
        case .busy:
            Explanation(
                meaning: "somebody is applying to the environment, so what was read of its target says nothing",
                cause: "an apply of another process, or of the controller",
                remedy: "nothing for the controller, which looks again; else wait until the apply has ended")
        case .driftReturns:
            Explanation(
                meaning: "the same drift came back after each of the last corrections, so it is corrected less often",
                cause: "somebody else, or another controller, sets the same object to something else",
                remedy: "find out who writes to the target; declare what they want, or ignore it with a rule")
        case .targetChanged:
            Explanation(
                meaning: "the environment's target is not the one that its recorded state belongs to",
                cause: "`spec.target` was edited, or another data directory is in use",
                remedy: "use another environment name for another target, or another data directory")
        case .unknownEnvironment:
            Explanation(
                meaning: "the controller does not follow an environment of that name",
                cause: "a mistyped name, or a controller that was started for other environments",
                remedy: "look at `/status` for the environments that there are")
        case .targetForbidden:
            Explanation(
                meaning: "the controller's configuration names another target for the environment than the commit",
                cause: "`spec.target` was edited, or `guards.environments` of the configuration is out of date",
                remedy: "put the target back, or change the configuration of the controller")
        case .historyUnreadable:
            Explanation(
                meaning: "the history of an environment could not be read, so nothing was started",
                cause: "a database that is busy, damaged or out of reach",
                remedy: "see the cause at the end of the message")
        case .cannotAdopt:
            Explanation(
                meaning: "`metadata.adopt` names what this environment cannot take over; nothing was changed",
                cause: "the target has no such object, it belongs to another environment or another manifest, or the "
                    + "manifest has an object already",
                remedy: "correct the id, or remove the line; `gatewright state list` shows what is recorded",
                example: "`RestApi/cats` cannot adopt `a1b2c3d4e5`: it is `RestApi/cats` of the environment `prod`")
        case .historyUnwritable:
            Explanation(
                meaning: "what was done could not be written to the history; what was applied stays applied",
                cause: "a full or read-only disk, or a database that is out of reach",
                remedy: "see the cause at the end of the message")
        case .held:
            Explanation(
                meaning: "the environment is paused or held at an earlier revision, so nothing was applied",
                cause: "`gatewright pause` or `gatewright rollback`; the message says who, when and why",
                remedy: "wait, ask whoever holds it, or end the hold with `gatewright resume` (or `apply --resume`)",
                example: "gatewright resume --environment prod")
        case .holdChanged:
            Explanation(
                meaning: "two operators paused, resumed or rolled back one environment at once; this one did nothing",
                cause: "another command was faster", remedy: "look at `gatewright history --events`, then decide again")
        case .noSuchRevision:
            Explanation(
                meaning: "the history has no revision of that number or commit to go back to",
                cause: "a typo, another environment, or a history that was made anew",
                remedy: "`gatewright history` lists the revisions; any commit can be applied with `apply --ref`")
        case .notApplied:
            Explanation(
                meaning: "the revision was never live, so there is nothing to go back to",
                cause: "its manifests had errors, or the target refused it and it was rolled back",
                remedy: "name a revision whose outcome is `applied`: `gatewright history` lists them")
        }
    }
}

extension Problem {
    /// A failure as it is kept and shown: its code, its sentence, and its causes.
    package init(_ failure: any Failure) {
        let text = failure.cause.map { "\(failure.message): \($0)" } ?? failure.message
        self.init(code: failure.code.rawValue, message: String(text.prefix(Limits.problemCharactersMax)))
    }
}
