import Seeds
import Synchronization

/// Runs the jobs of several processes on one thread, in made-up time and in an order that a seed decides.
///
/// The real shells run in it: each `await` of theirs is a place where another process may go first, where time may pass,
/// and where a process may be stopped for a while.
final class Scheduler: Sendable {
    struct Stuck: Error, CustomStringConvertible {
        let description: String
    }

    private struct Timer {
        var due: Duration
        var number: Int
        var action: @Sendable () -> Void
    }

    private struct State {
        var generator: SeededGenerator
        var now = Duration.zero
        /// The next one last.
        var timers: [Timer] = []
        var timersMade = 0
        var processes: [SimulatedProcess] = []
    }

    private let state: Mutex<State>

    init(seed: Int) { state = Mutex(State(generator: SeededGenerator(seed: seed))) }

    var now: Duration { state.withLock { $0.now } }

    /// With `GATEWRIGHT_SIM_TRACE` set, says what happens; a failing seed is read that way.
    func trace(_ what: @autoclosure () -> String) {
        if Self.isTracing { print("\(now) \(what())") }
    }

    private static let isTracing = SeedTests.environment("GATEWRIGHT_SIM_TRACE") != nil

    func below(_ limit: Int) -> Int { state.withLock { $0.generator.below(limit) } }
    /// Of 10,000.
    func happens(_ chance: Int) -> Bool { below(10_000) < chance }

    func add(_ process: SimulatedProcess) { state.withLock { $0.processes.append(process) } }

    /// Carries out `action` when the time has come, whatever process is stopped by then.
    func after(_ pause: Duration, _ action: @escaping @Sendable () -> Void) {
        state.withLock { state in
            state.timersMade += 1
            let timer = Timer(due: state.now + max(.zero, pause), number: state.timersMade, action: action)
            let place = state.timers.firstIndex { $0.due <= timer.due } ?? state.timers.count
            state.timers.insert(timer, at: place)
        }
    }

    /// - Parameter between: Called after each job with the process that it belonged to.
    /// - Throws: ``Stuck`` if nothing can go on, or nothing comes to rest.
    func run(
        jobsMax: Int = 400_000, until isAtRest: () -> Bool, between: (SimulatedProcess) -> Void = { _ in }
    ) throws {
        var jobs = 0
        while !isAtRest() {
            jobs += 1
            guard jobs < jobsMax else { throw Stuck(description: "it never comes to rest") }
            if let process = pick() {
                process.runOne(below(process.jobsCount))
                between(process)
            } else if let timer = state.withLock({ $0.timers.popLast() }) {
                state.withLock { $0.now = max($0.now, timer.due) }
                timer.action()
            } else {
                throw Stuck(description: "everything waits for nothing")
            }
        }
    }

    private func pick() -> SimulatedProcess? {
        let (processes, now) = state.withLock { ($0.processes, $0.now) }
        let ready = processes.filter { $0.jobsCount > 0 && $0.stoppedUntil <= now }
        return ready.isEmpty ? nil : ready[below(ready.count)]
    }
}

/// One process: its jobs, and what befalls it.
final class SimulatedProcess: TaskExecutor {
    let name: String
    private let state = Mutex(State())

    private struct State {
        var jobs: [UnownedJob] = []
        var stoppedUntil = Duration.zero
        var diedAt: Duration?
        var wallClockOffset = Duration.zero
    }

    init(name: String) { self.name = name }

    var jobsCount: Int { state.withLock { $0.jobs.count } }
    /// It is not run before this time, as if the machine had been suspended.
    var stoppedUntil: Duration { state.withLock { $0.stoppedUntil } }
    /// Nothing that a dead process does has an effect; its tasks are only run to be freed.
    var isDead: Bool { diedAt != nil }
    var diedAt: Duration? { state.withLock { $0.diedAt } }
    var wallClockOffset: Duration { state.withLock { $0.wallClockOffset } }

    func stop(until time: Duration) { state.withLock { $0.stoppedUntil = time } }
    func kill(at time: Duration) {
        state.withLock { state in
            state.diedAt = state.diedAt ?? time
            state.stoppedUntil = .zero
        }
    }
    func setWallClock(off offset: Duration) { state.withLock { $0.wallClockOffset = offset } }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
    }

    func runOne(_ position: Int) {
        let job = state.withLock { $0.jobs.remove(at: position) }
        unsafe job.runSynchronously(on: asUnownedTaskExecutor())
    }
}

/// The scheduler's time as a clock.
struct SimulatedClock: Clock {
    struct Instant: InstantProtocol {
        var time: Duration

        func advanced(by duration: Duration) -> Instant { Instant(time: time + duration) }
        func duration(to other: Instant) -> Duration { other.time - time }
        static func < (left: Instant, right: Instant) -> Bool { left.time < right.time }
    }

    let scheduler: Scheduler

    var now: Instant { Instant(time: scheduler.now) }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let wait = Exchange<Void>()
        scheduler.after(deadline.time - scheduler.now) { wait.finish(()) }
        guard await wait.value() != nil else { throw CancellationError() }
    }
}

/// Something that is waited for: ends with a value, or with nil when the waiting task is cancelled.
final class Exchange<Value: Sendable>: Sendable {
    private let state = Mutex(State())

    private struct State {
        var isFinished = false
        var value: Value?
        var waiter: CheckedContinuation<Value?, Never>?
    }

    func finish(_ value: Value?) {
        let waiter = state.withLock { state -> CheckedContinuation<Value?, Never>? in
            guard !state.isFinished else { return nil }
            state.isFinished = true
            state.value = value
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: value)
    }

    func value() async -> Value? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isFinished = state.withLock { state in
                    if !state.isFinished { state.waiter = continuation }
                    return state.isFinished
                }
                if isFinished { continuation.resume(returning: state.withLock { $0.value }) }
            }
        } onCancel: {
            finish(nil)
        }
    }
}
