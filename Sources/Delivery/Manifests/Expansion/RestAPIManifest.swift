import Diagnostics
import JSON
import OpenAPI
import Resources

/// A `RestApi` document, variables put in and checked against its table; its definition not read yet.
struct RestAPIManifest: Sendable {
    let document: ManifestDocument
    /// Where the definition is.
    enum Definition: Sendable {
        /// Path relative to the root, and where it is written.
        case file(String, SourceSpan)
        case inline(Node)
        /// Missing or wrong: that has been said.
        case none
    }

    let spec: Node
    /// The members of `spec` that are right.
    let values: JSONObject
    let definition: Definition
    let basePath: OpenAPIReader.BasePath
    private(set) var diagnostics: [Diagnostic]
    let used: Set<String>
    let references: [PlacedReference]
    /// `metadata.adopt`, variables put in; nil where nothing is taken over.
    let adoption: Adoption?

    init(_ document: ManifestDocument, variables: Substitution) {
        self.document = document
        let checked = CheckedSpec(document, variables: variables)
        (spec, values, adoption) = (checked.spec, checked.values, checked.adoption)
        (used, references) = (checked.used, checked.references)
        var diagnostics = checked.diagnostics
        // What is wrong has been said: only a definition that is right is looked at further.
        let choice = values["definition"]?.object
        let isRight = [choice?["file"], choice?["inline"]].count { $0 != nil } == 1
        basePath = choice?["basePath"]?.string.flatMap(OpenAPIReader.BasePath.init(rawValue:)) ?? .ignore
        definition = isRight ? Self.definition(spec["definition"], in: document.file, &diagnostics) : .none
        self.diagnostics = diagnostics
    }

    private static func definition(
        _ node: Node?, in file: String, _ diagnostics: inout [Diagnostic]
    ) -> Definition {
        guard let node else { return .none }
        if let inline = node["inline"] { return .inline(inline) }
        guard let written = node["file"], let text = written.scalarText, !Substitution.hasUnset(text) else {
            return .none
        }
        guard let path = TreePath.resolve(text, in: TreePath.folder(of: file)), !path.isEmpty else {
            diagnostics.append(.badPath(text, "spec.definition.file", at: written.span))
            return .none
        }
        return .file(path, written.span)
    }
}
