/// Somebody may do something after a plan that was not allowed before, or no longer.
///
/// The request is a witness: asked of the policies of both sides, it is allowed on the one and not on the other.
package struct AccessClaim: Sendable, Hashable {
    package enum Change: String, Sendable, Hashable, CaseIterable {
        case gains, loses
    }

    package var change: Change
    /// `User/dev`, `Role/ci`, or in words who it is that is no object of the environment: `anyone on the internet`.
    package var principal: String
    package var action: String
    /// An ARN, or `*`.
    package var resource: String
    /// What the request says beside; empty where it does not matter.
    package var context: [String: String] = [:]
    /// `petstore`, `test`, `GET /pets`: of the call of a route that is in git.
    package var api: String?
    package var stage: String?
    package var route: String?
    /// The role that is assumed.
    package var role: String?
    /// The policy that allows it, on the side that does: `Group/api-admins`, with the statement's number.
    package var statement: String?
}

/// What a plan means to those who have access, as far as it can be seen.
package struct AccessReport: Sendable, Hashable {
    /// One sentence each, what is gained first.
    package var lines: [String] = []
    /// What is behind the lines, at most ``Limits/accessClaimsMax``.
    package var claims: [AccessClaim] = []
    package var claimsCount = 0
    /// What could not be seen, one sentence each.
    package var notes: [String] = []
    /// `principals in git` or `principals in git and what the target has of them`.
    package var sight = ""
    /// Known ways to more permissions that are open after the plan and were not before; said as findings.
    var escalations: [Escalation] = []

    package init() {}

    package var isEmpty: Bool { lines.isEmpty && notes.isEmpty }
}
