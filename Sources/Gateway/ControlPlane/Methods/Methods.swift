import JSON
import OpenAPI

/// `Method` of a resource.
enum Methods {
    static let path = "/restapis/{api}/resources/{resource}/methods/{method}"

    static let operations: [Operation] =
        [
            Operation("PutMethod", "PUT", path, status: 201, members: putMembers, handler: put),
            Operation("GetMethod", "GET", path, status: 200, handler: get),
            Operation("UpdateMethod", "PATCH", path, status: 200, members: .patch, handler: update),
            Operation("DeleteMethod", "DELETE", path, status: 204, handler: delete),
            Operation(
                "TestInvokeMethod", "POST", path, status: 200, members: TestInvocations.members, effect: .read,
                handler: TestInvocations.invoke),
        ] + MethodResponses.operations

    private static let putMembers: [Shape.Member] = [
        .required("authorizationType"), .optional("authorizerId"), .optional("apiKeyRequired", .boolean),
        .optional("operationName"), .optional("requestParameters", .map(.boolean)),
        .optional("requestModels", .map(.string)), .optional("requestValidatorId"),
        .optional("authorizationScopes", .list(.string)),
    ]

    static func key(_ call: Call) -> String { "\(call.resourceID) \(call.httpMethod)" }

    /// The method of the path, or the refusal when its API, its resource or itself is not there.
    static func existing(
        _ workspace: Workspace, _ call: Call, orThrow error: ServiceError = .unknownMethod
    ) throws(ServiceError) -> JSONObject {
        guard let api = workspace.api(call.apiID), api.resources[call.resourceID] != nil else { throw .unknownResource }
        guard let method = api[.method, key(call)] else { throw error }
        return method
    }

