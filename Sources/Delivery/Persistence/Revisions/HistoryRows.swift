import Reconciling
import Storage

/// A revision as it is stored.
struct RevisionRow: Sendable {
    private let outcome: String
    /// The outcome is put in its place by ``revision()``.
    private let draft: Revision

    init(_ row: Row) throws(StorageFailure) {
        outcome = try row.text(6)
        draft = Revision(
            number: try row.int(1), environment: try row.text(0), commit: try row.text(2), author: try row.text(3),
            subject: try row.text(4), planDigest: try row.textOrNil(5), outcome: .interrupted,
            started: Timestamp(milliseconds: Int64(try row.int(7))), duration: .microseconds(try row.int(8)),
            stepsCount: try row.int(9), problem: try Problem(row, code: 10, message: 11))
    }

    func revision() throws(RevisionFailure) -> Revision {
        var revision = draft
        revision.outcome = try known(outcome)
        return revision
    }
}

/// An event as it is stored.
struct EventRow: Sendable {
    private let kind: String
    private let draft: Event

    init(_ row: Row) throws(StorageFailure) {
        kind = try row.text(1)
        draft = Event(
            .planned, environment: try row.text(0), time: Timestamp(milliseconds: Int64(try row.int(2))),
            commit: try row.textOrNil(3), message: try row.text(4), problem: try Problem(row, code: 5, message: 6))
    }

    func event() throws(RevisionFailure) -> Event {
        var event = draft
        event.kind = try known(kind)
        return event
    }
}

func known<Value: RawRepresentable<String>>(_ text: String) throws(RevisionFailure) -> Value {
    guard let value = Value(rawValue: text) else {
        throw RevisionFailure(.corrupt, "the history has the unknown word `\(text)`")
    }
    return value
}

extension Problem {
    fileprivate init?(_ row: Row, code: Int, message: Int) throws(StorageFailure) {
        guard let text = try row.textOrNil(code) else { return nil }
        self.init(code: text, message: try row.textOrNil(message) ?? "")
    }
}

extension Duration {
    var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
