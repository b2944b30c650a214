/// Where one step of an apply stands: the fold of its events, and nothing else.
package enum StepState: String, Sendable, Hashable, CaseIterable {
    /// Not called, or called without effect: may be called (again).
    case pending
    /// The intent is durable; the call may be on its way.
    case inFlight
    /// Took effect.
    case done
    /// The call's reply never came: observed before anything else happens to the objects of the step.
    case unknown
    /// Without effect, for good: refused, abandoned, or taken back.
    case undone
    /// The undo's intent is durable; the call may be on its way.
    case undoing
    /// The undo's reply never came.
    case undoUnknown
    /// The target refused the undo: the step's effect stays, as named residue.
    case stuck
}

extension StepState {
    /// The state after `event`; total, so a pair not listed here is a corrupt journal, never a guess.
    ///
    /// - Throws: `journal.illegal-transition`.
    package func after(_ event: StepEvent) throws(JournalFailure) -> StepState {
        switch (self, event) {
        case (.pending, .intended): .inFlight  // durable before the provider is called
        case (.inFlight, .succeeded): .done
        case (.inFlight, .refused): .undone  // the provider said no: nothing took effect
        case (.inFlight, .replyLost): .unknown  // a crash, a timeout and a cancelled task all land here
        case (.inFlight, .deferred): .pending  // throttled or in conflict: no effect, retried within the budget
        case (.unknown, .foundApplied): .done
        case (.unknown, .foundAbsent): .pending
        case (.pending, .abandoned): .undone
        case (.done, .undoIntended): .undoing
        case (.undoing, .undone): .undone
        case (.undoing, .replyLost): .undoUnknown  // an undo may be a create: observed, never repeated blindly
        case (.undoUnknown, .foundUndone): .undone
        case (.undoUnknown, .foundNotUndone): .done
        case (.undoing, .undoRefused): .stuck
        default: throw JournalFailure(illegal: event, in: self)
        }
    }
}
