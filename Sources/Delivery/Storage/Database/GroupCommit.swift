/// One caller's part of a group commit.
///
/// INVARIANT: `outcome` is read and written on the thread of its ``Database`` only.
final class GroupMember: @unchecked Sendable {
    let body: @Sendable (Connection) throws -> Void
    var outcome: Result<Void, any Error>?

    init(_ body: @escaping @Sendable (Connection) throws -> Void) { self.body = body }
}

extension Database {
    /// Runs the members in order in one transaction; one that throws takes back its own writes only.
    func run(_ members: [GroupMember]) {
        do {
            let connection = try open()
            try connection.execute("BEGIN IMMEDIATE")
            do {
                for member in members { try connection.run(member) }
                try connection.execute("COMMIT")
            } catch {
                try connection.rollBack()
                throw error
            }
            for member in members where member.outcome == nil { member.outcome = .success(()) }
        } catch {
            for member in members where member.outcome?.isFailure != true { member.outcome = .failure(error) }
        }
    }
}

extension Connection {
    /// - Throws: Only what ends the transaction of the whole group.
    fileprivate func run(_ member: GroupMember) throws {
        try execute("SAVEPOINT member")
        do {
            try member.body(self)
        } catch {
            // A full disk and its like make SQLite end the whole transaction.
            guard isInTransaction else { throw error }
            member.outcome = .failure(error)
            try execute("ROLLBACK TO member")
        }
        try execute("RELEASE member")
    }

    func rollBack() throws(StorageFailure) {
        if isInTransaction { try execute("ROLLBACK") }
    }
}

extension Result {
    fileprivate var isFailure: Bool { if case .failure = self { true } else { false } }
}
