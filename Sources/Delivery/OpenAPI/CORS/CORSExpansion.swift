package import Diagnostics
import JSON
import Resources

/// A definition in which CORS rules have become ordinary objects, which every target has.
///
/// What the user wrote stays: an OPTIONS method, a header that a response sets, a gateway response's header.
package struct CORSExpansion: Sendable {
    /// A rule for one path in place of that of the API.
    package struct PathRule: Sendable {
        package var path: String
        package var span: SourceSpan
        /// Nil: no CORS there.
        package var rule: CORSRule?

        package init(path: String, span: SourceSpan, rule: CORSRule?) {
            self.path = path
            self.span = span
            self.rule = rule
        }
    }

    package private(set) var definition: APIDefinition
    package private(set) var diagnostics: [Diagnostic] = []
    private let rule: CORSRule?
    private let paths: [String: PathRule]
    private var objects: [DefinitionObject] = []
    /// Methods whose answers the gateway passes on as they are.
    private var proxies: [DefinitionObject] = []
    /// Methods with answers that no template can be given.
    private var untouchable: [DefinitionObject] = []

    /// - Parameter rule: For every path without one of its own.
    package init(_ definition: APIDefinition, rule: CORSRule?, paths: [PathRule] = []) {
        self.definition = definition
        self.rule = rule
        self.paths = Dictionary(paths.map { ($0.path, $0) }) { first, _ in first }
        let methods = Dictionary(grouping: definition.objects.filter { $0.kind == .method }, by: Self.path)
        checkPaths(methods.keys.sorted())
        guard rule != nil || paths.contains(where: { $0.rule != nil }) else { return }
        let takesBytes = definition.attributes["binaryMediaTypes"]?.array?.isEmpty == false
        objects = definition.objects.filter { $0.kind != .method && $0.kind != .gatewayResponse }
        for (path, methods) in methods { expand(methods, at: path, takesBytes: takesBytes) }
        addGatewayResponses()
        reportByHand()
        self.definition = APIDefinition(
            attributes: definition.attributes, objects: objects, documentationVersion: definition.documentationVersion,
            documentationVersionSpan: definition.documentationVersionSpan)
    }

    private static func path(of method: DefinitionObject) -> String {
        method.key.firstIndex(of: " ").map { String(method.key[method.key.index(after: $0)...]) } ?? "/"
    }

    private static func verb(of method: DefinitionObject) -> String { String(method.key.prefix { $0 != " " }) }

    private mutating func checkPaths(_ known: [String]) {
        for path in paths.values where !known.contains(path.path) {
            let near = Suggestion.nearest(to: path.path, among: known).map { "did you mean `\($0)`" }
            diagnostics.append(
                Diagnostic(
                    .error, OpenAPICode.unknownName, "no method is at the path `\(path.path.clippedForCORS)`",
                    at: path.span, remedy: near ?? "write a path of the definition, as in `/pets/{petId}`"))
        }
    }

    // MARK: - Methods

    private mutating func expand(_ methods: [DefinitionObject], at path: String, takesBytes: Bool) {
        guard let rule = paths[path].map(\.rule) ?? rule else {
            objects += methods
            return
        }
        for method in methods { objects.append(expanded(method, rule, takesBytes: takesBytes)) }
        let verbs = methods.map(Self.verb)
        guard !verbs.contains("OPTIONS") else { return }
        objects.append(
            DefinitionObject(
                kind: .method, key: "OPTIONS \(path)",
                document: Self.normal(.method, CORSAnswer.preflight(rule, verbs)),
                span: paths[path]?.span ?? rule.span))
    }

    private mutating func expanded(
        _ method: DefinitionObject, _ rule: CORSRule, takesBytes: Bool
    ) -> DefinitionObject {
        guard Self.verb(of: method) != "OPTIONS", let integration = method.document["integration"],
            let type = integration["type"]?.string
        else { return method }
        guard !type.hasSuffix("_PROXY") else {
            proxies.append(method)
            return method
        }
        var answer = CORSAnswer(method.document, type: type, takesBytes: takesBytes)
        answer.allow(rule)
        if answer.isIncomplete { untouchable.append(method) }
        var result = method
        result.document = Self.normal(.method, answer.document)
        return result
    }

    private static func normal(_ kind: ResourceKind, _ document: JSONObject) -> JSONValue {
        KindTable.object(kind)?.normalForm(of: .object(document)) ?? .object(document)
    }

    // MARK: - Errors of the gateway

    /// Every response that the gateway makes itself comes from one of the two, or from one that the user wrote.
    private mutating func addGatewayResponses() {
        var responses = Dictionary(
            uniqueKeysWithValues: definition.objects.filter { $0.kind == .gatewayResponse }.map { ($0.key, $0) })
        let rules = ([rule] + paths.values.sorted { $0.path < $1.path }.map(\.rule)).compactMap(\.self)
        guard let headers = Self.errorHeaders(rules) else {
            objects += responses.values
            guard let first = rules.first(where: \.allowsCredentials), !isWritten(responses) else { return }
            diagnostics.append(
                Diagnostic(
                    .warning, OpenAPICode.corsByHand,
                    "errors that the gateway makes itself get no CORS headers: with credentials they would have to name "
                        + "the origin that asks", at: first.span,
                    remedy: "allow one origin, or write `gatewayresponse.header.Access-Control-Allow-Origin` of "
                        + "`DEFAULT_4XX` and `DEFAULT_5XX`"))
            return
        }
        for type in ["DEFAULT_4XX", "DEFAULT_5XX"] where responses[type] == nil {
            responses[type] = DefinitionObject(
                kind: .gatewayResponse, key: type, document: [:], span: rules.first?.span)
        }
        for (type, response) in responses {
            var document = response.document.object ?? [:]
            var parameters = document["responseParameters"]?.object ?? [:]
            guard !parameters.hasHeader(CORSAnswer.allowOrigin) else {
                objects.append(response)
                continue
            }
            for (name, value) in headers where !parameters.hasHeader(name) {
                parameters["gatewayresponse.header.\(name)"] = .string("'\(value)'")
            }
            document["responseParameters"] = .object(parameters)
            var changed = response
            changed.document = .object(GatewayResponseForm.normalForm(of: document, type: type))
            objects.append(changed)
        }
    }

    private func isWritten(_ responses: [String: DefinitionObject]) -> Bool {
        ["DEFAULT_4XX", "DEFAULT_5XX"].allSatisfy {
            responses[$0]?.document["responseParameters"]?.object?.hasHeader(CORSAnswer.allowOrigin) == true
        }
    }

    /// One value for all sites: a gateway response has no conditions. Without credentials an error says nothing that its
    /// reader could not have got by asking from elsewhere; with them it would be about somebody else. Nil: none is right.
    private static func errorHeaders(_ rules: [CORSRule]) -> [(String, String)]? {
        guard let first = rules.first else { return nil }
        if let only = first.onlyOrigin, rules.allSatisfy({ $0.onlyOrigin == only }),
            rules.allSatisfy({ $0.allowsCredentials == first.allowsCredentials })
        {
            let credentials = first.allowsCredentials ? [(CORSAnswer.allowCredentials, "true")] : []
            return [(CORSAnswer.allowOrigin, only)] + credentials
        }
        return rules.contains(where: \.allowsCredentials) ? nil : [(CORSAnswer.allowOrigin, "*")]
    }

    // MARK: - What is left to the user

    private mutating func reportByHand() {
        report(
            proxies, as: .note, ["passes its backend's answers on", "pass their backends' answers on"],
            remedy: "let the backend send `Access-Control-Allow-Origin` itself")
        report(
            untouchable, as: .warning,
            [
                "may give binary bodies, which no template can answer for",
                "may give binary bodies, which no template can answer for",
            ],
            remedy: "allow one origin, or set `Access-Control-Allow-Origin` in a template of the response")
    }

    private mutating func report(
        _ methods: [DefinitionObject], as severity: Diagnostic.Severity, _ verbs: [String], remedy: String
    ) {
        let methods = methods.sorted { ($0.span?.line ?? 0, $0.key) < ($1.span?.line ?? 0, $1.key) }
        guard let first = methods.first else { return }
        let others = methods.count - 1
        let who =
            switch others {
            case 0: "`\(first.key)` \(verbs[0])"
            case 1: "`\(first.key)` and one other method \(verbs[1])"
            default: "`\(first.key)` and \(others) other methods \(verbs[1])"
            }
        diagnostics.append(
            Diagnostic(
                severity, OpenAPICode.corsByHand, "\(who): the CORS rule gives them no headers",
                at: methods.prefix(Limits.corsPlacesMax).compactMap(\.span), remedy: remedy))
    }
}

extension JSONObject {
    /// A parameter for the header, whatever its case.
    func hasHeader(_ name: String) -> Bool {
        contains { $0.name.lowercased().hasSuffix(".header.\(name.lowercased())") }
    }
}
