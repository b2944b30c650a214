import JSON

/// One entry of an integration's `requestParameters`.
struct RequestMapping: Sendable {
    enum Target: Sendable {
        case header(String)
        case query(String)
        case path(String)
    }

    var target: Target
    var source: ParameterSource

    init(target text: String, source: JSONValue) throws(CompileStop) {
        let forms: [(String, (String) -> Target)] = [
            ("integration.request.header.", Target.header), ("integration.request.querystring.", Target.query),
            ("integration.request.path.", Target.path),
        ]
        guard let (prefix, make) = forms.first(where: { text.hasPrefix($0.0) && text.utf8.count > $0.0.utf8.count })
        else { throw CompileStop(.mapping, "the mapping target `\(text)` has no known form") }
        guard let expression = source.string else {
            throw CompileStop(.mapping, "the mapping of `\(text)` is no text")
        }
        target = make(String(text.dropFirst(prefix.count)))
        self.source = try ParameterSource(parsing: expression, in: .request)
    }
}

/// One entry of an integration response's `responseParameters`.
struct ResponseMapping: Sendable {
    var header: String
    var source: ParameterSource

    init(target text: String, source: JSONValue) throws(CompileStop) {
        let prefix = "method.response.header."
        guard text.hasPrefix(prefix), text.utf8.count > prefix.utf8.count, let expression = source.string else {
            throw CompileStop(.mapping, "the mapping target `\(text)` has no known form")
        }
        header = String(text.dropFirst(prefix.count))
        self.source = try ParameterSource(parsing: expression, in: .response)
    }
}
