import HTTPTypes
import SigV4

/// Who sent a request: checked by its signature before anything else is looked at.
struct Authentication: Sendable {
    private let root: RootCredentials
    private let region: String
    private let isSkipped: Bool
    private let sealing: Sealing
    private let lastUses: LastUses
    private let verifier = Verifier()

    init(_ configuration: EngineConfiguration, _ sealing: Sealing, _ lastUses: LastUses) {
        root = configuration.rootCredentials
        region = configuration.region
        isSkipped = configuration.skipsAuthentication
        self.sealing = sealing
        self.lastUses = lastUses
    }

    /// - Returns: The service that the request was signed for, and who signed it.
    /// - Throws: The service's own refusal.
    func authenticate(
        _ request: HTTPRequest, body: [UInt8], now: Int, _ identity: IdentityDirectory
    ) throws(ServiceError) -> (service: Service, principal: Principal) {
        let signed: SignedRequest
        do {
            signed = try SignedRequest.parse(request)
        } catch {
            if let service = UnsignedRequest.service(of: request, body, acceptsAll: isSkipped) {
                return (service, isSkipped ? .root : .anonymous)
            }
            guard !isSkipped else { return (.apiGateway, .root) }
            throw ServiceError(error.refusal)
        }
        let service = Service(signingName: signed.scope.service)
        guard !isSkipped else { return (service, .root) }
        guard
            let key = key(accessKeyID: signed.accessKeyID, sessionToken: signed.sessionToken, identity)
        else { throw ServiceError(.invalidClientTokenID) }
        do {
            // The other services are told apart only after the caller is known; some of them live in one region.
            try verifier.verify(
                signed, of: request, secret: key.secret, bodyHash: PayloadHash(of: body),
                expecting: Verifier.Expectation(service: nil, region: expectedRegion(service, signed.scope.region)),
                now: SigningDate(secondsSince1970: now))
        } catch {
            throw ServiceError(error.refusal)
        }
        if let session = key.principal.session, session.expires <= now { throw ServiceError(.expiredToken) }
        if case .other = service { return (service, key.principal) }
        lastUses.record(key.principal, signed.accessKeyID, signed.scope.service, signed.scope.region, now: now)
        return (service, key.principal)
    }

    /// IAM lives in one region, and clients that were given an endpoint sign for theirs.
    private func expectedRegion(_ service: Service, _ signed: String) -> String? {
        switch service {
        case .apiGateway, .lambda: region
        case .query: signed == region ? region : "us-east-1"
        case .other: nil
        }
    }

    /// Nil when nobody has the key, it is not active, or the token does not belong to it.
    func key(
        accessKeyID: String, sessionToken: String?, _ identity: IdentityDirectory
    ) -> (secret: String, principal: Principal)? {
        if let sessionToken {
            guard let session = Session(token: sessionToken, sealing), session.accessKeyID == accessKeyID,
                let who = Self.who(session.subject, identity)
            else { return nil }
            return (session.secret, Principal(who: who, session: session))
        }
        if accessKeyID == root.accessKeyID { return (root.secretAccessKey, .root) }
        guard let key = identity[.accessKey, accessKeyID], AccessKeys.isActive(key),
            let user = key.owner.flatMap({ identity.entity(id: $0) }),
            let secret = sealing.openText(key.detail("secret"), for: AccessKeys.purpose(key.name))
        else { return nil }
        return (secret, Principal(who: .user(user)))
    }

    /// A request to a deployed route was signed with the key.
    func noteUse(of accessKeyID: String, by principal: Principal, _ service: String, now: Int) {
        lastUses.record(principal, accessKeyID, service, region, now: now)
    }

    /// Nil when the subject is gone: its sessions end with it.
    private static func who(_ subject: Session.Subject, _ identity: IdentityDirectory) -> Principal.Who? {
        switch subject {
        case .root: return .root
        case .user(let id): return identity.entity(id: id).map { .user($0) }
        case .role(let id, let name): return identity.entity(id: id).map { .role($0, session: name) }
        case .federated(let name, let issuer):
            if let issuer, identity.entity(id: issuer) == nil { return nil }
            return .federated(name: name, issuer: issuer)
        }
    }

    /// What the caller says that the request is for, believed or not; errors are answered in that service's form.
    static func claimedService(_ request: HTTPRequest, _ body: [UInt8]) -> String? {
        do { return try SignedRequest.parse(request).scope.service } catch {
            if case .query(let service)? = UnsignedRequest.service(of: request, body, acceptsAll: true) {
                return service.rawValue
            }
            return nil
        }
    }

    /// What a request can be meant for: all services share one listener and are told apart by what was signed.
    enum Service: Sendable, Hashable {
        case apiGateway, lambda
        case query(QueryService)
        case other(String)

        init(signingName: String) {
            if signingName == "apigateway" {
                self = .apiGateway
            } else if signingName == "lambda" {
                self = .lambda
            } else if let service = QueryService(rawValue: signingName) {
                self = .query(service)
            } else {
                self = .other(signingName)
            }
        }
    }
}

/// Forms that nobody signed: those that carry a token of an identity provider instead, and all where nothing is checked.
enum UnsignedRequest {
    static func service(
        of request: HTTPRequest, _ body: [UInt8], acceptsAll: Bool
    ) -> Authentication.Service? {
        guard request.headerFields[.authorization] == nil,
            request.headerFields[.contentType]?.hasPrefix("application/x-www-form-urlencoded") == true
        else { return nil }
        let form: QueryForm
        do { form = try QueryForm(Exchange(request: request, body: body)) } catch { return nil }
        switch form["Version"] {
        case QueryService.sts.version:
            let isProved = ["AssumeRoleWithWebIdentity", "AssumeRoleWithSAML"].contains(form["Action"])
            return acceptsAll || isProved ? .query(.sts) : nil
        case QueryService.iam.version: return acceptsAll ? .query(.iam) : nil
        default: return nil
        }
    }
}

extension ServiceError {
    init(_ refusal: AWSRefusal) {
        self.init(
            status: refusal.status, type: refusal.jsonCode, message: refusal.message, queryCode: refusal.queryCode)
    }

    static func notServed(_ service: String) -> Self {
        Self(
            status: 400, type: "InvalidAction",
            message: "The service \(service) is not served by this engine; it serves apigateway, iam, lambda and sts")
    }
}
