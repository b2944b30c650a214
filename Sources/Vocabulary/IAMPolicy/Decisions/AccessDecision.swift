package import Diagnostics

/// What policies say to a request, and which statement said it.
package struct AccessDecision: Sendable, Hashable {
    package enum Outcome: String, Sendable, Hashable, CaseIterable {
        case allowed
        case explicitlyDenied = "explicitly denied"
        case implicitlyDenied = "implicitly denied"
    }

    package let outcome: Outcome
    /// The first statement that denied or allowed; nil for what is denied as nothing allows it, and for what no policy
    /// decides (root, `sts:GetCallerIdentity`).
    package let statement: StatementOrigin?
    /// The layer that decided: of an implicit denial the first one that lacks an Allow.
    package let layer: PolicyLayer

    package var isAllowed: Bool { outcome == .allowed }

    package init(_ outcome: Outcome, by statement: StatementOrigin?, in layer: PolicyLayer) {
        (self.outcome, self.statement, self.layer) = (outcome, statement, layer)
    }
}

/// Where a decision was made.
package enum PolicyLayer: String, Sendable, Hashable, CaseIterable {
    /// Policies of the user, of its groups or of the role.
    case identity
    case boundary
    case session
    /// The policy of the resource, or the trust policy of a role.
    case resource
    /// What holds whatever policies say.
    case fixedRule = "fixed rule"
}

/// A statement and the policy that it is in.
package struct StatementOrigin: Sendable, Hashable {
    /// What the policy was called when it was compiled.
    package let policy: String
    /// Counted from 0.
    package let index: Int
    package let sid: String?
    package let span: SourceSpan?

    package init(policy: String, index: Int, sid: String?, span: SourceSpan?) {
        self.policy = policy
        self.index = index
        self.sid = sid
        self.span = span
    }
}
