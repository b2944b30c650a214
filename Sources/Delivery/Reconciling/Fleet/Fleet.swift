import Applying
import Blocking
import Diagnostics
package import GitSource
package import Logging
import Manifests
import Synchronization

/// The environments of one repository, each kept at what one ref names by a ``Reconciler`` of its own.
///
/// The ref is read once for all of them. Environments come with commits and work side by side; none waits for another
/// beyond the limit of those at work. One that vanishes from the repository is shown as such, and nothing of it is
/// deleted.
package final class Fleet: Sendable {
    private let ref: String
    private let only: [String]
    private let repository: GitRepository
    private let pipeline: Pipeline
    private let settings: ReconcilerSettings
    private let refresh: @Sendable () async throws(GitFailure) -> Void
    private let clock: any Clock<Duration>
    private let random: @Sendable () -> Double
    private let logger: Logger
    private let stopSignal = StopSignal()
    private let bell = Bell()
    private let stopBell = Bell()
    private let turnstile: Turnstile
    /// A file is parsed once for all environments that read it.
    private let cache = ManifestCache()
    private let board: Mutex<Board>

    private struct Board {
        var status: FleetStatus
        var head: CommitID?
        /// Why there is no head yet.
        var failure: ReconcilingFailure?
        /// The environments of the head; nil until they were read.
        var present: Set<String>?
        /// In the order in which they came.
        var members: [Reconciler] = []
        var polls = 0
        var pollFailures = 0
    }

    /// - Parameters:
    ///   - ref: A branch, a tag or a commit; empty is `HEAD`.
    ///   - only: The environments to follow; none means all of the repository.
    ///   - refresh: Called before each look at the ref: brings a mirror up to date.
    ///   - random: Gives numbers from 0 to 1, for the spread of the pauses.
    package init(
        ref: String, only: [String] = [], repository: GitRepository, pipeline: Pipeline,
        settings: ReconcilerSettings = ReconcilerSettings(),
        refresh: @escaping @Sendable () async throws(GitFailure) -> Void = { () throws(GitFailure) in },
        clock: any Clock<Duration> = ContinuousClock(),
        random: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }, logger: Logger
    ) {
        self.ref = ref
        self.only = only
        self.repository = repository
        var pipeline = pipeline
        pipeline.loader = pipeline.loader.remembering(in: cache)
        self.pipeline = pipeline
        self.settings = settings
        self.refresh = refresh
        self.clock = clock
        self.random = random
        self.logger = logger
        turnstile = Turnstile(places: settings.environmentsAtOnce)
        board = Mutex(Board(status: FleetStatus(ref: ref)))
    }

    /// Runs until ``stop()`` or until the task is cancelled, which is as safe as a crash.
    package func run() async {
        await withDiscardingTaskGroup { group in
            var running: Set<String> = []
            // Before the first look at the repository: what an earlier process left unfinished does not wait for it.
            await welcome(known())
            while !stopSignal.isStopped, !Task.isCancelled {
                start(&running, in: &group)
                await poll()
                start(&running, in: &group)
                guard !stopSignal.isStopped else { break }
                await bell.wait(atMost: settings.interval * (0.9 + 0.2 * random()), clock: clock)
            }
            for member in members { member.stop() }
        }
    }

    private func start(_ running: inout Set<String>, in group: inout DiscardingTaskGroup) {
        for member in members where running.insert(member.environment).inserted {
            group.addTask { await member.run() }
        }
    }

    /// Asks for a graceful end: no step is started, those in flight may finish within the grace time.
    package func stop() {
        stopSignal.stop()
        stopBell.ring()
        bell.ring()
        for member in members { member.stop() }
    }

    /// Reads the ref now rather than at the end of the interval, and looks at `environment` also if it has not changed.
    package func wake(environment: String? = nil) {
        bell.ring()
        if let environment { member(environment)?.wake() }
    }
}

extension Fleet {
    /// Never waits for work in progress. In the order in which the environments came.
    package var statuses: [EnvironmentStatus] {
        let (members, polled) = board.withLock { ($0.members, $0.status.lastPolled) }
        return members.map { member in
            var status = member.status
            status.lastPolled = polled
            return status
        }
    }

    /// Where the ref itself stands.
    package var status: FleetStatus { board.withLock { $0.status } }

    /// Of all environments together.
    package var counters: ReconcilerCounters {
        let (members, polls, failures) = board.withLock { ($0.members, $0.polls, $0.pollFailures) }
        var sum = ReconcilerCounters()
        for member in members { sum.add(member.counters) }
        sum.polls = polls
        sum.pollFailures = failures
        return sum
    }

    /// Files that were parsed since the start: each once for all environments.
    package var filesParsed: Int { cache.parsedCount }

    /// What the reconciler of one environment counted; nil if there is no such environment.
    package func counters(environment: String) -> ReconcilerCounters? { member(environment)?.counters }

