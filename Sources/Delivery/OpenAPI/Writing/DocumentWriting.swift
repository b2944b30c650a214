import JSON
import Resources

/// One document while it is written.
struct DocumentWriting {
    let definition: APIDefinition
    let options: ExportOptions
    let securityNames: SecurityNames

    init(_ definition: APIDefinition, _ options: ExportOptions) {
        self.definition = definition
        self.options = options
        securityNames = SecurityNames(
            definition.objects.filter { $0.kind == .authorizer }.map(\.key),
            withAuthorizers: options.has(.authorizers))
    }

    var isSwagger: Bool { options.format == .swagger20 }

    func objects(_ kind: ResourceKind) -> [DefinitionObject] { definition.objects.filter { $0.kind == kind } }

    var document: JSONObject {
        var result: JSONObject = isSwagger ? ["swagger": "2.0"] : ["openapi": "3.0.1"]
        result["info"] = .object(info)
        for (name, value) in server { result[name] = value }
        result["paths"] = .object(paths)
        let schemes = securityNames.schemes(of: definition)
        if isSwagger {
            result.set("securityDefinitions", schemes)
            result.set("definitions", schemas)
        } else {
            var components = JSONObject()
            components.set("schemas", schemas)
            components.set("securitySchemes", schemes)
            result["components"] = .object(components)
        }
        addExtensions(to: &result)
        return result
    }

    private var info: JSONObject {
        let attributes = definition.attributes
        var info: JSONObject = ["title": attributes["name"] ?? ""]
        info["description"] = attributes["description"]
        info["version"] = attributes["version"]
        return info
    }

    private var server: JSONObject {
        guard let server = options.server else { return [:] }
        let host = JSONValue.string(server.host)
        if isSwagger { return ["host": host, "basePath": .string("/\(server.stage)"), "schemes": ["https"]] }
        let variables: JSONValue = ["basePath": ["default": .string(server.stage)]]
        return ["servers": [["url": .string("https://\(server.host)/{basePath}"), "variables": variables]]]
    }

    // MARK: - Extensions

    private func addExtensions(to result: inout JSONObject) {
        let attributes = definition.attributes
        if options.has(.integrations) {
            result["x-amazon-apigateway-binary-media-types"] = attributes["binaryMediaTypes"]
        }
        if options.has(.documentation) { result.set("x-amazon-apigateway-documentation", documentation) }
        guard options.has(.apigateway) else { return }
        result["x-amazon-apigateway-api-key-source"] = attributes["apiKeySource"]
        result["x-amazon-apigateway-minimum-compression-size"] = attributes["minimumCompressionSize"]
        result["x-amazon-apigateway-policy"] = attributes["policy"]
        result.set("x-amazon-apigateway-endpoint-configuration", endpoint)
        result.set("x-amazon-apigateway-request-validators", named(.requestValidator))
        result.set("x-amazon-apigateway-gateway-responses", named(.gatewayResponse))
    }

    private var endpoint: JSONObject {
        var result = definition.attributes["endpointConfiguration"]?.object ?? [:]
        result["types"] = nil
        result["disableExecuteApiEndpoint"] = definition.attributes["disableExecuteApiEndpoint"]
        return result
    }

    /// Documents by key.
    private func named(_ kind: ResourceKind) -> JSONObject {
        JSONObject(objects(kind).map { ($0.key, $0.document) })
    }

    /// True if a reader would make parts of descriptions, were there no list.
    private var hasDescriptions: Bool {
        definition.attributes["description"] != nil
            || objects(.model).contains { $0.document["schema"]?["description"]?.string != nil }
    }

    private var documentation: JSONObject {
        let parts = objects(.documentationPart)
        guard !parts.isEmpty || hasDescriptions || definition.documentationVersion != nil else { return [:] }
        var result = JSONObject()
        result.set("version", definition.documentationVersion)
        result["createdDate"] = options.documentationCreated
        result["documentationParts"] = .array(
            parts.map { object in
                let words = object.key.split(separator: " ", maxSplits: 4).map(String.init)
                var location = JSONObject()
                for (name, word) in zip(["type", "path", "method", "statusCode", "name"], words) where word != "-" {
                    location[name] = .string(word)
                }
                return ["location": .object(location), "properties": object.document["properties"] ?? [:]]
            })
        return result
    }

    // MARK: - Models

    private var schemas: JSONObject {
        JSONObject(
            objects(.model).map { object in
                let schema = object.document["schema"] ?? [:]
                return (object.key, isSwagger ? schema : Self.rewritten(schema))
            })
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
}
