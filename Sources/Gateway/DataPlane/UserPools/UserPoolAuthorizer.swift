import JSON
import RequestModels

/// An authorizer of user pools: it reads the token of a request and holds it against the pools' keys.
final class UserPoolAuthorizer: Sendable {
    let id: String
    /// By `iss` of their tokens.
    private let sources: [String: KeySource]
    private let identitySource: ParameterSource
    /// What the token's audience must look like.
    private let validation: TextPattern?
    /// 0 checks every signature anew.
    private let secondsKept: Int
    private let registry: KeySetRegistry
    let grants = GrantCache<TokenGrant>()

    /// - Parameter document: As `GetAuthorizer` answers it, of type `COGNITO_USER_POOLS`.
    init(_ document: JSONValue, id: String, _ services: ServiceBackends) throws(CompileStop) {
        self.id = id
        registry = services.keySets
        let arns = document["providerARNs"]?.array ?? []
        guard !arns.isEmpty else { throw CompileStop(.authorization, "its authorizer `\(id)` names no user pool") }
        var sources: [String: KeySource] = [:]
        for arn in arns {
            guard let pool = arn.string.flatMap(UserPool.init(arn:)) else {
                throw CompileStop(
                    .authorization, "its authorizer `\(id)` names `\(arn.string ?? "")`, which is no ARN of a user pool"
                )
            }
            guard let source = pool.keys(services.endpoints) else {
                throw CompileStop(
                    .userPool,
                    "the keys of the user pool `\(pool.id)` of its authorizer `\(id)` are nowhere: the engine's "
                        + "configuration has no `engine.endpoints.services.cognito-idp`")
            }
            sources[pool.issuer] = source
        }
        self.sources = sources
        identitySource = try Self.source(document["identitySource"]?.string, id)
        validation = try Self.pattern(document["identityValidationExpression"]?.string, id)
        let seconds = document["authorizerResultTtlInSeconds"]?.int ?? Limits.authorizerSecondsDefault
        guard (0...Limits.authorizerSecondsMax).contains(seconds) else {
            throw CompileStop(.authorization, "its authorizer `\(id)` keeps answers for `\(seconds)` s, not 0 to 3600")
        }
        secondsKept = seconds
    }

    private static func source(_ text: String?, _ id: String) throws(CompileStop) -> ParameterSource {
        guard let text, !text.isEmpty else { return .requestHeader("Authorization") }
        let source = try ParameterSource(parsing: text, in: .gatewayResponse)
        guard case .requestHeader = source else {
            throw CompileStop(
                .authorization, "its authorizer `\(id)` has the identity source `\(text)`, which is no header")
        }
        return source
    }

    private static func pattern(_ text: String?, _ id: String) throws(CompileStop) -> TextPattern? {
        guard let text, !text.isEmpty else { return nil }
        do {
            return try TextPattern(parsing: text, dialect: .selection)
        } catch {
            throw CompileStop(
                .authorization, "its authorizer `\(id)` has the validation expression `\(text)`: \(error.reason)")
        }
    }

    enum Decision {
        /// - staleKeys: Whose keys should be asked for again, while nobody waits.
        case granted(TokenGrant, staleKeys: KeySource?)
        /// Ask for these keys, then decide again.
        case mustFetch(KeySource)
    }

    /// - Parameters:
    ///   - scopes: Of the method.
    ///   - isRepeated: Keys were asked for already: what is not there now is not there.
    func decide(_ scope: ExchangeScope, scopes: [String], isRepeated: Bool) throws(TokenRefusal) -> Decision {
        let now = scope.request.identity.milliseconds
        let text = Self.bare(scope.values(identitySource).last ?? "")
        guard !text.isEmpty else { throw .unauthorized("the request has no token") }
        if secondsKept > 0, let grant = grants.grant([text], at: now) {
            try check(grant, scopes, now)
            return .granted(grant, staleKeys: nil)
        }
        let token = try SignedToken(parsing: text)
        guard let source = token.claims["iss"]?.string.flatMap({ sources[$0] }) else {
            throw .unauthorized("the token is of none of the authorizer's user pools")
        }
        let isStale: Bool
        switch registry.find(token.keyID, of: source, at: now) {
        case .key(let key, let stale):
            guard token.isSigned(by: key) else { throw .unauthorized("the token's signature is wrong") }
            isStale = stale
        case .mustFetch:
            guard isRepeated else { return .mustFetch(source) }
            throw .unavailable("the keys at `\(source.url)` did not come in time")
        case .unavailable(let reason): throw .unavailable(reason)
        case .unknown: throw .unauthorized("the token's key is none of the user pool's")
        }
        let grant = TokenGrant(token.claims)
        try check(grant, scopes, now)
        if secondsKept > 0 { grants.keep(grant, [text], from: now, seconds: secondsKept) }
        return .granted(grant, staleKeys: isStale ? source : nil)
    }

    /// What may change from one request to the next, or from one method to the next.
    private func check(_ grant: TokenGrant, _ scopes: [String], _ now: Int64) throws(TokenRefusal) {
        try grant.checkTime(now)
        try grant.checkUse(scopes)
        // SOURCE: API reference, `CreateAuthorizer`: of user pools the expression is held against `aud`.
        guard let validation else { return }
        guard grant.audiences.contains(where: validation.matchesWhole) else {
            throw .unauthorized("the token's audience does not fit the authorizer's expression")
        }
    }

    /// The service takes tokens with their scheme and without.
    private static func bare(_ value: String) -> String {
        let scheme = "bearer "
        let text = value.lowercased().hasPrefix(scheme) ? value.dropFirst(scheme.count) : value[...]
        return String(text.drop { $0 == " " })
    }
}
