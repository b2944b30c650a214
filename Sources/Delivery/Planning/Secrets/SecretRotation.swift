package import Resources

/// A secret that is another than the one an object was made with: the reference in the manifest is the same.
package struct SecretRotation: Sendable, Hashable {
    package var address: Address
    /// The member of the document that refers to it.
    package var field: String

    package init(_ address: Address, field: String) {
        self.address = address
        self.field = field
    }
}
