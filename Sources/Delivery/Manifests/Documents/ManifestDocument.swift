import Diagnostics
import JSON
import Resources

/// One document of ours: its envelope is right, its `spec` not looked at yet.
struct ManifestDocument: Sendable {
    let schema: KindSchema
    /// `metadata.name`.
    let name: String
    let nameSpan: SourceSpan
    /// As written, and changed by the environment's patches.
    var spec: Node
    let file: String

    var title: String { "\(schema.kind)/\(name)" }
}

/// What one file holds.
struct ManifestFile: Sendable {
    var path: String
    var documents: [ManifestDocument] = []
    var diagnostics: [Diagnostic] = []
    /// A document of it says that it is ours, rightly or nearly.
    var isOurs = false
}
