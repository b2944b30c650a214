import Diagnostics
import IAMPolicy
import JSON
import OpenAPI
import Resources

/// One OpenAPI document, variables put in, read to an API definition.
struct DefinitionReading: Sendable {
    /// Nil when something in it is wrong.
    private(set) var definition: APIDefinition?
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var used: Set<String> = []
    private(set) var references: [PlacedReference] = []

    private let basePath: OpenAPIReader.BasePath

    /// Reads a file.
    init(_ file: DefinitionFile, variables: Substitution, basePath: OpenAPIReader.BasePath = .ignore) {
        self.basePath = basePath
        diagnostics = file.diagnostics
        if let document = file.document { read(document, variables) }
    }

    /// Reads a document that stands in a manifest, variables put in already.
    init(inline document: Node, basePath: OpenAPIReader.BasePath = .ignore) {
        self.basePath = basePath
        interpret(document)
    }

    private mutating func read(_ document: Node, _ variables: Substitution) {
        var substitution = variables
        let replaced = substitution.apply(to: document)
        used = substitution.used
        references = substitution.references
        diagnostics += substitution.diagnostics
        interpret(replaced)
    }

    private mutating func interpret(_ document: Node) {
        let reading = OpenAPIReader(.manifest(basePath: basePath)).read(document)
        definition = reading.definition
        diagnostics += reading.diagnostics
        guard let policy = document["x-amazon-apigateway-policy"], policy.members != nil || policy.string != nil else {
            return
        }
        // That it is no policy at all, the reader has said.
        guard policy.string != nil || policy["Statement"] != nil else { return }
        diagnostics += PolicyCheck.check(policy, as: .resource).diagnostics
    }
}
