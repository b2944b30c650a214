import JSON
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

    private init(back move: ObjectMove) {
        from = move.to
        to = move.from
    }

    package var reversed: ObjectMove { ObjectMove(back: self) }

    /// The recorded objects after the move, in the order of their addresses.
    package func applied(to objects: [RecordedObject]) throws(Refusal) -> [RecordedObject] {
        let known = Set(objects.map(\.address))
        guard known.contains(from) else { throw .missing }
        guard !known.contains(to) else { throw .taken }
        for address in known where moved(address) != address && known.contains(moved(address)) { throw .taken }
        return objects.map(moved).sortedByAddress
    }

    package func moved(_ address: Address) -> Address {
        if address == from { return to }
        guard address.root == from.root, address.kind.belongs(to: from.kind) else { return address }
        return address.key.isEmpty ? Address(address.kind, to.name) : Address(address.kind, in: to.name, address.key)
    }

    private func moved(_ object: RecordedObject) -> RecordedObject {
        RecordedObject(
            address: moved(object.address), identity: object.identity,
            document: object.document.mapReferences {
                SymbolicReference(address: moved($0.address), attribute: $0.attribute)
            }, dependencies: object.dependencies.map { moved($0) }.sorted())
    }
}

extension ResourceKind {
    /// True for what a manifest of the kind `parent` expands to.
    fileprivate func belongs(to parent: ResourceKind) -> Bool {
        parent == .restAPI && belongsToAPI && self != .restAPI || parent == .function && isPartOfFunction
    }
}
