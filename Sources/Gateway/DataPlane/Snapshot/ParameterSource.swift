import MappingTemplates

/// Where a mapped parameter takes its value from.
enum ParameterSource: Sendable {
    case literal(String)
    case requestHeader(String)
    case requestQuery(String)
    case requestPath(String)
    /// Every value of a header.
    case requestHeaders(String)
    /// Every value of a query parameter.
    case requestQueries(String)
    /// The whole body, or what a path names in it.
    case requestBody(JSONPath?)
    case responseHeader(String)
    case responseHeaders(String)
    case responseBody(JSONPath?)
    case stageVariable(String)
    case context(String)

    /// Which sources make sense.
    enum Place { case request, response, gatewayResponse }

    init(parsing text: String, in place: Place) throws(CompileStop) {
        if text.utf8.count >= 2, text.hasPrefix("'"), text.hasSuffix("'") {
            self = .literal(String(text.dropFirst().dropLast()))
            return
        }
        if let name = Self.name(text, after: "stageVariables.") {
            self = .stageVariable(name)
        } else if let name = Self.name(text, after: "context.") {
            self = .context(name)
        } else if place != .response, let source = try Self.request(text, allowsBody: place == .request) {
            self = source
        } else if place == .response, let source = try Self.response(text) {
            self = source
        } else {
            throw CompileStop(.mapping, "the mapping source `\(text)` has no known form")
        }
    }

    private static func request(_ text: String, allowsBody: Bool) throws(CompileStop) -> ParameterSource? {
        if let name = name(text, after: "method.request.header.") { return .requestHeader(name) }
        if let name = name(text, after: "method.request.querystring.") { return .requestQuery(name) }
        if let name = name(text, after: "method.request.path.") { return .requestPath(name) }
        if let name = name(text, after: "method.request.multivalueheader.") { return .requestHeaders(name) }
        if let name = name(text, after: "method.request.multivaluequerystring.") { return .requestQueries(name) }
        guard allowsBody, text.hasPrefix("method.request.body") else { return nil }
        return .requestBody(try path(text.dropFirst("method.request.body".count)))
    }

    private static func response(_ text: String) throws(CompileStop) -> ParameterSource? {
        if let name = name(text, after: "integration.response.header.") { return .responseHeader(name) }
        if let name = name(text, after: "integration.response.multivalueheader.") { return .responseHeaders(name) }
        guard text.hasPrefix("integration.response.body") else { return nil }
        return .responseBody(try path(text.dropFirst("integration.response.body".count)))
    }

    private static func name(_ text: String, after prefix: String) -> String? {
        guard text.hasPrefix(prefix), text.utf8.count > prefix.utf8.count else { return nil }
        return String(text.dropFirst(prefix.count))
    }

    private static func path(_ rest: Substring) throws(CompileStop) -> JSONPath? {
        guard !rest.isEmpty else { return nil }
        do {
            return try JSONPath(parsing: "$" + rest)
        } catch {
            throw CompileStop(.mapping, "the path `$\(rest)` of a mapping is not valid: \(error.message)")
        }
    }
}
