/// One method of one resource, ready to serve. A class, so that finding it copies a pointer.
final class CompiledMethod: Sendable {
    let resourceID: String
    let resourcePath: String
    let authorization: CompiledAuthorization
    /// Nil: no key is asked for.
    let apiKey: APIKeyCheck?
    /// In the order in which missing ones are named: headers, path, query string.
    let requiredParameters: [RequiredParameter]
    /// Nil: bodies are not validated.
    let bodyCheck: BodyCheck?
    /// True if a request validator checks something; the log of a test invocation says so.
    let isValidated: Bool
    /// Nil: not throttled.
    let throttle: TokenBucket?
    let plan: Plan

    enum Plan: Sendable {
        /// Cannot be served as configured: 500.
        case failing(reason: String)
        case integration(CompiledIntegration)
    }

    init(
        resourceID: String, resourcePath: String, authorization: CompiledAuthorization,
        apiKey: APIKeyCheck? = nil, requiredParameters: [RequiredParameter], bodyCheck: BodyCheck? = nil,
        isValidated: Bool = false, throttle: TokenBucket? = nil, plan: Plan
    ) {
        self.resourceID = resourceID
        self.resourcePath = resourcePath
        self.authorization = authorization
        self.apiKey = apiKey
        self.requiredParameters = requiredParameters
        self.bodyCheck = bodyCheck
        self.isValidated = isValidated
        self.throttle = throttle
        self.plan = plan
    }
}

/// Who may call a method: the one place where authorization is decided.
enum CompiledAuthorization: Sendable {
    case open
    case guarded(RouteGuard)
    /// An authorizer's function is asked, and the API's resource policy.
    case authorized(LambdaAuthorizer, RouteGuard)
    /// A token of a user pool is asked for, with one of the scopes if there are any, and the API's resource policy.
    case identified(UserPoolAuthorizer, scopes: [String], RouteGuard)
    /// The engine cannot enforce what is configured, so nobody may.
    case denied(CompileStop)
}

/// A parameter that a request validator asks for.
struct RequiredParameter: Sendable {
    enum Place: Int, Sendable { case header, path, query }

    var place: Place
    var name: String
}
