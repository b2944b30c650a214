package import Applying
import JSON
package import Planning
package import Resources

/// A recorded object that gets another address, with everything inside it and every reference to it.
package struct ObjectMove: Sendable {
    package let from: Address
    package let to: Address

    package enum Refusal: Error, Sendable, Equatable {
        case same
        case kindsDiffer
        /// Its name inside the API is what the target knows it by.
        case isInside
        case missing
        case taken
    }

    package init(from: Address, to: Address) throws(Refusal) {
        guard from != to else { throw .same }
        guard from.kind == to.kind else { throw .kindsDiffer }
        guard from.key.isEmpty, to.key.isEmpty, from.kind != .deployment else { throw .isInside }
        self.from = from
        self.to = to
    }

    /// What makes the recorded state the one after the move; all or nothing.
    package func changes(
        of objects: [RecordedObject], doubts: [Address: String]
    ) throws(Refusal) -> [StateChange] {
        guard objects.contains(where: { $0.address == from }) else { throw .missing }
        guard
            !objects.contains(where: { $0.address != moved($0.address) && known(objects).contains(moved($0.address)) })
        else { throw .taken }
        guard !objects.contains(where: { $0.address == to }) else { throw .taken }
        var removals: [StateChange] = []
        var records: [StateChange] = []
        for object in objects {
            let after = RecordedObject(
                address: moved(object.address), identity: object.identity, document: moved(object.document),
                dependencies: object.dependencies.map { moved($0) }.sorted())
            guard after != object else { continue }
            if after.address != object.address { removals.append(.remove(object.address)) }
            records.append(.record(after))
        }
        // A record ends a doubt; one that was there goes along.
        let kept = doubts.sorted { $0.key < $1.key }.map { StateChange.doubt(moved($0.key), reason: $0.value) }
        return removals + records + kept
    }

    private func known(_ objects: [RecordedObject]) -> Set<Address> { Set(objects.map(\.address)) }

    private func moved(_ address: Address) -> Address {
        if address == from { return to }
        guard address.root == from.root, address.kind.belongs(to: from.kind) else { return address }
        return address.key.isEmpty ? Address(address.kind, to.name) : Address(address.kind, in: to.name, address.key)
    }

    private func moved(_ document: JSONValue) -> JSONValue {
        document.mapReferences { SymbolicReference(address: moved($0.address), attribute: $0.attribute) }
    }
}

extension ResourceKind {
    /// True for what a manifest of the kind `parent` expands to.
    fileprivate func belongs(to parent: ResourceKind) -> Bool {
        parent == .restAPI && (isPartOfDefinition || self == .deployment || self == .stage)
    }
}
