package import Resources

/// Hashes of what a target has, to prove that it is the same before and after.
///
/// Ids and dates that the server makes are in no document; references are hashed in their symbolic form wherever the
/// document is the resolved form of a known one, so that an object made again under a new id is still equal.
package struct TargetHash: Sendable, Hashable {
    /// SHA-256 of each document, 64 lower-case hex digits; only of objects that exist.
    package var documents: [Address: String]

    package init(_ documents: [Address: String] = [:]) { self.documents = documents }
}
