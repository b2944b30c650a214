import JSON
import Logging
import Planning
import Reconciling
import Resources
import Seeds
import Synchronization

@testable import Applying

/// One environment over a few commits, with two controllers that both think it is theirs, on a target and a disk of which
/// everything may be expected. All of it follows from the seed.
///
/// The real planner, pipeline, applier, machine, lease keeper and clock arithmetic run; target, disk and time are made up.
final class Universe: Sendable {
    let seed: Int
    let scheduler: Scheduler
    let weather: Weather
    let target: SharedWorld
    let stores: SharedStores
    /// What each commit wants.
    let commits: [DesiredGraph]
    private let shared = Mutex(Shared())

    private struct Shared {
        var violations: [String] = []
        var head = 0
        var running = 0
        var isClosing = false
        var meddled = false
        var crashes = 0
        var suspensions = 0
        var outcomes: [String: Int] = [:]
    }

    /// - Parameter leasesLie: A mistake planted in the store: it gives a lease away long before its time.
    init(seed: Int, leasesLie: Bool = false) {
        self.seed = seed
        var generator = SeededGenerator(seed: seed)
        commits = Self.history(&generator)
        var weather = Weather.random(&generator)
        weather.leasesLie = leasesLie
        weather.leasesExpire = weather.leasesExpire || leasesLie
        self.weather = weather
        let scheduler = Scheduler(seed: seed &+ 1)
        let target = SharedWorld(World())
        self.scheduler = scheduler
        self.target = target
        let isHonest = weather.meddle == 0 && weather.undoLies == 0
        stores = SharedStores(scheduler, weather) { header, ending, recorded in
            (isHonest ? Self.wrong(ending, header, target.world) : [])
                + Self.forgotten(header, recorded, target.world)
        }
    }

    var crashes: Int { shared.withLock { $0.crashes } }
    var suspensions: Int { shared.withLock { $0.suspensions } }
    /// How each apply ended, counted.
    var outcomes: [String: Int] { shared.withLock { $0.outcomes } }

    /// Lets the weather rage, then lets one undisturbed controller bring the environment to the last commit.
    ///
    /// - Returns: What must hold and does not.
    func run() -> [String] {
        do {
            try rage()
            try settle()
        } catch {
            return violations + ["\(error)"]
        }
        return violations + unsettled()
    }

    private var violations: [String] {
        let isHonest = weather.meddle == 0 && weather.undoLies == 0
        // Somebody who changes the target behind our back may take away what a call refers to.
        return shared.withLock { $0.violations } + stores.violations + (isHonest ? target.world.violations : [])
    }

    private func rage() throws {
        for number in 1..<commits.count {
            scheduler.after(.seconds(scheduler.below(400) * number)) { [self] in
                shared.withLock { $0.head = max($0.head, number) }
            }
        }
        scheduler.after(.seconds(1_500)) { [self] in shared.withLock { $0.isClosing = true } }
        meddleLater()
        for name in ["a", "b"] { start(name, generation: 0) }
        try scheduler.run(
            until: { shared.withLock { $0.running == 0 && $0.isClosing } },
            between: { [self] process in befall(process) })
    }

    /// What may happen to a process between two of its jobs.
    private func befall(_ process: SimulatedProcess) {
        guard !process.isDead, !shared.withLock({ $0.isClosing }) else { return }
        if scheduler.happens(weather.suspend) {
            shared.withLock { $0.suspensions += 1 }
            let pause = Duration.seconds(1 + scheduler.below(400))
            process.stop(until: scheduler.now + pause)
            scheduler.after(pause) {}
            scheduler.trace("\(process.name) is suspended for \(pause)")
        }
        if scheduler.happens(weather.clockJump) {
            process.setWallClock(off: .seconds(scheduler.below(20_000) - 10_000))
        }
        if scheduler.happens(weather.crash) {
            scheduler.trace("\(process.name) is killed")
            process.kill(at: scheduler.now)
        }
    }

