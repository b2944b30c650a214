import JSON

/// `RequestValidator`: what is checked of a request.
enum RequestValidators {
    static let operations: [Operation] = [
        Operation("GetRequestValidators", "GET", "/restapis/{api}/requestvalidators", status: 200, handler: list),
        Operation(
            "CreateRequestValidator", "POST", "/restapis/{api}/requestvalidators", status: 201,
            members: [
                .optional("name"), .optional("validateRequestBody", .boolean),
                .optional("validateRequestParameters", .boolean),
            ], handler: create),
        Operation("GetRequestValidator", "GET", "/restapis/{api}/requestvalidators/{id}", status: 200, handler: get),
        Operation(
            "UpdateRequestValidator", "PATCH", "/restapis/{api}/requestvalidators/{id}", status: 200, members: .patch,
            handler: update),
        Operation(
            "DeleteRequestValidator", "DELETE", "/restapis/{api}/requestvalidators/{id}", status: 202, handler: delete),
    ]

    private static let unknown = ServiceError.notFound("Invalid Request Validator identifier specified")

    private static func list(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let api = try workspace.existing(call)
        return try Paging.page(api.all(.validator).map { Paging.Item(key: $0.key, document: $0.document) }, call)
    }

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard let validator = workspace.api(call.apiID)?[.validator, call.key] else { throw unknown }
        return .json(validator)
    }

    private static func create(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let absent = ServiceError.badRequest("Invalid REST API identifier specified")
        return try workspace.update(call, orThrow: absent) { (api) throws(ServiceError) in
            guard api.count(.validator) < call.environment.quotas.requestValidatorsPerAPI else {
                throw .quota("request validators")
            }
            let id = RandomNames.id(length: 6) { api[.validator, $0] == nil }
            var validator: JSONObject = ["id": .string(id)]
            if let name = call.body.string("name"), !name.isEmpty { validator["name"] = .string(name) }
            validator["validateRequestBody"] = .bool(call.body["validateRequestBody"]?.bool ?? false)
            validator["validateRequestParameters"] = .bool(call.body["validateRequestParameters"]?.bool ?? false)
            api.put(.validator, id, validator)
            return .json(validator)
        }
    }

    private static func update(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let operations = try PatchOperation.all(of: call)
        return try workspace.update(call, orThrow: unknown) { (api) throws(ServiceError) in
            guard var validator = api[.validator, call.key] else { throw unknown }
            for operation in operations {
                try operation.requireReplace(of: ["/name", "/validateRequestParameters", "/validateRequestBody"])
                if operation.path == "/name" {
                    guard let name = operation.value, !name.isEmpty else {
                        throw .badRequest("Request Validator name cannot be blank")
                    }
                    validator["name"] = .string(name)
                } else {
                    validator[operation.parts[0]] = .bool(try operation.flag())
                }
            }
            api.put(.validator, call.key, validator)
            return .json(validator)
        }
    }

    private static func delete(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        try workspace.update(call, orThrow: unknown) { (api) throws(ServiceError) in
            guard api[.validator, call.key] != nil else { throw unknown }
            if let user = api.method(where: "requestValidatorId", is: call.key) {
                throw .conflict("Cannot delete request validator '\(call.key)', is referenced in method: \(user)")
            }
            api.remove(.validator, call.key)
            return .empty
        }
    }
}

extension API {
    /// `resource path/METHOD` of the first method whose member `name` is `value`.
    func method(where name: String, is value: String) -> String? {
        for resource in resources.values.sorted(by: { $0.path < $1.path }) {
            for method in methods(of: resource.id) where method.document.string(name) == value {
                return "\(resource.path)/\(method.name)"
            }
        }
        return nil
    }
}
