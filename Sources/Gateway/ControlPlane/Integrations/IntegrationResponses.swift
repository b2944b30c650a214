import JSON
import OpenAPI

/// `IntegrationResponse`, kept inside its integration.
enum IntegrationResponses {
    private static let path = Integrations.path + "/responses/{status}"

    static let operations: [Operation] = [
        Operation(
            "PutIntegrationResponse", "PUT", path, status: 201,
            members: [
                .optional("selectionPattern"), .optional("responseParameters", .map(.string)),
                .optional("responseTemplates", .map(.string)),
                .optional("contentHandling", .enumeration(Integrations.contentHandling)),
            ], handler: put),
        Operation("GetIntegrationResponse", "GET", path, status: 200, handler: get),
        Operation("UpdateIntegrationResponse", "PATCH", path, status: 200, members: .patch, handler: update),
        Operation("DeleteIntegrationResponse", "DELETE", path, status: 204, handler: delete),
    ]

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let integration = try Integrations.existing(workspace, call)
        guard let response = integration["integrationResponses"]?[call.statusCode]?.object else {
            throw .unknownStatusCode
        }
        return .json(response)
    }

    private static func put(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        try Integrations.edit(&workspace, call) { (integration, method) throws(ServiceError) in
            var response: JSONObject = ["statusCode": .string(call.statusCode)]
            for name in ["selectionPattern", "responseParameters", "responseTemplates", "contentHandling"] {
                if let value = call.body[name], !value.isNull { response[name] = value }
            }
            if let templates = response["responseTemplates"]?.object {
                response["responseTemplates"] = .object(Integrations.normalizedTemplates(templates))
            }
            try check(response, of: method, call.environment)
            try integration.edit("integrationResponses") { (map) in map[call.statusCode] = .object(response) }
            return .json(response)
        }
    }

    /// A response needs the method response of its status, and every header that it maps declared there.
    private static func check(
        _ response: JSONObject, of method: JSONObject, _ environment: CallEnvironment
    ) throws(ServiceError) {
        try IntegrationCheck.checkTemplates(response["responseTemplates"]?.object ?? [:], environment)
        try IntegrationCheck.checkContentHandling(response)
        guard let declared = method["methodResponses"]?[response.string("statusCode") ?? ""] else {
            throw .unknownStatusCode
        }
        for (target, value) in response["responseParameters"]?.object ?? [:] {
            let text = value.string ?? ""
            guard MappingTarget.isValid(target, for: .integrationResponse) else {
                throw .badRequest(MappingExpression.invalidExpressionMessage(target))
            }
            guard MappingExpression(text, for: .integrationResponse) != nil else {
                throw .badRequest(MappingExpression.invalidExpressionMessage(text))
            }
            guard declared["responseParameters"]?[target] != nil else {
                throw .badRequest(MappingExpression.undeclaredParameterMessage(target))
            }
        }
    }

    private static func update(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let operations = try PatchOperation.all(of: call)
        return try Integrations.edit(&workspace, call) { (integration, method) throws(ServiceError) in
            guard var response = integration["integrationResponses"]?[call.statusCode]?.object else {
                throw .unknownStatusCode
            }
            for operation in operations { try apply(operation, to: &response) }
            try check(response, of: method, call.environment)
            try integration.edit("integrationResponses") { (map) in map[call.statusCode] = .object(response) }
            return .json(response)
        }
    }

    private static func apply(_ operation: PatchOperation, to response: inout JSONObject) throws(ServiceError) {
        let parts = operation.parts
        switch (parts.first, parts.count) {
        case ("selectionPattern", 1), ("contentHandling", 1): try operation.setText(parts[0], in: &response)
        case ("responseParameters", 2):
            try operation.setEntry(
                parts[1], of: "responseParameters", in: &response, to: .string(operation.value ?? ""),
                absent: .notFound("Invalid parameter name specified"))
        case ("responseTemplates", 2):
            let text = operation.value ?? ""
            try operation.setEntry(
                parts[1], of: "responseTemplates", in: &response, to: text.isEmpty ? .null : .string(text),
                absent: .notFound("Content-Type specified was not found"))
        default: throw operation.unknownPath
        }
    }

    private static func delete(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        try Integrations.edit(&workspace, call) { (integration, _) throws(ServiceError) in
            guard integration["integrationResponses"]?[call.statusCode] != nil else { throw .unknownStatusCode }
            try integration.edit("integrationResponses") { (map) in map[call.statusCode] = nil }
            return .empty
        }
    }
}
