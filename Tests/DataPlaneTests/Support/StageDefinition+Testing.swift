import DataPlane
import JSON

/// One method of a stage under test.
struct Route {
    var path: String
    var httpMethod: String
    var document: JSONValue

    /// - Parameter integration: Members of `methodIntegration`, as JSON text.
    init(_ httpMethod: String, _ path: String, _ integration: String, method: String = "{}") throws {
        var document: JSONObject = ["httpMethod": .string(httpMethod), "authorizationType": "NONE"]
        for member in try JSONValue(parsing: method).object?.members ?? [] { document[member.name] = member.value }
        document["methodIntegration"] = try JSONValue(parsing: integration)
        self.path = path
        self.httpMethod = httpMethod
        self.document = .object(document)
    }

    /// A MOCK that says which route answered.
    static func marked(_ httpMethod: String, _ path: String, _ marker: String? = nil) throws -> Route {
        let text = JSONValue.string(marker ?? "\(httpMethod) \(path)").text(.compact)
        return try Route(
            httpMethod, path,
            """
            {"type": "MOCK", "requestTemplates": {"application/json": "{\\"statusCode\\": 200}"},
             "integrationResponses": {"200": {"statusCode": "200", "responseTemplates": {"application/json": \(text)}}}}
            """)
    }

    /// - Parameter more: Further members, each with a comma before it.
    static func proxy(
        _ uri: String, _ httpMethod: String = "ANY", _ path: String = "/{proxy+}", more: String = "",
        method: String = "{}"
    ) throws -> Route {
        let mapping = path.contains("{proxy+}") ? #""integration.request.path.proxy": "method.request.path.proxy""# : ""
        return try Route(
            httpMethod, path,
            """
            {"type": "HTTP_PROXY", "httpMethod": "\(httpMethod)", "uri": "\(uri)"
             \(more.contains("connectionType") ? "" : ", \"connectionType\": \"INTERNET\"")
             \(more.contains("requestParameters") ? "" : ", \"requestParameters\": {\(mapping)}") \(more)}
            """, method: method)
    }

    static func http(
        _ uri: String, _ httpMethod: String = "GET", _ path: String, more: String = "", method: String = "{}"
    ) throws -> Route {
        let responses = #", "integrationResponses": {"200": {"statusCode": "200"}}"#
        return try Route(
            httpMethod, path,
            """
            {"type": "HTTP", "httpMethod": "\(httpMethod)", "uri": "\(uri)"
             \(more.contains("integrationResponses") ? "" : responses) \(more)}
            """, method: method)
    }
}

extension StageDefinition {
    static func testing(
        _ routes: [Route], stage: String = "test", variables: [String: String] = [:], binaryMediaTypes: [String] = [],
        policy: JSONValue? = nil, requestValidators: [String: JSONValue] = [:],
        gatewayResponses: [String: JSONValue] = [:]
    ) -> StageDefinition {
        var resources: [StageDefinition.Resource] = []
        for route in routes {
            if let position = resources.firstIndex(where: { $0.path == route.path }) {
                resources[position].methods[route.httpMethod] = route.document
            } else {
                resources.append(
                    StageDefinition.Resource(
                        id: "r\(resources.count)", path: route.path, methods: [route.httpMethod: route.document]))
            }
        }
        return StageDefinition(
            accountID: "123456789012", region: "us-east-1", apiID: "abc123", apiName: "pets", stageName: stage,
            deploymentID: "dep1", variables: variables, binaryMediaTypes: binaryMediaTypes, policy: policy,
            resources: resources, requestValidators: requestValidators, gatewayResponses: gatewayResponses)
    }
}
