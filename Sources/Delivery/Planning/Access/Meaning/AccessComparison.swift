import IAMPolicy
import JSON
import Resources

/// Asks both sides of a plan the same requests, and keeps those that they answer differently.
///
/// Work is bounded: only principals, routes and roles are looked at that a change touches, and at most
/// ``Limits/accessDecisionsMax`` requests are asked.
struct AccessComparison {
    let before: AccessWorld
    let after: AccessWorld
    /// Objects that the plan changes.
    let changed: Set<Address>
    var claims: [AccessClaim] = []
    var escalations: [Escalation] = []
    var notes: Set<String> = []
    /// Services of which a principal has everything now, or nothing any more: `User/dev apigateway gains`.
    var whole: Set<String> = []

    var shelf = PolicyShelf()
    var decisionsCount = 0
    var apiPolicies: [JSONValue: PolicySet] = [:]

    /// Of both sides, in the order of their addresses.
    let principals: [Address]
    let roles: [Address]

    init(before: AccessWorld, after: AccessWorld, changed: Set<Address>) {
        (self.before, self.after, self.changed) = (before, after, changed)
        principals = Set(before.principals).union(after.principals).sorted()
        roles = principals.filter { $0.kind == .role }
    }

    mutating func run() {
        let old = Dictionary(before.routes.map { ($0.key, $0) }) { first, _ in first }
        let new = Dictionary(after.routes.map { ($0.key, $0) }) { first, _ in first }
        let routes = Set(before.routes + after.routes).map(\.key)
        let moved = Set(routes.filter { isMoved($0) }).sorted { Self.order($0, $1) }
        for key in moved { compareDoors(old[key], new[key]) }
        let signed = Set(routes).sorted { Self.order($0, $1) }.filter {
            old[$0]?.authorization == .iam || new[$0]?.authorization == .iam
        }
        let movedSigned = Set(moved).intersection(signed)
        for principal in principals {
            let touched = before.sources(of: principal).union(after.sources(of: principal))
            let isTouched = !touched.isDisjoint(with: changed)
            guard isTouched || !movedSigned.isEmpty else { continue }
            guard decisionsCount < Limits.accessDecisionsMax else {
                notes.insert("there are more principals than were looked at: what the others gain or lose is not said")
                break
            }
            compare(principal, isTouched ? signed : signed.filter(movedSigned.contains), old, new, isTouched)
        }
        for role in roles where changed.contains(role) { compareTrust(role) }
        for name in shelf.unreadable.sorted() { notes.insert("`\(name)` could not be read as a policy") }
    }

    private static func order(_ left: AccessRoute.Key, _ right: AccessRoute.Key) -> Bool {
        (left.api, left.stage, left.path, left.method) < (right.api, right.stage, right.path, right.method)
    }

    private func isMoved(_ key: AccessRoute.Key) -> Bool {
        changed.contains(Address(.method, in: key.api, "\(key.method) \(key.path)"))
            || changed.contains(Address(.stage, in: key.api, key.stage)) || changed.contains(Address(.restAPI, key.api))
    }
}