    /// Edits the method of the path.
    static func edit<Result>(
        _ workspace: inout Workspace, _ call: Call, orThrow error: ServiceError = .unknownMethod,
        _ body: (inout JSONObject, API) throws(ServiceError) -> Result
    ) throws(ServiceError) -> Result {
        try workspace.update(call, orThrow: .unknownResource) { (api) throws(ServiceError) in
            guard api.resources[call.resourceID] != nil else { throw .unknownResource }
            guard var method = api[.method, key(call)] else { throw error }
            let result = try body(&method, api)
            api.put(.method, key(call), method)
            return result
        }
    }

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        .json(try existing(workspace, call))
    }

    private static func put(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        try workspace.update(call, orThrow: .unknownResource) { (api) throws(ServiceError) in
            guard api.resources[call.resourceID] != nil else { throw .unknownResource }
            let name = call.httpMethod.uppercased()
            guard API.httpMethods.contains(name) else {
                let valid = API.httpMethods.joined(separator: ",")
                throw .badRequest("Invalid HttpMethod specified. Valid options are \(valid)")
            }
            guard api[.method, "\(call.resourceID) \(name)"] == nil else {
                throw .conflict("Method already exists for this resource")
            }
            var method: JSONObject = ["httpMethod": .string(name)]
            method["authorizationType"] = .string((call.body.string("authorizationType") ?? "").uppercased())
            method["apiKeyRequired"] = .bool(call.body["apiKeyRequired"]?.bool ?? false)
            method.take(
                [
                    "authorizerId", "operationName", "requestParameters", "requestModels", "requestValidatorId",
                    "authorizationScopes",
                ], from: call.body)
            for name in ["authorizerId", "operationName", "requestValidatorId"] where method.string(name) == "" {
                method[name] = nil
            }
            try check(method, in: api)
            api.put(.method, "\(call.resourceID) \(name)", method)
            return .json(method)
        }
    }

    /// What a method must hold with its API, however it came about.
    static func check(_ method: JSONObject, in api: API) throws(ServiceError) {
        let type = method.string("authorizationType") ?? ""
        guard ["NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS"].contains(type) else {
            throw .badRequest(
                "Invalid authorization type specified. Valid options are NONE,AWS_IAM,CUSTOM,COGNITO_USER_POOLS")
        }
        if type == "CUSTOM" || type == "COGNITO_USER_POOLS" {
            guard let id = method.string("authorizerId"), let authorizer = api[.authorizer, id],
                (authorizer.string("type") == "COGNITO_USER_POOLS") == (type == "COGNITO_USER_POOLS")
            else {
                throw .badRequest(
                    "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS "
                        + "requires a valid authorizer."
                )
            }
        }
        if let id = method.string("requestValidatorId"), api[.validator, id] == nil {
            throw .badRequest("Invalid Request Validator identifier specified")
        }
        try checkModels(method["requestModels"], in: api)
        try checkParameters(method["requestParameters"]?.object ?? [:])
    }

    static func checkModels(_ models: JSONValue?, in api: API) throws(ServiceError) {
        for (_, value) in models?.object ?? [:] {
            guard let name = value.string else { continue }
            if api[.model, name] == nil { throw .badRequest("Invalid model identifier specified: \(name)") }
        }
    }

    private static func checkParameters(_ parameters: JSONObject) throws(ServiceError) {
        var seen: Set<Substring> = []
        for (parameter, _) in parameters {
            let parts = parameter.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
            let places: Set<Substring> = [
                "querystring", "path", "header", "multivaluequerystring", "multivalueheader",
            ]
            guard parts.count == 4, parts[0] == "method", parts[1] == "request", places.contains(parts[2]),
                !parts[3].isEmpty
            else {
                throw .badRequest(MappingExpression.invalidExpressionMessage(parameter))
            }
            guard seen.insert(parts[3]).inserted else {
                throw .badRequest("Parameter names must be unique across querystring, header and path")
            }
        }
    }

    private static func update(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let operations = try PatchOperation.all(of: call)
        return try edit(&workspace, call) { (method, api) throws(ServiceError) in
            for operation in operations { try apply(operation, to: &method) }
            if ["NONE", "AWS_IAM"].contains(method.string("authorizationType") ?? "") { method["authorizerId"] = nil }
            try check(method, in: api)
            return .json(method)
        }
    }

    private static func apply(_ operation: PatchOperation, to method: inout JSONObject) throws(ServiceError) {
        switch (operation.parts.first, operation.parts.count) {
        case ("authorizationType", 1):
            try operation.require(.replace)
            method["authorizationType"] = .string((operation.value ?? "").uppercased())
        case ("apiKeyRequired", 1):
            try operation.require(.replace)
            method["apiKeyRequired"] = .bool(try operation.flag())
        case ("authorizerId", 1), ("operationName", 1), ("requestValidatorId", 1):
            try operation.require(.replace)
            try operation.setText(operation.parts[0], in: &method)
        case ("authorizationScopes", 1):
            try operation.require(.add, .replace, .remove)
            var scopes = (method["authorizationScopes"]?.array ?? []).compactMap(\.string)
            let value = operation.value ?? ""
            if operation.kind == .replace { scopes = [] }
            scopes.removeAll { $0 == value }
            if operation.kind != .remove, !value.isEmpty { scopes.append(value) }
            method["authorizationScopes"] = scopes.isEmpty ? JSONValue?.none : .array(scopes.map { .string($0) })
        case ("requestParameters", 2):
            try operation.setEntry(
                operation.parts[1], of: "requestParameters", in: &method, to: .bool(try operation.flag()),
                absent: .notFound("Invalid parameter name specified"))
        case ("requestModels", 2):
            try operation.setEntry(
                operation.parts[1], of: "requestModels", in: &method, to: .string(operation.value ?? ""),
                absent: .notFound("Content-Type specified was not found"))
        default: throw operation.unknownPath
        }
    }

    private static func delete(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        try workspace.update(call, orThrow: .unknownResource) { (api) throws(ServiceError) in
            guard api.resources[call.resourceID] != nil else { throw .unknownResource }
            guard api[.method, key(call)] != nil else { throw .unknownMethod }
            api.remove(.method, key(call))
            return .empty
        }
    }
}
