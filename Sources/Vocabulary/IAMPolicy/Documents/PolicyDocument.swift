package import Diagnostics
package import JSON

/// A policy document that is valid for its kind.
package struct PolicyDocument: Sendable {
    package let kind: PolicyKind
    package let version: PolicyVersion
    package let id: String?
    /// In the order written; never empty.
    package let statements: [PolicyStatement]
    /// As it was written, member order and lists kept.
    package let value: JSONValue
    /// Characters without whitespace outside strings: what the size limits count.
    package let size: Int
}

/// The version of the language, not of the document.
package enum PolicyVersion: String, Sendable, Hashable {
    /// Also of a document that names none: `${...}` is literal text.
    case v2008 = "2008-10-17"
    case v2012 = "2012-10-17"
}

/// One statement, its lists in the order written.
package struct PolicyStatement: Sendable {
    package enum Effect: String, Sendable, Hashable {
        case allow = "Allow"
        case deny = "Deny"
    }

    /// Empty where it was written empty; nil where it was not written.
    package let sid: String?
    package let effect: Effect
    /// Nil exactly for the kinds that name no principals.
    package let principals: PolicyPrincipals?
    package let actions: PolicyPatterns
    /// Nil exactly for trust policies.
    package let resources: PolicyPatterns?
    package let conditions: [PolicyCondition]
    /// Where the statement begins; nil for a document that was no file.
    package let span: SourceSpan?
}

/// `Action`, `NotAction`, `Resource` or `NotResource`.
package struct PolicyPatterns: Sendable, Hashable {
    /// True for the `Not` form: what matches none of the patterns.
    package let isExcluding: Bool
    /// Never empty.
    package let patterns: [String]
}

/// `Principal` or `NotPrincipal`.
package struct PolicyPrincipals: Sendable, Hashable {
    /// True for `NotPrincipal`.
    package let isExcluding: Bool
    /// Never empty; account ids are written as root ARNs.
    package let names: [PolicyPrincipal]
}

/// One name in a `Principal` element.
package enum PolicyPrincipal: Sendable, Hashable {
    /// Everybody, also those who did not sign.
    case everyone
    /// The account; its own policies say who of it.
    case account(String)
    /// The ARN of a user, a role, a role session or a federated user, or the unique id of one that is gone.
    case aws(String)
    /// `apigateway.amazonaws.com`
    case service(String)
    /// The ARN of an identity provider, or the name of a public one.
    case federated(String)
    case canonicalUser(String)
}

/// One key of one operator of a `Condition`.
package struct PolicyCondition: Sendable, Hashable {
    package let condition: ConditionOperator
    /// As written; compared without regard to case.
    package let key: String
    /// Never empty; numbers and booleans as their text.
    package let values: [String]
}

/// What reading a document gave.
package struct PolicyReading: Sendable {
    /// Nil exactly if a diagnostic is an error.
    package let document: PolicyDocument?
    /// In the order of the text; errors and warnings.
    package let diagnostics: [Diagnostic]
}
