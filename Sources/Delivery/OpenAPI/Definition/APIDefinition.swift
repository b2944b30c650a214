package import Diagnostics
package import JSON

/// Everything that one import of an API carries: what an OpenAPI document says, or what a target has.
package struct APIDefinition: Sendable {
    /// Members of the `RestApi` normal form that the document sets: `name` (info.title), `description`, `version`,
    /// `binaryMediaTypes`, `minimumCompressionSize`, `apiKeySource`, `policy`, `disableExecuteApiEndpoint`,
    /// `endpointConfiguration` (without `types`: a document has no member for it).
    package var attributes: JSONObject
    /// Sorted by kind, then key; each pair once.
    package private(set) var objects: [DefinitionObject]
    /// `x-amazon-apigateway-documentation.version`: the name of the snapshot that the parts were written for.
    package var documentationVersion: String?
    /// Where the version is written.
    package var documentationVersionSpan: SourceSpan?
    /// What `x-amazon-apigateway-cors` asks for; not in ``objects`` yet, see ``CORSExpansion``.
    package var cors: CORSRule?

    package init(
        attributes: JSONObject, objects: [DefinitionObject], documentationVersion: String? = nil,
        documentationVersionSpan: SourceSpan? = nil, cors: CORSRule? = nil
    ) {
        self.cors = cors
        self.attributes = attributes
        self.objects = objects.sorted { ($0.kind, $0.key) < ($1.kind, $1.key) }
        self.documentationVersion = documentationVersion
        self.documentationVersionSpan = documentationVersionSpan
    }
}

extension APIDefinition: Hashable {
    /// Places do not count: the same definition read from another file is equal.
    package static func == (left: Self, right: Self) -> Bool {
        left.attributes == right.attributes && left.objects == right.objects
            && left.documentationVersion == right.documentationVersion
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(attributes)
        hasher.combine(objects)
    }
}
