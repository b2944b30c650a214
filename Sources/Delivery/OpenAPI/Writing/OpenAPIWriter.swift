package import JSON
import Resources

/// Writes the import document of a definition: what PutRestApi is sent, to the engine and to AWS alike.
///
/// It is OpenAPI 3.0, because only that has a model for each media type of a body (2.0 has one schema for all of
/// `consumes`). Nothing in it is left to a default of the importer: validators, documentation parts and security are
/// written out, references between models are local, responses are described as GetExport does it.
package enum OpenAPIWriter {
    /// A document that ``OpenAPIReader`` reads for `.service(basePath: .ignore)` as an equal definition, save for what
    /// ``losses(of:)`` lists. Equal definitions give equal documents.
    package static func document(for definition: APIDefinition) -> JSONValue {
        .object(DocumentWriting(definition).document)
    }

    /// What no OpenAPI document can carry, a line for each: set through the API, it must be kept there.
    package static func losses(of definition: APIDefinition) -> [String] {
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
            default: break
            }
        }
        return losses
    }
}

/// One document while it is written.
struct DocumentWriting {
    private let definition: APIDefinition
    private let securityNames: SecurityNames

    init(_ definition: APIDefinition) {
        self.definition = definition
        securityNames = SecurityNames(objects(.authorizer, of: definition).map(\.key))
    }

    var document: JSONObject {
        let attributes = definition.attributes
        var result: JSONObject = ["openapi": "3.0.1"]
        var info: JSONObject = ["title": attributes["name"] ?? ""]
        info["description"] = attributes["description"]
        info["version"] = attributes["version"]
        result["info"] = .object(info)
        result["paths"] = .object(paths)
        result["components"] = .object(components)
        result["x-amazon-apigateway-api-key-source"] = attributes["apiKeySource"]
        result["x-amazon-apigateway-binary-media-types"] = attributes["binaryMediaTypes"]
        result["x-amazon-apigateway-minimum-compression-size"] = attributes["minimumCompressionSize"]
        result["x-amazon-apigateway-policy"] = attributes["policy"]
        result.set("x-amazon-apigateway-endpoint-configuration", endpoint)
        result.set("x-amazon-apigateway-request-validators", named(.requestValidator))
        result.set("x-amazon-apigateway-gateway-responses", named(.gatewayResponse))
        result.set("x-amazon-apigateway-documentation", documentation)
        return result
    }

    private var endpoint: JSONObject {
        var result = definition.attributes["endpointConfiguration"]?.object ?? [:]
        result["types"] = nil
        result["disableExecuteApiEndpoint"] = definition.attributes["disableExecuteApiEndpoint"]
        return result
    }

    /// Documents by key.
    private func named(_ kind: ResourceKind) -> JSONObject {
        JSONObject(objects(kind, of: definition).map { ($0.key, $0.document) })
    }

    // MARK: - Paths

    private var paths: JSONObject {
        var items: [String: JSONObject] = [:]
        for object in objects(.method, of: definition) {
            guard let blank = object.key.firstIndex(of: " ") else { continue }
            let method = object.key[..<blank]
            let path = String(object.key[object.key.index(after: blank)...])
            let name = method == "ANY" ? "x-amazon-apigateway-any-method" : method.lowercased()
            items[path, default: [:]][name] = .object(operation(object.document.object ?? [:]))
        }
        // A resource without methods needs a path of its own only where no other path passes through it.
        let all = objects(.resource, of: definition).map(\.key)
        var parents: Set<String> = ["/"]
        for path in all { if let slash = path.lastIndex(of: "/") { parents.insert(String(path[..<slash])) } }
        for path in all where items[path] == nil && !parents.contains(path) { items[path] = [:] }
        return JSONObject(items.sorted { $0.key < $1.key }.map { ($0.key, .object($0.value)) })
    }

    private func operation(_ method: JSONObject) -> JSONObject {
        var result = JSONObject()
        result["operationId"] = method["operationName"]
        let parameters = parameters(method["requestParameters"]?.object ?? [:])
        if !parameters.isEmpty { result["parameters"] = .array(parameters) }
        if let models = method["requestModels"]?.object, !models.isEmpty {
            result["requestBody"] = ["content": .object(content(models))]
        }
        result["responses"] = .object(responses(method["methodResponses"]?.object ?? [:]))
        let security = securityNames.requirements(of: method)
        if !security.isEmpty { result["security"] = .array(security) }
        result["x-amazon-apigateway-request-validator"] = method["requestValidator"]
        if let integration = method["integration"]?.object {
            result["x-amazon-apigateway-integration"] = .object(self.integration(integration))
        }
        return result
    }

