package import Resources

/// What a person who watches may want to know; sent in order, from one task at a time.
package enum ApplyProgress: Sendable {
    /// The touched objects are being read, before the first step or after the last undo.
    case reading(objectsCount: Int)
    case began(stepsCount: Int, isRecovery: Bool)
    /// A step changed its state; the call's answer is in `failure` when it was not a plain yes.
    case step(Step, StepState, failure: RecordedFailure?)
    /// A step is tried again after a pause.
    case waiting(Step, pause: Duration, failure: RecordedFailure)
    /// Nothing is started until what was granted holds everywhere.
    case propagating(Duration)
    /// Stages are asked whether they serve what they were flipped to.
    case probing([ProbeReport])
    /// A stage answered.
    case probed(ProbeReport)
    /// No further step is started.
    case turned(ApplyCause)
}
