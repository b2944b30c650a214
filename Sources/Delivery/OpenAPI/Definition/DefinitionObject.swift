package import Diagnostics
package import JSON
package import Resources

/// One object inside an API: a resource, method, model, request validator, authorizer, gateway response or
/// documentation part.
package struct DefinitionObject: Sendable {
    package var kind: ResourceKind
    /// The part of the ``Address`` after the manifest's name: `GET /pets/{petId}`.
    package var key: String
    /// Normal form.
    package var document: JSONValue
    /// Where the user wrote it; nil for what does not come from a file.
    package var span: SourceSpan?

    package init(kind: ResourceKind, key: String, document: JSONValue, span: SourceSpan? = nil) {
        self.kind = kind
        self.key = key
        self.document = document
        self.span = span
    }
}

extension DefinitionObject: Hashable {
    /// The place does not count: the same object read from another line is equal.
    package static func == (left: Self, right: Self) -> Bool {
        left.kind == right.kind && left.key == right.key && left.document == right.document
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(key)
    }
}
