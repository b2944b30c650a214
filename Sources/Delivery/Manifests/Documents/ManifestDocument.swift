import Diagnostics
import JSON
import Resources

/// One document of ours: its envelope is right, its `spec` not looked at yet.
struct ManifestDocument: Sendable {
    let schema: KindSchema
    /// `metadata.name`.
    let name: String
    let nameSpan: SourceSpan
    /// `metadata.previousName`, with its place.
    let previousName: (name: String, span: SourceSpan)?
    /// `metadata.adopt` as written.
    let adopt: Node?
    /// As written, and changed by the environment's patches.
    var spec: Node
    let file: String

    var title: String { "\(schema.kind)/\(name)" }
    var address: Address { Address(schema.kind, name) }

    /// Equal texts, equal meaning; places do not count.
    var fingerprint: String {
        let metadata = [previousName?.name, adopt?.value.text(.canonical)].map { $0 ?? "" }.joined(separator: " ")
        return "\(title) \(metadata) \(spec.value.text(.canonical))"
    }
}

/// What one file holds.
struct ManifestFile: Sendable {
    var path: String
    var documents: [ManifestDocument] = []
    var diagnostics: [Diagnostic] = []
    /// A document of it says that it is ours, rightly or nearly.
    var isOurs = false
}
