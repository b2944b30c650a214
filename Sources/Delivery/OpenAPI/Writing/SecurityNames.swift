import JSON
import Resources

/// Names of the security schemes of a document: the authorizers' own, and two that none of them has.
struct SecurityNames {
    private let apiKey: String
    private let iam: String
    private let hasAuthorizers: Bool

    /// - Parameter withAuthorizers: Schemes say how their callers are looked at, not only what these must send.
    init(_ authorizers: [String], withAuthorizers: Bool) {
        hasAuthorizers = withAuthorizers
        apiKey = Self.free("api_key", authorizers)
        iam = Self.free("sigv4", authorizers)
    }

    private static func free(_ name: String, _ taken: [String]) -> String {
        taken.contains(name) ? free(name + "_", taken) : name
    }

    /// `security` of a method: what it requires beside each other, as GetExport writes it.
    func requirements(of method: JSONObject) -> [JSONValue] {
        var result: [JSONValue] = []
        if method["authorizationType"] == "AWS_IAM" { result.append([iam: []]) }
        if let authorizer = method["authorizer"]?.string {
            result.append([authorizer: method["authorizationScopes"] ?? []])
        }
        if method["apiKeyRequired"] == true { result.append([apiKey: []]) }
        return result
    }

    /// Every scheme that a method of the definition may name.
    func schemes(of definition: APIDefinition) -> JSONObject {
        var result = JSONObject()
        var usesKey = false
        var usesIAM = false
        for object in definition.objects {
            switch object.kind {
            case .authorizer: result[object.key] = .object(scheme(object.document.object ?? [:]))
            case .method:
                usesKey = usesKey || object.document["apiKeyRequired"] == true
                usesIAM = usesIAM || object.document["authorizationType"] == "AWS_IAM"
            default: break
            }
        }
        if usesKey { result[apiKey] = ["type": "apiKey", "name": "x-api-key", "in": "header"] }
        if usesIAM {
            result[iam] = [
                "type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4",
            ]
        }
        return result
    }

    private func scheme(_ authorizer: JSONObject) -> JSONObject {
        let prefix = "method.request.header."
        let source = authorizer["identitySource"]?.string
        let isRequest = authorizer["type"] == "REQUEST"
        let header = source.flatMap { isRequest || !$0.hasPrefix(prefix) ? nil : String($0.dropFirst(prefix.count)) }
        var result: JSONObject = [
            "type": "apiKey", "name": .string(header ?? "Unused"), "in": "header",
        ]
        guard hasAuthorizers else { return result }
        result["x-amazon-apigateway-authtype"] = authorizer["authType"]
        var document = authorizer
        document["authType"] = nil
        document.set("type", authorizer["type"]?.string?.lowercased())
        if header != nil { document["identitySource"] = nil }
        result["x-amazon-apigateway-authorizer"] = .object(document)
        return result
    }
}
