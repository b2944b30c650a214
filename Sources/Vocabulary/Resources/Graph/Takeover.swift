package import Diagnostics

/// `metadata.previousName` of a manifest: what is recorded under one address is to be known by another.
package struct Rename: Sendable, Hashable {
    package var from: Address
    package var to: Address
    package var span: SourceSpan?

    package init(from: Address, to: Address, span: SourceSpan? = nil) {
        self.from = from
        self.to = to
        self.span = span
    }
}

/// `metadata.adopt` of a manifest: an object that is on the target already becomes the manifest's own.
package struct Adoption: Sendable, Hashable {
    package var address: Address
    /// What the target calls the object.
    package var physicalID: String
    package var span: SourceSpan?

    package init(_ address: Address, physicalID: String, span: SourceSpan? = nil) {
        self.address = address
        self.physicalID = physicalID
        self.span = span
    }
}
