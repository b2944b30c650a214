/// Time since an apply began, and pauses, from the clock that was given.
struct Ticker: Sendable {
    private let elapsed: @Sendable () -> Duration
    private let pause: @Sendable (Duration) async throws -> Void

    init(_ clock: any Clock<Duration>) { self = Ticker.over(clock) }

    private init(
        elapsed: @escaping @Sendable () -> Duration, pause: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.elapsed = elapsed
        self.pause = pause
    }

    private static func over<Some: Clock<Duration>>(_ clock: Some) -> Ticker {
        let start = clock.now
        return Ticker(
            elapsed: { start.duration(to: clock.now) },
            pause: { try await clock.sleep(until: clock.now.advanced(by: $0), tolerance: nil) })
    }

    var now: Duration { elapsed() }

    /// - Returns: False when the task was cancelled meanwhile.
    func sleep(for duration: Duration) async -> Bool {
        do {
            try await pause(duration)
            return true
        } catch {
            return false
        }
    }
}
