import Diagnostics
package import JSON
import Planning
import Resources

/// Rules of the controller's own configuration, which no commit can loosen.
package struct ControllerGuards: Sendable, Hashable {
    /// Of one environment, beside those of all.
    package struct Environment: Sendable, Hashable {
        package var maxDeletes: Int?
        package var protect: [String]
        /// The only target that the environment may have, as an Environment writes it; nil leaves it to the environment.
        package var target: JSONValue?
        /// Every plan with changes needs a consent.
        package var needsApproval: Bool

        package init(
            maxDeletes: Int? = nil, protect: [String] = [], target: JSONValue? = nil, needsApproval: Bool = false
        ) {
            self.maxDeletes = maxDeletes
            self.protect = protect
            self.target = target
            self.needsApproval = needsApproval
        }
    }

    /// Nil leaves it to the environment.
    package var maxDeletes: Int?
    /// Address patterns, beside those of the environment.
    package var protect: [String] = []
    package var environments: [String: Environment] = [:]

    package init(maxDeletes: Int? = nil, protect: [String] = [], environments: [String: Environment] = [:]) {
        self.maxDeletes = maxDeletes
        self.protect = protect
        self.environments = environments
    }

    /// The graph under the strictest of what the commit, the environment as it was applied last, and the controller say.
    ///
    /// - Parameter applied: Nil where nothing was applied yet.
    func applied(to graph: DesiredGraph, _ applied: AppliedGuards?) -> DesiredGraph {
        var graph = graph
        let own = environments[graph.environment]
        let limits = [graph.apply.maxDeletes, maxDeletes, own?.maxDeletes, applied?.maxDeletes].compactMap(\.self)
        graph.apply.maxDeletes = limits.min() ?? graph.apply.maxDeletes
        for pattern in protect + (own?.protect ?? []) + (applied?.protect ?? [])
        where !graph.apply.protect.contains(pattern) {
            graph.apply.protect.append(pattern)
        }
        return graph
    }

    /// - Throws: `reconciling.target-forbidden`.
    func check(_ graph: DesiredGraph) throws(ReconcilingFailure) {
        guard let target = environments[graph.environment]?.target, target != graph.target else { return }
        throw ReconcilingFailure(
            .targetForbidden,
            "`\(graph.environment)` may only go to `\(target.text(.compact))`, and its target is "
                + "`\(graph.target.text(.compact))`", recovery: .awaitCommit)
    }

    /// What needs a consent beside what the plan itself does.
    ///
    /// - Parameter written: The guards of the commit's own Environment.
    func reasons(for plan: Plan, written: AppliedGuards, applied: AppliedGuards?) -> [ConsentReason] {
        var reasons: [ConsentReason] = []
        if let applied { reasons += written.loosening(applied) }
        if !plan.isEmpty, environments[plan.environment]?.needsApproval == true { reasons.append(.approval) }
        return reasons
    }
}
