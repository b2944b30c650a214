import JSON
import Resources

/// One mutating call on an object that stands by itself.
struct Move: Sendable, Equatable {
    /// The name of the call; journaled, so never renamed.
    var operation: String
    /// In normal form, references symbolic; nil if the object is gone after the call.
    var after: JSONObject?
}

/// The moves from one document to another, collected one after the other.
struct MoveList {
    private(set) var moves: [Move] = []
    private var now: JSONObject
    private let after: JSONObject
    private let kind: ResourceKind

    /// Rules of ours change with the first call: none is needed for them.
    init(_ kind: ResourceKind, from before: JSONObject, to after: JSONObject) {
        self.kind = kind
        self.after = after
        now = before
        for field in KindTable.object(kind)?.fields ?? [] where field.isOurs { now[field.name] = after[field.name] }
    }

    /// One call that sets these fields together.
    mutating func set(_ fields: [String], by operation: String) {
        guard fields.contains(where: { now[$0] != after[$0] }) else { return }
        for field in fields { now[field] = after[field] }
        add(operation)
    }

    /// One call that sets the field, another that takes it away.
    mutating func set(_ field: String, by operation: String, remove: String) {
        guard now[field] != after[field] else { return }
        now[field] = after[field]
        add(after[field] == nil ? remove : operation)
    }

    /// A call for each element of a list: new ones first.
    mutating func elements(_ field: String, add adding: String, remove removing: String) {
        let wanted = after[field]?.array ?? []
        for element in wanted where now[field]?.array?.contains(element) != true {
            now[field] = .array((now[field]?.array ?? []) + [element])
            add(adding)
        }
        for element in now[field]?.array ?? [] where !wanted.contains(element) {
            now[field] = .array((now[field]?.array ?? []).filter { $0 != element })
            add(removing)
        }
    }

    /// A call for each member of a map: new and changed ones first.
    mutating func members(_ field: String, put: String, delete: String) {
        let wanted = after[field]?.object ?? [:]
        for (name, value) in wanted where now[field]?[name] != value {
            var map = now[field]?.object ?? [:]
            map[name] = value
            now[field] = .object(map)
            add(put)
        }
        for name in now[field]?.object?.names ?? [] where wanted[name] == nil {
            var map = now[field]?.object ?? [:]
            map[name] = JSONValue?.none
            now[field] = .object(map)
            add(delete)
        }
    }

    /// One call for the tags that are set, one for those that are removed.
    mutating func tags(set: String, remove: String) {
        let (old, new) = (now["tags"]?.object ?? [:], after["tags"]?.object ?? [:])
        let kept = old.filter { new[$0.name] != nil }
        if new.contains(where: { old[$0.name] != $0.value }) {
            var map = old
            for (name, value) in new { map[name] = value }
            now["tags"] = .object(map)
            add(set)
        }
        guard kept.count < old.count else { return }
        now["tags"] = after["tags"]
        add(remove)
    }

    /// A call after which the document is as the calls before it left it.
    mutating func add(_ operation: String) {
        let normal = KindTable.object(kind)?.normalForm(of: .object(now)).object ?? now
        now = normal
        moves.append(Move(operation: operation, after: normal))
    }
}
