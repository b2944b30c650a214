package import Diagnostics
package import JSON

/// Reads an OpenAPI 2.0 or 3.0 document with `x-amazon-apigateway-*` members.
package struct OpenAPIReader: Sendable {
    /// Who asks, which decides what is refused and how much is forgiven.
    package enum Use: Sendable, Hashable {
        /// A file of a commit: everything doubtful is refused with its place, and so is what a later version brings.
        case manifest
        /// ImportRestApi and PutRestApi of the engine: as the service does it.
        case service(basePath: BasePath)
    }

    /// What becomes of `basePath` or the path of the first server.
    package enum BasePath: String, Sendable, Hashable, CaseIterable {
        case ignore
        /// One resource per part, in front of every path.
        case prepend
        /// As ``prepend``, without the first part.
        case split
    }

    private let use: Use

    package init(_ use: Use) { self.use = use }

    package func read(_ document: Node) -> OpenAPIReading {
        OpenAPIReading(definition: nil, diagnostics: [], warnings: [])
    }
}

/// What became of a document.
package struct OpenAPIReading: Sendable {
    /// Nil when a diagnostic is an error.
    package var definition: APIDefinition?
    /// In the order of their places.
    package var diagnostics: [Diagnostic]
    /// The service's own texts for what it drops, for the `warnings` of its answer; empty for manifests.
    package var warnings: [String]

    /// The text of the service's BadRequestException; nil when the document was accepted.
    package var errorMessage: String? { nil }
}
