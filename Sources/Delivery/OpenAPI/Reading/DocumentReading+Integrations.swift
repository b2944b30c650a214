import Diagnostics
import JSON

extension DocumentReading {
    private static let integrationMembers = [
        "type", "httpMethod", "uri", "credentials", "connectionType", "connectionId", "passthroughBehavior",
        "timeoutInMillis", "contentHandling", "cacheNamespace", "cacheKeyParameters", "tlsConfig", "requestParameters",
        "requestTemplates", "responses", "payloadFormatVersion", "integrationTarget", "responseTransferMode",
    ]

    /// An error of the integration of the method that is being read, in the words of the service.
    func prefixed(_ text: String) -> String {
        guard let current else { return text }
        return "Unable to put integration on '\(current.method)' for resource at path '\(current.path)': \(text)"
    }

    mutating func readIntegration(_ place: Place, _ method: Method) -> JSONObject {
        checkNames(of: place, known: Self.integrationMembers, isStrict: true)
        guard place.node.members != nil else {
            wrongType(place, wanted: "a map")
            return [:]
        }
        guard let typePlace = place["type"] else {
            missing("type", in: place)
            return [:]
        }
        guard let type = word(typePlace, among: ["MOCK", "HTTP", "HTTP_PROXY", "AWS", "AWS_PROXY"]) else { return [:] }
        var document: JSONObject = ["type": .string(type)]
        readEndpoint(of: place, type: type, into: &document)
        document.set(
            "passthroughBehavior",
            word(place["passthroughBehavior"], among: ["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"]))
        document.set(
            "timeoutInMillis",
            whole(
                place["timeoutInMillis"], in: Limits.integrationTimeoutMilliseconds,
                service: prefixed("Timeout should be between 50 ms and 29000 ms")))
        document.set("contentHandling", contentHandling(place["contentHandling"]))
        document.set("cacheNamespace", text(place["cacheNamespace"]))
        let keys = texts(place["cacheKeyParameters"])
        if !keys.isEmpty { document["cacheKeyParameters"] = .array(keys.map { .string($0) }) }
        document.set("requestParameters", requestParameters(place["requestParameters"], method))
        checkPlaceholders(of: place, document)
        document.set("requestTemplates", templates(place["requestTemplates"]))
        document.set("integrationResponses", integrationResponses(place["responses"], method))
        return document
    }

    private mutating func contentHandling(_ place: Place?) -> String? {
        word(place, among: ["CONVERT_TO_BINARY", "CONVERT_TO_TEXT"])
    }

    // MARK: - Endpoint

    private mutating func readEndpoint(of place: Place, type: String, into document: inout JSONObject) {
        document.set("responseTransferMode", word(place["responseTransferMode"], among: ["BUFFERED", "STREAM"]))
        // A mock calls nothing: what says whom to call would be noise in every comparison.
        let isMock = type == "MOCK"
        let methods = Self.methodNames.map { $0.uppercased() } + ["ANY"]
        if let method = place["httpMethod"], !isMock || isManifest {
            let word = word(method, among: methods)
            if !isMock { document.set("httpMethod", word) }
        } else if ["HTTP", "HTTP_PROXY", "AWS"].contains(type) {
            problem(
                .missingMember, "\(place.name) has no `httpMethod`", at: [place.nameSpan],
                remedy: "add the method that the endpoint is called with",
                service: prefixed("Enumeration value for HttpMethod must be non-empty"))
        } else if type == "AWS_PROXY" {
            manifestProblem(
                .missingMember, "\(place.name) has no `httpMethod`, so that every request would get a 500",
                at: [place.nameSpan], remedy: "add `httpMethod: POST`")
        }
        if let credentials = text(place["credentials"]) { document.set("credentials", credentials) }
        readTLS(place["tlsConfig"], into: &document)
        guard !isMock else { return }
        readConnection(of: place, type, into: &document)
        guard let uriPlace = place["uri"] else {
            let fault = type.hasPrefix("HTTP") ? EndpointURI.invalidHTTP : EndpointURI.invalidARN
            return problem(
                .missingMember, "\(place.name) has no `uri`", at: [place.nameSpan],
                remedy: "add the endpoint's address",
                service: prefixed(fault))
        }
        guard let uri = text(uriPlace) else { return }
        check(uri, at: uriPlace, type: type)
        document.set("uri", uri)
    }

