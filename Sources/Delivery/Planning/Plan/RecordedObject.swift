package import JSON
package import Resources

/// One object as the last successful step left it: a cache of what is on the target.
package struct RecordedObject: Sendable, Hashable {
    package var address: Address
    package var identity: Identity
    /// Normal form with symbolic references, as the commit that applied it wrote it.
    package var document: JSONValue
    /// Addresses that had to exist first, so that a delete finds its order.
    package var dependencies: [Address]

    package init(address: Address, identity: Identity, document: JSONValue, dependencies: [Address] = []) {
        self.address = address
        self.identity = identity
        self.document = document
        self.dependencies = dependencies
    }
}
