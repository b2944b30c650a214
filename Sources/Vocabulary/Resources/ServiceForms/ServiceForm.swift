package import JSON

/// Service documents (what Get operations answer) to normal forms. `docs/normal-forms.md` says what those are.
package enum ServiceForm {
    /// The normal form of a `RestApi`, without its tags.
    package static func restAPI(_ document: JSONObject) -> JSONObject {
        var form = document.keeping([
            "name", "description", "version", "apiKeySource", "binaryMediaTypes", "minimumCompressionSize",
            "endpointConfiguration", "disableExecuteApiEndpoint",
        ])
        form["policy"] = document["policy"].flatMap { Self.policy($0) }
            .map { shortened($0, apiID: document["id"]?.string ?? "") }
        return KindTable.restAPI.normalForm(of: .object(form)).object ?? form
    }

    /// The service gives a policy as JSON text whose quotes are escaped once more.
    private static func policy(_ value: JSONValue) -> JSONValue? {
        guard let text = value.string, !text.isEmpty else { return nil }
        if let parsed = parsed(text) { return parsed }
        return parsed("\"" + text + "\"")?.string.flatMap(parsed)
    }

    /// The service writes `execute-api:/...` out to an ARN with the API's own id, which no document can know.
    private static func shortened(_ policy: JSONValue, apiID: String) -> JSONValue {
        func short(_ value: JSONValue) -> JSONValue {
            switch value {
            case .array(let elements): return .array(elements.map(short))
            case .string(let text):
                let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
                guard parts.count == 6, parts[0] == "arn", parts[2] == "execute-api", parts[5].hasPrefix(apiID + "/")
                else { return value }
                return .string("execute-api:\(parts[5].dropFirst(apiID.count))")
            default: return value
            }
        }
        func statement(_ value: JSONValue) -> JSONValue {
            guard var object = value.object else { return value }
            for name in ["Resource", "NotResource"] { object[name] = object[name].map(short) }
            return .object(object)
        }
        guard var object = policy.object, let statements = object["Statement"] else { return policy }
        object["Statement"] = statements.array.map { .array($0.map(statement)) } ?? statement(statements)
        return .object(object)
    }

    /// The normal form of a `Method`.
    package static func method(_ document: JSONObject, resourceID: String, names: DefinitionNames) -> JSONValue {
        var form = document.keeping([
            "authorizationType", "authorizationScopes", "apiKeyRequired", "operationName", "requestParameters",
            "requestModels",
        ])
        form["authorizer"] = document["authorizerId"]?.string.map { .string(names.authorizers[$0] ?? $0) }
        form["requestValidator"] = document["requestValidatorId"]?.string.map { .string(names.validators[$0] ?? $0) }
        form["methodResponses"] = byStatus(document["methodResponses"]) {
            $0.keeping(["responseParameters", "responseModels"])
        }
        if let integration = document["methodIntegration"]?.object {
            form["integration"] = .object(Self.integration(integration, resourceID: resourceID))
        }
        return normal(.method, form)
    }

    private static func integration(_ document: JSONObject, resourceID: String) -> JSONObject {
        var form = document
        if document["cacheNamespace"]?.string == resourceID { form["cacheNamespace"] = nil }
        form["integrationResponses"] = byStatus(document["integrationResponses"]) {
            $0.keeping(["selectionPattern", "responseParameters", "responseTemplates", "contentHandling"])
        }
        return form
    }

    private static func byStatus(_ value: JSONValue?, _ keep: (JSONObject) -> JSONObject) -> JSONValue? {
        guard let responses = value?.object else { return nil }
        return .object(JSONObject(responses.map { ($0.name, .object(keep($0.value.object ?? [:]))) }))
    }

    /// The normal form of a `Model`.
    package static func model(_ document: JSONObject, apiID: String) -> JSONValue {
        var form = document.keeping(["contentType", "description"])
        form["schema"] = document["schema"]?.string.flatMap { parsed($0) }.map { definitionReferences(in: $0) }
        return normal(.model, form)
    }

    /// The service keeps references between models as URLs of its own; documents have `#/definitions/Name`.
    private static func definitionReferences(in value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): .array(elements.map(definitionReferences))
        case .object(let object):
            .object(
                JSONObject(
                    object.map { name, value in
                        guard name == "$ref", let text = value.string, let models = text.firstRange(of: "/models/"),
                            text.hasPrefix("https://apigateway.")
                        else { return (name, definitionReferences(in: value)) }
                        return (name, .string("#/definitions/\(text[models.upperBound...])"))
                    }))
        default: value
        }
    }

    /// The normal form of a `RequestValidator`.
    package static func requestValidator(_ document: JSONObject) -> JSONValue {
        normal(.requestValidator, document.keeping(["validateRequestBody", "validateRequestParameters"]))
    }

    /// The normal form of a `Authorizer`.
    package static func authorizer(_ document: JSONObject) -> JSONValue {
        var form = document
        form["id"] = nil
        form["name"] = nil
        return normal(.authorizer, form)
    }

    /// The normal form of a `GatewayResponse`.
    package static func gatewayResponse(_ document: JSONObject) -> JSONValue {
        .object(
            GatewayResponseForm.normalForm(
                of: document.keeping(["statusCode", "responseParameters", "responseTemplates"]),
                type: document["responseType"]?.string ?? ""))
    }

    /// The normal form of a `DocumentationPart`.
    package static func documentationPart(_ document: JSONObject) -> JSONValue {
        normal(
            .documentationPart,
            JSONObject([("properties", document["properties"]?.string.flatMap { parsed($0) } ?? .null)]))
    }

    /// The key of ``Address`` for a documentation part.
    package static func documentationKey(_ document: JSONObject) -> String {
        let location = document["location"]
        return ["type", "path", "method", "statusCode", "name"]
            .map { location?[$0]?.string ?? "-" }
            .joined(separator: " ")
    }

    private static func normal(_ kind: ResourceKind, _ form: JSONObject) -> JSONValue {
        KindTable.object(kind)?.normalForm(of: .object(form)) ?? .object(form)
    }

    /// Text that should be JSON; nil when it is not, which shows as a difference rather than as a crash.
    private static func parsed(_ text: String) -> JSONValue? {
        do { return try JSONValue(parsing: text) } catch { return nil }
    }
}

/// What ids inside a definition stand for.
package struct DefinitionNames: Sendable {
    /// Authorizer id to name.
    package var authorizers: [String: String] = [:]
    /// Request validator id to name.
    package var validators: [String: String] = [:]

    package init() {}
}

extension JSONObject {
    /// Only the members named, in the order named; nulls stay.
    package func keeping(_ names: [String]) -> JSONObject {
        var kept = JSONObject()
        for name in names { kept[name] = self[name] }
        return kept
    }
}
