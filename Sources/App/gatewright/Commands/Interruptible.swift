import Applying
import UnixSignals

/// Work that the first Ctrl-C asks to end gracefully and the second cuts off; the next start recovers either.
enum Interruptible {
    static func run(
        stop: StopSignal, _ terminal: Terminal, _ work: @escaping @Sendable () async throws -> ExitStatus
    ) async throws -> ExitStatus {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        return try await withThrowingTaskGroup(of: ExitStatus?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                var count = 0
                for await _ in signals {
                    count += 1
                    if count > 1 { return .interrupted }
                    terminal.note("stopping: steps in flight finish first; once more to stop at once")
                    stop.stop()
                }
                return nil
            }
            defer { group.cancelAll() }
            while let status = try await group.next() {
                if let status { return status }
            }
            return .interrupted
        }
    }
}
