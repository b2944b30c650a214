import JSON

/// All entities of the account. A value: a request works on a copy, and a refused one throws its copy away.
struct IdentityDirectory: Sendable {
    private var tables: [EntityKind: Table<Entity>] = [:]
    /// Users, groups, roles and policies by their ids.
    private var places: Table<EntityKey> = [:]
    /// What the database does not know yet.
    private var changed: Set<EntityKey> = []
    /// Nil for those that come with the program, which are made when they are asked for.
    var otherAWSPolicies: AWSPolicies?

    /// The managed policies of AWS: not of the account, and never written.
    var awsPolicies: AWSPolicies { otherAWSPolicies ?? .shipped }

    subscript(_ key: EntityKey) -> Entity? { tables[key.kind]?[key.key] }

    /// The entity that is called exactly so.
    subscript(_ kind: EntityKind, _ name: String) -> Entity? {
        guard let entity = self[EntityKey(kind, name)], entity.name == name else { return nil }
        return entity
    }

    func entity(id: String) -> Entity? { places[id].flatMap { self[$0] } }

    func isTaken(_ kind: EntityKind, _ name: String) -> Bool { self[EntityKey(kind, name)] != nil }

    func count(_ kind: EntityKind) -> Int { tables[kind]?.count ?? 0 }

    func unordered(_ kind: EntityKind) -> some Collection<Entity> { (tables[kind] ?? [:]).values }

    /// In the order of their keys.
    func all(_ kind: EntityKind) -> [Entity] { (tables[kind] ?? [:]).sorted.map(\.value) }

    /// What belongs to a user or role.
    func all(_ kind: EntityKind, ownedBy owner: String) -> [Entity] { all(kind).filter { $0.owner == owner } }

    mutating func put(_ entity: Entity) {
        let key = entity.place
        tables[entity.kind, default: [:]][key.key] = entity
        places[entity.id] = key
        changed.insert(key)
    }

    mutating func remove(_ entity: Entity) {
        let key = entity.place
        guard tables[entity.kind]?.removeValue(forKey: key.key) != nil else { return }
        places.removeValue(forKey: entity.id)
        changed.insert(key)
    }

    /// Puts `new` where `old` was, under another name perhaps.
    mutating func replace(_ old: Entity, with new: Entity) {
        if old.place != new.place { remove(old) }
        put(new)
    }

    /// The rows of what changed since the last call.
    mutating func takeRows() -> [RowChange] {
        defer { changed = [] }
        return changed.map { key in
            guard let entity = self[key] else { return .removeEntity(key) }
            return .putEntity(EntityRow(key: key, document: JSONValue.object(entity.document).text(.compact)))
        }
    }
}

// MARK: Reading the database

extension IdentityDirectory {
    /// - Throws: `control-plane.database-corrupt`.
    init(rows: [EntityRow]) throws(EngineFailure) {
        for row in rows {
            let value: JSONValue
            do { value = try JSONValue(parsing: row.document) } catch {
                throw EngineFailure(
                    .databaseCorrupt, "row `\(row.key)` of the engine's database is not JSON", cause: error)
            }
            guard let object = value.object, let entity = Entity(row.key.kind, document: object),
                entity.place == row.key
            else { throw EngineFailure(.databaseCorrupt, "row `\(row.key)` of the engine's database is no entity") }
            put(entity)
        }
        changed = []
    }
}

// MARK: Relations

extension IdentityDirectory {
    func members(ofGroup id: String) -> [Entity] { all(.user).filter { $0.groups.contains(id) } }

    func groups(of user: Entity) -> [Entity] {
        user.groups.compactMap { entity(id: $0) }.sorted { $0.place.key < $1.place.key }
    }

    /// Users, groups and roles that have the policy, attached or as their boundary.
    func holders(ofPolicy arn: String, asBoundary: Bool) -> [Entity] {
        [EntityKind.user, .group, .role].flatMap { kind in
            all(kind).filter { asBoundary ? $0.boundary == arn : $0.attached.contains(arn) }
        }
    }

    func profiles(ofRole id: String) -> [Entity] { all(.instanceProfile).filter { $0.owner == id } }
}
