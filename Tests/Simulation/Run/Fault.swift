/// What goes wrong at one place of a run. Places are counted: every append and every call of the target is one.
enum Fault: String, CaseIterable, Sendable {
    case crashBeforeAppend, crashAfterAppend
    /// The call took effect, or not, and nobody heard of it.
    case lostTaken, lostNotTaken
    case refused, throttled, unreachable
    /// Somebody asks the apply to stop.
    case stop
    /// The target says yes to an undo and does nothing.
    case undoLies

    /// Those that a target may have; the last is for the comparison of hashes.
    static let usual: [Fault] = allCases.filter { $0 != .undoLies }
}

/// A mistake in the shell, planted to see that a test notices.
enum Flaw: String, CaseIterable, Sendable {
    case forgetsRunningStep, leavesOutcomeUnjournaled, repeatsLostCall, undoesForward, ignoresUnknownOnRecovery
    case skipsComparison, forgetsResidue
}
