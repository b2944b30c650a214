import Diagnostics
import JSON
import OpenAPI
import Resources
import YAML

/// One OpenAPI document, variables put in, read to an API definition.
struct DefinitionReading: Sendable {
    /// Nil when something in it is wrong.
    private(set) var definition: APIDefinition?
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var used: Set<String> = []
    private(set) var references: [PlacedReference] = []

    /// Reads a file's bytes.
    init(path: String, bytes: [UInt8], variables: Substitution) {
        let document: Node?
        if TreePath.isJSON(path) {
            let reading = Node.parse(json: bytes, file: path, limits: JSONLimits(bytesMax: Limits.definitionBytes))
            document = reading.node
            diagnostics = reading.diagnostics
        } else {
            let reading = Node.parse(yaml: bytes, file: path, limits: .definition)
            diagnostics = reading.diagnostics
            document = reading.documents.first
            if !diagnostics.hasErrors, reading.documents.count != 1 {
                let count = reading.documents.count
                diagnostics.append(
                    Diagnostic(
                        .error, ManifestCode.oneDocument, "`\(path)` has \(count == 0 ? "no" : "\(count)") documents",
                        at: reading.documents.dropFirst().first?.span ?? SourceSpan(file: path, line: 1, column: 1),
                        remedy: "keep one OpenAPI document in the file"))
            }
        }
        guard let document, !diagnostics.hasErrors else { return }
        read(document, variables)
    }

    /// Reads a document that stands in a manifest, variables put in already.
    init(inline document: Node) { interpret(document) }

    private mutating func read(_ document: Node, _ variables: Substitution) {
        var substitution = variables
        let replaced = substitution.apply(to: document)
        used = substitution.used
        references = substitution.references
        diagnostics += substitution.diagnostics
        interpret(replaced)
    }

    private mutating func interpret(_ document: Node) {
        let reading = OpenAPIReader(.manifest).read(document)
        definition = reading.definition
        diagnostics += reading.diagnostics
    }
}
