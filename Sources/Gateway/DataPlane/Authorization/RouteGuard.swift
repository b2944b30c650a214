import IAMPolicy
import SigV4

/// What stands before the methods of a stage that are not open: a signature, the API's resource policy, or both.
///
/// One serves all methods of a stage that ask for the same. Its decisions take no lock.
final class RouteGuard: Sendable {
    private let authorization: RouteAuthorization
    /// Nil if the API has none.
    private let policy: PolicySet?
    private let isPrivate: Bool
    private let region: String
    /// Up to the slash before the verb.
    private let stageARN: String
    private let callers: CallerRegistry

    /// - Parameter authorization: The same for all methods that it stands before.
    init(
        _ authorization: RouteAuthorization, policy: PolicySet?, of definition: StageDefinition,
        callers: CallerRegistry
    ) {
        self.authorization = authorization
        self.policy = policy
        isPrivate = definition.isPrivate
        region = definition.region
        stageARN =
            "arn:aws:execute-api:\(definition.region):\(definition.accountID):\(definition.apiID)/"
            + definition.stageName
        self.callers = callers
    }

    /// True if requests must be signed.
    var asksForSignature: Bool { authorization == .iam }

    /// Reads the signature and finds who has its key; nothing is proved by it.
    func claim(of request: ExchangeRequest) throws(GatewayError) -> SignedClaim {
        guard let signable = request.signable else { throw .missingAuthenticationToken }
        let signed: SignedRequest
        do { signed = try SignedRequest.parse(signable) } catch { throw .signature(error) }
        guard let caller = callers.caller(accessKeyID: signed.accessKeyID, sessionToken: signed.sessionToken) else {
            throw .refused(.invalidClientTokenID, detail: "nobody has the access key `\(signed.accessKeyID)`")
        }
        return SignedClaim(signed: signed, request: signable, caller: caller)
    }

    /// Checks the signature, then the policies.
    func admit(
        _ claim: SignedClaim, body: [UInt8], _ request: ExchangeRequest
    ) throws(GatewayError) -> KnownCaller {
        let now = Int(request.identity.milliseconds / 1000)
        do {
            try callers.verifier.verify(
                claim.signed, of: claim.request, secret: claim.caller.secret, bodyHash: PayloadHash(of: body),
                expecting: Verifier.Expectation(service: "execute-api", region: region),
                now: SigningDate(secondsSince1970: now))
        } catch {
            throw .signature(error)
        }
        if let expires = claim.caller.expires, expires <= now {
            throw .refused(.expiredToken, detail: "the temporary credentials have ended")
        }
        claim.caller.note(useAt: now)
        try check(claim.caller.caller, claim.caller, request)
        return claim.caller
    }

    /// Checks a request that nobody has to sign, or whose token was right: the resource policy knows nobody then.
    func admitAnonymous(_ request: ExchangeRequest) throws(GatewayError) {
        try check(.anonymous, nil, request)
    }

    /// Looks for explicit denials of the resource policy alone, before an authorizer is asked.
    ///
    /// - Returns: The ARN of what is asked for.
    func admitToAuthorizer(_ request: ExchangeRequest) throws(GatewayError) -> String {
        try check(.anonymous, request) { asked in
            switch policy?.voice(asked).voice {
            case .deny: .explicitlyDenied
            case nil where isPrivate: .implicitlyDenied
            default: .allowed
            }
        } refusal: { arn, outcome in
            .accessDenied(.anonymous, resource: arn, outcome)
        }
    }

    /// Holds the request against what the authorizer has said, and the resource policy.
    func admit(_ grant: AuthorizerGrant, _ request: ExchangeRequest) throws(GatewayError) {
        _ = try check(.anonymous, request) { asked in
            RouteAccess.outcome(
                .custom, own: grant.policy.voice(asked).voice, resource: policy?.voice(asked).voice,
                isPrivate: isPrivate)
        } refusal: { arn, outcome in
            .notAuthorized(grant.principalID, resource: arn, outcome)
        }
    }

