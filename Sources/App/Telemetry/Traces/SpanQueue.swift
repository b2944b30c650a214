import Synchronization

/// Spans that wait to be exported: bounded, so that a collector that does not answer costs telemetry and nothing else.
package final class SpanQueue: Sendable {
    package struct Counters: Sendable, Equatable {
        package var exported = 0
        package var dropped = 0
        package var failedExports = 0

        package init() {}
    }

    private struct State {
        var waiting: [SpanRecord] = []
        var counters = Counters()
    }

    private let state = Mutex(State())
    private let limit: Int

    package init() { limit = Limits.waitingSpansMax }

    init(limit: Int) { self.limit = limit }

    package var counters: Counters { state.withLock { $0.counters } }

    package func add(_ span: SpanRecord) {
        state.withLock { state in
            if state.waiting.count < limit { state.waiting.append(span) } else { state.counters.dropped += 1 }
        }
    }

    /// At most `count`, the oldest first.
    func take(_ count: Int) -> [SpanRecord] {
        state.withLock { state in
            let taken = Array(state.waiting.prefix(count))
            state.waiting.removeFirst(taken.count)
            return taken
        }
    }

    /// What could not be sent for now; the oldest first again.
    func putBack(_ spans: [SpanRecord]) {
        state.withLock { state in
            let room = max(0, limit - state.waiting.count)
            state.waiting.insert(contentsOf: spans.suffix(room), at: 0)
            state.counters.dropped += max(0, spans.count - room)
        }
    }

    func exported(_ count: Int) { state.withLock { $0.counters.exported += count } }

    func lost(_ count: Int) {
        state.withLock { state in
            state.counters.dropped += count
            state.counters.failedExports += 1
        }
    }
}
