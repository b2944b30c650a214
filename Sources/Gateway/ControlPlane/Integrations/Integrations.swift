import JSON
import OpenAPI

/// `Integration`, kept inside its method as `methodIntegration`.
enum Integrations {
    static let path = Methods.path + "/integration"

    static let operations: [Operation] =
        [
            Operation("PutIntegration", "PUT", path, status: 201, members: putMembers, handler: put),
            Operation("GetIntegration", "GET", path, status: 200, handler: get),
            Operation("UpdateIntegration", "PATCH", path, status: 200, members: .patch, handler: update),
            Operation("DeleteIntegration", "DELETE", path, status: 204, handler: delete),
        ] + IntegrationResponses.operations

    static let contentHandling = ["CONVERT_TO_BINARY", "CONVERT_TO_TEXT"]

    private static let putMembers: [Shape.Member] = [
        .required("type", .enumeration(["HTTP", "AWS", "MOCK", "HTTP_PROXY", "AWS_PROXY"])), .optional("httpMethod"),
        .optional("uri"), .optional("connectionType", .enumeration(["INTERNET", "VPC_LINK"])),
        .optional("connectionId"), .optional("credentials"), .optional("requestParameters", .map(.string)),
        .optional("requestTemplates", .map(.string)), .optional("passthroughBehavior"), .optional("cacheNamespace"),
        .optional("cacheKeyParameters", .list(.string)), .optional("contentHandling", .enumeration(contentHandling)),
        .optional("timeoutInMillis", .integer),
        .optional("tlsConfig", .structure([.optional("insecureSkipVerification", .boolean)])),
        .optional("responseTransferMode", .enumeration(["BUFFERED", "STREAM"])), .optional("integrationTarget"),
    ]

    static func existing(_ workspace: Workspace, _ call: Call) throws(ServiceError) -> JSONObject {
        let method = try Methods.existing(workspace, call, orThrow: .unknownIntegration)
        guard let integration = method["methodIntegration"]?.object else { throw .unknownIntegration }
        return integration
    }

    static func edit<Result>(
        _ workspace: inout Workspace, _ call: Call,
        _ body: (inout JSONObject, JSONObject) throws(ServiceError) -> Result
    ) throws(ServiceError) -> Result {
        try Methods.edit(&workspace, call, orThrow: .unknownIntegration) { (method, _) throws(ServiceError) in
            guard var integration = method["methodIntegration"]?.object else { throw .unknownIntegration }
            let result = try body(&integration, method)
            method["methodIntegration"] = .object(integration)
            return result
        }
    }

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        .json(try existing(workspace, call))
    }

    private static func put(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        try Methods.edit(&workspace, call) { (method, _) throws(ServiceError) in
            let input = call.body
            let integration = complete(input, resource: call.resourceID)
            try IntegrationCheck.check(integration, of: method, call.environment)
            method["methodIntegration"] = .object(integration)
            return .json(integration)
        }
    }

    /// An integration with every member that the service always returns for its type.
    static func complete(_ input: JSONObject, resource: String) -> JSONObject {
        let type = input.string("type") ?? ""
        var integration: JSONObject = ["type": .string(type)]
        integration.take(
            [
                "httpMethod", "uri", "connectionId", "credentials", "requestParameters", "requestTemplates",
                "contentHandling", "tlsConfig", "cacheNamespace", "integrationTarget", "responseTransferMode",
            ], from: input)
        for name in ["httpMethod", "uri", "connectionId", "credentials", "cacheNamespace", "integrationTarget"]
        where integration.string(name) == "" {
            integration[name] = nil
        }
        if let templates = integration["requestTemplates"]?.object {
            integration["requestTemplates"] = .object(normalizedTemplates(templates))
        }
        if type == "HTTP" || type == "HTTP_PROXY" {
            integration["connectionType"] =
                input["connectionType"].flatMap { $0.isNull ? JSONValue?.none : $0 } ?? "INTERNET"
        }
        let behaviour = input.string("passthroughBehavior") ?? ""
        integration["passthroughBehavior"] = .string(behaviour.isEmpty ? "WHEN_NO_MATCH" : behaviour.uppercased())
        integration["timeoutInMillis"] = .number(JSONNumber(input["timeoutInMillis"]?.int ?? 29000))
        if integration["cacheNamespace"] == nil { integration["cacheNamespace"] = .string(resource) }
        integration["cacheKeyParameters"] = .array(input["cacheKeyParameters"]?.array ?? [])
        return integration
    }

    /// A missing or empty template is null.
    static func normalizedTemplates(_ templates: JSONObject) -> JSONObject {
        JSONObject(templates.map { ($0.name, $0.value == "" ? .null : $0.value) })
    }

    private static func update(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let operations = try PatchOperation.all(of: call)
        return try edit(&workspace, call) { (integration, method) throws(ServiceError) in
            for operation in operations { try apply(operation, to: &integration, resource: call.resourceID) }
            try IntegrationCheck.check(integration, of: method, call.environment)
            return .json(integration)
        }
    }

    private static func apply(
        _ operation: PatchOperation, to integration: inout JSONObject, resource: String
    ) throws(ServiceError) {
        let parts = operation.parts
        switch (parts.first, parts.count) {
        case ("httpMethod", 1), ("uri", 1), ("credentials", 1), ("connectionId", 1), ("contentHandling", 1):
            try operation.setText(parts[0], in: &integration)
        case ("connectionType", 1), ("passthroughBehavior", 1):
            try operation.require(.replace)
            integration[parts[0]] = .string((operation.value ?? "").uppercased())
        case ("cacheNamespace", 1):
            try operation.setText("cacheNamespace", in: &integration)
            if integration["cacheNamespace"] == nil { integration["cacheNamespace"] = .string(resource) }
        case ("timeoutInMillis", 1):
            try operation.require(.replace)
            integration["timeoutInMillis"] = .number(JSONNumber(try operation.number()))
        case ("tlsConfig", 2) where parts[1] == "insecureSkipVerification":
            try operation.require(.replace)
            integration["tlsConfig"] = ["insecureSkipVerification": .bool(try operation.flag())]
        case ("cacheKeyParameters", 2):
            try operation.require(.add, .remove)
            var names = (integration["cacheKeyParameters"]?.array ?? []).compactMap(\.string)
            names.removeAll { $0 == parts[1] }
            if operation.kind == .add { names.append(parts[1]) }
            integration["cacheKeyParameters"] = .array(names.map { .string($0) })
        case ("requestParameters", 2):
            try operation.setEntry(
                parts[1], of: "requestParameters", in: &integration, to: .string(operation.value ?? ""),
                absent: .notFound("Invalid parameter name specified"))
        case ("requestTemplates", 2):
            let text = operation.value ?? ""
            try operation.setEntry(
                parts[1], of: "requestTemplates", in: &integration, to: text.isEmpty ? .null : .string(text),
                absent: .notFound("Content-Type specified was not found"))
        default: throw operation.unknownPath
        }
    }

    private static func delete(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        try Methods.edit(&workspace, call, orThrow: .unknownIntegration) { (method, _) throws(ServiceError) in
            guard method["methodIntegration"] != nil else { throw .unknownIntegration }
            method["methodIntegration"] = nil
            return .empty
        }
    }
}
