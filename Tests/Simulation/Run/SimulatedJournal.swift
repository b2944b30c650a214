import JSON
import Planning
import Resources

@testable import Applying

/// A journal and recorded state in memory that keeps what a disk would keep, and audits what is written: an event that
/// cannot follow, an intent before the outcome it builds on.
struct SimulatedJournal {
    private(set) var records: [JournalRecord] = []
    private(set) var recorded: [Address: RecordedObject]
    private(set) var doubts: Set<Address> = []
    private(set) var violations: [String] = []
    private(set) var isClosed = false
    /// (state, event) pairs taken, for the count of all legal ones.
    private(set) var taken: Set<String> = []
    private(set) var states: [StepState] = []
    private var header: ApplyHeader?

    init(recorded: [RecordedObject]) {
        self.recorded = Dictionary(recorded.map { ($0.address, $0) }) { _, later in later }
    }

    mutating func append(_ records: [JournalRecord], _ changes: [StateChange]) throws {
        if isClosed { violations.append("a record after the end") }
        for record in records {
            self.records.append(record)
            try audit(record)
        }
        // Intents of one append count as made after all outcomes in it.
        for case .step(let record) in records where record.event == .intended { auditIntent(record.number) }
        for change in changes {
            switch change {
            case .record(let object):
                recorded[object.address] = object
                doubts.remove(object.address)
            case .remove(let address):
                recorded[address] = nil
                doubts.remove(address)
            case .doubt(let address, _): doubts.insert(address)
            }
        }
    }

    /// What a new process finds, through the form on disk; nil when the journal was never begun, or is closed.
    func unfinished() throws -> UnfinishedApply? {
        if isClosed { return nil }
        var records = try records.map { try JournalRecord(json: JSONValue(parsing: $0.json.bytes(.compact))) }
        guard !records.isEmpty, case .began(let header) = records.removeFirst() else { return nil }
        return UnfinishedApply(header: header, records: records)
    }

    /// The header of the apply, once it began.
    var begun: ApplyHeader? { header }

    func state(of step: Int) -> StepState? { states.indices.contains(step) ? states[step] : nil }

    private mutating func audit(_ record: JournalRecord) throws {
        switch record {
        case .began(let header):
            self.header = header
            states = Array(repeating: .pending, count: header.steps.count)
        case .step(let record):
            taken.insert("\(states[record.number].rawValue) \(record.event.rawValue)")
            states[record.number] = try states[record.number].after(record.event)
        case .turned: break
        case .ended: isClosed = true
        }
    }

    private mutating func auditIntent(_ step: Int) {
        guard let header, states[step] == .inFlight else { return }
        for before in header.steps[step].dependencies where states[before] != .done {
            violations.append("step \(step) is intended before the outcome of step \(before) is durable")
        }
    }
}
