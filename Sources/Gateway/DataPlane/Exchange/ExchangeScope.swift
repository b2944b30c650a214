import IAMPolicy
import JSON
import MappingTemplates

/// What mappings, templates and gateway responses of one request may refer to.
struct ExchangeScope: Sendable {
    let facts: StageFacts
    /// Nil when no route fits.
    let method: CompiledMethod?
    let pathParameters: [(name: String, value: String)]
    let request: ExchangeRequest
    /// The API key that let the request pass; nil where none is asked for.
    var key: APIKeyRegistry.KnownKey?
    /// Who signed the request; nil where nobody has to.
    var caller: KnownCaller?
    /// What an authorizer has said; nil where none was asked.
    var grant: AuthorizerGrant?
    /// The token of a user pool that let the request pass; nil where none is asked for.
    var token: TokenGrant?

    /// `$context` before any template ran.
    var contextDocument: JSONObject {
        let identity = request.identity
        let date = GatewayDate(secondsSince1970: identity.milliseconds / 1000)
        let domainName = request.domainName
        var members: [(String, JSONValue)] = [
            ("accountId", .string(facts.accountID)), ("apiId", .string(facts.apiID)),
            ("stage", .string(facts.stageName)), ("httpMethod", .string(request.method)),
            ("path", .string(contextPath)), ("protocol", .string(request.isVersion10 ? "HTTP/1.0" : "HTTP/1.1")),
            ("requestId", .string(identity.requestID)), ("extendedRequestId", .string(identity.extendedRequestID)),
            ("requestTime", .string(date.requestTimeText)),
            ("requestTimeEpoch", .number(JSONNumber(Int(identity.milliseconds)))),
            ("domainName", .string(domainName)),
            ("domainPrefix", .string(String(domainName.prefix { $0 != "." }))),
            ("identity", .object(identityDocument)),
        ]
        if let said = grant?.context ?? token?.context { members.append(("authorizer", .object(said))) }
        if !facts.deploymentID.isEmpty { members.append(("deploymentId", .string(facts.deploymentID))) }
        if let method {
            members.append(("resourceId", .string(method.resourceID)))
            members.append(("resourcePath", .string(method.resourcePath)))
        }
        return JSONObject(members)
    }

    private var identityDocument: JSONObject {
        var identity: JSONObject = ["sourceIp": .string(request.sourceIP)]
        if let agent = request.headers.first(.userAgent) { identity["userAgent"] = .string(agent) }
        if let key {
            identity["apiKey"] = .string(key.value)
            identity["apiKeyId"] = .string(key.id)
        }
        if let caller { identity.add(caller) }
        return identity
    }

    /// With the stage, or what a host of the account's own has in its place, as sent.
    private var contextPath: String {
        (request.customPrefix ?? "/\(facts.stageName)") + String(decoding: request.rest, as: UTF8.self)
    }

    /// `$context.a.b`; nil for what is not set.
    func contextText(_ name: String, in document: JSONObject? = nil) -> String? {
        var value = JSONValue.object(document ?? contextDocument)
        for part in name.split(separator: ".") {
            guard let member = value[String(part)] else { return nil }
            value = member
        }
        return Self.text(value)
    }

    /// A value as a parameter: text without quotes, everything else as JSON; nil for null.
    static func text(_ value: JSONValue) -> String? {
        switch value {
        case .null: nil
        case .string(let text): text
        default: value.text(.compact)
        }
    }

    /// The values that a source has; empty when it has none. Sources of the body are the caller's.
    func values(_ source: ParameterSource) -> [String] {
        switch source {
        case .literal(let text): return [text]
        case .requestHeader(let name): return request.headers.last(name).map { [$0] } ?? []
        case .requestHeaders(let name): return request.headers.values(name)
        case .requestQuery(let name):
            return request.queryParameters.last { $0.name == name }.map { [$0.value] } ?? []
        case .requestQueries(let name): return request.queryParameters.filter { $0.name == name }.map(\.value)
        case .requestPath(let name): return pathParameters.first { $0.name == name }.map { [$0.value] } ?? []
        case .stageVariable(let name): return facts.variables[name].map { [$0] } ?? []
        case .context(let name): return contextText(name).map { [$0] } ?? []
        case .requestBody, .responseHeader, .responseHeaders, .responseBody: return []
        }
    }

    /// The value that a path names in a body; the whole body without a path.
    static func values(_ path: JSONPath?, in body: [UInt8]) throws(GatewayError) -> [String] {
        guard let path else { return body.isEmpty ? [] : [String(decoding: body, as: UTF8.self)] }
        guard !body.isEmpty else { return [] }
        do {
            let document = try JSONValue(parsing: body)
            return try path.evaluate(on: document).flatMap(text).map { [$0] } ?? []
        } catch {
            throw .configuration("a mapping cannot read the body: \(error)")
        }
    }
}

extension JSONObject {
    /// What `$context.identity` says of who signed.
    fileprivate mutating func add(_ known: KnownCaller) {
        let id = known.caller.id.map { JSONValue.string($0) }
        self["accessKey"] = .string(known.accessKeyID)
        self["accountId"] = known.caller.account.map { .string($0) }
        self["caller"] = id
        self["user"] = id
        self["userArn"] = .string(known.caller.arn)
    }
}
