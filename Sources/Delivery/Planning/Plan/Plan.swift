package import Diagnostics
package import JSON
package import Resources

/// The ordered changes that take one environment from its recorded state to what a commit wants.
package struct Plan: Sendable {
    package var environment: String
    /// `spec.target` as the resolved Environment writes it.
    package var target: JSONValue
    package var settings: ApplySettings
    /// In the order of execution; each address once.
    package var changes: [Change]
    /// Guards, lints and notes beside the changes; not part of the digest.
    package var findings: [Diagnostic]
    /// What a person must agree to before the plan may be applied; not part of the digest. Each has its finding of
    /// severity error.
    package var needsConsent: [ConsentReason]
    /// What it means to those who have access; not part of the digest. Nil where no change says who may do what.
    package var access: AccessReport?
    /// What applying is expected to take, where the target's provider was asked; not part of the digest.
    package var estimate: Estimate?
    /// `sha256:` and 64 lower-case hex digits over what ``PlanDigest`` names, and nothing else.
    package var digest: String

    package init(
        environment: String, target: JSONValue, settings: ApplySettings, changes: [Change],
        findings: [Diagnostic] = [], needsConsent: [ConsentReason] = [], digest: String
    ) {
        self.environment = environment
        self.target = target
        self.settings = settings
        self.changes = changes
        self.findings = findings
        self.needsConsent = needsConsent
        self.digest = digest
    }

    package var isEmpty: Bool { changes.isEmpty }

    /// Adds reasons for consent, each with its finding.
    package mutating func needConsent(_ reasons: [ConsentReason]) {
        needsConsent += reasons
        findings += reasons.map(\.finding)
    }
}
