import Synchronization

/// Where calls that ended leave word for the one loop that decides; it takes all that is there at once.
final class Mailbox: Sendable {
    private let state = Mutex(State())

    private struct State {
        var inputs: [MachineInput] = []
        var isWoken = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    func post(_ input: MachineInput) {
        resume { $0.inputs.append(input) }
    }

    /// Ends a wait with nothing to tell: time has passed, or the task was cancelled.
    func wake() {
        resume { $0.isWoken = true }
    }

    private func resume(_ change: (inout sending State) -> Void) {
        let waiter = state.withLock { state in
            change(&state)
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Waits until something was posted; for one caller at a time.
    func take() async -> [MachineInput] {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if !state.inputs.isEmpty || state.isWoken { return true }
                    state.waiter = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            wake()
        }
        return state.withLock { state in
            state.isWoken = false
            defer { state.inputs = [] }
            return state.inputs
        }
    }
}
