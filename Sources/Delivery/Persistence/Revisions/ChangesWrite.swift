import JSON
import Reconciling
import Resources
import Storage

/// What a revision did, made ready before the database's thread is asked.
struct ChangesWrite: Sendable {
    private let document: String
    /// Kind and name of what is changed for good.
    private let objects: [(kind: String, name: String)]

    init(_ changes: RevisionChanges, leftChanges: Bool) {
        document = changes.document.text(.compact)
        objects = leftChanges ? changes.addresses.map { ($0.kind.rawValue, $0.name) } : []
    }

    func run(_ connection: Connection, _ revision: Revision) throws(StorageFailure) {
        let (environment, number) = (SQLValue.text(revision.environment), SQLValue.int(revision.number))
        try connection.execute(
            "INSERT INTO revision_changes (environment, number, changes) VALUES (?, ?, ?)",
            [environment, number, .text(document)])
        try connection.execute(
            "DELETE FROM revision_changes WHERE environment = ? AND number <= ?",
            [environment, .int(revision.number - Limits.changesKept)])
        for object in objects {
            try connection.execute(
                "INSERT OR IGNORE INTO revision_object (environment, name, kind, number) VALUES (?, ?, ?, ?)",
                [environment, .text(object.name), .text(object.kind), number])
        }
    }
}
