/// What a policy document is for; it decides which elements a statement must and may not have.
package enum PolicyKind: String, Sendable, Hashable, CaseIterable {
    /// Managed and inline policies of users, groups and roles, and what a Lambda authorizer answers: no principal.
    case identity
    /// A managed policy that limits a user or role: no principal.
    case boundary
    /// Given with a session, which it limits: no principal.
    case session
    /// Of an API or another resource: with a principal.
    case resource
    /// Of a role: with a principal, without a resource.
    case trust

    /// True if statements name who they are about; else they may not.
    package var namesPrincipals: Bool { self == .resource || self == .trust }

    /// What a document of this kind may have if nobody says otherwise.
    package var sizeMax: Int {
        switch self {
        case .identity, .boundary: PolicySize.managed
        case .session: PolicySize.session
        case .resource: PolicySize.api
        case .trust: PolicySize.trust
        }
    }
}
