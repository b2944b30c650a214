/// A source in `requestParameters` or `responseParameters` of an integration or a gateway response.
///
/// Source: API Gateway developer guide, "request and response data mapping reference".
package enum MappingExpression: Sendable, Hashable {
    /// Between single quotes, without them.
    case literal(String)
    /// `method.request.querystring.type`; `isMultivalue` for `method.request.multivaluequerystring.type`.
    case requestParameter(ParameterLocation, name: String, isMultivalue: Bool)
    /// `method.request.body`, with the JSONPath that follows the dot, or nil for all of it.
    case requestBody(path: String?)
    /// `integration.response.header.Date`.
    case responseHeader(name: String, isMultivalue: Bool)
    /// `integration.response.body`, with the JSONPath that follows the dot.
    case responseBody(path: String?)
    case stageVariable(name: String)
    /// `context.identity.sourceIp` without `context.`.
    case context(path: String)

    package enum ParameterLocation: String, Sendable, Hashable, CaseIterable {
        case path, querystring, header
    }

    /// Where the expression stands, which decides the sources that it may have.
    package enum Use: Sendable, Hashable {
        case integrationRequest, integrationResponse, gatewayResponse
    }

    /// Nil when `text` is no expression of that use.
    package init?(_ text: String, for use: Use) {
        let bytes = text.utf8
        if bytes.first == UInt8(ascii: "'") {
            guard bytes.count >= 2, bytes.last == UInt8(ascii: "'") else { return nil }
            self = .literal(String(text.dropFirst().dropLast()))
            return
        }
        let parts = text.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
        switch parts[0] {
        case "stageVariables":
            guard let name = Self.rest(of: text, after: "stageVariables.") else { return nil }
            self = .stageVariable(name: name)
        case "context":
            guard let path = Self.rest(of: text, after: "context.") else { return nil }
            self = .context(path: path)
        case "method":
            guard parts.count >= 3, parts[1] == "request", use != .integrationResponse else { return nil }
            self.init(requestPart: parts[2], of: text)
        case "integration":
            guard parts.count >= 3, parts[1] == "response", use == .integrationResponse else { return nil }
            self.init(responsePart: parts[2], of: text)
        default:
            return nil
        }
    }

    private init?(requestPart part: Substring, of text: String) {
        if part == "body" {
            guard text != "method.request.body" else { self = .requestBody(path: nil); return }
            guard let path = Self.rest(of: text, after: "method.request.body.") else { return nil }
            self = .requestBody(path: path)
            return
        }
        let isMultivalue = part.hasPrefix("multivalue")
        let name = isMultivalue ? part.dropFirst("multivalue".count) : part
        guard let location = ParameterLocation(rawValue: String(name)), !isMultivalue || location != .path,
            let parameter = Self.rest(of: text, after: "method.request.\(part).")
        else { return nil }
        self = .requestParameter(location, name: parameter, isMultivalue: isMultivalue)
    }

    private init?(responsePart part: Substring, of text: String) {
        switch part {
        case "body" where text == "integration.response.body": self = .responseBody(path: nil)
        case "body":
            guard let path = Self.rest(of: text, after: "integration.response.body.") else { return nil }
            self = .responseBody(path: path)
        case "header", "multivalueheader":
            guard let name = Self.rest(of: text, after: "integration.response.\(part).") else { return nil }
            self = .responseHeader(name: name, isMultivalue: part != "header")
        default: return nil
        }
    }

    /// What follows `prefix`, if it is there and has no blank.
    private static func rest(of text: String, after prefix: String) -> String? {
        guard text.hasPrefix(prefix), text.utf8.count > prefix.utf8.count else { return nil }
        let rest = text.dropFirst(prefix.count)
        return rest.utf8.contains { $0 <= UInt8(ascii: " ") } ? nil : String(rest)
    }
}

extension MappingExpression {
    /// The parameter that the method must declare for this expression: `method.request.path.petId`; nil for others.
    package var declaredParameter: String? {
        guard case .requestParameter(let location, let name, _) = self else { return nil }
        return "method.request.\(location.rawValue).\(name)"
    }

    /// The service's text for an expression that it cannot read.
    ///
    /// Source: recorded PutIntegration, 2025.
    package static func invalidExpressionMessage(_ text: String) -> String {
        "Invalid mapping expression specified: Validation Result: warnings : [], errors : "
            + "[Invalid mapping expression specified: \(text)]"
    }

    /// The service's text for a parameter that the method or its response does not declare.
    package static func undeclaredParameterMessage(_ name: String) -> String {
        "Invalid mapping expression specified: Validation Result: warnings : [], errors : "
            + "[Invalid mapping expression parameter specified: \(name)]"
    }
}

/// The name on the left side of a mapping: `integration.request.path.id`, `method.response.header.Date`.
package enum MappingTarget {
    /// True if `name` is a target that mappings of that use may have.
    package static func isValid(_ name: String, for use: MappingExpression.Use) -> Bool {
        let prefixes =
            switch use {
            case .integrationRequest:
                ["integration.request.path.", "integration.request.querystring.", "integration.request.header."]
            case .integrationResponse: ["method.response.header."]
            case .gatewayResponse: ["gatewayresponse.header."]
            }
        return prefixes.contains { name.hasPrefix($0) && name.utf8.count > $0.utf8.count }
            && !name.utf8.contains { $0 <= UInt8(ascii: " ") }
    }

    /// True for the header mappings that the service accepts and then answers with a 500.
    ///
    /// Source: recorded header mappings of HTTP and HTTP_PROXY integrations, 2025.
    package static func failsAtRequestTime(_ name: String) -> Bool {
        let prefix = "integration.request.header."
        guard name.hasPrefix(prefix) else { return false }
        return ["content-length", "transfer-encoding"].contains(name.dropFirst(prefix.count).lowercased())
    }
}