    private func settle() throws {
        stores.weather.withLock { now in
            now = .calm
            now.leasesExpire = weather.leasesExpire
        }
        shared.withLock { $0.head = commits.count - 1 }
        let process = SimulatedProcess(name: "last")
        scheduler.add(process)
        let pipeline = pipeline(of: process)
        let isDone = Mutex(false)
        // UNSTRUCTURED: the scheduler runs it to its end below.
        Task(executorPreference: process) {
            for _ in 0..<40 where await !self.isSettled(pipeline) {
                do { try await SimulatedClock(scheduler: self.scheduler).sleep(for: .seconds(31)) } catch {}
            }
            isDone.withLock { $0 = true }
        }
        try scheduler.run(until: { isDone.withLock { $0 } })
    }

    /// One round of the last controller; true if there was nothing left to do.
    private func isSettled(_ pipeline: Pipeline) async -> Bool {
        do {
            guard try await pipeline.recover(environment: "test").isEmpty else { return false }
            let prepared = try await pipeline.plan(commits[commits.count - 1], observing: .everything)
            let result = try await pipeline.apply(
                prepared, commit: facts(commits.count - 1), consent: prepared.plan.digest)
            guard case .nothing = result else { return false }
            return true
        } catch {
            return false
        }
    }

    private func unsettled() -> [String] {
        var wrong: [String] = []
        if !stores.isClosed { wrong.append("a journal is open at the end") }
        let world = target.world
        let identities = world.objects.mapValues(\.identity)
        let wanted = Deployments.derived(in: commits[commits.count - 1]).resources
        for resource in wanted {
            let document = world.objects[resource.address]?.document
            if document != resource.document.resolved(with: identities) {
                wrong.append("\(resource.address) is not as wanted")
            }
        }
        let known = Set(wanted.map(\.address))
        for address in world.objects.keys.sorted() where !known.contains(address) && address.kind != .deployment {
            // What nobody ever recorded is reported, not deleted.
            if !shared.withLock({ $0.meddled }) { wrong.append("\(address) is left over") }
        }
        for (address, object) in stores.objects.sorted(by: { $0.key < $1.key }) {
            if object.document.resolved(with: identities) != world.objects[address]?.document {
                wrong.append("\(address) is not recorded as it is")
            }
        }
        if !stores.doubts.isEmpty { wrong.append("\(stores.doubts.count) doubts are left") }
        return wrong
    }

    /// What an apply touched and what is there when it ends is recorded, doubted or not: a later plan must know it.
    private static func forgotten(_ header: ApplyHeader, _ recorded: Set<Address>, _ world: World) -> [String] {
        Set(header.steps.lazy.flatMap(\.effects).map(\.address)).subtracting(recorded).sorted().compactMap { address in
            world.objects[address] == nil ? nil : "an apply ended, and \(address) is there and not recorded"
        }
    }

    /// What an apply that ended leaves, checked at the moment when its end is durable.
    private static func wrong(_ ending: ApplyEnding, _ header: ApplyHeader, _ world: World) -> [String] {
        let identities = world.objects.mapValues(\.identity)
        var after: [Address: JSONValue?] = [:]
        var before: [Address: JSONValue?] = [:]
        for effect in header.steps.flatMap(\.effects) {
            if before[effect.address] == nil { before[effect.address] = .some(effect.before) }
            after[effect.address] = .some(effect.after)
        }
        let expected: [Address: JSONValue?]
        switch ending {
        case .done: expected = after
        case .rolledBack: expected = before
        case .residue, .held: return []
        }
        return expected.sorted { $0.key < $1.key }.compactMap { address, document in
            world.objects[address]?.document == document?.resolved(with: identities)
                ? nil : "\(ending), and \(address) is not so"
        }
    }
}

extension Universe {
    /// A controller: it recovers, plans and applies, again and again, until it is told to end or is killed; then another
    /// takes its place.
    private func start(_ name: String, generation: Int) {
        let process = SimulatedProcess(name: "\(name)\(generation)")
        scheduler.add(process)
        shared.withLock { $0.running += 1 }
        let pipeline = pipeline(of: process)
        // UNSTRUCTURED: the scheduler runs it to its end, also when it is killed.
        Task(executorPreference: process) {
            while !process.isDead, !self.shared.withLock({ $0.isClosing }) {
                await self.round(pipeline, process)
                do {
                    try await SimulatedClock(scheduler: self.scheduler).sleep(
                        for: .seconds(1 + self.scheduler.below(30)))
                } catch {}
            }
            if process.isDead, !self.shared.withLock({ $0.isClosing }) {
                self.shared.withLock { $0.crashes += 1 }
                self.scheduler.after(.seconds(self.scheduler.below(30))) {
                    self.start(name, generation: generation + 1)
                }
            }
            self.shared.withLock { $0.running -= 1 }
        }
    }