    /// Agrees to the plan of this digest, once; in place of what was agreed to before.
    ///
    /// - Throws: `reconciling.unknown-environment`.
    package func consent(environment: String, to digest: String) async throws(ReconcilingFailure) {
        await (try existing(environment)).consent(to: digest)
    }

    /// Keeps an environment from following the ref, or lets it follow again.
    ///
    /// - Throws: `reconciling.unknown-environment`, `reconciling.history-unwritable`.
    package func setHold(_ hold: Hold?, environment: String) async throws(ReconcilingFailure) {
        try await (try existing(environment)).setHold(hold)
    }

    private func existing(_ environment: String) throws(ReconcilingFailure) -> Reconciler {
        if let member = member(environment) { return member }
        throw ReconcilingFailure(
            .unknownEnvironment, "there is no environment `\(environment)` here", recovery: .awaitCommit)
    }

    private func member(_ environment: String) -> Reconciler? { members.first { $0.environment == environment } }
    private var members: [Reconciler] { board.withLock { $0.members } }
}

extension Fleet {
    /// The environments that are followed whatever the repository has: those asked for, or those with a history.
    private func known() async -> [String] {
        guard only.isEmpty else { return only }
        do {
            return try await pipeline.revisions.environments()
        } catch {
            logger.warning("the environments of the state could not be read", metadata: ["gw.error": "\(error)"])
            return []
        }
    }

    private func welcome(_ names: [String]) {
        board.withLock { board in
            for name in names where !board.members.contains(where: { $0.environment == name }) {
                board.members.append(
                    Reconciler(
                        environment: name, ref: ref, repository: repository, pipeline: pipeline, settings: settings,
                        head: { [weak self] () throws(ReconcilingFailure) in try self?.head(of: name) },
                        turnstile: turnstile, clock: clock, random: random, logger: logger))
            }
        }
    }

    /// What an environment is to be brought to, as the last look at the repository said.
    private func head(of environment: String) throws(ReconcilingFailure) -> Head {
        let (head, failure, present) = board.withLock { ($0.head, $0.failure, $0.present) }
        guard let head else {
            throw failure
                ?? ReconcilingFailure(
                    .sourceUnreadable, "the repository has not been read yet", recovery: .retry(after: .zero))
        }
        guard let present, !present.contains(environment) else { return .commit(head) }
        // An environment that was asked for and never was there is a mistake, which loading explains.
        return only.contains(environment) && member(environment)?.status.appliedCommit == nil
            ? .commit(head) : .vanished
    }

    /// Looks at the ref once; wakes the environments if it names another commit.
    func poll() async {
        board.withLock { $0.polls += 1 }
        do {
            try await refreshUnlessStopped()
            let head = try await repository.resolve(ref)
            let isSame = board.withLock { board in
                board.status.lastPolled = pipeline.now()
                return board.head == head && board.present != nil && board.status.problem == nil
            }
            guard !isSame else { return }
            try await take(head)
        } catch {
            guard !stopSignal.isStopped else { return }
            fail(error)
        }
        for member in members { member.wake() }
    }

    private func take(_ head: CommitID) async throws {
        cache.turn()
        let found = try await pipeline.loader.environments(in: CommitTree(repository, at: head))
        // Without a readable list nobody is gone: each environment says itself what is wrong with the file.
        let present = found.isWhole ? Set(found.names) : nil
        welcome(found.names.filter { only.isEmpty || only.contains($0) })
        board.withLock { board in
            board.head = head
            board.present = present
            board.failure = nil
            board.status.headCommit = head.hex
            board.status.problem = nil
            guard board.members.isEmpty, let first = found.diagnostics.first(where: { $0.severity == .error }) else {
                return
            }
            board.status.problem = Problem(
                code: ReconcilingFailure.Code.manifestsInvalid.rawValue, message: first.message)
        }
    }

    private func fail(_ error: any Error) {
        let failure =
            if let error = error as? any Failure {
                ReconcilingFailure(
                    .sourceUnreadable, "`\(ref.isEmpty ? "HEAD" : ref)` could not be read", cause: error)
            } else {
                ReconcilingFailure(
                    .sourceUnreadable, "`\(ref.isEmpty ? "HEAD" : ref)` could not be read: \(error)",
                    recovery: .retry(after: .zero))
            }
        board.withLock { board in
            board.pollFailures += 1
            board.failure = failure
            board.status.problem = Problem(failure)
        }
        logger.warning(
            "could not look at the repository",
            metadata: ["gw.code": "\(failure.code.rawValue)", "gw.error": "\(failure)"])
    }

    /// A fetch may take long: a stop does not wait for it.
    private func refreshUnlessStopped() async throws(GitFailure) {
        let result = await withTaskGroup(of: Result<Void, GitFailure>?.self) { group in
            group.addTask {
                do throws(GitFailure) {
                    return .success(try await self.refresh())
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                await self.stopBell.wait()
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        try result?.get()
    }
}
