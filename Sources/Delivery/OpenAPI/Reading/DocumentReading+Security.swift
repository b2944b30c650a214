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
    mutating func readSecuritySchemes() {
        let holder = version == .swagger2 ? root["securityDefinitions"] : root["components"]?["securitySchemes"]
        for (name, written) in entries(holder) {
            guard written.node.members != nil else {
                wrongType(written, wanted: "a map")
                continue
            }
            guard let place = resolve(written, in: .securitySchemes) else { continue }
            checkNames(of: place, known: nil, extensions: Extensions.securityScheme, isStrict: false)
            schemes[name] = SecurityScheme(meaning: meaning(of: place, name: name), span: written.nameSpan)
        }
    }

    private mutating func meaning(of place: Place, name: String) -> SecurityScheme.Meaning {
        let authType = text(place["x-amazon-apigateway-authtype"])
        if let authorizer = place["x-amazon-apigateway-authorizer"] {
            return readAuthorizer(authorizer, name: name, authType: authType, scheme: place)
        }
        if authType?.lowercased() == "awssigv4" { return .iam }
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
        checkAuthorizer(document, type: type, at: place)
        add(.authorizer, name, document, at: scheme.nameSpan)
        return .authorizer(authorizationType: type == "COGNITO_USER_POOLS" ? type : "CUSTOM")
    }

    /// What the service would refuse, or what no request would ever pass.
    ///
    /// Source: CreateAuthorizer.
    private mutating func checkAuthorizer(_ document: JSONObject, type: String, at place: Place) {
        guard isManifest else { return }
        if type == "COGNITO_USER_POOLS" {
            if document["providerARNs"] == nil { missing("providerARNs", in: place) }
            return
        }
        if let uriPlace = place["authorizerUri"], let uri = document["authorizerUri"]?.string {
            if let fault = EndpointURI.authorizerFault(uri) {
                problem(
                    .invalidEndpoint, "`\(uri)` at \(uriPlace.name) \(fault)", at: uriPlace,
                    remedy: "write `arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations`")
            }
        } else if place["authorizerUri"] == nil {
            missing("authorizerUri", in: place)
        }
        guard document["identitySource"] == nil else { return }
        if type == "TOKEN" {
            problem(
                .missingMember, "\(place.name) does not say which header has the token", at: [place.nameSpan],
                remedy: "add `name` and `in: header` to the security scheme, or `identitySource` here")
        } else if document["authorizerResultTtlInSeconds"] != 0 {
            problem(
                .missingMember, "\(place.name) has no `identitySource`", at: [place.nameSpan],
                remedy: "add it, or `authorizerResultTtlInSeconds: 0` to ask for every request")
        }
    }

    private static let authorizerMembers = [
        "type", "authorizerUri", "authorizerCredentials", "identityValidationExpression", "identitySource",
        "authorizerResultTtlInSeconds", "providerARNs",
    ]
}
