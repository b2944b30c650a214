import JSON
import Planning
import Resources
import Synchronization

@testable import Applying

/// Journal, recorded state and lease in memory, with the audit of ``SimulatedJournal`` and faults by the number of the
/// append.
final class MemoryStores: Journal, StateStore, Lease {
    private struct State {
        var journals: [SimulatedJournal]
        var faults: [Int: Fault] = [:]
        var appends = 0
        var holder: String?
        var epoch = 0
        var isLost = false
        var renewals = 0
    }

    private let state: Mutex<State>

    init(recorded: [RecordedObject], faults: [Int: Fault] = [:]) {
        state = Mutex(State(journals: [SimulatedJournal(recorded: recorded)], faults: faults))
    }

    /// That of the last apply.
    var journal: SimulatedJournal { state.withLock { $0.journals[$0.journals.count - 1] } }
    var renewals: Int { state.withLock { $0.renewals } }

    func take(as holder: String) { state.withLock { $0.holder = holder } }
    func lose() { state.withLock { $0.isLost = true } }
    /// Nothing goes wrong any more.
    func heal() {
        state.withLock { state in
            state.faults = [:]
            state.isLost = false
            state.holder = nil
        }
    }

    func append(_ append: JournalAppend) async throws(JournalFailure) {
        let failure: JournalFailure? = state.withLock { state in
            state.appends += 1
            let fault = state.faults[state.appends]
            if fault == .crashBeforeAppend { return JournalFailure(.appendFailed, "the disk is full") }
            if case .began = append.records.first, state.journals[state.journals.count - 1].isClosed {
                let recorded = Array(state.journals[state.journals.count - 1].recorded.values)
                state.journals.append(SimulatedJournal(recorded: recorded))
            }
            do {
                try state.journals[state.journals.count - 1].append(append.records, append.changes)
            } catch {
                return error as? JournalFailure ?? JournalFailure(.corrupt, "\(error)")
            }
            return fault == .crashAfterAppend ? JournalFailure(.appendFailed, "the disk is full") : nil
        }
        if let failure { throw failure }
    }

    func unfinished(environment: String) async throws(JournalFailure) -> [UnfinishedApply] {
        do {
            return try journal.unfinished().map { [$0] } ?? []
        } catch {
            throw JournalFailure(.corrupt, "\(error)")
        }
    }

    func lastTarget(environment: String) -> JSONValue? { nil }

    func objects(environment: String) async throws(JournalFailure) -> [RecordedObject] {
        journal.recorded.values.sorted { $0.address < $1.address }
    }

    func doubts(environment: String) async throws(JournalFailure) -> [Address: String] {
        Dictionary(uniqueKeysWithValues: journal.doubts.map { ($0, "") })
    }

    func write(_ changes: [StateChange], environment: String, lease: LeaseGrant) async throws(JournalFailure) {}

    func acquire(environment: String, holder: String, ttl: Duration) async throws(LeaseFailure) -> LeaseGrant {
        let (isTaken, epoch) = state.withLock { state in
            if state.holder != nil { return (true, 0) }
            state.holder = holder
            state.epoch += 1
            return (false, state.epoch)
        }
        if isTaken { throw LeaseFailure(.held, "taken", holder: "other") }
        return LeaseGrant(environment: environment, holder: holder, epoch: epoch)
    }

    func standing(environment: String) async throws(LeaseFailure) -> LeaseStanding {
        state.withLock { LeaseStanding(epoch: $0.epoch, holder: $0.holder) }
    }

    func renew(_ grant: LeaseGrant, ttl: Duration) async throws(LeaseFailure) {
        let isLost = state.withLock { state in
            state.renewals += 1
            return state.isLost
        }
        if isLost { throw LeaseFailure(.lost, "taken over", holder: "other") }
    }

    func release(_ grant: LeaseGrant) async throws(LeaseFailure) {
        state.withLock { $0.holder = nil }
    }
}
