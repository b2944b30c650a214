import DataPlane
import IAMPolicy
import SigV4

/// The roles that services of the engine may act as: the account as it was at one moment.
///
/// The trust policy decides alone, as for every service; the session is one like any other, so that the engine's own
/// APIs take its credentials too.
struct AccountRoles: RoleCredentials {
    let sealing: Sealing
    let authorization: Authorization
    let identity: IdentityDirectory

    /// SOURCE: the service names the sessions of its integrations so, as audit records show.
    private static let sessionName = "BackplaneAssumeRoleSession"
    private static let sessionSeconds = 3600

    func credentials(
        ofRole arn: String, service: String, source: String, at milliseconds: Int64
    ) throws(RoleRefusal) -> TemporaryCredentials {
        let (accountID, now) = (authorization.accountID, Int(milliseconds / 1000))
        let role = try checkTrust(inRole: arn, of: service, source: source, now)
        let session = Session(.role(id: role.id, name: Self.sessionName), issued: now, seconds: Self.sessionSeconds)
        let token: String
        do { token = try session.token(sealing) } catch { throw .unavailable("the session cannot be sealed") }
        let principal = Principal(who: .role(role, session: Self.sessionName), session: session)
        let holder = KnownCaller(
            accessKeyID: session.accessKeyID, secret: session.secret, caller: principal.caller(accountID),
            layers: authorization.layers(of: principal, identity),
            facts: RequestContext().adding(factsOf: principal, identity), expires: session.expires)
        return TemporaryCredentials(
            signing: SigningCredentials(
                accessKeyID: session.accessKeyID, secretAccessKey: session.secret, sessionToken: token),
            expires: session.expires, holder: holder)
    }

    /// - Returns: The role, which lets the service act as it.
    @discardableResult
    func checkTrust(
        inRole arn: String, of service: String, source: String, _ now: Int
    ) throws(RoleRefusal) -> Entity {
        let accountID = authorization.accountID
        guard let role = identity.find(.role, arn: arn, accountID) else { throw .unknownRole(arn: arn) }
        let trust = authorization.cache.set(TrustPolicies.shown(role, identity, accountID), as: .trust)
        var context = RequestContext()
        context.set("aws:CurrentTime", EntityNames.timestamp(now))
        context.set("aws:EpochTime", "\(now)")
        context.set("aws:SourceAccount", accountID)
        context.set("aws:SourceArn", source)
        context.set("sts:RoleSessionName", Self.sessionName)
        let request = AccessRequest(
            caller: .service(service), action: "sts:AssumeRole", resource: role.arn(accountID),
            resourceAccount: accountID, context: context)
        guard PolicyLayers(resource: trust, resourceMustAllow: true).decision(request).isAllowed else {
            throw .notTrusted(arn: role.arn(accountID), service: service)
        }
        return role
    }
}
