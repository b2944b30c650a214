import Applying
import JSON
import Planning
import Resources

@testable import Reconciling

/// State, journal, lease and history in memory, with the faults that a test asks for.
actor MemoryStores: StateStore, Journal, Lease, RevisionStore {
    private var recorded: [String: [Address: RecordedObject]] = [:]
    private var doubted: [String: [Address: String]] = [:]
    private var applies: [(environment: String, id: ApplyID, records: [JournalRecord])] = []
    private var epochs: [String: Int] = [:]
    private var holders: [String: String] = [:]
    private(set) var history: [Revision] = []
    private(set) var told: [Event] = []
    private var did: [String: RevisionChanges] = [:]
    private var holds: [String: Hold] = [:]
    private var recordedInputs: [String: RecordedInputs] = [:]
    private var appliedGuards: [String: AppliedGuards] = [:]
    private var approvals: [String: Approval] = [:]
    private let events: AsyncStream<Event>.Continuation

    /// Failures of the next calls that read the state.
    var stateFailures: [JournalFailure] = []
    var historyFailures: [RevisionFailure] = []

    init(events: AsyncStream<Event>.Continuation = AsyncStream.makeStream().continuation) { self.events = events }

    func failState(_ failures: [JournalFailure]) { stateFailures = failures }
    func failHistory(_ failures: [RevisionFailure]) { historyFailures = failures }
    func lose(_ environment: String) {
        recorded[environment] = nil
        recordedInputs[environment] = nil
    }
    func guards(environment: String) -> AppliedGuards? { appliedGuards[environment] }
    func setGuards(_ guards: AppliedGuards, environment: String) { appliedGuards[environment] = guards }
    func approval(environment: String) -> Approval? { approvals[environment] }
    func setApproval(_ approval: Approval?, environment: String) { approvals[environment] = approval }
    func inputs(environment: String) -> RecordedInputs? { recordedInputs[environment] }
    func setInputs(_ inputs: RecordedInputs, environment: String) { recordedInputs[environment] = inputs }
    func doubt(_ address: Address, _ environment: String) { doubted[environment, default: [:]][address] = "a test" }
    func leave(_ header: ApplyHeader, _ records: [JournalRecord] = []) {
        applies.append((header.environment, header.id, [.began(header)] + records))
    }

    // MARK: State

    func objects(environment: String) throws(JournalFailure) -> [RecordedObject] {
        if let failure = stateFailures.popLast() { throw failure }
        return (recorded[environment] ?? [:]).values.sorted { $0.address < $1.address }
    }

    func doubts(environment: String) -> [Address: String] { doubted[environment] ?? [:] }

    func write(_ changes: [StateChange], environment: String, lease: LeaseGrant) throws(JournalFailure) {
        try check(lease)
        if !changes.isEmpty { recordedInputs[environment] = nil }
        for change in changes {
            switch change {
            case .record(let object):
                recorded[environment, default: [:]][object.address] = object
                doubted[environment]?[object.address] = nil
            case .remove(let address):
                recorded[environment]?[address] = nil
                doubted[environment]?[address] = nil
            case .doubt(let address, let reason): doubted[environment, default: [:]][address] = reason
            }
        }
    }

    // MARK: Journal

    /// The process is killed at this append: 1 for the next, nil for none.
    private var appendsLeft: Int?
    func die(atAppend number: Int?) { appendsLeft = number }

    func append(_ append: JournalAppend) throws(JournalFailure) {
        if let left = appendsLeft {
            guard left > 1 else { throw JournalFailure(.appendFailed, "the process is gone") }
            appendsLeft = left - 1
        }
        try check(append.lease)
        if let position = applies.firstIndex(where: { $0.id == append.apply }) {
            applies[position].records += append.records
        } else {
            applies.append((append.environment, append.apply, append.records))
        }
        try write(append.changes, environment: append.environment, lease: append.lease)
    }

    func unfinished(environment: String) -> [UnfinishedApply] {
        applies.compactMap { apply in
            guard apply.environment == environment, case .began(let header)? = apply.records.first else { return nil }
            if case .ended? = apply.records.last { return nil }
            return UnfinishedApply(header: header, records: Array(apply.records.dropFirst()))
        }
    }

    func lastTarget(environment: String) -> JSONValue? {
        for apply in applies.reversed() where apply.environment == environment {
            if case .began(let header)? = apply.records.first { return header.target }
        }
        return nil
    }

    private func check(_ lease: LeaseGrant) throws(JournalFailure) {
        guard lease.epoch == epochs[lease.environment] else { throw JournalFailure(.fenced, "an old lease") }
    }

    // MARK: Lease

    func acquire(environment: String, holder: String, ttl: Duration) throws(LeaseFailure) -> LeaseGrant {
        if let other = holders[environment] {
            throw LeaseFailure(.held, "`\(environment)` is being applied to by \(other)", holder: other)
        }
        holders[environment] = holder
        epochs[environment, default: 0] += 1
        return LeaseGrant(environment: environment, holder: holder, epoch: epochs[environment, default: 0])
    }

    func standing(environment: String) -> LeaseStanding {
        LeaseStanding(epoch: epochs[environment] ?? 0, holder: holders[environment])
    }

    func renew(_ grant: LeaseGrant, ttl: Duration) {}
    func release(_ grant: LeaseGrant) { holders[grant.environment] = nil }

    // MARK: History

    func add(_ revision: Revision, changes: RevisionChanges?) throws(RevisionFailure) -> Revision {
        if let failure = historyFailures.popLast() { throw failure }
        var revision = revision
        revision.number = history.filter { $0.environment == revision.environment }.count + 1
        history.append(revision)
        did["\(revision.environment) \(revision.number)"] = changes
        return revision
    }

    func changes(of number: Int, environment: String) -> JSONValue? { did["\(environment) \(number)"]?.document }

    func revisions(environment: String, changing address: Address, before: Int?, limit: Int) -> [Revision] {
        Array(
            history.reversed().filter {
                $0.environment == environment && $0.number < before ?? .max && $0.outcome.leftChanges
                    && did["\(environment) \($0.number)"]?.addresses.contains(address) == true
            }.prefix(limit))
    }

    func revisions(environment: String, before: Int?, limit: Int) throws(RevisionFailure) -> [Revision] {
        if let failure = historyFailures.popLast() { throw failure }
        return Array(
            history.reversed().filter { $0.environment == environment && $0.number < before ?? .max }.prefix(limit))
    }

    func lastApplied(environment: String) -> Revision? {
        history.last { $0.environment == environment && $0.outcome == .applied }
    }

    func environments() -> [String] {
        Set(history.map(\.environment)).union(recorded.filter { !$0.value.isEmpty }.keys).sorted()
    }

    func add(_ event: Event) {
        told.append(event)
        events.yield(event)
    }

    func events(environment: String, limit: Int) -> [Event] {
        Array(told.reversed().filter { $0.environment == environment }.prefix(limit))
    }

    private(set) var sweeps: [String: SweepRecord] = [:]
    func sweep(environment: String) -> SweepRecord? { sweeps[environment] }
    func setSweep(_ sweep: SweepRecord) { sweeps[sweep.environment] = sweep }

    func hold(environment: String) -> Hold? { holds[environment] }
    func setHold(_ hold: Hold?, environment: String) { holds[environment] = hold }
    func swapHold(_ expected: Hold?, for hold: Hold?, environment: String) -> Bool {
        guard holds[environment] == expected else { return false }
        holds[environment] = hold
        return true
    }
}
