import JSON
import OpenAPI

/// What the service refuses about an integration.
enum IntegrationCheck {
    static func check(
        _ integration: JSONObject, of method: JSONObject, _ environment: CallEnvironment
    ) throws(ServiceError) {
        let type = integration.string("type") ?? ""
        if ["HTTP", "HTTP_PROXY", "AWS"].contains(type), (integration.string("httpMethod") ?? "").isEmpty {
            throw .badRequest("Enumeration value for HttpMethod must be non-empty")
        }
        try checkURI(integration.string("uri") ?? "", type: type)
        if integration.string("connectionType") == "VPC_LINK", integration.string("connectionId") == nil {
            throw .badRequest("A connectionId must be specified for connectionType VPC_LINK")
        }
        if let type = integration.string("connectionType"), !["INTERNET", "VPC_LINK"].contains(type) {
            throw .badRequest("Invalid connection type specified. Must be one of: [INTERNET, VPC_LINK]")
        }
        let behaviour = integration.string("passthroughBehavior") ?? ""
        guard ["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"].contains(behaviour) else {
            throw .badRequest(
                "Invalid passthrough behavior specified. Must be one of: [WHEN_NO_MATCH, WHEN_NO_TEMPLATES, NEVER]")
        }
        try checkContentHandling(integration)
        guard (50...29000).contains(integration["timeoutInMillis"]?.int ?? 0) else {
            throw .badRequest("Timeout should be between 50 ms and 29000 ms")
        }
        try checkMappings(integration["requestParameters"]?.object ?? [:], of: method)
        try checkTemplates(integration["requestTemplates"]?.object ?? [:], environment)
    }

    static func checkContentHandling(_ document: JSONObject) throws(ServiceError) {
        guard let handling = document.string("contentHandling") else { return }
        guard Integrations.contentHandling.contains(handling) else {
            throw .badRequest(
                "Invalid content handling specified. Must be one of: [CONVERT_TO_BINARY, CONVERT_TO_TEXT]")
        }
    }

    private static func checkURI(_ uri: String, type: String) throws(ServiceError) {
        switch type {
        case "HTTP", "HTTP_PROXY":
            let rest = uri.hasPrefix("http://") ? uri.dropFirst(7) : uri.hasPrefix("https://") ? uri.dropFirst(8) : ""
            guard let first = rest.first, first != "/", !rest.utf8.contains(where: { $0 <= 32 }) else {
                throw .badRequest("Invalid HTTP endpoint specified for URI")
            }
        case "AWS", "AWS_PROXY":
            let parts = uri.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
            guard parts.count == 6, parts[0] == "arn", !parts[2].isEmpty, !parts[4].isEmpty else {
                throw .badRequest("Invalid ARN specified in the request")
            }
            guard parts[2] == "apigateway", parts[5].hasPrefix("path/") || parts[5].hasPrefix("action/") else {
                throw .badRequest("AWS ARN for integration must contain path or action")
            }
            if type == "AWS_PROXY", parts[4] != "lambda", parts[4] != "firehose" {
                throw .badRequest(
                    "Integrations of type 'AWS_PROXY' currently only supports Lambda function "
                        + "and Firehose stream invocations."
                )
            }
        default: break
        }
    }

    private static func checkMappings(_ mappings: JSONObject, of method: JSONObject) throws(ServiceError) {
        for (target, value) in mappings {
            guard let text = value.string else { continue }
            guard MappingTarget.isValid(target, for: .integrationRequest) else {
                throw .badRequest(MappingExpression.invalidExpressionMessage(target))
            }
            guard let expression = MappingExpression(text, for: .integrationRequest) else {
                throw .badRequest(MappingExpression.invalidExpressionMessage(text))
            }
            guard let parameter = expression.declaredParameter else { continue }
            if method["requestParameters"]?[parameter] == nil, method["requestParameters"]?[text] == nil {
                throw .badRequest(MappingExpression.undeclaredParameterMessage(text))
            }
        }
    }

    static func checkTemplates(_ templates: JSONObject, _ environment: CallEnvironment) throws(ServiceError) {
        for (type, value) in templates {
            guard isContentType(type) else {
                throw .badRequest(
                    "Validation Result: warnings : [], errors : [Invalid content type specified: \(type)]")
            }
            // Every character is at least one byte, so the count is asked for only when it can be too long.
            if let text = value.string, text.utf8.count > environment.quotas.templateCharacters,
                text.count > environment.quotas.templateCharacters
            {
                throw .badRequest(
                    "Mapping template for \(type) is longer than \(environment.quotas.templateCharacters) characters")
            }
        }
    }

    /// `type/subtype`, parameters may follow; `$default` stands for any other.
    private static func isContentType(_ text: String) -> Bool {
        if text == "$default" { return true }
        let type = text.utf8.prefix { $0 != UInt8(ascii: ";") }
        let parts = type.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
    }
}
