import IAMPolicy

/// Who sent a request, as its signature has proved.
struct Principal: Sendable, Equatable {
    enum Who: Sendable, Equatable {
        case root
        case user(Entity)
        case role(Entity, session: String)
        /// - Parameter issuer: Id of the user that asked for the session; nil for the root.
        case federated(name: String, issuer: String?)
        /// Nobody: what a token of an identity provider comes with.
        case anonymous
    }

    let who: Who
    /// The temporary credentials that were used; nil for keys that stay.
    var session: Session?

    static let root = Self(who: .root)
    static let anonymous = Self(who: .anonymous)

    func arn(_ accountID: String) -> String { caller(accountID).arn }

    /// `UserId` of `GetCallerIdentity`.
    func userID(_ accountID: String) -> String { caller(accountID).id ?? accountID }

    /// As policies know it.
    func caller(_ accountID: String) -> Caller {
        switch who {
        case .root: .root(account: accountID)
        case .user(let user): .user(arn: user.arn(accountID), id: user.id)
        case .role(let role, let session): .session(ofRole: role.arn(accountID), name: session, roleID: role.id)
        case .federated(let name, _): .federatedUser(account: accountID, name: name)
        case .anonymous: .anonymous
        }
    }

    /// The user, as it is now.
    func user(_ identity: IdentityDirectory) -> Entity? {
        guard case .user(let user) = who else { return nil }
        return identity.entity(id: user.id)
    }
}