    private mutating func check(_ uri: String, at place: Place, type: String) {
        let name = type.lowercased()
        // What has a function of CloudFormation inside has been told so already.
        if isManifest, uri.contains("${AWS::") { return }
        guard let fault = EndpointURI.fault(uri, type: type, allowsPlaceholders: isManifest) else { return }
        let start = type.hasPrefix("HTTP") ? "`http://`, `https://`" : "`arn:aws:apigateway:`"
        let isBegun = !type.hasPrefix("HTTP") && uri.hasPrefix("arn:aws:apigateway:")
        problem(
            .invalidEndpoint, "`\(uri)` at \(place.name) is no endpoint of type `\(name)`", at: place,
            remedy: isBegun
                ? "write `arn:aws:apigateway:REGION:SERVICE:path/...` or `...:action/NAME`"
                : "start with \(start) or `${var.name}`", service: prefixed(fault))
    }

    private mutating func readConnection(of place: Place, _ integration: String, into document: inout JSONObject) {
        if let connection = place["connectionType"] {
            let type = word(connection, among: ["INTERNET", "VPC_LINK"])
            if type == "VPC_LINK", place["connectionId"] == nil { missing("connectionId", in: place) }
            if type == "VPC_LINK", !integration.hasPrefix("HTTP") {
                manifestProblem(
                    .invalidValue, "integrations of type `\(integration.lowercased())` have no VPC link",
                    at: [connection.node.span], remedy: "use `http` or `http_proxy`, or remove the member")
            }
            document.set("connectionType", type)
        }
        document.set("connectionId", text(place["connectionId"]))
        document.set("integrationTarget", text(place["integrationTarget"]))
    }

    private mutating func readTLS(_ place: Place?, into document: inout JSONObject) {
        guard let place else { return }
        checkNames(of: place, known: ["insecureSkipVerification", "serverNameToVerify"], isStrict: true)
        guard !members(place).isEmpty else { return }
        var configuration = JSONObject()
        configuration.set("insecureSkipVerification", flag(place["insecureSkipVerification"]))
        configuration.set("serverNameToVerify", text(place["serverNameToVerify"]))
        document.set("tlsConfig", configuration)
    }

    /// `{petId}` of an address is filled in by a mapping; without one it is sent as it stands.
    private mutating func checkPlaceholders(of place: Place, _ document: JSONObject) {
        guard isManifest, let uriPlace = place["uri"], let uri = document["uri"]?.string else { return }
        for name in EndpointURI.placeholders(of: uri)
        where document["requestParameters"]?["integration.request.path.\(name)"] == nil {
            problem(
                .unmappedPlaceholder, as: .warning, "nothing fills in `{\(name)}` of \(uriPlace.name)", at: uriPlace,
                remedy: "map `integration.request.path.\(name)` in `requestParameters`")
        }
    }

    // MARK: - Mappings

    private mutating func requestParameters(_ place: Place?, _ method: Method) -> JSONObject {
        var result = JSONObject()
        for (target, member) in members(place) {
            guard let expression = member.node.string else {
                dropped(target, member, method)
                continue
            }
            if !MappingTarget.isValid(target, for: .integrationRequest) {
                invalidMapping(
                    "`\(target)` is no `integration.request.path|querystring|header.NAME`", target, at: member.nameSpan)
            } else if MappingTarget.failsAtRequestTime(target) {
                problem(
                    .failingHeader, as: .warning, "`\(target)` makes API Gateway answer every request with a 500",
                    at: [member.nameSpan], remedy: "remove it")
            }
            check(expression, at: member, for: .integrationRequest, method)
            result[target] = .string(expression)
        }
        return result
    }

