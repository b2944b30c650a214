import Diagnostics
import JSON
import Manifests
import OpenAPI
import Resources
import YAML

/// What an OpenAPI document becomes in a configuration repository.
struct DocumentImport {
    /// `metadata.name` of the manifest.
    private(set) var name = ""
    /// Whether it has a method, without which it cannot be deployed.
    private(set) var hasMethods = false
    /// By their paths from the root of the repository; none where the document cannot be imported.
    private(set) var files: [(path: String, text: String)] = []
    /// What was wrong with the document, doubtful in it, or will be lost.
    private(set) var diagnostics: [Diagnostic] = []

    /// How the import was asked for.
    struct Request {
        var file: String
        var bytes: [UInt8]
        /// `metadata.name`; nil: made of the document's title.
        var name: String?
        /// The folder of the repository that the files go to; empty for its root.
        var folder: String
        var stage: String
        var basePath: OpenAPIReader.BasePath
    }

    init(_ request: Request) {
        let (node, parsing) = Self.parse(request)
        diagnostics = parsing
        guard let node, !parsing.hasErrors else { return }
        let (document, types) = Self.withoutTypes(node)
        let reading = OpenAPIReader(.manifest(basePath: request.basePath)).read(document)
        diagnostics += reading.diagnostics
        guard let definition = reading.definition else { return }
        let title = definition.attributes["name"]?.string ?? "api"
        name = request.name ?? Self.name(title)
        hasMethods = definition.objects.contains { $0.kind == .method }
        let isJSON = request.file.hasSuffix(".json")
        let base = request.folder.isEmpty ? name : "\(request.folder)/\(name)"
        let definitionFile = "\(name).openapi." + (isJSON ? "json" : "yaml")
        var text = String(decoding: request.bytes, as: UTF8.self)
        if types != nil {
            text = isJSON ? document.value.text(.pretty) + "\n" : YAMLWriter.text(document.value)
        }
        let manifest = Self.manifest(
            name, title: title, file: definitionFile, types: types, hasMethods: hasMethods, request)
        files = [
            (base + ".yaml", YAMLWriter.text(manifest)),
            (request.folder.isEmpty ? definitionFile : "\(request.folder)/\(definitionFile)", text),
        ]
        diagnostics += DocumentLosses.find(in: node, basePath: request.basePath)
    }

    private static func parse(_ request: Request) -> (Node?, [Diagnostic]) {
        if request.file.hasSuffix(".json") {
            let parsed = Node.parse(
                json: request.bytes, file: request.file, limits: JSONLimits(bytesMax: YAMLLimits.definition.bytesMax))
            return (parsed.node, parsed.diagnostics)
        }
        let parsed = Node.parse(yaml: request.bytes, file: request.file, limits: .definition)
        return (parsed.documents.count == 1 ? parsed.documents[0] : nil, parsed.diagnostics)
    }

    /// Where the API is reached is the manifest's to say.
    private static func withoutTypes(_ document: Node) -> (document: Node, types: JSONValue?) {
        let member = "x-amazon-apigateway-endpoint-configuration"
        guard let endpoint = document[member], let types = endpoint["types"]?.value,
            var members = document.members, let position = members.firstIndex(where: { $0.name == member })
        else { return (document, nil) }
        let rest = (endpoint.members ?? []).filter { $0.name != "types" }
        if rest.isEmpty {
            members.remove(at: position)
        } else {
            members[position].value = Node(.object(rest), at: endpoint.span)
        }
        return (Node(.object(members), at: document.span), types)
    }

    private static func manifest(
        _ name: String, title: String, file: String, types: JSONValue?, hasMethods: Bool, _ request: Request
    ) -> JSONValue {
        var definition: JSONObject = ["file": .string(file)]
        if request.basePath != .ignore { definition["basePath"] = .string(request.basePath.rawValue) }
        var spec = JSONObject()
        if title != name { spec["name"] = .string(title) }
        spec["definition"] = .object(definition)
        spec["endpointConfiguration"] = types.map { ["types": $0] }
        // An API that answers nothing cannot be deployed.
        if hasMethods { spec["stages"] = .object([request.stage: [:]]) }
        return [
            "apiVersion": "gatewright/v1", "kind": "RestApi", "metadata": ["name": .string(name)],
            "spec": .object(spec),
        ]
    }

    /// A name for manifests: small letters, digits and dashes.
    static func name(_ title: String) -> String {
        var result = ""
        for scalar in title.lowercased().unicodeScalars {
            if scalar.isASCII, scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                result.unicodeScalars.append(scalar)
            } else if !result.isEmpty, result.last != "-" {
                result += "-"
            }
        }
        result = String(result.prefix(63))
        while result.last == "-" { result.removeLast() }
        return result.isEmpty ? "api" : result
    }

    /// The configuration of a folder that has none.
    static func configuration(_ folder: String) -> String {
        YAMLWriter.text([
            "apiVersion": "gatewright/v1", "kind": "Environment", "metadata": ["name": "dev"],
            "spec": ["manifests": [.string(folder)], "target": ["engine": [:]]],
        ])
    }
}
