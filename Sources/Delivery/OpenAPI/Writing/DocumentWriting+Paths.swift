import JSON
import Resources

extension DocumentWriting {
    var paths: JSONObject {
        var items: [String: JSONObject] = [:]
        for object in objects(.method) {
            guard let blank = object.key.firstIndex(of: " ") else { continue }
            let method = object.key[..<blank]
            let path = String(object.key[object.key.index(after: blank)...])
            let name = method == "ANY" ? "x-amazon-apigateway-any-method" : method.lowercased()
            items[path, default: [:]][name] = .object(operation(object.document.object ?? [:]))
        }
        // A resource without methods needs a path of its own only where no other path passes through it.
        let all = objects(.resource).map(\.key)
        var parents: Set<String> = ["/"]
        for path in all { if let slash = path.lastIndex(of: "/") { parents.insert(String(path[..<slash])) } }
        for path in all where items[path] == nil && !parents.contains(path) { items[path] = [:] }
        return JSONObject(items.sorted { $0.key < $1.key }.map { ($0.key, .object($0.value)) })
    }

    private func operation(_ method: JSONObject) -> JSONObject {
        var result = JSONObject()
        result["operationId"] = method["operationName"]
        let requestModels = method["requestModels"]?.object ?? [:]
        let methodResponses = method["methodResponses"]?.object ?? [:]
        var parameters = parameters(method["requestParameters"]?.object ?? [:])
        if isSwagger {
            result.set("consumes", requestModels.names)
            let types = methodResponses.lazy.compactMap { $0.value["responseModels"]?.object }.first { !$0.isEmpty }
            result.set("produces", types?.names ?? [])
            if let model = requestModels.members.first?.value.string { parameters.append(body(model)) }
        }
        if !parameters.isEmpty { result["parameters"] = .array(parameters) }
        if !isSwagger, !requestModels.isEmpty {
            result["requestBody"] = ["content": .object(content(requestModels)), "required": true]
        }
        result["responses"] = .object(responses(methodResponses))
        let security = securityNames.requirements(of: method)
        if !security.isEmpty { result["security"] = .array(security) }
        if options.has(.apigateway) {
            result["x-amazon-apigateway-request-validator"] = method["requestValidator"]
        }
        if options.has(.integrations), let integration = method["integration"]?.object {
            result["x-amazon-apigateway-integration"] = .object(self.integration(integration))
        }
        return result
    }

    // MARK: - Requests

    private func parameters(_ parameters: JSONObject) -> [JSONValue] {
        let locations = [
            ("path", "method.request.path."), ("query", "method.request.querystring."),
            ("header", "method.request.header."),
        ]
        return parameters.members.sorted { $0.name < $1.name }.compactMap { member in
            guard let (location, prefix) = locations.first(where: { member.name.hasPrefix($0.1) }) else { return nil }
            var parameter: JSONObject = [
                "name": .string(String(member.name.dropFirst(prefix.count))), "in": .string(location),
            ]
            if isSwagger || member.value == true { parameter["required"] = member.value }
            if isSwagger { parameter["type"] = "string" } else { parameter["schema"] = ["type": "string"] }
            return .object(parameter)
        }
    }

    private func body(_ model: String) -> JSONValue {
        ["in": "body", "name": .string(model), "required": true, "schema": .object(reference(model))]
    }

    private func reference(_ model: String) -> JSONObject {
        ["$ref": .string((isSwagger ? "#/definitions/" : "#/components/schemas/") + model)]
    }

    private func content(_ models: JSONObject) -> JSONObject {
        JSONObject(models.map { type, model in (type, ["schema": .object(reference(model.string ?? ""))]) })
    }

    // MARK: - Responses

    private func responses(_ responses: JSONObject) -> JSONObject {
        JSONObject(
            responses.map { status, response in
                var result: JSONObject = ["description": .string("\(status) response")]
                result.set("headers", headers(response["responseParameters"]?.object ?? [:]))
                let models = response["responseModels"]?.object ?? [:]
                if !isSwagger {
                    result["content"] = .object(content(models))
                } else if let model = models.members.first?.value.string {
                    result["schema"] = .object(reference(model))
                }
                return (status, .object(result))
            })
    }

    private func headers(_ parameters: JSONObject) -> JSONObject {
        let prefix = "method.response.header."
        return JSONObject(
            parameters.compactMap { name, isRequired in
                guard name.hasPrefix(prefix) else { return nil as (String, JSONValue)? }
                var header: JSONObject = isSwagger ? ["type": "string"] : ["schema": ["type": "string"]]
                if !isSwagger, isRequired == true { header["required"] = true }
                return (String(name.dropFirst(prefix.count)), .object(header))
            })
    }

    // MARK: - Integrations

    private func integration(_ integration: JSONObject) -> JSONObject {
        var result = integration
        result.set("type", integration["type"]?.string?.lowercased())
        // Always there in recorded exports.
        let behavior = integration["passthroughBehavior"]?.string ?? "WHEN_NO_MATCH"
        result.set("passthroughBehavior", behavior.lowercased())
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
}

extension JSONObject {
    fileprivate mutating func set(_ name: String, _ texts: [String]) {
        if !texts.isEmpty { self[name] = .array(texts.map { .string($0) }) }
    }
}
