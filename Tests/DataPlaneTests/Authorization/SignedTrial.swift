import HTTPTypes
import IAMPolicy
import JSON
import SigV4
import Testing

@testable import DataPlane

/// Callers that a test made up.
struct TestCallers: CallerDirectory {
    var callers: [String: KnownCaller] = [:]
    var tokens: [String: String] = [:]

    mutating func add(_ caller: KnownCaller, token: String? = nil) {
        callers[caller.accessKeyID] = caller
        tokens[caller.accessKeyID] = token
    }

    func caller(accessKeyID: String, sessionToken: String?) -> KnownCaller? {
        tokens[accessKeyID] == sessionToken ? callers[accessKeyID] : nil
    }
}

/// A stage with callers, and requests that they sign.
struct SignedTrial {
    static let account = "123456789012"
    static let dev = "arn:aws:iam::123456789012:user/team/dev"
    static let arn = "arn:aws:execute-api:us-east-1:123456789012:abc123/test"
    static let masked = "arn:aws:execute-api:us-east-1:********9012:abc123/test"

    let registry = CallerRegistry()
    let trial: ExchangeTrial
    var directory = TestCallers()
    var credentials = SigningCredentials(accessKeyID: "AKIADEV", secretAccessKey: "hush")
    var scope = SigningScope(service: "execute-api", region: "us-east-1")
    /// Seconds between the signer's clock and ours.
    var skew = 0
    var expiresSeconds: Int?
    var payload = Signer.Payload.hashed

    init(_ definition: StageDefinition, keys: APIKeyRegistry = APIKeyRegistry()) {
        trial = ExchangeTrial(definition, keys: keys, callers: registry)
    }

    /// `GET /pets/{id}`, `POST /pets` and `GET /{proxy+}` under IAM control, `GET /open` not.
    static func petStore(policy: JSONValue? = nil) throws -> StageDefinition {
        let iam: JSONValue = "AWS_IAM"
        func guarded(_ method: String, _ path: String) throws -> Route {
            var route = try Route.marked(method, path)
            var document = route.document.object ?? [:]
            document["authorizationType"] = iam
            route.document = .object(document)
            return route
        }
        return .testing(
            [
                try guarded("GET", "/pets/{id}"), try guarded("POST", "/pets"), try guarded("ANY", "/{proxy+}"),
                try Route.marked("GET", "/open"), try Route.marked("OPTIONS", "/pets"),
            ], policy: policy)
    }

    static func identity(_ text: String) throws -> PolicySet {
        let reading = PolicyDocument.read(text: text, as: .identity)
        return PolicySet(try #require(reading.document, "\(reading.diagnostics)"), name: "own")
    }

    static func allowing(
        _ resource: String = "arn:aws:execute-api:*:*:*", effect: String = "Allow", condition: String = "{}"
    ) throws -> PolicySet {
        try identity(
            """
            {"Version": "2012-10-17", "Statement": {"Effect": "\(effect)", "Action": "execute-api:Invoke",
             "Resource": "\(resource)", "Condition": \(condition)}}
            """)
    }

    static func resourcePolicy(
        _ effect: String = "Allow", principal: String = #""*""#, resource: String = "execute-api:/*",
        condition: String = "{}"
    ) throws -> JSONValue {
        try JSONValue(
            parsing: """
                {"Version": "2012-10-17", "Statement": [{"Effect": "\(effect)", "Principal": \(principal),
                 "Action": "execute-api:Invoke", "Resource": "\(resource)", "Condition": \(condition)}]}
                """)
    }

    /// From now on `AKIADEV` is this caller's key.
    mutating func publish(
        _ caller: Caller = .user(arn: SignedTrial.dev, id: "AIDADEV"), _ identity: [PolicySet] = [],
        boundary: PolicySet? = nil, session: PolicySet? = nil, facts: RequestContext = RequestContext(),
        expires: Int? = nil, token: String? = nil
    ) {
        directory.add(
            KnownCaller(
                accessKeyID: "AKIADEV", secret: "hush", caller: caller,
                layers: PolicyLayers(identity: identity, boundary: boundary, session: session), facts: facts,
                expires: expires), token: token)
        registry.publish(directory)
    }

    mutating func publish(
        _ identity: [PolicySet], facts: RequestContext = RequestContext(), expires: Int? = nil, token: String? = nil
    ) {
        publish(
            .user(arn: Self.dev, id: "AIDADEV"), identity, facts: facts, expires: expires, token: token)
    }

    /// A request below the stage, signed as a client would.
    func request(
        _ method: String, _ rest: String, headers: [(String, String)] = [], body: String = "",
        edit: (inout HTTPRequest) -> Void = { _ in }
    ) throws -> ExchangeRequest {
        var request = HTTPRequest(
            method: try #require(HTTPRequest.Method(rawValue: method)), scheme: nil,
            authority: "abc123.execute-api.test", path: "/test" + rest)
        for (name, value) in headers { request.headerFields[try #require(HTTPField.Name(name))] = value }
        let now = Int(ExchangeTrial.identity.milliseconds / 1000)
        let date = SigningDate(secondsSince1970: now + skew)
        if let expiresSeconds {
            Signer.presign(
                &request, body: Array(body.utf8), credentials: credentials, scope: scope, at: date,
                expiresSeconds: expiresSeconds, payload: payload)
        } else {
            Signer.sign(
                &request, body: Array(body.utf8), credentials: credentials, scope: scope, at: date, payload: payload)
        }
        edit(&request)
        return Self.received(request, hasBody: !body.isEmpty)
    }

    /// What the data plane sees of it.
    static func received(_ request: HTTPRequest, hasBody: Bool = false) -> ExchangeRequest {
        let target = Array((request.path ?? "").utf8)
        let mark = target.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        var result = ExchangeRequest(
            method: request.method.rawValue, rest: target[5..<mark],
            query: mark < target.endIndex ? target[(mark + 1)...] : [],
            authority: Array((request.authority ?? "").utf8)[...],
            headers: HeaderFields(request.headerFields.map { (name: $0.name.rawName, value: $0.value) }),
            identity: ExchangeTrial.identity, sourceIP: "192.0.2.7")
        result.path = target[..<mark]
        result.hasBody = hasBody
        return result
    }

    /// Status and body; the marker of the route where one answered.
    func send(
        _ method: String = "GET", _ rest: String = "/pets/1", headers: [(String, String)] = [], body: String = "",
        sent: String? = nil, edit: (inout HTTPRequest) -> Void = { _ in }
    ) throws -> String {
        try trial.said(try request(method, rest, headers: headers, body: body, edit: edit), body: sent ?? body)
    }
}

extension ExchangeTrial {
    /// Status, error type if there is one, and body.
    func said(_ request: ExchangeRequest, body: String = "") throws -> String {
        guard case .answered(let response) = run(request, body: Array(body.utf8)) else {
            throw Unexpected("an endpoint was called")
        }
        let type = response.headers.first("x-amzn-ErrorType").map { " \($0)" } ?? ""
        return "\(response.status)\(type) \(response.text)"
    }
}
