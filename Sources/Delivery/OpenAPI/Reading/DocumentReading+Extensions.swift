import Diagnostics
import JSON
import Resources

extension DocumentReading {
    mutating func readRequestValidators() {
        for (name, place) in members(root["x-amazon-apigateway-request-validators"]) {
            let known = ["validateRequestBody", "validateRequestParameters"]
            checkNames(of: place, known: known, isStrict: true)
            var document = JSONObject()
            _ = members(place)
            for flagName in known { document.set(flagName, flag(place[flagName])) }
            validators.insert(name)
            add(.requestValidator, name, document, at: place.nameSpan)
        }
    }

    /// The validator that `place` names, which must be declared.
    mutating func validatorName(_ place: Place?) -> String? {
        guard let place, let name = text(place) else { return nil }
        guard validators.contains(name) else {
            let near = suggestion(for: name, among: validators.sorted())
            problem(
                .unknownName, "\(place.name) is `\(name)`, which is no request validator of the document", at: place,
                remedy: near.map { "did you mean `\($0)`" } ?? "declare it in `x-amazon-apigateway-request-validators`",
                service: "Invalid Request Validator identifier specified")
            return nil
        }
        return name
    }

    mutating func readGatewayResponses() {
        for (type, place) in members(root["x-amazon-apigateway-gateway-responses"]) {
            guard Self.gatewayResponseTypes.contains(type) else {
                let near = suggestion(for: type, among: Self.gatewayResponseTypes)
                problem(
                    .invalidValue, "`\(type)` at \(place.name) is no type of gateway response", at: [place.nameSpan],
                    remedy: near.map { "did you mean `\($0)`" })
                continue
            }
            checkNames(of: place, known: ["statusCode", "responseParameters", "responseTemplates"], isStrict: true)
            _ = members(place)
            var document = JSONObject()
            if let status = place["statusCode"], !status.node.isNull { document.set("statusCode", statusCode(status)) }
            document.set("responseTemplates", templates(place["responseTemplates"]))
            document.set("responseParameters", gatewayResponseParameters(place["responseParameters"]))
            add(
                .gatewayResponse, type, GatewayResponseForm.normalForm(of: document, type: type), at: place.nameSpan)
        }
    }

    private mutating func gatewayResponseParameters(_ place: Place?) -> JSONObject {
        var result = JSONObject()
        for (target, member) in members(place) {
            guard let text = text(member) else { continue }
            if !MappingTarget.isValid(target, for: .gatewayResponse) {
                invalidMapping("`\(target)` is no `gatewayresponse.header.NAME`", target, at: member.nameSpan)
            } else if MappingExpression(text, for: .gatewayResponse) == nil, !Self.isPlaceholder(text) {
                invalidMapping("`\(text)` at \(member.name) is no mapping expression", text, at: member.node.span)
            }
            result[target] = .string(text)
        }
        return result
    }

    /// Templates by media type; null is a template that does nothing.
    mutating func templates(_ place: Place?) -> JSONObject {
        var result = JSONObject()
        for (type, member) in members(place) {
            let halves = type.split(separator: "/", omittingEmptySubsequences: false)
            if halves.count != 2 || halves.contains(where: \.isEmpty) {
                problem(
                    .invalidValue, "`\(type)` at \(member.name) is no media type", at: [member.nameSpan],
                    remedy: "write a type such as `application/json`",
                    service: prefixed(
                        "Validation Result: warnings : [], errors : [Invalid content type specified: \(type)]"))
            }
            if member.node.isNull {
                result[type] = .null
            } else if let text = text(member) {
                result[type] = .string(text)
            }
        }
        return result
    }

    mutating func invalidMapping(_ message: String, _ expression: String, at span: SourceSpan) {
        problem(
            .invalidMapping, message, at: [span],
            remedy: "write a literal as `'text'`, a source as `method.request...`",
            service: prefixed(MappingExpression.invalidExpressionMessage(expression)))
    }

    /// A status code, also when it is written as a number.
    mutating func statusCode(_ place: Place) -> String? {
        guard let text = text(place) else { return nil }
        if Self.isStatusCode(text) { return text }
        problem(
            .invalidValue, "`\(text)` at \(place.name) is no status code", at: place,
            remedy: "write three digits, 100 to 599")
        return nil
    }

    /// Source: recorded ValidationException, `[1-5]\d\d`.
    static func isStatusCode(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.count == 3 && (0x31...0x35).contains(bytes[0])
            && bytes[1...].allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Text that something else fills in before the service sees it: `${var.x}`, `${Kind/name.attribute}`.
    static func isPlaceholder(_ text: String) -> Bool {
        guard text.hasPrefix("${"), let end = text.firstIndex(of: "}") else { return false }
        let inner = text[text.index(text.startIndex, offsetBy: 2)..<end]
        return inner.hasPrefix("var.") || SymbolicReference(text: inner) != nil
    }

    /// Source: recorded GetGatewayResponses, 2025.
    static let gatewayResponseTypes = [
        "ACCESS_DENIED", "API_CONFIGURATION_ERROR", "AUTHORIZER_CONFIGURATION_ERROR", "AUTHORIZER_FAILURE",
        "BAD_REQUEST_BODY", "BAD_REQUEST_PARAMETERS", "DEFAULT_4XX", "DEFAULT_5XX", "EXPIRED_TOKEN",
        "INTEGRATION_FAILURE", "INTEGRATION_TIMEOUT", "INVALID_API_KEY", "INVALID_SIGNATURE",
        "MISSING_AUTHENTICATION_TOKEN", "QUOTA_EXCEEDED", "REQUEST_TOO_LARGE", "RESOURCE_NOT_FOUND", "THROTTLED",
        "UNAUTHORIZED", "UNSUPPORTED_MEDIA_TYPE", "WAF_FILTERED",
    ]
}
