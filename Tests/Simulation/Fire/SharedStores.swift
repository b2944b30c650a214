import JSON
import Planning
import Reconciling
import Resources
import Synchronization

@testable import Applying

/// What the processes of one environment share: journals, recorded state, history and the lease, kept as a disk would keep
/// them, with the audit of ``SimulatedJournal``.
final class SharedStores: Sendable {
    private struct State {
        var journals: [(id: ApplyID, journal: SimulatedJournal)] = []
        var objects: [Address: RecordedObject] = [:]
        var doubts: [Address: String] = [:]
        var lastTarget: JSONValue?
        var revisions: [Revision] = []
        var hold: Hold?
        var holder: SimulatedProcess?
        var epoch = 0
        var isReleased = true
        var expires = Duration.zero
        var fullUntil = Duration.zero
        var violations: [String] = []
        var taken: Set<String> = []
        var fenced = 0

        mutating func write(_ changes: [StateChange]) {
            for change in changes {
                switch change {
                case .record(let object):
                    objects[object.address] = object
                    doubts[object.address] = nil
                case .remove(let address):
                    objects[address] = nil
                    doubts[address] = nil
                case .doubt(let address, let reason): doubts[address] = reason
                }
            }
        }
    }

    private let state = Mutex(State())
    let scheduler: Scheduler
    let weather: Mutex<Weather>
    /// Told of each apply that ends, at the moment when that is durable, with what is recorded then.
    let ended: @Sendable (ApplyHeader, ApplyEnding, Set<Address>) -> [String]

    init(
        _ scheduler: Scheduler, _ weather: Weather,
        ended: @escaping @Sendable (ApplyHeader, ApplyEnding, Set<Address>) -> [String]
    ) {
        self.scheduler = scheduler
        self.weather = Mutex(weather)
        self.ended = ended
    }

    var violations: [String] { state.withLock { $0.violations + $0.journals.flatMap(\.journal.violations) } }
    /// (state, event) pairs of steps that were taken.
    var taken: Set<String> { state.withLock { $0.taken } }
    var isClosed: Bool { state.withLock { $0.journals.allSatisfy(\.journal.isClosed) } }
    var objects: [Address: RecordedObject] { state.withLock { $0.objects } }
    var doubts: [Address: String] { state.withLock { $0.doubts } }
    var revisions: [Revision] { state.withLock { $0.revisions } }
    /// Appends of a holder that had lost its lease without knowing.
    var fenced: Int { state.withLock { $0.fenced } }

    fileprivate func isFull() -> Bool {
        let weather = weather.withLock { $0 }
        if scheduler.happens(weather.diskFull) {
            state.withLock { $0.fullUntil = scheduler.now + .seconds(1 + scheduler.below(120)) }
        }
        return state.withLock { $0.fullUntil > scheduler.now && weather.diskFull > 0 }
    }

    fileprivate func append(_ append: JournalAppend, by process: SimulatedProcess) throws(JournalFailure) {
        let failure: JournalFailure? = state.withLock { state in
            guard state.epoch == append.lease.epoch, !state.isReleased else {
                state.fenced += 1
                return JournalFailure(.fenced, "another process has the environment")
            }
            if case .began(let header) = append.records.first {
                state.journals.append((append.apply, SimulatedJournal(recorded: [])))
                state.lastTarget = header.target
            }
            guard let place = state.journals.firstIndex(where: { $0.id == append.apply }) else {
                return JournalFailure(.appendFailed, "never begun")
            }
            do {
                try state.journals[place].journal.append(append.records, append.changes)
            } catch {
                state.violations.append("an illegal record: \(error)")
                return JournalFailure(.corrupt, "\(error)")
            }
            state.taken.formUnion(state.journals[place].journal.taken)
            state.write(append.changes)
            guard case .ended(let ending) = append.records.last, let header = state.journals[place].journal.begun else {
                return nil
            }
            state.violations += ended(header, ending, Set(state.objects.keys))
            return nil
        }
        scheduler.trace(
            "\(process.name) writes \(append.records.map(\.brief)) \(append.changes.map(\.brief)) \(failure.map { "\($0)" } ?? "")"
        )
        if let failure { throw failure }
    }

