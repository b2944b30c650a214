import Synchronization

/// Ends a wait early: rung by anybody, waited for by one loop alone. It blocks no thread.
package final class Bell: Sendable {
    private let state = Mutex(State())

    private struct State {
        var isRung = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    package init() {}

    /// Ends the wait, or the next one if nobody waits.
    package func ring() {
        let waiter = state.withLock { state in
            state.isRung = state.waiter == nil
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Returns at the next ring, at once if it rang since the last wait, or when the task is cancelled.
    package func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    if state.isRung || Task.isCancelled {
                        state.isRung = false
                        return true
                    }
                    state.waiter = continuation
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            // Not a ring: the next wait is not to end at once because this one was given up.
            takeWaiter()?.resume()
        }
    }

    /// Waits for a ring, but no longer than `duration`; nil is as long as it takes.
    package func wait(atMost duration: Duration?, clock: any Clock<Duration>) async {
        await withTaskGroup { group in
            group.addTask { await self.wait() }
            if let duration {
                group.addTask {
                    // Cancelled when the bell rang: then there is nothing left to wait for.
                    do { try await clock.sleep(for: duration) } catch {}
                }
            }
            await group.next()
            group.cancelAll()
        }
    }

    private func takeWaiter() -> CheckedContinuation<Void, Never>? {
        state.withLock { state in
            defer { state.waiter = nil }
            return state.waiter
        }
    }
}
