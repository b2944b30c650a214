package import Applying
import Blocking
import Diagnostics
package import GitSource
import JSON
package import Logging
import Synchronization

/// Keeps one environment at what a ref names: the loop of `serve`.
///
/// It reads the ref, brings new commits to the target through the ``Pipeline``, and says where it stands. A commit that
/// cannot be applied is put aside while the one before keeps serving; what may pass is tried again with growing pauses.
package actor Reconciler {
    package nonisolated let environment: String
    let ref: String
    let repository: GitRepository
    let pipeline: Pipeline
    let settings: ReconcilerSettings
    let clock: any Clock<Duration>
    /// From 0 to 1.
    let random: @Sendable () -> Double
    let progress: @Sendable (ApplyProgress) -> Void
    let logger: Logger
    /// What the environment is to be brought to; nil where the reconciler reads the ref itself.
    private let head: (@Sendable () throws(ReconcilingFailure) -> Head?)?
    /// Lets it work; nil where it works alone.
    private let turnstile: Turnstile?
    let stopSignal = StopSignal()
    var memory = Memory()

    private let bell = Bell()
    private let stopBell = Bell()
    private let board: Mutex<Board>

    private struct Board {
        var status: EnvironmentStatus
        var counters = ReconcilerCounters()
    }

    /// - Parameters:
    ///   - ref: A branch, a tag or a commit; empty is `HEAD`.
    ///   - random: Gives numbers from 0 to 1, for the spread of the pauses.
    ///   - progress: Called in order, from one task at a time; it must not block.
    package init(
        environment: String, ref: String, repository: GitRepository, pipeline: Pipeline,
        settings: ReconcilerSettings = ReconcilerSettings(), clock: any Clock<Duration> = ContinuousClock(),
        random: @escaping @Sendable () -> Double = { Double.random(in: 0...1) },
        progress: @escaping @Sendable (ApplyProgress) -> Void = { _ in }, logger: Logger
    ) {
        self.init(
            environment: environment, ref: ref, repository: repository, pipeline: pipeline, settings: settings,
            head: nil, turnstile: nil, clock: clock, random: random, progress: progress, logger: logger)
    }

    /// One of a ``Fleet``.
    ///
    /// - Parameter head: Nil where the fleet is gone.
    init(
        environment: String, ref: String, repository: GitRepository, pipeline: Pipeline, settings: ReconcilerSettings,
        head: (@Sendable () throws(ReconcilingFailure) -> Head?)?, turnstile: Turnstile?, clock: any Clock<Duration>,
        random: @escaping @Sendable () -> Double, progress: @escaping @Sendable (ApplyProgress) -> Void = { _ in },
        logger: Logger
    ) {
        self.environment = environment
        self.ref = ref
        self.repository = repository
        self.pipeline = pipeline
        self.settings = settings
        self.clock = clock
        self.random = random
        self.progress = progress
        self.logger = logger
        self.head = head
        self.turnstile = turnstile
        board = Mutex(Board(status: EnvironmentStatus(environment: environment, ref: ref)))
    }

    /// Never waits for work in progress.
    package nonisolated var status: EnvironmentStatus { board.withLock { $0.status } }
    package nonisolated var counters: ReconcilerCounters { board.withLock { $0.counters } }

    /// Runs until ``stop()`` or until the task is cancelled, which is as safe as a crash.
    package func run() async {
        await withTaskGroup { group in
            group.addTask { await self.loop() }
            group.addTask {
                await self.stopBell.wait()
                do { try await self.clock.sleep(for: self.settings.grace) } catch {}
            }
            await group.next()
            group.cancelAll()
        }
    }

    /// Asks for a graceful end: no step is started, those in flight may finish within the grace time.
    package nonisolated func stop() {
        stopSignal.stop()
        stopBell.ring()
        bell.ring()
    }

    /// Reads the ref now rather than at the end of the interval.
    package nonisolated func wake() { bell.ring() }

    /// Agrees to the plan of this digest, once; in place of what was agreed to before.
    package func consent(to digest: String) {
        memory.consent = digest
        bell.ring()
    }

    /// Keeps the environment from following its ref, or lets it follow again.
    package func setHold(_ hold: Hold?) async throws(ReconcilingFailure) {
        let before = try await pipeline.hold(of: environment)
        if let hold {
            try await pipeline.begin(hold, inPlaceOf: before)
        } else if let before {
            try await pipeline.end(before, because: "an operator wants it")
        }
        bell.ring()
    }

    private func loop() async {
        while !stopSignal.isStopped, !Task.isCancelled {
            var pause = settings.interval
            if let turnstile {
                guard await turnstile.pass({ if !self.stopSignal.isStopped { pause = await self.tick() } }) else {
                    return
                }
            } else {
                pause = await tick()
            }
            guard !stopSignal.isStopped else { return }
            await bell.wait(atMost: pause, clock: clock)
        }
    }

    /// Looks at the ref once and does what there is to do.
    ///
    /// - Returns: How long to wait before the next look.
    func tick() async -> Duration {
        count { $0.polls += 1 }
        do {
            try await recover()
            try await restore()
            switch try await readHead() {
            case .commit(let head): try await reconcile(head)
            case .vanished: try await vanish()
            }
        } catch {
            fail(error)
        }
        await sweepIfDue()
        let interval = settings.interval * (0.9 + 0.2 * random())
        guard case .retry(let time)? = memory.settled?.kind else { return untilSweep(interval) }
        return untilSweep(max(.milliseconds(1), min(interval, time.since(pipeline.now()))))
    }

    /// Before anything else: what an earlier process left unfinished is finished or taken back.
    private func recover() async throws(ReconcilingFailure) {
        guard !memory.isRecovered else { return }
        let outcomes = try await pipeline.recover(
            environment: environment, stop: stopSignal, facts: { await self.facts($0) }, progress: progress)
        for outcome in outcomes {
            guard let failure = outcome.openEnding else {
                count { $0.recoveries += 1 }
                continue
            }
            throw ReconcilingFailure(
                .recoveryFailed, "an apply of `\(environment)` that had not ended could not be recovered yet",
                cause: failure)
        }
        memory.isRecovered = true
    }

    /// Where the environment stood when the process before ended.
    private func restore() async throws(ReconcilingFailure) {
        guard !memory.isRestored else { return }
        let newest = try await pipeline.newestRevision(environment: environment)
        let applied: Revision?
        do {
            applied = try await pipeline.revisions.lastApplied(environment: environment)
        } catch {
            throw ReconcilingFailure(
                .historyUnreadable, "the history of `\(environment)` could not be read", cause: error)
        }
        show { status in
            status.appliedCommit = applied?.commit
            status.appliedDigest = applied?.planDigest
            status.appliedRevision = applied?.number
            status.lastApplied = applied?.started
        }
        // Invalid manifests are read again: that costs nothing and says what is wrong with them.
        if let newest, newest.outcome == .refused {
            memory.settled = Memory.Settled(commit: newest.commit, kind: .refused)
            show { status in
                status.state = .refused
                status.problem = newest.problem
            }
        }
        if memory.settled == nil { await restoreInputs() }
        memory.isRestored = true
    }

    /// What the environment was made from: while nothing of it changes there is nothing to plan.
    private func restoreInputs() async {
        do {
            guard let recorded = try await pipeline.revisions.inputs(environment: environment),
                recorded.version == settings.version,
                let inputs = TreeInputs(json: try JSONValue(parsing: Array(recorded.document.utf8)))
            else { return }
            memory.inputs = inputs
            memory.settled = Memory.Settled(commit: recorded.commit, kind: .ready)
        } catch {
            logger.debug("the inputs of the last commit are not known", metadata: ["gw.error": "\(error)"])
        }
    }

    private func readHead() async throws(ReconcilingFailure) -> Head {
        if let head {
            guard let known = try head() else { return .vanished }
            if case .commit(let commit) = known { show { $0.headCommit = commit.hex } }
            return known
        }
        do {
            let head = try await repository.resolve(ref)
            show { status in
                status.headCommit = head.hex
                status.lastPolled = pipeline.now()
            }
            return .commit(head)
        } catch {
            count { $0.pollFailures += 1 }
            throw ReconcilingFailure(
                .sourceUnreadable, "`\(ref.isEmpty ? "HEAD" : ref)` could not be read", cause: error)
        }
    }

    /// The repository has the environment no more: what is applied stays.
    private func vanish() async throws(ReconcilingFailure) {
        guard status.state != .vanished else { return }
        let isNews = memory.settled != nil
        memory.settled = nil
        memory.inputs = nil
        show { status in
            status.state = .vanished
            status.problem = nil
            status.diagnostics = []
            status.nextAttempt = nil
            status.pendingDigest = nil
            status.needsConsent = []
        }
        logger.warning("the environment has vanished", metadata: ["gw.environment": "\(environment)"])
        guard isNews else { return }
        try await pipeline.tell(
            Event(
                .vanished, environment: environment, time: pipeline.now(),
                message: "the repository has the environment no more; what was applied stays"))
    }

    /// What history says about a commit; the id alone where the repository does not have it.
    func facts(_ commit: String) async -> CommitFacts {
        guard let id = CommitID(hex: commit) else { return CommitFacts(id: commit) }
        do {
            return CommitFacts(try await repository.commit(id))
        } catch {
            return CommitFacts(id: commit)
        }
    }

    /// A failure that belongs to no commit: shown, and tried again at the next look.
    private func fail(_ failure: ReconcilingFailure) {
        logger.warning(
            "could not look at the environment",
            metadata: [
                "gw.environment": "\(environment)", "gw.code": "\(failure.code.rawValue)", "gw.error": "\(failure)",
            ])
        if memory.outage == nil { memory.outage = Memory.Outage(state: status.state, problem: status.problem) }
        show { status in
            status.state = .failed
            status.problem = Problem(failure)
            status.lastReconciled = pipeline.now()
        }
    }

    nonisolated func show(_ change: (inout EnvironmentStatus) -> Void) { board.withLock { change(&$0.status) } }
    nonisolated func count(_ change: (inout ReconcilerCounters) -> Void) { board.withLock { change(&$0.counters) } }
}
