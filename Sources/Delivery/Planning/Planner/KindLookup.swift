import Resources

/// Where a plan looks kinds up: the tables of ``KindTable``, or those that a test brings along.
struct KindLookup: Sendable {
    private let table: @Sendable (ResourceKind) -> KindSchema?

    static let standard = KindLookup { KindTable.object($0) }

    init(_ table: @escaping @Sendable (ResourceKind) -> KindSchema?) { self.table = table }

    subscript(kind: ResourceKind) -> KindSchema? { table(kind) }
}
