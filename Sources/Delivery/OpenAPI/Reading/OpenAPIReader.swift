package import Diagnostics
package import JSON

/// Reads an OpenAPI 2.0 or 3.0 document with `x-amazon-apigateway-*` members.
package struct OpenAPIReader: Sendable {
    /// Who asks, which decides what is refused and how much is forgiven.
    package enum Use: Sendable, Hashable {
        /// A file of a commit: everything doubtful is refused with its place.
        case manifest(basePath: BasePath = .ignore)
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

    /// - Parameter use: For manifests, `.manifest()` ignores base paths as the service does by default.
    package init(_ use: Use) { self.use = use }

    /// Reads one document; the cost is that of walking over it a few times.
    package func read(_ document: Node) -> OpenAPIReading {
        let root = Place(document)
        guard document.members != nil else {
            return refusal(.invalidDocument, "the document is \(document.typeName), not a map", at: [document.span])
        }
        let version: DocumentReading.Version
        switch DocumentVersion(of: root) {
        case .refused(let code, let message, let span, let remedy):
            return refusal(code, message, at: [span], remedy: remedy)
        case .known(let known): version = known
        }
        let signs = HTTPAPISigns.find(in: root, for: use)
        if let first = signs.first {
            return refusal(
                .httpAPI, "\(first.name) says that this is an HTTP API, which is another product than a REST API",
                at: signs.map(\.nameSpan), remedy: "describe a REST API, without what is marked")
        }
        var reading = DocumentReading(use: use, root: root, version: version)
        reading.run()
        return reading.result
    }

    private func refusal(
        _ code: OpenAPICode, _ message: String, at spans: [SourceSpan], remedy: String? = nil
    ) -> OpenAPIReading {
        OpenAPIReading(
            definition: nil, diagnostics: [Diagnostic(.error, code, message, at: spans, remedy: remedy)], warnings: [])
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

    /// The text of a parser that found no OpenAPI at all, for bodies that are neither JSON nor YAML too.
    ///
    /// Source: recorded ImportRestApi and PutRestApi, 2025.
    package static let invalidInputMessage = "Invalid OpenAPI input."

    /// The text of the service's BadRequestException; nil when the document was accepted.
    package var errorMessage: String? {
        let errors = diagnostics.filter { $0.severity == .error }
        guard let first = errors.first else { return nil }
        if [.invalidDocument, .unsupportedVersion].contains(OpenAPICode(rawValue: first.code)) {
            return Self.invalidInputMessage
        }
        return (["Errors found during import:"] + errors.map(\.message)).joined(separator: "\n\t")
    }
}

extension OpenAPIReader.Use {
    var basePath: OpenAPIReader.BasePath {
        switch self {
        case .manifest(let basePath), .service(let basePath): basePath
        }
    }
}

extension DocumentReading {
    /// What was read, with the diagnostics in the order of their places.
    var result: OpenAPIReading {
        let sorted = diagnostics.enumerated().sorted { left, right in
            guard let one = left.element.spans.first, let other = right.element.spans.first, one != other else {
                return left.offset < right.offset
            }
            return one < other
        }.map(\.element)
        guard !sorted.hasErrors else { return OpenAPIReading(definition: nil, diagnostics: sorted, warnings: warnings) }
        let definition = APIDefinition(
            attributes: attributes, objects: Array(objects.values), documentationVersion: documentationVersion,
            documentationVersionSpan: root["x-amazon-apigateway-documentation"]?["version"]?.node.span, cors: cors)
        return OpenAPIReading(definition: definition, diagnostics: sorted, warnings: warnings)
    }
}
