package import Resources

/// What the shell tells the machine.
package enum MachineInput: Sendable {
    /// The call of an action ``MachineAction/perform(_:)`` ended.
    case performed(Int, CallOutcome)
    /// The call of an action ``MachineAction/undo(_:)`` ended.
    case undid(Int, CallOutcome)
    /// The reading of an action ``MachineAction/observe(_:)`` ended.
    case observed(Int, Sighting)
    /// The question of an action ``MachineAction/probe(_:)`` was answered.
    case probed(Int, ProbeAnswer)
    /// Start nothing more.
    case stop
}

extension MachineInput {
    /// True if it answers a ``MachineAction`` that may change the target or must be heard.
    var isAnswer: Bool {
        switch self {
        case .performed, .undid, .observed: true
        case .probed, .stop: false
        }
    }
}

/// How one mutating call ended.
package enum CallOutcome: Sendable {
    /// New or changed identities; nil for objects that are gone.
    case succeeded([Address: Identity?])
    /// The target said no, for good.
    case refused(RecordedFailure)
    /// Nothing took effect, and trying again may help.
    case deferred(RecordedFailure, after: Duration, isOutOfReach: Bool)
    /// The call may have taken effect.
    case lost(RecordedFailure)
}

/// What a look at the objects of a step shows.
package enum Sighting: Sendable {
    case asBefore([Address: Identity?])
    case asAfter([Address: Identity?])
    case differs([Address: Identity?])
    /// The target could not be read.
    case failed(RecordedFailure)
}

/// What the machine asks for. Actions are carried out only after the records of their turn are durable.
package enum MachineAction: Sendable, Hashable {
    case perform(Int)
    case undo(Int)
    case observe(Int)
    /// The number is that of the probe; nobody waits for its answer once the apply turned back.
    case probe(Int)
}

extension MachineAction {
    /// False for what changes nothing and need not be heard.
    var isCall: Bool { if case .probe = self { false } else { true } }
}

/// What is to be written, then done.
package struct Turn: Sendable {
    package var records: [JournalRecord] = []
    package var changes: [StateChange] = []
    package var actions: [MachineAction] = []
    /// For those who watch; in order.
    package var progress: [ApplyProgress] = []
    /// Nil while there is more to come.
    package var verdict: Verdict?
}

/// What is left to do when no step is.
package enum Verdict: Sendable, Hashable {
    /// The journal is closed with the records of this turn.
    case ended(ApplyEnding)
    /// All that can be undone is: compare with what was there before, then ``ApplyMachine/conclude(_:)``.
    case compare
    /// Leave the journal open; the next start goes on.
    case suspended(RecordedFailure, ApplyFailure.Code)
}