    fileprivate func unfinished() throws(JournalFailure) -> [UnfinishedApply] {
        do {
            return try state.withLock { state in try state.journals.compactMap { try $0.journal.unfinished() } }
        } catch {
            throw JournalFailure(.corrupt, "\(error)")
        }
    }

    fileprivate func lastTarget() -> JSONValue? { state.withLock { $0.lastTarget } }

    fileprivate func write(_ changes: [StateChange], _ lease: LeaseGrant) throws(JournalFailure) {
        let isFenced = state.withLock { state in
            guard state.epoch == lease.epoch, !state.isReleased else { return true }
            state.write(changes)
            scheduler.trace("records \(changes.map(\.brief))")
            return false
        }
        if isFenced { throw JournalFailure(.fenced, "another process has the environment") }
    }

    fileprivate func acquire(
        _ environment: String, _ ttl: Duration, by process: SimulatedProcess
    ) throws(LeaseFailure) -> LeaseGrant {
        let (leasesExpire, leasesLie) = weather.withLock { ($0.leasesExpire, $0.leasesLie) }
        let epoch: Int? = state.withLock { state in
            let isAlive = leasesExpire ? state.expires > scheduler.now : state.holder?.isDead == false
            if !state.isReleased, isAlive { return nil }
            state.holder = process
            state.isReleased = false
            state.expires = scheduler.now + (leasesLie ? ttl / 2_000 : ttl)
            state.epoch += 1
            return state.epoch
        }
        scheduler.trace("\(process.name) takes the lease: \(epoch.map { "\($0)" } ?? "held")")
        guard let epoch else { throw LeaseFailure(.held, "taken", holder: "another") }
        return LeaseGrant(environment: environment, holder: process.name, epoch: epoch)
    }

    fileprivate func standing() -> LeaseStanding {
        let leasesExpire = weather.withLock(\.leasesExpire)
        return state.withLock { state in
            let isAlive = leasesExpire ? state.expires > scheduler.now : state.holder?.isDead == false
            return LeaseStanding(
                epoch: state.epoch, holder: !state.isReleased && isAlive ? state.holder?.name : nil)
        }
    }

    fileprivate func renew(_ grant: LeaseGrant, _ ttl: Duration) throws(LeaseFailure) {
        let isLost = state.withLock { state in
            guard state.epoch == grant.epoch, !state.isReleased else { return true }
            state.expires = scheduler.now + ttl
            return false
        }
        if isLost { throw LeaseFailure(.lost, "taken over", holder: "another") }
    }

    fileprivate func release(_ grant: LeaseGrant) {
        state.withLock { state in
            guard state.epoch == grant.epoch else { return }
            state.isReleased = true
            state.holder = nil
        }
    }

    fileprivate func add(_ revision: Revision) -> Revision {
        state.withLock { state in
            var revision = revision
            revision.number = state.revisions.count + 1
            state.revisions.append(revision)
            return revision
        }
    }
}

/// The shared stores as one process reaches them: not at all once it is dead.
struct ProcessStores: Journal, StateStore, Lease, RevisionStore {
    let shared: SharedStores
    let process: SimulatedProcess
    /// Ends the process.
    let crash: @Sendable () -> Void

    private func reach() async throws(JournalFailure) {
        await Task.yield()
        if process.isDead { throw JournalFailure(.appendFailed, "the process is gone") }
    }

    func append(_ append: JournalAppend) async throws(JournalFailure) {
        try await reach()
        if shared.isFull() { throw JournalFailure(.appendFailed, "the disk is full") }
        let weather = shared.weather.withLock { $0 }
        if shared.scheduler.happens(weather.crashBeforeAppend) { crash() }
        if process.isDead { throw JournalFailure(.appendFailed, "the process is gone") }
        try shared.append(append, by: process)
        if shared.scheduler.happens(weather.crashAfterAppend) { crash() }
        if process.isDead { throw JournalFailure(.appendFailed, "the process is gone") }
    }

    func unfinished(environment: String) async throws(JournalFailure) -> [UnfinishedApply] {
        try await reach()
        return try shared.unfinished()
    }

    func lastTarget(environment: String) async throws(JournalFailure) -> JSONValue? {
        try await reach()
        return shared.lastTarget()
    }

    func objects(environment: String) async throws(JournalFailure) -> [RecordedObject] {
        try await reach()
        return shared.objects.values.sorted { $0.address < $1.address }
    }

