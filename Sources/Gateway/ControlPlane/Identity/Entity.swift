import JSON

/// A user, a role, a key: one thing of IAM with what all of them have in common.
struct Entity: Sendable, Equatable {
    struct Tag: Sendable, Equatable {
        var key: String
        var value: String
    }

    struct InlinePolicy: Sendable, Equatable {
        var name: String
        /// As it was written.
        var document: String
    }

    let kind: EntityKind
    /// Unique for ever, also after the name is given away again.
    let id: String
    var name: String
    var path = "/"
    /// Seconds since 1970.
    let created: Int
    var tags: [Tag] = []
    /// ARN of the managed policy that bounds a user or role.
    var boundary: String?
    /// ARNs of managed policies, in the order in which they were attached.
    var attached: [String] = []
    var inline: [InlinePolicy] = []
    /// Ids of the groups of a user.
    var groups: [String] = []
    /// Id of the user or role that this belongs to.
    var owner: String?
    /// What only this kind has.
    var details: JSONObject = [:]

    init(_ kind: EntityKind, id: String? = nil, name: String, path: String = "/", created: Int) {
        self.kind = kind
        self.id = id ?? EntityNames.id(kind)
        self.name = name
        self.path = path
        self.created = created
    }

    var place: EntityKey { EntityKey(kind, name) }

    func arn(_ accountID: String) -> String { Self.arn(kind, path: path, name: name, accountID) }

    static func arn(_ kind: EntityKind, path: String, name: String, _ accountID: String) -> String {
        "arn:aws:iam::\(accountID):\(kind.arnType)\(path)\(name)"
    }

    func detail(_ name: String) -> String? { details[name]?.string }
}

// MARK: In the database

extension Entity {
    var document: JSONObject {
        var document: JSONObject = [
            "id": .string(id), "name": .string(name), "path": .string(path), "created": .number(JSONNumber(created)),
        ]
        if !tags.isEmpty {
            document["tags"] = .array(tags.map { ["Key": .string($0.key), "Value": .string($0.value)] })
        }
        if let boundary { document["boundary"] = .string(boundary) }
        if !attached.isEmpty { document["attached"] = .array(attached.map { .string($0) }) }
        if !inline.isEmpty {
            document["inline"] = .array(inline.map { ["name": .string($0.name), "document": .string($0.document)] })
        }
        if !groups.isEmpty { document["groups"] = .array(groups.map { .string($0) }) }
        if let owner { document["owner"] = .string(owner) }
        if !details.isEmpty { document["details"] = .object(details) }
        return document
    }

    /// Nil when the document is not one that ``document`` made.
    init?(_ kind: EntityKind, document: JSONObject) {
        guard let id = document.string("id"), let name = document.string("name"), let path = document.string("path"),
            let created = document["created"]?.int
        else { return nil }
        self.init(kind, id: id, name: name, path: path, created: created)
        for tag in document["tags"]?.array ?? [] {
            guard let key = tag["Key"]?.string, let value = tag["Value"]?.string else { return nil }
            tags.append(Tag(key: key, value: value))
        }
        for policy in document["inline"]?.array ?? [] {
            guard let name = policy["name"]?.string, let text = policy["document"]?.string else { return nil }
            inline.append(InlinePolicy(name: name, document: text))
        }
        boundary = document.string("boundary")
        attached = (document["attached"]?.array ?? []).compactMap(\.string)
        groups = (document["groups"]?.array ?? []).compactMap(\.string)
        owner = document.string("owner")
        details = document["details"]?.object ?? [:]
    }
}
