import Diagnostics
import IAMPolicy
import JSON
import Resources

extension AccessReport {
    /// What taking `before` to `after` means to those who have access.
    ///
    /// - Parameters:
    ///   - changed: Objects that the plan changes; where none of them says who may do what, nothing is looked at.
    ///   - sight: Whose policies could be seen.
    init(before: AccessWorld, after: AccessWorld, changed: Set<Address>, sight: Sight) {
        self.init()
        var comparison = AccessComparison(before: before, after: after, changed: changed)
        comparison.run()
        let words = AccessWords(before: before, after: after, whole: comparison.whole)
        lines = words.lines(comparison.claims)
        claimsCount = comparison.claims.count
        claims = Array(comparison.claims.prefix(Limits.accessClaimsMax))
        notes = comparison.notes.sorted()
        if notes.count > Limits.accessNotesMax {
            notes =
                notes.prefix(Limits.accessNotesMax) + [
                    "\(notes.count - Limits.accessNotesMax) more things were not seen"
                ]
        }
        escalations = comparison.escalations
        self.sight = sight.rawValue
    }

    /// Whose policies could be seen.
    enum Sight: String {
        case git = "principals in git"
        case target = "principals in git and what was read of them on the target"
    }

    /// One warning for each principal that could give itself more.
    var warnings: [Diagnostic] {
        var order: [String] = []
        var ways: [String: [Escalation]] = [:]
        for escalation in escalations {
            if ways[escalation.principal] == nil { order.append(escalation.principal) }
            ways[escalation.principal, default: []].append(escalation)
        }
        return order.map { principal in
            let all = ways[principal] ?? []
            let named = all.prefix(3).map { "`\($0.way)` on `\($0.resource)` \($0.meaning)" }.joined(separator: ", ")
            let more = all.count > 3 ? ", and \(all.count - 3) more ways" : ""
            return Diagnostic(
                .warning, PlanFinding.accessEscalates, "`\(principal)` may now get more permissions: \(named)\(more)",
                at: nil, remedy: "limit the resources, add a permissions boundary, or leave the action out")
        }
    }

    /// True for kinds whose objects say who may do what.
    static func concerns(_ change: Change) -> Bool {
        switch change.address.kind {
        case .user, .group, .role, .policy: return true
        case .method:
            guard let before = change.before, let after = change.after else { return true }
            return before["authorizationType"] != after["authorizationType"]
                || before["apiKeyRequired"] != after["apiKeyRequired"]
        case .stage: return change.before == nil || change.after == nil
        case .restAPI:
            return change.before?["policy"] != change.after?["policy"]
                || change.before?["endpointConfiguration"] != change.after?["endpointConfiguration"]
        default: return false
        }
    }
}
