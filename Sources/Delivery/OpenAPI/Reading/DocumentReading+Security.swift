import Diagnostics
import JSON
import Resources

/// What a security scheme means to API Gateway.
struct SecurityScheme {
    enum Meaning {
        /// The `x-api-key` header: a key of a usage plan.
        case apiKey
        case iam
        /// `authorizationType` of the methods that use it.
        case authorizer(authorizationType: String)
        /// Nothing that API Gateway would enforce.
        case none
    }

    let meaning: Meaning
    let span: SourceSpan
}

extension DocumentReading {
    /// What the `security` of a method comes to.
    struct MethodSecurity {
        var authorizationType = "NONE"
        var authorizer: String?
        var scopes: [String] = []
        var apiKeyRequired = false
    }

    mutating func readSecuritySchemes() {
        let holder = version == .swagger2 ? root["securityDefinitions"] : root["components"]?["securitySchemes"]
        for (name, place) in entries(holder) {
            _ = members(place)
            checkNames(of: place, known: nil, extensions: Extensions.securityScheme, isStrict: false)
            schemes[name] = SecurityScheme(meaning: meaning(of: place, name: name), span: place.nameSpan)
        }
    }

    private mutating func meaning(of place: Place, name: String) -> SecurityScheme.Meaning {
        let authType = text(place["x-amazon-apigateway-authtype"])
        if let authorizer = place["x-amazon-apigateway-authorizer"] {
            refuseIfLater("x-amazon-apigateway-authorizer", at: authorizer)
            return readAuthorizer(authorizer, name: name, authType: authType, scheme: place)
        }
        if let authTypePlace = place["x-amazon-apigateway-authtype"] {
            refuseIfLater("x-amazon-apigateway-authtype", at: authTypePlace)
            if authType?.lowercased() == "awssigv4" { return .iam }
        }
        let isHeaderKey =
            place["type"]?.node.string?.lowercased() == "apikey" && place["in"]?.node.string?.lowercased() == "header"
            && place["name"]?.node.string?.lowercased() == "x-api-key"
        return isHeaderKey ? .apiKey : .none
    }

    private mutating func readAuthorizer(
        _ place: Place, name: String, authType: String?, scheme: Place
    ) -> SecurityScheme.Meaning {
        checkNames(of: place, known: Self.authorizerMembers, isStrict: true)
        guard place.node.members != nil else {
            wrongType(place, wanted: "a map")
            return .none
        }
        guard let typePlace = place["type"] else {
            missing("type", in: place)
            return .none
        }
        guard let type = word(typePlace, among: ["TOKEN", "REQUEST", "COGNITO_USER_POOLS"]) else { return .none }
        var document: JSONObject = ["type": .string(type)]
        document.set("authType", authType)
        document.set("authorizerUri", text(place["authorizerUri"]))
        document.set("authorizerCredentials", text(place["authorizerCredentials"]))
        document.set("identityValidationExpression", text(place["identityValidationExpression"]))
        document.set(
            "authorizerResultTtlInSeconds",
            whole(place["authorizerResultTtlInSeconds"], in: Limits.authorizerCacheSeconds))
        let arns = texts(place["providerARNs"])
        if !arns.isEmpty { document["providerARNs"] = .array(arns.map { .string($0) }) }
        var source = text(place["identitySource"])
        if source == nil, type != "REQUEST", scheme["in"]?.node.string == "header", let header = text(scheme["name"]) {
            source = "method.request.header.\(header)"
        }
        document.set("identitySource", source)
        add(.authorizer, name, document, at: scheme.nameSpan)
        return .authorizer(authorizationType: type == "COGNITO_USER_POOLS" ? type : "CUSTOM")
    }

    private static let authorizerMembers = [
        "type", "authorizerUri", "authorizerCredentials", "identityValidationExpression", "identitySource",
        "authorizerResultTtlInSeconds", "providerARNs",
    ]

    /// What the operation asks for, or the document where the operation is silent.
    mutating func security(of operation: Place) -> MethodSecurity {
        var result = MethodSecurity()
        for requirement in elements(operation["security"] ?? root["security"]) {
            for (name, place) in members(requirement) { apply(name, place, to: &result) }
        }
        if let auth = operation["x-amazon-apigateway-auth"] {
            refuseIfLater("x-amazon-apigateway-auth", at: auth)
            checkNames(of: auth, known: ["type"], isStrict: true)
            if let type = word(auth["type"], among: ["NONE", "AWS_IAM"]) {
                result.authorizationType = type
                result.authorizer = nil
                result.scopes = []
            }
        }
        return result
    }

    private mutating func apply(_ name: String, _ place: Place, to result: inout MethodSecurity) {
        guard let scheme = schemes[name] else {
            let near = suggestion(for: name, among: schemes.keys.sorted())
            problem(
                .unknownName, "\(place.name) is no security scheme of the document", at: [place.nameSpan],
                remedy: near.map { "did you mean `\($0)`" } ?? "declare it, or remove the requirement")
            return
        }
        switch scheme.meaning {
        case .apiKey:
            result.apiKeyRequired = true
        case .iam:
            refuseUse(of: name, at: place, scheme, later: "x-amazon-apigateway-authtype")
            if result.authorizationType == "NONE" { result.authorizationType = "AWS_IAM" }
        case .authorizer(let authorizationType):
            refuseUse(of: name, at: place, scheme, later: "x-amazon-apigateway-authorizer")
            guard result.authorizationType == "NONE" else { return }
            result.authorizationType = authorizationType
            result.authorizer = name
            result.scopes = texts(place)
        case .none:
            problem(
                .unenforcedSecurity, as: isManifest ? .error : .warning,
                "`\(name)` at \(place.name) is nothing that API Gateway enforces", at: [place.nameSpan, scheme.span],
                remedy: "remove it, or require an `x-api-key` header")
        }
    }

    private mutating func refuseUse(of name: String, at place: Place, _ scheme: SecurityScheme, later: String) {
        guard isManifest, let remedy = LaterVersions.refusals[later] else { return }
        problem(
            .notYetSupported, "`\(name)` at \(place.name) uses `\(later)`, which is not supported by this version",
            at: [place.nameSpan, scheme.span], remedy: remedy)
    }
}
