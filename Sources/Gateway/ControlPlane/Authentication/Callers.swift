import DataPlane
import IAMPolicy

/// Who may sign requests to deployed routes: the account as it was at one moment.
struct Callers: CallerDirectory {
    let authentication: Authentication
    let authorization: Authorization
    let identity: IdentityDirectory

    func caller(accessKeyID: String, sessionToken: String?) -> KnownCaller? {
        guard
            let (secret, principal) = authentication.key(
                accessKeyID: accessKeyID, sessionToken: sessionToken, identity)
        else { return nil }
        let session = principal.session
        return KnownCaller(
            accessKeyID: accessKeyID, secret: secret, caller: principal.caller(authorization.accountID),
            layers: authorization.layers(of: principal, identity),
            facts: RequestContext().adding(factsOf: principal, identity), expires: session?.expires,
            factorTime: session.flatMap { $0.isMFA ? $0.issued : nil },
            onUse: { [authentication] now in
                authentication.noteUse(of: accessKeyID, by: principal, "execute-api", now: now)
            })
    }
}
