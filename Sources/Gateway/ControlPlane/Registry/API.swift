import JSON

/// One API with everything in it. A value: a request works on a copy, and a refused one throws its copy away.
struct API: Sendable {
    let id: String
    /// The `GetRestApi` document, `tags` only when there are some.
    private(set) var document: JSONObject
    private(set) var resources: Table<ResourceRecord>
    /// Everything else by kind and key. The key is the id, the name, the type, or `resource METHOD`.
    private var tables: [ObjectKind: Table<JSONObject>]
    private(set) var snapshots: Table<DeploymentSnapshot>
    /// What the database does not know yet.
    private var changed: Set<ObjectKey> = []

    init(id: String, document: JSONObject) {
        self.id = id
        self.document = document
        resources = [:]
        tables = [:]
        snapshots = [:]
        mark(.api, id)
    }

    private mutating func mark(_ kind: ObjectKind, _ key: String) {
        changed.insert(ObjectKey(api: id, kind: kind, key: key))
    }

    /// What changed since the last call.
    mutating func takeChanges() -> Set<ObjectKey> {
        defer { changed = [] }
        return changed
    }

    mutating func setDocument(_ document: JSONObject) {
        self.document = document
        mark(.api, id)
    }
}

// MARK: Resources and methods

extension API {
    static let httpMethods = ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY"]

    mutating func put(_ resource: ResourceRecord) {
        resources[resource.id] = resource
        mark(.resource, resource.id)
    }

    /// Removes the resource with its methods; its children are the caller's business.
    mutating func removeResource(_ id: String) {
        guard resources.removeValue(forKey: id) != nil else { return }
        mark(.resource, id)
        for method in Self.httpMethods { remove(.method, "\(id) \(method)") }
    }

    func children(of id: String) -> [ResourceRecord] { resources.values.filter { $0.parentID == id } }

    /// The resource and everything below it.
    func subtree(of id: String) -> [ResourceRecord] {
        guard let root = resources[id] else { return [] }
        guard root.parentID != nil else { return Array(resources.values) }
        let prefix = root.path + "/"
        return resources.values.filter { $0.id == id || $0.path.hasPrefix(prefix) }
    }

    func resource(path: String) -> ResourceRecord? { resources.values.first { $0.path == path } }

    /// In the fixed order of the methods' names.
    func methods(of resource: String) -> [(name: String, document: JSONObject)] {
        Self.httpMethods.compactMap { name in self[.method, "\(resource) \(name)"].map { (name, $0) } }
    }
}

// MARK: The other tables

extension API {
    subscript(kind: ObjectKind, key: String) -> JSONObject? { tables[kind]?[key] }

    mutating func put(_ kind: ObjectKind, _ key: String, _ document: JSONObject) {
        tables[kind, default: [:]][key] = document
        mark(kind, key)
    }

    mutating func remove(_ kind: ObjectKind, _ key: String) {
        if tables[kind]?.removeValue(forKey: key) != nil { mark(kind, key) }
    }

    func count(_ kind: ObjectKind) -> Int { tables[kind]?.count ?? 0 }

    /// In the order of their keys.
    func all(_ kind: ObjectKind) -> [(key: String, document: JSONObject)] {
        (tables[kind] ?? [:]).sorted.map { ($0.key, $0.value) }
    }

    func table(_ kind: ObjectKind) -> [String: JSONObject] { tables[kind]?.dictionary ?? [:] }

    mutating func put(_ snapshot: DeploymentSnapshot, of deployment: String) {
        snapshots[deployment] = snapshot
        mark(.snapshot, deployment)
    }

    mutating func removeSnapshot(of deployment: String) {
        if snapshots.removeValue(forKey: deployment) != nil { mark(.snapshot, deployment) }
    }
}
