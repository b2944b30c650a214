import JSON

/// A map that several variables may share, as in Java; members keep the order in which they came.
final class MapValue {
    struct Member {
        var name: String
        var value: Value
    }

    /// The maps of `$context` that are there as soon as a template asks for them.
    enum Role {
        case plain
        case context
        case requestOverride
        case responseOverride
        case overridePart

        func childRole(_ name: String) -> Role? {
            switch (self, name) {
            case (.context, "requestOverride"): .requestOverride
            case (.context, "responseOverride"): .responseOverride
            case (.requestOverride, "header"), (.requestOverride, "path"), (.requestOverride, "querystring"),
                (.responseOverride, "header"):
                .overridePart
            default: nil
            }
        }
    }

    private enum Storage {
        case json(JSONObject)
        case members([Member])
    }

    private var storage: Storage
    /// Positions by name, kept only past a few members.
    private var positions: [ExactName: Int] = [:]
    private let role: Role

    private static let indexedFrom = 12

    init(json object: JSONObject, role: Role = .plain) {
        storage = .json(object)
        self.role = role
    }

    init(role: Role = .plain) {
        storage = .members([])
        self.role = role
    }

    var count: Int {
        switch storage {
        case .json(let object): object.count
        case .members(let members): members.count
        }
    }

    /// The JSON object, if no template has touched it.
    var untouched: JSONObject? { if case .json(let object) = storage { object } else { nil } }

    /// True for the maps of `$context` that are made by asking for them.
    var isOverride: Bool { role != .plain && role != .context }

    var members: [Member] {
        switch storage {
        case .members(let members): return members
        case .json(let object):
            let members = object.members.map { member in
                Member(name: member.name, value: child(member.name, member.value))
            }
            storage = .members(members)
            index(members)
            return members
        }
    }

    subscript(name: String) -> Value? {
        if case .json(let object) = storage {
            switch object[name] {
            case nil: break
            case .array, .object: break
            case let scalar?: return Value(scalar)
            }
        }
        let members = members
        if let position = position(of: name, members) { return members[position].value }
        guard let role = role.childRole(name) else { return nil }
        let made = Value.map(MapValue(role: role))
        set(name, made)
        return made
    }

    func contains(_ name: String) -> Bool {
        switch storage {
        case .json(let object): object.contains(name)
        case .members(let members): position(of: name, members) != nil
        }
    }

    /// Gives back the value that was there before.
    @discardableResult
    func set(_ name: String, _ value: Value) -> Value? {
        var members = members
        storage = .members([])
        defer { storage = .members(members) }
        if let position = position(of: name, members) {
            let old = members[position].value
            members[position].value = value
            return old
        }
        members.append(Member(name: name, value: value))
        if members.count == Self.indexedFrom {
            index(members)
        } else if members.count > Self.indexedFrom {
            positions[ExactName(name)] = members.count - 1
        }
        return nil
    }

    func remove(_ name: String) -> Value? {
        var members = members
        guard let position = position(of: name, members) else { return nil }
        let old = members.remove(at: position).value
        storage = .members(members)
        positions = [:]
        index(members)
        return old
    }

    func removeAll() {
        storage = .members([])
        positions = [:]
    }

    private func child(_ name: String, _ value: JSONValue) -> Value {
        if case .object(let object) = value, let role = role.childRole(name) {
            return .map(MapValue(json: object, role: role))
        }
        return Value(value)
    }

    private func position(of name: String, _ members: [Member]) -> Int? {
        members.count < Self.indexedFrom ? members.firstIndex { $0.name.isExactly(name) } : positions[ExactName(name)]
    }

    private func index(_ members: [Member]) {
        guard members.count >= Self.indexedFrom else { return }
        for (position, member) in members.enumerated() { positions[ExactName(member.name)] = position }
    }
}