    /// The service drops what is no text; a manifest must not say what has no effect.
    private mutating func dropped(_ target: String, _ member: Place, _ method: Method) {
        guard !isManifest, let text = member.node.scalarText else {
            return wrongType(member, wanted: "a mapping expression in quotes")
        }
        // SOURCE: recorded PutRestApi, 2025.
        warnings.append(
            "Invalid format for 'requestParameters'. Expected type string for property '\(target)' of resource "
                + "'\(method.path)' and method '\(method.name)' but got '\(text)'")
    }

    private mutating func check(
        _ text: String, at place: Place, for use: MappingExpression.Use, _ method: Method
    ) {
        guard let expression = MappingExpression(text, for: use) else {
            if isManifest, Self.isPlaceholder(text) { return }
            return invalidMapping("`\(text)` at \(place.name) is no mapping expression", text, at: place.node.span)
        }
        guard let parameter = expression.declaredParameter, method.requestParameters[parameter] == nil else { return }
        problem(
            .invalidMapping, "`\(text)` at \(place.name) is a parameter that the method does not declare", at: place,
            remedy: "declare it in `parameters` of the method",
            service: prefixed(MappingExpression.undeclaredParameterMessage(text)))
    }

    // MARK: - Responses

    private mutating func integrationResponses(_ place: Place?, _ method: Method) -> JSONObject {
        var result = JSONObject()
        var places: [String: Place] = [:]
        for (pattern, response) in entries(place) {
            checkNames(
                of: response, known: ["statusCode", "responseParameters", "responseTemplates", "contentHandling"],
                isStrict: true)
            guard response.node.members != nil else {
                wrongType(response, wanted: "a map")
                continue
            }
            guard let statusPlace = response["statusCode"] else {
                missing("statusCode", in: response)
                continue
            }
            guard let status = statusCode(statusPlace) else { continue }
            if let earlier = places.updateValue(response, forKey: status) {
                problem(
                    .patternCollision, as: isManifest ? .error : .warning,
                    "\(response.name) and \(earlier.name) both lead to `\(status)`, which can have one pattern",
                    at: [response.nameSpan, earlier.nameSpan], remedy: "join the patterns with `|`")
            }
            var document = JSONObject()
            if pattern != "default" { document.set("selectionPattern", pattern) }
            document.set("contentHandling", contentHandling(response["contentHandling"]))
            document.set("responseTemplates", templates(response["responseTemplates"]))
            document.set("responseParameters", responseParameters(response, status: status, method))
            result[status] = .object(document)
        }
        return result
    }

    private mutating func responseParameters(_ response: Place, status: String, _ method: Method) -> JSONObject {
        let declared = method.responses[status]
        if declared == nil {
            manifestProblem(
                .unknownName, "\(response.name) leads to `\(status)`, which `responses` of the method does not have",
                at: [response["statusCode"]?.node.span ?? response.nameSpan],
                remedy: "declare `\(status)` in `responses` of the method")
        }
        var result = JSONObject()
        for (target, member) in members(response["responseParameters"]) {
            guard let expression = text(member) else { continue }
            if !MappingTarget.isValid(target, for: .integrationResponse) {
                invalidMapping("`\(target)` is no `method.response.header.NAME`", target, at: member.nameSpan)
            } else if let declared, declared["responseParameters"]?[target] == nil {
                problem(
                    .invalidMapping,
                    "`\(target)` at \(response.name) is a header that the response `\(status)` does not declare",
                    at: [member.nameSpan], remedy: "declare it in `headers` of the response",
                    service: prefixed(MappingExpression.undeclaredParameterMessage(target)))
            }
            check(expression, at: member, for: .integrationResponse, method)
            result[target] = .string(expression)
        }
        return result
    }
}
