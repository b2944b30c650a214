import JSON

/// `Authorizer`: stored and answered; the data plane refuses the routes whose authorizer it cannot ask.
enum Authorizers {
    static let operations: [Operation] = [
        Operation("GetAuthorizers", "GET", "/restapis/{api}/authorizers", status: 200, handler: list),
        Operation(
            "CreateAuthorizer", "POST", "/restapis/{api}/authorizers", status: 201,
            members: [
                .required("name"), .required("type", .enumeration(types)), .optional("providerARNs", .list(.string)),
                .optional("authType"), .optional("authorizerUri"), .optional("authorizerCredentials"),
                .optional("identitySource"), .optional("identityValidationExpression"),
                .optional("authorizerResultTtlInSeconds", .integer),
            ], handler: create),
        Operation("GetAuthorizer", "GET", "/restapis/{api}/authorizers/{id}", status: 200, handler: get),
        Operation(
            "UpdateAuthorizer", "PATCH", "/restapis/{api}/authorizers/{id}", status: 200, members: .patch,
            handler: update),
        Operation("DeleteAuthorizer", "DELETE", "/restapis/{api}/authorizers/{id}", status: 202, handler: delete),
    ]

    private static let types = ["TOKEN", "REQUEST", "COGNITO_USER_POOLS"]
    static let unknown = ServiceError.notFound("Invalid Authorizer identifier specified")

    private static func list(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let api = try workspace.existing(call)
        return try Paging.page(api.all(.authorizer).map { Paging.Item(key: $0.key, document: $0.document) }, call)
    }

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard let authorizer = try workspace.existing(call)[.authorizer, call.key] else { throw unknown }
        return .json(authorizer)
    }

    private static func create(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let absent = ServiceError.conflict(
            "Unable to complete operation due to concurrent modification. Please try again later.")
        return try workspace.update(call, orThrow: absent) { (api) throws(ServiceError) in
            let id = RandomNames.id(length: 6) { api[.authorizer, $0] == nil }
            var authorizer: JSONObject = ["id": .string(id)]
            authorizer.take(
                [
                    "name", "type", "providerARNs", "authType", "authorizerUri", "authorizerCredentials",
                    "identitySource", "identityValidationExpression", "authorizerResultTtlInSeconds",
                ], from: call.body)
            if authorizer["authType"] == nil {
                authorizer["authType"] = authorizer["type"] == "COGNITO_USER_POOLS" ? "cognito_user_pools" : "custom"
            }
            if authorizer["authorizerResultTtlInSeconds"] == nil { authorizer["authorizerResultTtlInSeconds"] = 300 }
            try check(authorizer, in: api)
            guard api.count(.authorizer) < call.environment.quotas.authorizersPerAPI else {
                throw .quota("authorizers")
            }
            api.put(.authorizer, id, authorizer)
            return .json(authorizer)
        }
    }

    private static func check(_ authorizer: JSONObject, in api: API) throws(ServiceError) {
        guard let name = authorizer.string("name"), !name.isEmpty else {
            throw .badRequest("Authorizer name cannot be blank")
        }
        for other in api.all(.authorizer) where other.key != authorizer.string("id") {
            if other.document.string("name") == name {
                throw .badRequest(
                    "Authorizer name must be unique. Authorizer \(name) already exists in this RestApi.")
            }
        }
        guard let type = authorizer.string("type"), types.contains(type) else {
            throw .badRequest("Invalid authorizer type specified. Must be one of: [\(types.joined(separator: ", "))]")
        }
        if type == "COGNITO_USER_POOLS" {
            guard authorizer["providerARNs"]?.array?.isEmpty == false else {
                throw .badRequest("Provider ARNs are required for authorizers of type COGNITO_USER_POOLS")
            }
        } else {
            let uri = authorizer.string("authorizerUri") ?? "null"
            guard uri.hasPrefix("arn:"), uri.contains(":lambda:path/") else {
                throw .badRequest(
                    "Invalid Authorizer URI: \(uri). Authorizer URI should be a valid API Gateway ARN that represents "
                        + "a Lambda function invocation."
                )
            }
        }
        if let ttl = authorizer["authorizerResultTtlInSeconds"], !(0...3600).contains(ttl.int ?? -1) {
            throw .badRequest("Invalid authorizerResultTtlInSeconds specified, must be between 0 and 3600")
        }
    }

    private static func update(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let operations = try PatchOperation.all(of: call)
        return try workspace.update(call) { (api) throws(ServiceError) in
            guard var authorizer = api[.authorizer, call.key] else { throw unknown }
            for operation in operations { try apply(operation, to: &authorizer) }
            try check(authorizer, in: api)
            api.put(.authorizer, call.key, authorizer)
            return .json(authorizer)
        }
    }

    private static func apply(_ operation: PatchOperation, to authorizer: inout JSONObject) throws(ServiceError) {
        switch (operation.parts.first, operation.parts.count) {
        case ("name", 1), ("type", 1), ("authType", 1), ("authorizerUri", 1), ("authorizerCredentials", 1),
            ("identitySource", 1), ("identityValidationExpression", 1):
            try operation.require(.replace)
            try operation.setText(operation.parts[0], in: &authorizer)
        case ("authorizerResultTtlInSeconds", 1):
            try operation.require(.replace)
            authorizer["authorizerResultTtlInSeconds"] = .number(JSONNumber(try operation.number()))
        case ("providerARNs", 1), ("providerARNs", 2):
            try operation.require(.add, .remove, .replace)
            var arns = (authorizer["providerARNs"]?.array ?? []).compactMap(\.string)
            let arn = operation.value ?? (operation.parts.count == 2 ? operation.parts[1] : "")
            if operation.kind == .replace { arns = [] }
            arns.removeAll { $0 == arn }
            if operation.kind != .remove, !arn.isEmpty { arns.append(arn) }
            authorizer["providerARNs"] = arns.isEmpty ? JSONValue?.none : .array(arns.map { .string($0) })
        default: throw operation.unknownPath
        }
    }

    private static func delete(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        try workspace.update(call) { (api) throws(ServiceError) in
            guard api[.authorizer, call.key] != nil else { throw unknown }
            if let user = api.method(where: "authorizerId", is: call.key) {
                throw .conflict("Cannot delete authorizer '\(call.key)', is referenced in method: \(user)")
            }
            api.remove(.authorizer, call.key)
            return .empty
        }
    }
}