    private func round(_ pipeline: Pipeline, _ process: SimulatedProcess) async {
        let stop = StopSignal()
        if scheduler.happens(weather.stop) {
            scheduler.after(.milliseconds(scheduler.below(2_000))) { stop.stop() }
        }
        do {
            for outcome in try await pipeline.recover(environment: "test", stop: stop) { count(outcome) }
            let head = shared.withLock { $0.head }
            let scope = scheduler.below(3) == 0 ? ObservationScope.everything : .whenNeeded
            let prepared = try await pipeline.plan(commits[head], observing: scope)
            let result = try await pipeline.apply(
                prepared, commit: facts(head), consent: prepared.plan.digest, stop: stop)
            if case .ended(let outcome, _) = result { count(outcome) }
        } catch {}
    }

    private func count(_ outcome: ApplyOutcome) {
        let name = String("\(outcome)".prefix { $0 != "(" })
        scheduler.trace("an apply ended: \(name)")
        shared.withLock { $0.outcomes[name, default: 0] += 1 }
    }

    private func pipeline(of process: SimulatedProcess) -> Pipeline {
        var logger = Logger(label: "simulation")
        logger.logLevel = .critical
        let view = ProcessStores(
            shared: stores, process: process, crash: { [scheduler] in process.kill(at: scheduler.now) })
        let scheduler = scheduler
        let provider = ProcessProvider(target: target, stores: stores, process: process)
        let applier = Applier(
            journal: view, states: view, leases: view, holder: process.name,
            clock: SimulatedClock(scheduler: scheduler),
            logger: logger)
        return Pipeline(
            applier: applier, revisions: view, provider: { _, _ in provider },
            now: {
                let time = Duration.seconds(1_000_000) + scheduler.now + process.wallClockOffset
                return Timestamp(milliseconds: time.components.seconds * 1_000)
            }, logger: logger)
    }

    private func facts(_ commit: Int) -> CommitFacts {
        CommitFacts(id: String(repeating: String(commit, radix: 16), count: 40))
    }

    /// Somebody changes an object behind our back, now and then.
    private func meddleLater() {
        guard weather.meddle > 0 else { return }
        scheduler.after(.seconds(5 + scheduler.below(300))) { [self] in
            guard !shared.withLock({ $0.isClosing }) else { return }
            let addresses = target.world.objects.keys.filter { $0.kind != .deployment && $0.kind != .restAPI }.sorted()
            if !addresses.isEmpty {
                shared.withLock { $0.meddled = true }
                let address = addresses[scheduler.below(addresses.count)]
                target.change { world in
                    guard case .object(var document) = world.objects[address]?.document else { return }
                    document["value"] = .string("meddled \(scheduler.below(1_000))")
                    world.meddle(address, .object(document))
                    scheduler.trace("somebody changes \(address)")
                }
            }
            meddleLater()
        }
    }

    /// A few commits over the same names: objects come, change and go.
    private static func history(_ generator: inout SeededGenerator) -> [DesiredGraph] {
        var settings = ApplySettings()
        settings.parallelism = 1 + generator.below(8)
        settings.onFailure = generator.chance(15) ? .hold : .rollback
        settings.maxDeletes = 1_000
        let count = 2 + generator.below(14)
        let apis = generator.below(3)
        return (0..<2 + generator.below(3)).map { _ in
            var resources: [DesiredResource] = []
            for number in 0..<count where generator.chance(75) {
                let uses = (0..<number).filter { other in
                    generator.below(number) < 2 && resources.contains { $0.address.name == "p\(other)" }
                }
                resources.append(Scenario.part("p\(number)", generator.below(3), refersTo: uses.map { "p\($0)" }))
            }
            for number in 0..<apis where generator.chance(80) { resources += Scenario.api("api\(number)", &generator) }
            return DesiredGraph(environment: "test", target: ["engine": [:]], apply: settings, resources: resources)
        }
    }
}
