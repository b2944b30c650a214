import Applying
import Diagnostics
import JSON
import Planning
import Resources

extension Pipeline {
    /// The consent that a person gave, until it is used; nil if there is none.
    package func approval(of environment: String) async throws(ReconcilingFailure) -> Approval? {
        do {
            return try await revisions.approval(environment: environment)
        } catch {
            throw ReconcilingFailure(
                .historyUnreadable, "the approval of `\(environment)` could not be read", cause: error)
        }
    }

    /// Keeps the consent of a person, in place of the one before; nil forgets it.
    package func setApproval(_ approval: Approval?, of environment: String) async throws(ReconcilingFailure) {
        do {
            try await revisions.setApproval(approval, environment: environment)
        } catch {
            throw ReconcilingFailure(
                .historyUnwritable, "the approval of `\(environment)` could not be written", cause: error)
        }
    }

    func appliedGuards(of environment: String) async throws(ReconcilingFailure) -> AppliedGuards? {
        do {
            return try await revisions.guards(environment: environment)
        } catch {
            throw ReconcilingFailure(
                .historyUnreadable, "the guards of `\(environment)` could not be read", cause: error)
        }
    }

    /// True if a commit watches its environment less than the one that was applied last, and nobody agreed to that.
    func loosensWatch(_ graph: DesiredGraph) async throws(ReconcilingFailure) -> Bool {
        guard let applied = try await appliedGuards(of: graph.environment) else { return false }
        return !AppliedGuards(graph).looseningOfWatch(applied).isEmpty
    }

    /// What was applied is what the next commit is held against, and its consent is used up.
    func keep(_ prepared: PreparedPlan) async throws(ReconcilingFailure) {
        let environment = prepared.plan.environment
        var guards = prepared.guards
        // Destroying an environment says nothing about how it is watched.
        guards.watch = guards.watch ?? prepared.appliedGuards?.watch
        if guards != prepared.appliedGuards {
            do {
                try await revisions.setGuards(guards, environment: environment)
            } catch {
                throw ReconcilingFailure(
                    .historyUnwritable, "the guards of `\(environment)` could not be written", cause: error)
            }
        }
        if !prepared.plan.needsConsent.isEmpty { try await setApproval(nil, of: environment) }
    }

    /// Deletes everything that is recorded for an environment: a plan without any desired object.
    ///
    /// - Returns: Nil if nothing is recorded.
    /// - Throws: As ``plan(_:observing:)``.
    package func planDestruction(of environment: String) async throws(ReconcilingFailure) -> PreparedPlan? {
        let target: JSONValue?
        let isEmpty: Bool
        do {
            target = try await applier.journal.lastTarget(environment: environment)
            isEmpty = try await applier.states.objects(environment: environment).isEmpty
        } catch {
            throw ReconcilingFailure(
                .stateUnreadable, "the recorded state of `\(environment)` could not be read", cause: error)
        }
        guard let target, !isEmpty else { return nil }
        var settings = ApplySettings()
        if let guards = try await appliedGuards(of: environment) {
            settings.maxDeletes = guards.maxDeletes
            settings.protect = guards.protect
        }
        return try await plan(
            DesiredGraph(environment: environment, target: target, apply: settings, resources: []))
    }
}