    private func check(
        _ caller: Caller, _ request: ExchangeRequest, outcome: (AccessRequest) -> AccessDecision.Outcome,
        refusal: (String, AccessDecision.Outcome) -> GatewayError
    ) throws(GatewayError) -> String {
        let (asked, spellings) = try spellings(request)
        let context = context(nil, request)
        for path in spellings {
            let outcome = outcome(
                AccessRequest(caller: caller, action: "execute-api:Invoke", resource: path, context: context))
            guard outcome == .allowed else { throw refusal(asked, outcome) }
        }
        return asked
    }

    /// The ARN of what is asked for, and what policies are held against: it, and another spelling of it.
    ///
    /// A policy speaks of paths as people write them: another spelling of one that it denies must not get past it.
    private func spellings(_ request: ExchangeRequest) throws(GatewayError) -> (asked: String, all: [String]) {
        let resource = "\(stageARN)/\(request.method.uppercased())/"
        let path = request.rest.drop { $0 == UInt8(ascii: "/") }
        let asked = resource + String(decoding: path, as: UTF8.self)
        guard asked.utf8.count <= Limits.resourceARNBytesMax else { throw .addressTooLong }
        return (asked, [asked] + (RoutePath.plain(path).map { [resource + $0] } ?? []))
    }

    private func check(_ caller: Caller, _ known: KnownCaller?, _ request: ExchangeRequest) throws(GatewayError) {
        let (asked, spellings) = try spellings(request)
        let context = context(known, request)
        for path in spellings {
            let outcome = outcome(caller, known?.layers, path, context)
            guard outcome == .allowed else { throw .accessDenied(caller, resource: asked, outcome) }
        }
    }

    private func outcome(
        _ caller: Caller, _ layers: PolicyLayers?, _ resource: String, _ context: RequestContext
    ) -> AccessDecision.Outcome {
        let request = AccessRequest(
            caller: caller, action: "execute-api:Invoke", resource: resource, context: context)
        guard var layers else {
            return RouteAccess.outcome(
                authorization, own: .silent, resource: policy?.voice(request).voice, isPrivate: isPrivate)
        }
        if isPrivate, policy == nil { return .implicitlyDenied }
        layers.resource = policy
        return layers.decision(request).outcome
    }

    /// - Note: Source: API Gateway developer guide, "AWS condition keys that can be used in resource policies".
    private func context(_ known: KnownCaller?, _ request: ExchangeRequest) -> RequestContext {
        let now = Int(request.identity.milliseconds / 1000)
        let date = GatewayDate(secondsSince1970: Int64(now))
        var context = known?.facts ?? RequestContext()
        context.set("aws:CurrentTime", date.internetText.dropLast() + "Z")
        context.set("aws:EpochTime", "\(now)")
        context.set("aws:RequestedRegion", region)
        context.set("aws:SecureTransport", request.isSecure ? "true" : "false")
        if !request.sourceIP.isEmpty { context.set("aws:SourceIp", Self.unmapped(request.sourceIP)) }
        if let agent = request.headers.first(.userAgent) { context.set("aws:UserAgent", agent) }
        if let referer = request.headers.first(.referer) { context.set("aws:Referer", referer) }
        if let factorTime = known?.factorTime { context.set("aws:MultiFactorAuthAge", "\(max(now - factorTime, 0))") }
        return context
    }

    /// An IPv4 client of a listener on IPv6 is known to policies by its own address.
    private static func unmapped(_ address: String) -> String {
        let prefix = "::ffff:"
        guard address.hasPrefix(prefix), address.contains(".") else { return address }
        return String(address.dropFirst(prefix.count))
    }
}

/// Paths as policies are held against them.
enum RoutePath {
    /// The path decoded, with single slashes and none at its end; nil if that is how it was sent.
    static func plain(_ path: ArraySlice<UInt8>) -> String? {
        let decoded = path.contains(UInt8(ascii: "%")) ? Array(QueryText.percentDecoded(path))[...] : path
        let slash = UInt8(ascii: "/")
        let parts = decoded.split(separator: slash)
        let plain = parts.joined(separator: [slash])
        return plain.elementsEqual(path) ? nil : String(decoding: Array(plain), as: UTF8.self)
    }
}
