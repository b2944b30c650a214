package import Planning
package import Resources
import Synchronization

/// What to apply.
package struct ApplyRequest: Sendable {
    package var plan: Plan
    /// The commit that the plan is of; 40 or 64 hex digits.
    package var commit: String
    /// What each desired object depends on, for the recorded state (``RecordedObject/dependencies``). An address that is
    /// not here gets the dependencies of its change and those recorded before.
    package var dependencies: [Address: [Address]]
    /// What is asked of the stages that the plan flips; see ``ResourceProvider/prober``.
    package var probes: [Probe]
    /// How the recorded state changes without a call: objects that are taken over, and what a rename moves. The plan is made
    /// from the state after it; it is recorded unless the apply is rolled back.
    package var takeover: [StateChange]
    /// A fresh one unless a test wants a known one.
    package var id: ApplyID

    package init(
        plan: Plan, commit: String, dependencies: [Address: [Address]] = [:], probes: [Probe] = [],
        takeover: [StateChange] = [], id: ApplyID = .random()
    ) {
        self.plan = plan
        self.commit = commit
        self.dependencies = dependencies
        self.probes = probes
        self.takeover = takeover
        self.id = id
    }
}

/// Asks an apply to stop at the next safe point: no step is started, those in flight are finished, then the settings
/// decide between rolling back and holding. Cancelling the task instead is as safe as a crash: nothing is finished, and
/// the next start recovers.
package final class StopSignal: Sendable {
    private let state = Mutex(State())

    private struct State {
        var isStopped = false
        var onStop: (@Sendable () -> Void)?
    }

    package init() {}

    package var isStopped: Bool { state.withLock { $0.isStopped } }

    /// May be called from any thread, more than once; not from a signal handler.
    package func stop() {
        let action = state.withLock { state in
            state.isStopped = true
            defer { state.onStop = nil }
            return state.onStop
        }
        action?()
    }

    /// Calls `action` once, now if stopped already. A later one takes the place of an earlier one.
    func onStop(_ action: @escaping @Sendable () -> Void) {
        let isStopped = state.withLock { state in
            if !state.isStopped { state.onStop = action }
            return state.isStopped
        }
        if isStopped { action() }
    }
}
