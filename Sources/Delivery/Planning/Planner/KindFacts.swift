import JSON
import Resources

extension ResourceKind {
    /// True if a deployment freezes something of the kind: a field of its table says so.
    var needsRedeploy: Bool { KindTable.object(self)?.fields.contains { $0.requiresRedeploy } ?? false }

    /// What of a document a deployment freezes.
    func frozenPart(of document: JSONValue) -> JSONValue {
        guard let table = KindTable.object(self), case .object(let object) = document else { return document }
        // Most documents are frozen whole: then nothing is copied.
        if object.members.allSatisfy({ table.requiresRedeploy($0.name) }) { return document }
        return .object(table.redeployPart(of: document))
    }
}

extension KindSchema {
    /// The first field, in the table's order, that differs and that the service cannot change in place.
    func immutableField(changedFrom before: JSONValue, to after: JSONValue) -> String? {
        fields.first { $0.isImmutable && before[$0.name] != after[$0.name] }?.name
    }

    /// True if an object of `after` can be made while that of `before` is still there.
    func standsBeside(_ before: JSONValue, _ after: JSONValue) -> Bool {
        takenFields.isEmpty || takenFields.contains { before[$0] != after[$0] }
    }
}
