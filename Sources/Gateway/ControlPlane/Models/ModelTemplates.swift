import JSON

/// `GetModelTemplate`: a mapping template that gives what a model describes, to be filled in.
enum ModelTemplates {
    static let operations: [Operation] = [
        Operation(
            "GetModelTemplate", "GET", "/restapis/{api}/models/{id}/default_template", status: 200, handler: get)
    ]

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let api = try workspace.existing(call)
        guard let model = api[.model, call.key] else { throw Models.unknown(call.key) }
        var writing = Writing(api: api)
        writing.write(Writing.schema(model), indent: "", path: "inputRoot", depth: 0)
        return .json(["value": .string("#set($inputRoot = $input.path('$'))\n" + writing.text)])
    }

    private struct Writing {
        let api: API
        var text = ""
        /// The model whose schema `#/definitions/...` means.
        private var root: JSONValue = [:]

        init(api: API) { self.api = api }

        static func schema(_ model: JSONObject) -> JSONValue {
            do { return try JSONValue(parsing: model.string("schema") ?? "{}") } catch { return [:] }
        }

        /// - Parameter path: What the loops of arrays read from, without the dollar sign.
        mutating func write(_ given: JSONValue, indent: String, path: String, depth: Int) {
            if depth == 0 { root = given }
            let schema = resolved(given)
            // Schemas may hold themselves; a template has an end.
            guard depth < Limits.modelTemplateDepthMax, text.utf8.count < Limits.modelTemplateBytesMax else {
                text += "{}"
                return
            }
            switch Self.type(schema) {
            case "array": writeArray(schema["items"] ?? [:], indent: indent, path: path, depth: depth)
            case "object": writeObject(schema, indent: indent, path: path, depth: depth)
            case "string": text += schema["enum"]?[0]?.string.map { JSONValue.string($0).text(.compact) } ?? "\"foo\""
            case "integer": text += "42"
            case "number": text += "42.7"
            case "boolean": text += "true"
            default: text += "null"
            }
        }

        private static func type(_ schema: JSONValue) -> String {
            if let type = schema["type"]?.string ?? schema["type"]?[0]?.string { return type }
            return schema["properties"] != nil ? "object" : schema["items"] != nil ? "array" : "object"
        }

        private mutating func writeObject(_ schema: JSONValue, indent: String, path: String, depth: Int) {
            let members = schema["properties"]?.object?.members ?? []
            text += "{"
            for (number, member) in members.enumerated() {
                text += "\(number == 0 ? "" : ",")\n\(indent)  \(JSONValue.string(member.name).text(.compact)) : "
                write(member.value, indent: indent + "  ", path: "\(path).\(member.name)", depth: depth + 1)
            }
            text += "\n\(indent)}"
        }

        private mutating func writeArray(_ items: JSONValue, indent: String, path: String, depth: Int) {
            text += "[\n\(indent)##TODO: Update this foreach loop to reference array from input json\n"
            text += "\(indent)#foreach($elem in $\(path))\n\(indent)  "
            write(items, indent: indent + "  ", path: "elem", depth: depth + 1)
            text += "#if($foreach.hasNext),#end\n\(indent)#end\n\(indent)]"
        }

        /// What a reference names: another model of the API, or a definition of this one.
        private func resolved(_ schema: JSONValue) -> JSONValue {
            var schema = schema
            for _ in 0..<Limits.modelTemplateDepthMax {
                guard let reference = schema["$ref"]?.string else { return schema }
                let name = String(reference.split(separator: "/").last ?? "")
                if reference.hasPrefix("#/") {
                    guard let definition = root["definitions"]?[name] else { return [:] }
                    schema = definition
                } else {
                    guard let model = api[.model, name] else { return [:] }
                    schema = Self.schema(model)
                }
            }
            return [:]
        }
    }
}
