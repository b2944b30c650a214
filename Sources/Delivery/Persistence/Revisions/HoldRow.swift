import Reconciling
import Storage

/// A hold as it is stored.
struct HoldRow: Sendable {
    private let kind: String
    private let draft: Hold

    init(_ row: Row) throws(StorageFailure) {
        kind = try row.text(1)
        draft = Hold(
            .pause, environment: try row.text(0), commit: try row.textOrNil(2), head: try row.textOrNil(3),
            since: Timestamp(milliseconds: Int64(try row.int(4))),
            until: try row.intOrNil(5).map { Timestamp(milliseconds: Int64($0)) }, by: try row.text(6),
            reason: try row.text(7), revision: try row.intOrNil(8), consent: try row.textOrNil(9))
    }

    func hold() throws(RevisionFailure) -> Hold {
        var hold = draft
        hold.kind = try known(kind)
        return hold
    }
}

extension Connection {
    func hold(_ environment: String) throws(StorageFailure) -> HoldRow? {
        try first(
            """
            SELECT environment, kind, commit_id, head, since, until, holder, reason, revision, consent FROM hold
            WHERE environment = ?
            """, [.text(environment)], HoldRow.init)
    }

    func setHold(_ hold: Hold?, _ environment: String) throws(StorageFailure) {
        try execute("DELETE FROM hold WHERE environment = ?", [.text(environment)])
        guard let hold else { return }
        try execute(
            """
            INSERT INTO hold (environment, kind, commit_id, head, since, until, holder, reason, revision, consent)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(environment), .text(hold.kind.rawValue), .text(orNull: hold.commit), .text(orNull: hold.head),
                .integer(hold.since.milliseconds), hold.until.map { .integer($0.milliseconds) } ?? .null,
                .text(hold.by), .text(hold.reason), hold.revision.map { .int($0) } ?? .null,
                .text(orNull: hold.consent),
            ])
    }
}
