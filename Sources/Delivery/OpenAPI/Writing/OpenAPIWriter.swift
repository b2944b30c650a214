package import JSON

/// Writes the import document of a definition: what PutRestApi is sent, to the engine and to AWS alike.
package enum OpenAPIWriter {
    package static func document(for definition: APIDefinition) -> JSONValue { [:] }
}
