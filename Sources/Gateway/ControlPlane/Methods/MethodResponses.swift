import JSON
import OpenAPI

/// `MethodResponse`, kept inside its method.
enum MethodResponses {
    private static let path = Methods.path + "/responses/{status}"

    static let operations: [Operation] = [
        Operation(
            "PutMethodResponse", "PUT", path, status: 201,
            members: [
                .optional("responseParameters", .map(.boolean)), .optional("responseModels", .map(.string)),
            ], handler: put),
        Operation("GetMethodResponse", "GET", path, status: 200, handler: get),
        Operation("UpdateMethodResponse", "PATCH", path, status: 201, members: .patch, handler: update),
        Operation("DeleteMethodResponse", "DELETE", path, status: 204, handler: delete),
    ]

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let method = try Methods.existing(workspace, call)
        guard let response = method["methodResponses"]?[call.statusCode]?.object else { throw .unknownStatusCode }
        return .json(response)
    }

    private static func put(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        try Methods.edit(&workspace, call) { (method, api) throws(ServiceError) in
            guard method["methodResponses"]?[call.statusCode] == nil else {
                throw .conflict("Response already exists for this resource")
            }
            var response: JSONObject = ["statusCode": .string(call.statusCode)]
            for name in ["responseParameters", "responseModels"] {
                if let map = call.body[name]?.object { response[name] = .object(map) }
            }
            try check(response, in: api)
            try method.edit("methodResponses") { (map) in map[call.statusCode] = .object(response) }
            return .json(response)
        }
    }

    private static func check(_ response: JSONObject, in api: API) throws(ServiceError) {
        try Methods.checkModels(response["responseModels"], in: api)
        for (name, _) in response["responseParameters"]?.object ?? [:] {
            let prefix = "method.response.header."
            guard name.hasPrefix(prefix), name.utf8.count > prefix.utf8.count else {
                throw .badRequest(MappingExpression.invalidExpressionMessage(name))
            }
        }
    }

    private static func update(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let operations = try PatchOperation.all(of: call)
        return try Methods.edit(&workspace, call) { (method, api) throws(ServiceError) in
            guard var response = method["methodResponses"]?[call.statusCode]?.object else { throw .unknownStatusCode }
            for operation in operations { try apply(operation, to: &response) }
            try check(response, in: api)
            try method.edit("methodResponses") { (map) in map[call.statusCode] = .object(response) }
            return .json(response)
        }
    }

    private static func apply(_ operation: PatchOperation, to response: inout JSONObject) throws(ServiceError) {
        switch (operation.parts.first, operation.parts.count) {
        case ("responseParameters", 2):
            try operation.setEntry(
                operation.parts[1], of: "responseParameters", in: &response, to: .bool(try operation.flag()),
                absent: .notFound("Invalid parameter name specified"))
        case ("responseModels", 2):
            try operation.setEntry(
                operation.parts[1], of: "responseModels", in: &response, to: .string(operation.value ?? ""),
                absent: .notFound("Content-Type specified was not found"))
        default: throw operation.unknownPath
        }
    }

    private static func delete(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        try Methods.edit(&workspace, call) { (method, _) throws(ServiceError) in
            guard method["methodResponses"]?[call.statusCode] != nil else { throw .unknownStatusCode }
            try method.edit("methodResponses") { (map) in map[call.statusCode] = nil }
            return .empty
        }
    }
}