    func doubts(environment: String) async throws(JournalFailure) -> [Address: String] {
        try await reach()
        return shared.doubts
    }

    func write(_ changes: [StateChange], environment: String, lease: LeaseGrant) async throws(JournalFailure) {
        try await reach()
        if shared.isFull() { throw JournalFailure(.appendFailed, "the disk is full") }
        try shared.write(changes, lease)
    }

    func acquire(environment: String, holder: String, ttl: Duration) async throws(LeaseFailure) -> LeaseGrant {
        await Task.yield()
        if process.isDead { throw LeaseFailure(.unavailable, "the process is gone") }
        if shared.isFull() { throw LeaseFailure(.unavailable, "the disk is full") }
        return try shared.acquire(environment, ttl, by: process)
    }

    func standing(environment: String) async throws(LeaseFailure) -> LeaseStanding {
        await Task.yield()
        if process.isDead { throw LeaseFailure(.unavailable, "the process is gone") }
        return shared.standing()
    }

    func renew(_ grant: LeaseGrant, ttl: Duration) async throws(LeaseFailure) {
        await Task.yield()
        if process.isDead { throw LeaseFailure(.unavailable, "the process is gone") }
        if shared.isFull() { throw LeaseFailure(.unavailable, "the disk is full") }
        try shared.renew(grant, ttl)
    }

    func release(_ grant: LeaseGrant) async throws(LeaseFailure) {
        await Task.yield()
        if !process.isDead { shared.release(grant) }
    }

    func add(_ revision: Revision, changes: RevisionChanges?) async throws(RevisionFailure) -> Revision {
        await Task.yield()
        return process.isDead ? revision : shared.add(revision)
    }

    func changes(of number: Int, environment: String) async throws(RevisionFailure) -> JSONValue? { nil }

    func revisions(environment: String, before: Int?, limit: Int) async throws(RevisionFailure) -> [Revision] {
        Array(shared.revisions.reversed().prefix(limit))
    }

    func revisions(
        environment: String, changing address: Address, before: Int?, limit: Int
    ) async throws(RevisionFailure) -> [Revision] { [] }

    func environments() async throws(RevisionFailure) -> [String] { ["test"] }
    func inputs(environment: String) async throws(RevisionFailure) -> RecordedInputs? { nil }
    func setInputs(_ inputs: RecordedInputs, environment: String) async throws(RevisionFailure) {}
    func guards(environment: String) async throws(RevisionFailure) -> AppliedGuards? { nil }
    func setGuards(_ guards: AppliedGuards, environment: String) async throws(RevisionFailure) {}
    func approval(environment: String) async throws(RevisionFailure) -> Approval? { nil }
    func setApproval(_ approval: Approval?, environment: String) async throws(RevisionFailure) {}

    func lastApplied(environment: String) async throws(RevisionFailure) -> Revision? {
        shared.revisions.last { $0.outcome == .applied }
    }

    func add(_ event: Event) async throws(RevisionFailure) {}
    func events(environment: String, limit: Int) async throws(RevisionFailure) -> [Event] { [] }
    func hold(environment: String) async throws(RevisionFailure) -> Hold? { nil }
    func setHold(_ hold: Hold?, environment: String) async throws(RevisionFailure) {}
    func sweep(environment: String) async throws(RevisionFailure) -> SweepRecord? { nil }
    func setSweep(_ sweep: SweepRecord) async throws(RevisionFailure) {}
    func swapHold(_ expected: Hold?, for hold: Hold?, environment: String) async throws(RevisionFailure) -> Bool {
        false
    }
}

extension JournalRecord {
    /// For traces.
    fileprivate var brief: String {
        switch self {
        case .began(let header):
            "began \(header.steps.map { "\($0.number) \($0.operation) \($0.effects.map(\.address))" })"
        case .turned(let cause): "turned \(cause.kind)"
        case .step(let record):
            "\(record.number) \(record.event) \(record.identities.mapValues { $0?.physicalID ?? "gone" })"
        case .ended(let ending): "ended \(ending)"
        }
    }
}

extension StateChange {
    fileprivate var brief: String {
        switch self {
        case .record(let object): "+\(object.address)=\(object.identity.physicalID)"
        case .remove(let address): "-\(address)"
        case .doubt(let address, _): "?\(address)"
        }
    }
}
