import JSON
import Resources

/// `GatewayResponse`: kept only when customised.
enum GatewayResponses {
    private static let one = "/restapis/{api}/gatewayresponses/{responseType}"

    static let operations: [Operation] = [
        Operation("GetGatewayResponses", "GET", "/restapis/{api}/gatewayresponses", status: 200, handler: list),
        Operation("GetGatewayResponse", "GET", one, status: 200, handler: get),
        Operation(
            "PutGatewayResponse", "PUT", one, status: 201,
            members: [
                .optional("statusCode", .pattern(.statusCode)), .optional("responseParameters", .map(.string)),
                .optional("responseTemplates", .map(.string)),
            ], handler: put),
        Operation("UpdateGatewayResponse", "PATCH", one, status: 200, members: .patch, handler: update),
        Operation("DeleteGatewayResponse", "DELETE", one, status: 202, handler: delete),
    ]

    private static let defaultTemplates: JSONValue = [
        "application/json": #"{"message":$context.error.messageString}"#
    ]

    static func document(_ type: String, of api: API) -> JSONObject {
        if let customised = api[.gatewayResponse, type] { return customised }
        var document: JSONObject = ["responseType": .string(type)]
        if let status = GatewayResponseForm.defaultStatus(type) { document["statusCode"] = .string(status) }
        document["responseParameters"] = [:]
        document["responseTemplates"] = defaultTemplates
        document["defaultResponse"] = true
        return document
    }

    /// A customised response with what is set in `input`; what is not set has the default of its type.
    static func customised(_ type: String, _ input: JSONObject) -> JSONObject {
        var document: JSONObject = ["responseType": .string(type)]
        document["statusCode"] =
            input.string("statusCode").map { .string($0) }
            ?? GatewayResponseForm.defaultStatus(type).map { .string($0) }
        document["responseParameters"] = .object(input["responseParameters"]?.object ?? [:])
        document["responseTemplates"] = input["responseTemplates"]?.object.map { .object($0) } ?? defaultTemplates
        document["defaultResponse"] = false
        return document
    }

    private static func type(_ call: Call) -> String { call.path["responseType"] ?? "" }

    private static func list(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let api = try workspace.existing(call)
        return try Paging.page(
            GatewayResponseTypes.sorted.map { Paging.Item(key: $0, document: document($0, of: api)) }, call)
    }

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        .json(document(type(call), of: try workspace.existing(call)))
    }

    private static func put(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        try workspace.update(call) { (api) throws(ServiceError) in
            let document = customised(type(call), call.body)
            api.put(.gatewayResponse, type(call), document)
            return .json(document)
        }
    }

    private static func update(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let operations = try PatchOperation.all(of: call)
        return try workspace.update(call) { (api) throws(ServiceError) in
            var document = document(type(call), of: api)
            for operation in operations { try apply(operation, to: &document) }
            document["defaultResponse"] = false
            api.put(.gatewayResponse, type(call), document)
            return .json(document)
        }
    }

    private static func apply(_ operation: PatchOperation, to document: inout JSONObject) throws(ServiceError) {
        switch (operation.parts.first, operation.parts.count) {
        case ("statusCode", 1):
            try operation.require(.add, .replace)
            let code = operation.value ?? ""
            guard Shape.PrintedPattern.statusCode.matches(code) else {
                throw .badRequest("Invalid status code \(code) specified for path \(operation.path)")
            }
            document["statusCode"] = .string(code)
        case ("responseParameters", 2), ("responseTemplates", 2):
            try operation.require(.add, .replace, .remove)
            let key = operation.parts[1]
            try document.edit(operation.parts[0], keepsEmpty: true) { (map) throws(ServiceError) in
                map[key] = operation.kind == .remove ? JSONValue?.none : .string(operation.value ?? "")
            }
        default: throw operation.unknownPath
        }
    }

    private static func delete(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        try workspace.update(call) { (api) throws(ServiceError) in
            guard api[.gatewayResponse, type(call)] != nil else {
                throw .notFound("Gateway response type not defined on api")
            }
            api.remove(.gatewayResponse, type(call))
            return .empty
        }
    }
}
