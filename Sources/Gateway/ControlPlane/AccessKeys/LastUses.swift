import JSON
import Synchronization

/// When access keys of users and roles were last used, and for what: to the minute, so that a busy key is written once a
/// minute, and by ``UsageWriter``, so that no request waits for it (docs/decisions/0019-usage-is-written-behind.md).
final class LastUses: Sendable {
    struct Use: Sendable, Equatable {
        /// Seconds since 1970, of the minute's beginning.
        var date: Int
        /// As requests are signed for it.
        var service: String
        var region: String
    }

    private struct Book {
        /// By the id of the access key or role.
        var uses: [String: Use] = [:]
        var changed: Set<String> = []
        var onUse: (@Sendable () -> Void)?
    }

    private let book = Mutex(Book())

    subscript(_ id: String) -> Use? { book.withLock { $0.uses[id] } }

    /// - Parameter call: Told of each use that is to be written.
    func onUse(_ call: (@Sendable () -> Void)?) { book.withLock { $0.onUse = call } }

    /// Notes a request whose signature was right. The root's are not kept, nor are sessions of users: they are no keys of
    /// a user and no roles.
    func record(_ principal: Principal, _ keyID: String, _ service: String, _ region: String, now: Int) {
        let id: String
        switch (principal.who, principal.session) {
        case (.user, nil): id = keyID
        case (.role(let role, _), _): id = role.id
        default: return
        }
        let use = Use(date: now - now % 60, service: service, region: region)
        let onUse = book.withLock { book -> (@Sendable () -> Void)? in
            guard book.uses[id] != use else { return nil }
            book.uses[id] = use
            book.changed.insert(id)
            return book.onUse
        }
        onUse?()
    }

    // MARK: Rows

    func load(_ account: AccountTables) {
        book.withLock { book in
            for (id, row) in account.all(.lastUse) {
                guard let date = row["date"]?.int else { continue }
                book.uses[id] = Use(
                    date: date, service: row.string("service") ?? "", region: row.string("region") ?? "")
            }
        }
    }

    var hasChanges: Bool { book.withLock { !$0.changed.isEmpty } }

    /// What was used since the last call.
    func takeChanges() -> [String: Use] {
        book.withLock { book in
            defer { book.changed = [] }
            return book.uses.filter { book.changed.contains($0.key) }
        }
    }

    /// These were not written.
    func returnChanges(_ changes: [String: Use]) { book.withLock { $0.changed.formUnion(changes.keys) } }

    /// The key or role is gone, and its row with it.
    func forget(_ id: String, _ workspace: inout Workspace) {
        book.withLock { book in
            book.uses[id] = nil
            book.changed.remove(id)
        }
        workspace.remove(.lastUse, id)
    }

    /// Writes the uses of what is still there.
    static func keep(_ uses: [String: Use], _ workspace: inout Workspace) {
        for (id, use) in uses
        where workspace.identity[.accessKey, id] != nil || workspace.identity.entity(id: id) != nil {
            workspace.put(
                .lastUse, id,
                [
                    "date": .number(JSONNumber(use.date)), "service": .string(use.service),
                    "region": .string(use.region),
                ])
        }
    }
}
