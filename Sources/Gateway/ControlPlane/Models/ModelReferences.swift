import JSON

/// References between models: `https://apigateway.amazonaws.com/restapis/{api}/models/{Name}`.
enum ModelReferences {
    private static let definitions = ["#/definitions/", "#/components/schemas/"]

    static func prefix(api: String) -> String { "https://apigateway.amazonaws.com/restapis/\(api)/models/" }

    /// The schema with references of a document turned into those of the API.
    static func rewritten(_ schema: JSONValue, api: String) -> JSONValue {
        map(schema) { reference in
            for start in definitions where reference.hasPrefix(start) {
                return prefix(api: api) + reference.dropFirst(start.count)
            }
            return reference
        }
    }

    /// The schema with everything it refers to under its own `definitions`.
    static func flattened(_ text: String, of api: API) -> String {
        guard let schema = parsed(text) else { return text }
        let start = prefix(api: api.id)
        var open: [String] = []
        var found: [String: JSONValue] = [:]
        func local(_ schema: JSONValue) -> JSONValue {
            map(schema) { reference in
                guard reference.hasPrefix(start) else { return reference }
                let name = String(reference.dropFirst(start.count))
                open.append(name)
                return "#/definitions/" + name
            }
        }
        var result = local(schema).object ?? [:]
        while let name = open.popLast() {
            guard found[name] == nil, let text = api[.model, name]?.string("schema"), let schema = parsed(text) else {
                continue
            }
            found[name] = .null  // seen, so that a circle ends
            found[name] = local(schema)
        }
        guard !found.isEmpty else { return text }
        result["definitions"] = .object(JSONObject(found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
        return JSONValue.object(result).text(.compact)
    }

    /// What uses the model, in the words of the refusal to delete it.
    static func user(of name: String, in api: API) -> String? {
        for resource in api.resources.values.sorted(by: { $0.path < $1.path }) {
            for method in api.methods(of: resource.id) {
                let place = "\(resource.path)/\(method.name)"
                if has(method.document["requestModels"], name) { return "method request: \(place)" }
                for (code, response) in method.document["methodResponses"]?.object ?? [:]
                where has(response["responseModels"], name) {
                    return "method response: \(place)/\(code)"
                }
            }
        }
        let reference = prefix(api: api.id) + name
        for model in api.all(.model) where model.key != name {
            var isUsed = false
            guard let schema = model.document.string("schema").flatMap(parsed) else { continue }
            _ = map(schema) { text in
                if text == reference { isUsed = true }
                return text
            }
            if isUsed { return "model: \(model.key)" }
        }
        return nil
    }

    private static func has(_ models: JSONValue?, _ name: String) -> Bool {
        models?.object?.contains { $0.value == .string(name) } ?? false
    }

    private static func parsed(_ text: String) -> JSONValue? {
        do { return try JSONValue(parsing: text) } catch { return nil }
    }

    private static func map(_ schema: JSONValue, _ transform: (String) -> String) -> JSONValue {
        switch schema {
        case .array(let elements): .array(elements.map { map($0, transform) })
        case .object(let object):
            .object(
                JSONObject(
                    object.map { name, value in
                        if name == "$ref", case .string(let text) = value { return (name, .string(transform(text))) }
                        return (name, map(value, transform))
                    }))
        default: schema
        }
    }
}
