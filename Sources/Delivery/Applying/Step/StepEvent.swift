/// What happened to one step; the raw value is journaled, so never renamed.
package enum StepEvent: String, Sendable, Hashable, CaseIterable {
    /// Durable before the provider is called.
    case intended
    case succeeded
    /// The target said no, for good.
    case refused
    /// No usable reply: a crash, a timeout, a cancelled task, a broken connection.
    case replyLost
    /// Throttled, in conflict or out of reach: nothing took effect.
    case deferred
    /// Observed after a lost reply: the effect is there, or something else that needs undoing.
    case foundApplied
    /// Observed after a lost reply: all is as it was before the step.
    case foundAbsent
    /// The apply turned back before the step was called.
    case abandoned
    /// Durable before the provider is asked to undo.
    case undoIntended
    case undone
    case undoRefused
    /// Observed after a lost reply to an undo: all is as it was before the step.
    case foundUndone
    /// Observed after a lost reply to an undo: the effect is still there, whole or in part.
    case foundNotUndone
}
