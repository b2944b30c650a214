import Diagnostics
import JSON
import OpenAPI
import YAML

/// `ImportRestApi`, `PutRestApi` and `ImportDocumentationParts`.
///
/// A refused import changes nothing: the handlers work on a copy that is thrown away.
enum DefinitionImports {
    /// Reads the document of a request, before and apart from the write.
    static func read(_ call: Call) throws(ServiceError) -> OpenAPIReading {
        let node = try node(call)
        let basePath: OpenAPIReader.BasePath
        if let text = call.query("basepath") {
            guard let known = OpenAPIReader.BasePath(rawValue: text.lowercased()) else {
                throw .badRequest("Invalid basepath parameter specified. Must be one of: [ignore, prepend, split]")
            }
            basePath = known
        } else {
            basePath = .ignore
        }
        let reading = OpenAPIReader(.service(basePath: basePath)).read(node)
        guard reading.definition != nil else { throw .badRequest(reading.errorMessage ?? invalid) }
        if call.query("failonwarnings") == "true", !reading.warnings.isEmpty {
            throw .badRequest("Warnings found during import: \(reading.warnings.joined(separator: "; "))")
        }
        return reading
    }

    private static let invalid = "Invalid OpenAPI input."

    /// JSON when it starts like an object, YAML otherwise.
    private static func node(_ call: Call) throws(ServiceError) -> Node {
        guard call.bytes.count <= call.environment.quotas.definitionBytes else { throw .bodyTooLarge }
        let first = call.bytes.first { $0 > 32 }
        let name = "body"
        let node: Node?
        if first == UInt8(ascii: "{") {
            node = Node.parse(json: call.bytes, file: name).node
        } else {
            let parsed = Node.parse(yaml: call.bytes, file: name, limits: .definition)
            node = parsed.diagnostics.hasErrors ? nil : parsed.documents.first
        }
        guard let node, node.members != nil else { throw .badRequest(invalid) }
        return node
    }

    static func importRestAPI(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard let reading = call.reading, let definition = reading.definition else { throw .badRequest(invalid) }
        var endpoint: JSONObject = definition.attributes["endpointConfiguration"]?.object ?? [:]
        if let types = call.query("endpointConfigurationTypes") {
            guard EndpointConfiguration.types.contains(types) else {
                throw .badRequest("Invalid endpoint type specified. Must be one of: [REGIONAL, EDGE, PRIVATE]")
            }
            endpoint["types"] = [.string(types)]
        }
        try RestAPIs.checkQuota(workspace, call)
        var api = RestAPIs.newAPI(
            in: workspace, name: definition.attributes.string("name") ?? "",
            endpoint: try EndpointConfiguration(endpoint),
            call)
        var translation = DefinitionTranslation(
            definition, mode: .overwrite, withDocumentation: takesDocumentation(call), call.environment)
        try translation.apply(to: &api)
        workspace.put(api)
        return .json(answer(api.document, reading))
    }

    static func putRestAPI(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard let reading = call.reading, let definition = reading.definition else { throw .badRequest(invalid) }
        let mode = try mode(call)
        return try workspace.update(call) { (api) throws(ServiceError) in
            var translation = DefinitionTranslation(
                definition, mode: mode, withDocumentation: takesDocumentation(call), call.environment)
            try translation.apply(to: &api)
            return .json(answer(RestAPIs.withTags(api.document), reading))
        }
    }

    private static func answer(_ document: JSONObject, _ reading: OpenAPIReading) -> JSONObject {
        var document = document
        if !reading.warnings.isEmpty { document["warnings"] = .array(reading.warnings.map { .string($0) }) }
        return document
    }

    private static func mode(_ call: Call) throws(ServiceError) -> DefinitionTranslation.Mode {
        guard let text = call.query("mode") else { return .merge }
        guard let mode = DefinitionTranslation.Mode(rawValue: text) else {
            throw .validation([
                "Value '\(text)' at 'mode' failed to satisfy constraint: Member must satisfy enum value set: [merge, overwrite]"
            ])
        }
        return mode
    }

    private static func takesDocumentation(_ call: Call) -> Bool { call.query("ignore") != "documentation" }

    // MARK: Documentation parts alone

    static func importDocumentationParts(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let parts = try documentationParts(call)
        let mode = try mode(call)
        return try workspace.update(call) { (api) throws(ServiceError) in
            if mode == .overwrite {
                for part in api.all(.documentationPart) { api.remove(.documentationPart, part.key) }
            }
            var ids: [JSONValue] = []
            for part in parts {
                ids.append(.string(try put(part.location, part.properties, in: &api, call.environment)))
            }
            return .json(["ids": .array(ids)])
        }
    }

    /// The parts of the body, which is a whole document or the member of it that holds them.
    private static func documentationParts(
        _ call: Call
    ) throws(ServiceError) -> [(location: JSONObject, properties: JSONObject)] {
        let body = try node(call).value
        let holder = body["x-amazon-apigateway-documentation"] ?? body
        guard let elements = holder["documentationParts"]?.array else { throw .badRequest(invalid) }
        var parts: [(location: JSONObject, properties: JSONObject)] = []
        for element in elements {
            guard let location = element["location"]?.object, let properties = element["properties"]?.object else {
                throw .badRequest(invalid)
            }
            try ShapeCheck.check(
                ["location": .object(location)],
                against: [.required("location", .structure(Documentation.locationMembers))],
                input: "importDocumentationPartsInput", parameters: [])
            parts.append((location, properties))
        }
        return parts
    }

    /// Adds the part, or lays its properties over those of the part that is already there.
    static func put(
        _ location: JSONObject, _ properties: JSONObject, in api: inout API, _ environment: CallEnvironment
    ) throws(ServiceError) -> String {
        guard let (id, found) = Documentation.part(at: location, in: api) else {
            let text = JSONValue.object(properties).text(.compact)
            return try Documentation.add(location, text, to: &api, environment).string("id") ?? ""
        }
        var part = found
        var merged = parsed(part.string("properties") ?? "") ?? [:]
        for (name, value) in properties { merged[name] = value }
        part["properties"] = .string(JSONValue.object(merged).text(.compact))
        api.put(.documentationPart, id, part)
        return id
    }

    private static func parsed(_ text: String) -> JSONObject? {
        do { return try JSONValue(parsing: text).object } catch { return nil }
    }
}
