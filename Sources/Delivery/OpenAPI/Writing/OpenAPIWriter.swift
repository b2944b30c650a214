package import JSON
import Resources

/// Writes definitions as OpenAPI: what PutRestApi is sent, what GetExport answers, and files for people.
package enum OpenAPIWriter {
    /// The import document of a definition, for the engine and for AWS alike: a document that ``OpenAPIReader`` reads for
    /// `.service(basePath: .ignore)` as an equal definition, save for what ``losses(of:in:)`` lists. Equal definitions
    /// give equal documents.
    ///
    /// It is OpenAPI 3.0, because only that has a model for each media type of a body (2.0 has one schema for all of
    /// `consumes`). Nothing in it is left to a default of the importer: validators, documentation parts and security are
    /// written out, references between models are local, responses are described as GetExport does it.
    package static func document(for definition: APIDefinition) -> JSONValue { export(definition, ExportOptions()) }

    /// The document that GetExport answers.
    ///
    /// Source: recorded GetExport, 2025.
    package static func export(_ definition: APIDefinition, _ options: ExportOptions) -> JSONValue {
        .object(DocumentWriting(definition, options).document)
    }

    /// What no document of that format can carry, a line for each: set through the API, it must be kept there.
    package static func losses(
        of definition: APIDefinition, in format: ExportOptions.Format = .openAPI30
    ) -> [String] {
        var losses: [String] = []
        if definition.attributes["endpointConfiguration"]?["types"] != nil {
            losses.append("the type of the endpoint")
        }
        for object in definition.objects {
            let name = "\(object.kind) \(object.key)"
            switch object.kind {
            case .model:
                if object.document["description"] != nil { losses.append("`description` of \(name)") }
                if object.document["contentType"] != nil { losses.append("`contentType` of \(name)") }
            case .method:
                let responses = object.document["integration"]?["integrationResponses"]?.object ?? [:]
                let patterns = responses.map { $0.value["selectionPattern"]?.string ?? "default" }
                if Set(patterns).count < patterns.count { losses.append("integration responses of \(name)") }
                if format == .swagger20 { losses += swaggerLosses(of: object.document, name) }
            default: break
            }
        }
        return losses
    }

    /// OpenAPI 2.0 has one schema for all media types of a body, and no required response headers.
    private static func swaggerLosses(of method: JSONValue, _ name: String) -> [String] {
        var losses: [String] = []
        let bodies = method["requestModels"]?.object ?? [:]
        if Set(bodies.map(\.value)).count > 1 { losses.append("models of the request of \(name)") }
        var types: Set<[String]> = []
        var hasSeveral = false
        var hasRequired = false
        for (_, response) in method["methodResponses"]?.object ?? [:] {
            let models = response["responseModels"]?.object ?? [:]
            if !models.isEmpty { types.insert(models.names.sorted()) }
            hasSeveral = hasSeveral || Set(models.map(\.value)).count > 1
            let headers = response["responseParameters"]?.object ?? [:]
            hasRequired = hasRequired || headers.contains { $0.value == true }
        }
        if hasSeveral || types.count > 1 { losses.append("models of the responses of \(name)") }
        if hasRequired { losses.append("required response headers of \(name)") }
        return losses
    }
}