    private func parameters(_ parameters: JSONObject) -> [JSONValue] {
        let locations = [
            ("path", "method.request.path."), ("query", "method.request.querystring."),
            ("header", "method.request.header."),
        ]
        return parameters.members.sorted { $0.name < $1.name }.compactMap { member in
            guard let (location, prefix) = locations.first(where: { member.name.hasPrefix($0.1) }) else { return nil }
            return [
                "name": .string(String(member.name.dropFirst(prefix.count))), "in": .string(location),
                "required": member.value, "schema": ["type": "string"],
            ]
        }
    }

    private func content(_ models: JSONObject) -> JSONObject {
        JSONObject(
            models.map { type, model in
                (type, ["schema": ["$ref": .string("#/components/schemas/\(model.string ?? "")")]])
            })
    }

    private func responses(_ responses: JSONObject) -> JSONObject {
        let prefix = "method.response.header."
        return JSONObject(
            responses.map { status, response in
                var result: JSONObject = ["description": .string("\(status) response")]
                let headers = (response["responseParameters"]?.object ?? [:]).compactMap { name, isRequired in
                    guard name.hasPrefix(prefix) else { return nil as (String, JSONValue)? }
                    var header: JSONObject = ["schema": ["type": "string"]]
                    if isRequired == true { header["required"] = true }
                    return (String(name.dropFirst(prefix.count)), .object(header))
                }
                result.set("headers", JSONObject(headers))
                result.set("content", content(response["responseModels"]?.object ?? [:]))
                return (status, .object(result))
            })
    }

    private func integration(_ integration: JSONObject) -> JSONObject {
        var result = integration
        for name in ["type", "passthroughBehavior"] {
            result.set(name, integration[name]?.string?.lowercased())
        }
        guard let responses = integration["integrationResponses"]?.object else { return result }
        result["integrationResponses"] = nil
        let sorted = responses.members.sorted { $0.name < $1.name }
        result["responses"] = .object(JSONObject(sorted.map { Self.integrationResponse($0.name, $0.value) }))
        return result
    }

    private static func integrationResponse(_ status: String, _ response: JSONValue) -> (String, JSONValue) {
        var document = response.object ?? [:]
        let pattern = document["selectionPattern"]?.string ?? "default"
        document["selectionPattern"] = nil
        document["statusCode"] = .string(status)
        return (pattern, .object(document))
    }

    // MARK: - The rest

    private var components: JSONObject {
        var result = JSONObject()
        let schemas = objects(.model, of: definition).map { object in
            (object.key, Self.rewritten(object.document["schema"] ?? [:]))
        }
        result.set("schemas", JSONObject(schemas))
        result.set("securitySchemes", securityNames.schemes(of: definition))
        return result
    }

    /// The schema with its references as `#/components/schemas/Name`; see `DocumentReading.rewritten`.
    private static func rewritten(_ schema: JSONValue) -> JSONValue {
        switch schema {
        case .array(let elements): return .array(elements.map(rewritten))
        case .object(let object):
            return .object(
                JSONObject(
                    object.map { name, value in
                        switch (name, value) {
                        case ("$ref", .string(let text)) where text.hasPrefix("#/definitions/"):
                            (name, .string("#/components/schemas/" + text.dropFirst("#/definitions/".count)))
                        case ("enum", _), ("default", _), ("example", _), ("examples", _), ("const", _): (name, value)
                        case ("properties", .object(let properties)), ("patternProperties", .object(let properties)),
                            ("definitions", .object(let properties)):
                            (name, .object(JSONObject(properties.map { ($0.name, rewritten($0.value)) })))
                        default: (name, name.hasPrefix("x-") ? value : rewritten(value))
                        }
                    }))
        default: return schema
        }
    }

    /// True if a reader would make parts of descriptions, were there no list.
    private var hasDescriptions: Bool {
        definition.attributes["description"] != nil
            || objects(.model, of: definition).contains { $0.document["schema"]?["description"]?.string != nil }
    }

    private var documentation: JSONObject {
        let parts = objects(.documentationPart, of: definition)
        guard !parts.isEmpty || hasDescriptions || definition.documentationVersion != nil else { return [:] }
        var result = JSONObject()
        result.set("version", definition.documentationVersion)
        result["documentationParts"] = .array(
            objects(.documentationPart, of: definition).map { object in
                let words = object.key.split(separator: " ", maxSplits: 4).map(String.init)
                var location = JSONObject()
                for (name, word) in zip(["type", "path", "method", "statusCode", "name"], words) where word != "-" {
                    location[name] = .string(word)
                }
                return ["location": .object(location), "properties": object.document["properties"] ?? [:]]
            })
        return result
    }
}

private func objects(_ kind: ResourceKind, of definition: APIDefinition) -> [DefinitionObject] {
    definition.objects.filter { $0.kind == kind }
}
