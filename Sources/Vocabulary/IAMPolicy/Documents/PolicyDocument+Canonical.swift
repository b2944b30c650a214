package import JSON

extension PolicyDocument {
    /// One form for documents that say the same.
    ///
    /// The version is written out, `Statement` is a list, a list of one entry is the entry, entries of actions, resources,
    /// principals and values are sorted and stand once, an account id is its root ARN, `{"AWS": "*"}` is `*`, numbers
    /// and booleans are text, an empty `Sid` and an empty `Condition` are left out. The order of statements is kept.
    package var canonical: JSONValue {
        var document: JSONObject = ["Version": .string(version.rawValue)]
        document["Id"] = id.map { .string($0) }
        document["Statement"] = .array(statements.map { .object($0.canonical) })
        return .object(document)
    }
}

extension PolicyDocument: Equatable {
    /// True if both say the same, however they are written.
    package static func == (left: Self, right: Self) -> Bool { left.canonical == right.canonical }
}

extension PolicyStatement {
    /// As ``PolicyDocument/canonical`` has it.
    package var canonical: JSONObject {
        var statement = JSONObject()
        statement["Sid"] = sid.flatMap { $0.isEmpty ? nil : .string($0) }
        statement["Effect"] = .string(effect.rawValue)
        if let principals { statement[principals.isExcluding ? "NotPrincipal" : "Principal"] = principals.canonical }
        statement[actions.isExcluding ? "NotAction" : "Action"] = Self.oneOrMany(actions.patterns)
        if let resources {
            statement[resources.isExcluding ? "NotResource" : "Resource"] = Self.oneOrMany(resources.patterns)
        }
        if !conditions.isEmpty { statement["Condition"] = .object(canonicalConditions) }
        return statement
    }

    private var canonicalConditions: JSONObject {
        var operators: [String: [String: Set<String>]] = [:]
        for condition in conditions {
            operators[condition.condition.name, default: [:]][condition.key, default: []].formUnion(condition.values)
        }
        return JSONObject(
            operators.sorted { $0.key < $1.key }.map { name, keys in
                let members = keys.sorted { $0.key < $1.key }.map { ($0.key, Self.oneOrMany(Array($0.value))) }
                return (name, .object(JSONObject(members)))
            })
    }

    fileprivate static func oneOrMany(_ texts: [String]) -> JSONValue {
        let sorted = Set(texts.map(ExactName.init)).map(\.text).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return sorted.count == 1 ? .string(sorted[0]) : .array(sorted.map { .string($0) })
    }
}

extension PolicyPrincipals {
    fileprivate var canonical: JSONValue {
        var kinds: [String: [String]] = [:]
        for name in names { kinds[name.kind, default: []].append(name.canonicalText) }
        if kinds == ["AWS": ["*"]] { return "*" }
        return .object(
            JSONObject(kinds.sorted { $0.key < $1.key }.map { ($0.key, PolicyStatement.oneOrMany($0.value)) }))
    }
}

extension PolicyPrincipal {
    fileprivate var kind: String {
        switch self {
        case .everyone, .account, .aws: "AWS"
        case .service: "Service"
        case .federated: "Federated"
        case .canonicalUser: "CanonicalUser"
        }
    }

    fileprivate var canonicalText: String {
        switch self {
        case .everyone: "*"
        case .account(let account): "arn:aws:iam::\(account):root"
        case .aws(let text), .service(let text), .federated(let text), .canonicalUser(let text): text
        }
    }
}
