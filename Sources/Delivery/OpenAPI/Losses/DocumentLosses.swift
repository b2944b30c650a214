package import Diagnostics
package import JSON

/// What API Gateway drops or changes of a document that it accepts.
///
/// Source: API Gateway developer guide, "important notes for REST APIs", and recorded imports.
package enum DocumentLosses {
    /// A note for each member that is lost, with the first places where it stands; in the order of these places.
    package static func find(in document: Node, basePath: OpenAPIReader.BasePath = .ignore) -> [Diagnostic] {
        let root = Place(document)
        guard case .known(let version) = DocumentVersion(of: root) else { return [] }
        var search = LossSearch(version: version, ignoresBasePath: basePath == .ignore)
        search.document(root)
        return search.diagnostics
    }
}

private struct LossSearch {
    let version: DocumentReading.Version
    let ignoresBasePath: Bool
    private var found: [Loss: [SourceSpan]] = [:]

    init(version: DocumentReading.Version, ignoresBasePath: Bool) {
        self.version = version
        self.ignoresBasePath = ignoresBasePath
    }

    struct Loss: Hashable {
        let what: String
        let remedy: String?
    }

    var diagnostics: [Diagnostic] {
        found.map { loss, spans in
            let more = spans.count > 1 ? ", at \(spans.count) places" : ""
            return Diagnostic(
                .note, OpenAPICode.lostOnImport, loss.what + more, at: Array(spans.prefix(Limits.lossPlacesMax)),
                remedy: loss.remedy)
        }.sorted { left, right in
            guard let one = left.spans.first, let other = right.spans.first, one != other else {
                return left.message < right.message
            }
            return one < other
        }
    }

    private mutating func lose(_ place: Place?, _ what: String, remedy: String? = nil) {
        if let place { found[Loss(what: what, remedy: remedy), default: []].append(place.nameSpan) }
    }

    // MARK: - The document

    mutating func document(_ root: Place) {
        for name in ["host", "schemes", "servers"] {
            lose(root[name], "`\(name)` is not taken: an API has a host name of its own")
        }
        lose(
            ignoresBasePath ? root["basePath"] : nil, "`basePath` is not put in front of the paths",
            remedy: "write `basePath: prepend` beside `file` in `spec.definition` of the manifest, if callers need it")
        lose(
            root["security"],
            "`security` of the document is written to every method without its own: API Gateway ignores it elsewhere")
        for name in ["tags", "externalDocs"] { lose(root[name], "`\(name)` of the document is dropped") }
        for name in ["termsOfService", "contact", "license"] { lose(root["info"]?[name], "`info.\(name)` is dropped") }
        strangers(root)
        for (_, item) in root["paths"]?.members ?? [] { self.item(item) }
        let schemas = version == .swagger2 ? root["definitions"] : root["components"]?["schemas"]
        for (_, schema) in schemas?.members ?? [] { self.schema(schema) }
        guard version == .openAPI3 else { return }
        for name in ["examples", "links", "callbacks"] {
            lose(root["components"]?[name], "`components.\(name)` are dropped")
        }
    }

    /// Members that other programs read.
    private mutating func strangers(_ place: Place) {
        for (name, member) in place.members ?? []
        where name.hasPrefix("x-") && !name.hasPrefix(Extensions.prefix) {
            lose(member, "`\(name)` is not kept")
        }
    }

    private mutating func item(_ item: Place) {
        strangers(item)
        for name in ["summary", "description", "servers"] { lose(item[name], "`\(name)` of a path is dropped") }
        for parameter in item["parameters"]?.elements ?? [] { self.parameter(parameter) }
        for (name, operation) in item.members ?? []
        where DocumentReading.methodNames.contains(name) || name == "x-amazon-apigateway-any-method" {
            self.operation(operation)
        }
    }

    private mutating func operation(_ operation: Place) {
        strangers(operation)
        for name in ["externalDocs", "callbacks", "schemes", "servers", "deprecated"] {
            lose(operation[name], "`\(name)` of a method is dropped")
        }
        for parameter in operation["parameters"]?.elements ?? [] { self.parameter(parameter) }
        content(operation["requestBody"]?["content"])
        for (_, response) in operation["responses"]?.members ?? [] {
            for name in ["links", "examples"] { lose(response[name], "`\(name)` of a response are dropped") }
            content(response["content"])
            if let schema = response["schema"] { self.schema(schema) }
        }
    }

    private mutating func content(_ content: Place?) {
        for (_, media) in content?.members ?? [] {
            for name in ["example", "examples", "encoding"] { lose(media[name], "`\(name)` of a body is dropped") }
            if let schema = media["schema"] { self.schema(schema) }
        }
    }

    /// API Gateway looks whether a parameter is there, and at nothing else of it.
    private mutating func parameter(_ parameter: Place) {
        if parameter["in"]?.node.string == "body" {
            if let schema = parameter["schema"] { self.schema(schema) }
            return
        }
        let kept: Set<String> = ["name", "in", "required", "type", "schema", "description", "$ref"]
        for (name, member) in parameter.members ?? [] where !kept.contains(name) && !name.hasPrefix("x-") {
            lose(member, "`\(name)` of a parameter is not checked: only whether the parameter is there")
        }
        for (name, member) in parameter["schema"]?.members ?? [] where name != "type" {
            lose(member, "`\(name)` of a parameter is not checked: only whether the parameter is there")
        }
    }

    // MARK: - Schemas

    /// Words that JSON Schema draft 4 does not have: kept in the model, without a meaning.
    private static let meaningless: Set<String> = [
        "discriminator", "xml", "externalDocs", "example", "nullable", "readOnly", "writeOnly", "deprecated",
    ]

    private mutating func schema(_ schema: Place) {
        if let elements = schema.elements {
            for element in elements { self.schema(element) }
            return
        }
        for (name, member) in schema.members ?? [] {
            switch name {
            case _ where Self.meaningless.contains(name):
                lose(member, "`\(name)` of a schema is kept in the model, and says nothing when bodies are validated")
            case "properties", "patternProperties", "definitions":
                for (_, property) in member.members ?? [] { self.schema(property) }
            case "enum", "default", "const", "required", "examples": continue
            default: if !name.hasPrefix("x-") { self.schema(member) }
            }
        }
    }
}
