package import Diagnostics
import JSON
package import Resources

/// What a change of the repository would do to each environment: the dry run of a pull request.
package struct DiffReport: Sendable {
    package enum Outcome: Sendable {
        /// From what the base wants to what the result wants.
        case plan(Plan)
        /// The base does not have the environment: everything is new.
        case appears(Plan)
        /// The result does not have the environment any more. That deletes nothing.
        case disappears
        /// The base's manifests have errors, so what it wants is not known and no plan from it would be true.
        case baseInvalid([Diagnostic])
    }

    package struct Section: Sendable {
        package var environment: String
        package var outcome: Outcome

        package init(environment: String, outcome: Outcome) {
            self.environment = environment
            self.outcome = outcome
        }

        package var plan: Plan? {
            switch outcome {
            case .plan(let plan), .appears(let plan): plan
            case .disappears, .baseInvalid: nil
            }
        }

        /// True unless the environment certainly stays as it is.
        package var hasChanges: Bool { plan.map { !$0.isEmpty } ?? true }
        /// True if a reviewer has something to look at.
        var isShown: Bool { hasChanges || plan.map { !$0.needsConsent.isEmpty } ?? false }
    }

    /// What was compared, as the user wrote it: `main...feature`.
    package var range: String
    /// Full ids of the commits.
    package var base: String
    package var head: String
    /// True if the result is that of merging `head` into `base`; else it is `head` itself.
    package var isMerge: Bool
    /// The only environment that was asked for; nil for all.
    package var environment: String?
    /// In the order of their names.
    package var sections: [Section]

    package init(
        range: String, base: String, head: String, isMerge: Bool, environment: String?, sections: [Section]
    ) {
        self.range = range
        self.base = base
        self.head = head
        self.isMerge = isMerge
        self.environment = environment
        self.sections = sections.sorted { $0.environment < $1.environment }
    }

    package var hasChanges: Bool { sections.contains(where: \.hasChanges) }

    /// The plan of one environment of two graphs; nil where neither has it.
    package static func outcome(from base: DesiredGraph?, to result: DesiredGraph?) -> Outcome? {
        switch (base, result) {
        case (nil, nil): nil
        case (_?, nil): .disappears
        case (nil, let result?):
            .appears(
                Planner.plan(
                    from: DesiredGraph(
                        environment: result.environment, target: result.target, apply: result.apply, resources: []),
                    to: result))
        case (let base?, let result?): .plan(Planner.plan(from: base, to: result))
        }
    }
}
