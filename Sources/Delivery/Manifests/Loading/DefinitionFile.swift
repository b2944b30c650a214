import Diagnostics
import JSON
import YAML

/// An OpenAPI file, parsed and not looked at.
struct DefinitionFile: Sendable {
    let path: String
    /// Nil when the file cannot be parsed, or has not one document.
    let document: Node?
    let diagnostics: [Diagnostic]

    init(_ path: String, _ bytes: [UInt8]) {
        self.path = path
        var diagnostics: [Diagnostic]
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
        self.document = diagnostics.hasErrors ? nil : document
        self.diagnostics = diagnostics
    }
}
