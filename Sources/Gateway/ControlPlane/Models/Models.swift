import JSON
import RequestModels

/// `Model`: JSON Schemas by name.
enum Models {
    static let operations: [Operation] = [
        Operation("GetModels", "GET", "/restapis/{api}/models", status: 200, handler: list),
        Operation(
            "CreateModel", "POST", "/restapis/{api}/models", status: 201,
            members: [
                .required("name"), .optional("description"), .optional("schema"), .required("contentType"),
            ], handler: create),
        Operation("GetModel", "GET", "/restapis/{api}/models/{id}", status: 200, handler: get),
        Operation("UpdateModel", "PATCH", "/restapis/{api}/models/{id}", status: 200, members: .patch, handler: update),
        Operation("DeleteModel", "DELETE", "/restapis/{api}/models/{id}", status: 202, handler: delete),
    ]

    private static let draft4 = "http://json-schema.org/draft-04/schema#"

    /// What every API starts with that was not imported; without ids.
    static let defaults: [JSONObject] = [
        [
            "name": "Empty", "description": "This is a default empty schema model", "contentType": "application/json",
            "schema": .string(
                JSONValue.object(["$schema": .string(draft4), "title": "Empty Schema", "type": "object"]).text(.pretty)),
        ],
        [
            "name": "Error", "description": "This is a default error schema model", "contentType": "application/json",
            "schema": .string(
                JSONValue.object([
                    "$schema": .string(draft4), "title": "Error Schema", "type": "object",
                    "properties": ["message": ["type": "string"]],
                ]).text(.pretty)),
        ],
    ]

    static func unknown(_ name: String) -> ServiceError { .notFound("Invalid model name specified: \(name)") }

    private static func list(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let api = try workspace.existing(call)
        return try Paging.page(api.all(.model).map { Paging.Item(key: $0.key, document: $0.document) }, call)
    }

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let api = try workspace.existing(call)
        guard var model = api[.model, call.key] else { throw unknown(call.key) }
        if call.query("flatten") == "true", let schema = model.string("schema") {
            model["schema"] = .string(ModelReferences.flattened(schema, of: api))
        }
        return .json(model)
    }

    private static func create(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let name = call.body.string("name") ?? ""
        guard !name.isEmpty, name.utf8.allSatisfy({ isAlphanumeric($0) }) else {
            throw .badRequest("Model name must be alphanumeric: \(name)")
        }
        let schema = try checked(call.body.string("schema"))
        return try workspace.update(call) { (api) throws(ServiceError) in
            guard api[.model, name] == nil else { throw .conflict("Model name already exists for this REST API") }
            guard api.count(.model) < call.environment.quotas.modelsPerAPI else { throw .quota("models") }
            var model: JSONObject = [
                "id": .string(RandomNames.id(length: 6)), "name": .string(name), "schema": .string(schema),
            ]
            model["contentType"] = call.body["contentType"]
            model.take(["description"], from: call.body)
            if model.string("description")?.isEmpty == true { model["description"] = nil }
            api.put(.model, name, model)
            return .json(model)
        }
    }

    /// The schema's text, when it is one of draft 4; models that it refers to may still come.
    private static func checked(_ text: String?) throws(ServiceError) -> String {
        guard let text, !text.isEmpty else {
            throw .badRequest("Model schema must have at least 1 property or array items defined")
        }
        let reason: String
        do {
            _ = try ModelSchema(parsing: text, ignoresUnknownModels: true)
            return text
        } catch {
            reason = error.message
        }
        throw .badRequest(
            "Invalid model specified: Validation Result: warnings : [], errors : "
                + "[Invalid model schema specified. \(reason)]"
        )
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func update(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let operations = try PatchOperation.all(of: call)
        return try workspace.update(call) { (api) throws(ServiceError) in
            guard var model = api[.model, call.key] else { throw unknown(call.key) }
            for operation in operations {
                try operation.requireReplace(of: ["/description", "/schema"])
                if operation.path == "/schema" {
                    model["schema"] = .string(try checked(operation.value))
                } else {
                    try operation.setText("description", in: &model)
                }
            }
            api.put(.model, call.key, model)
            return .json(model)
        }
    }

    private static func delete(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        try workspace.update(call) { (api) throws(ServiceError) in
            guard api[.model, call.key] != nil else { throw unknown(call.key) }
            if let user = ModelReferences.user(of: call.key, in: api) {
                throw .conflict("Cannot delete model '\(call.key)', is referenced in \(user)")
            }
            api.remove(.model, call.key)
            return .empty
        }
    }
}
