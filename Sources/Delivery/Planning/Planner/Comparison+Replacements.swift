import JSON
import Resources

/// Objects that the service cannot change in place.
///
/// Where two of them may stand side by side the new one is made first, what refers to the old one moves over, and the
/// old one is deleted last of all: nobody notices. Where the old one holds what the new one needs, it goes and comes
/// back in a last segment, which is an interruption that a person must agree to.
extension Comparison {
    mutating func replace(_ object: RecordedObject, with resource: DesiredResource, because field: String) {
        let schema = kinds[resource.address.kind]
        let isBeside = schema?.standsBeside(object.document, resource.document) ?? false
        let isRotated = object.document[field] == resource.document[field]
        let why = isRotated ? "the secret of `\(field)` was rotated" : "`\(field)` cannot change in place"
        var change = Change(
            .replace, resource.address, before: object.document, after: resource.document, visibility: .delete,
            isReversible: isBeside, reason: why, span: resource.span)
        if isBeside {
            change.visibility = ChangeClass.creation(of: resource.document, by: schema)
            change.reason = "\(why): a new one is made beside it"
            displaced[resource.address] = resource.address
        }
        drafts.append(Draft(change: change, required: resource.dependencies, requiredBefore: object.dependencies))
    }

    /// What refers to an object that is replaced gets its new identity, although its own document stays as it is; then
    /// the objects that were replaced without an interruption are deleted.
    mutating func followReplacements(_ desired: [DesiredResource], _ present: [RecordedObject]) {
        let before = Dictionary(present.map { ($0.address, $0) }) { first, _ in first }
        replaceAliases(desired, before)
        var replaced = Set(drafts.lazy.filter { $0.change.action == .replace }.map(\.change.address))
        let changed = Set(drafts.map(\.change.address))
        // What is replaced with the object that it lives in is followed in turn.
        var waiting = desired.filter { !changed.contains($0.address) && before[$0.address] != nil }
        var isSettled = false
        while !isSettled {
            isSettled = true
            waiting = waiting.filter { resource in
                guard let object = before[resource.address] else { return false }
                let moved = Set(resource.document.references.map(\.address)).intersection(replaced)
                let needed = moved.union(replaced.intersection(resource.dependencies))
                guard let cause = needed.min() else { return true }
                if follow(resource, object, cause, moved) { replaced.insert(resource.address) }
                isSettled = false
                return false
            }
        }
        explainDeployments(replaced)
        removeDisplaced(present)
    }

    /// The alias of an old function stays beside that of the new one, until both are deleted.
    private mutating func replaceAliases(_ desired: [DesiredResource], _ before: [Address: RecordedObject]) {
        for resource in desired where resource.address.kind == .alias {
            let function = Address(.function, resource.address.root)
            guard displaced[function] != nil, let object = before[resource.address] else { continue }
            drafts.removeAll { $0.change.address == resource.address }
            let change = Change(
                .replace, resource.address, before: object.document, after: resource.document,
                visibility: ChangeClass.creation(of: resource.document, by: kinds[.alias]),
                reason: "`\(function)` is replaced: a new one is made beside it", span: resource.span)
            drafts.append(Draft(change: change, required: resource.dependencies, requiredBefore: object.dependencies))
            displaced[resource.address] = resource.address
        }
    }

    /// Says of a deployment that it is made for other ids, where it is.
    private mutating func explainDeployments(_ replaced: Set<Address>) {
        for position in drafts.indices {
            let change = drafts[position].change
            guard change.address.kind == .deployment, change.action == .update else { continue }
            // What names a replaced object has a change of its own, if only to follow it.
            let frozen = drafts.map(\.change).filter {
                $0.address.root == change.address.root && $0.address.kind.needsRedeploy
            }
            let named = Set(frozen.flatMap { $0.after?.references ?? [] }.map(\.address)).intersection(replaced)
            guard !named.isEmpty else { continue }
            let names = named.sorted().map { "`\($0)`" }.joined(separator: ", ")
            let why = "\(names) \(named.count == 1 ? "is" : "are") replaced, and the definition names its new id"
            let hasEdits = frozen.contains { $0.before != $0.after }
            drafts[position].change.reason = hasEdits ? "the definition changed; \(why)" : why
        }
    }

    /// - Returns: Whether the object is replaced itself.
    private mutating func follow(
        _ resource: DesiredResource, _ object: RecordedObject, _ cause: Address, _ moved: Set<Address>
    ) -> Bool {
        let isInside = resource.address.kind.belongsToAPI && cause == Address(.restAPI, resource.address.root)
        let isBeside = displaced[cause] != nil
        let change = Change(
            isInside ? .replace : .update, resource.address, before: object.document, after: resource.document,
            visibility: visibility(of: resource, moved), isReversible: isBeside || !isInside,
            reason: "`\(cause)` is replaced", span: resource.span)
        drafts.append(Draft(change: change, required: resource.dependencies, requiredBefore: object.dependencies))
        return isInside
    }

    /// Callers see where a reference leads, so the fields that have one to what moved count as changed.
    private func visibility(of resource: DesiredResource, _ moved: Set<Address>) -> Change.Visibility {
        guard let schema = kinds[resource.address.kind], !schema.kind.isPartOfDefinition else { return .hidden }
        guard case .object(var before) = resource.document else { return .hidden }
        if schema.kind == .stage { return .flip }
        for member in before.members where member.value.references.contains(where: { moved.contains($0.address) }) {
            before[member.name] = nil
        }
        switch ChangeClass.update(from: .object(before), to: resource.document, by: schema) {
        case .single(let visibility): return visibility
        case .split: return .flip
        }
    }

    /// Last of all, once nothing refers to them any more.
    private mutating func removeDisplaced(_ present: [RecordedObject]) {
        let taken = Set(present.map(\.address)).union(drafts.map(\.change.address))
        for address in displaced.keys.sorted() {
            guard let object = present.first(where: { $0.address == address }) else { continue }
            let old = address.displaced(besides: taken)
            displaced[address] = old
            for position in drafts.indices {
                let draft = drafts[position]
                let named = (draft.change.before?.references.map(\.address) ?? []) + draft.requiredBefore
                if draft.change.address == address || named.contains(address) {
                    drafts[position].requiredBefore.append(old)
                }
            }
            let change = Change(
                .delete, old, before: object.document, after: nil, visibility: .delete, isReversible: false,
                reason: "`\(address)` has taken its place")
            drafts.append(Draft(change: change, requiredBefore: object.dependencies))
        }
    }
}
