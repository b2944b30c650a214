import Applying
import JSON
import Manifests
import Planning
import Resources

extension PreparedPlan {
    /// What is asked of the stages that the plan flips, in the plan's order.
    ///
    /// A stage that no rule is for is asked whether it serves its deployment; not so one of AWS that cannot be reached
    /// from here.
    var probes: [Probe] {
        var seen: Set<Address> = []
        let flipped = plan.changes.filter { change in
            change.address.kind == .stage && change.visibility == .flip && change.after != nil && change.isReversible
                && seen.insert(change.address).inserted
        }
        return flipped.flatMap { change -> [Probe] in
            let rules = graph.apply.probes.filter { Wildcard.matches(change.address.name, $0.stage) }
            guard rules.isEmpty else { return rules.map { Probe(change.address, $0) } }
            return isPrivate(change.address.root) ? [] : [Probe(change.address)]
        }
    }

    private func isPrivate(_ root: String) -> Bool {
        guard graph.target["aws"] != nil,
            let api = graph.resources.first(where: { $0.address == Address(.restAPI, root) })?.document
        else { return false }
        return api["endpointConfiguration"]?["types"]?.array?.contains("PRIVATE") == true
            || api["disableExecuteApiEndpoint"]?.bool == true
    }
}
