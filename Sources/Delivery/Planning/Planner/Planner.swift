import Diagnostics
import JSON
package import Resources

/// Compares what a commit wants with what is there. Pure and deterministic: equal input gives equal bytes anywhere.
package enum Planner {
    /// The plan that takes an environment from `recorded` to `desired`.
    ///
    /// - Parameters:
    ///   - desired: With or without its deployments: ``Deployments/derived(in:)`` is applied to what has none.
    ///   - recorded: In any order, each address once.
    ///   - observed: What was read of the target, if anything was; it wins over `recorded` for the addresses that were
    ///     asked for. See ``RecordedState/refreshed(_:desired:observed:)``.
    ///   - former: What the commit that was applied last renamed: a commit that goes back to the old names renames back.
    ///   - rotated: Secrets that are others than those that the objects were made with.
    package static func plan(
        desired: DesiredGraph, recorded: [RecordedObject], observed: ObservedState? = nil, former: [Rename] = [],
        rotated: [SecretRotation] = []
    ) -> Plan {
        plan(
            desired: desired, recorded: recorded, observed: observed, former: former, rotated: rotated,
            kinds: .standard)
    }

    static func plan(
        desired: DesiredGraph, recorded: [RecordedObject], observed: ObservedState? = nil, former: [Rename] = [],
        rotated: [SecretRotation] = [], kinds: KindLookup
    ) -> Plan {
        let desired = Deployments.derived(in: desired)
        let renaming = Renaming(desired, recorded: recorded, former: former)
        let known = renaming.objects
        let refreshed = observed.map { RecordedState.refreshed(known, desired: desired, observed: $0) }
        let present = (refreshed?.objects ?? known).sortedByAddress
        var comparison = Comparison(
            kinds: kinds, reasons: refreshed?.reasons ?? [:],
            rotated: Dictionary(rotated.map { ($0.address, $0.field) }) { first, _ in first })
        comparison.compare(desired.resources, present)
        comparison.takeOver(renaming, desired, known: known, present: present)

        let changes = ChangeOrder.ordered(comparison.drafts)
        let guards = Guards(settings: desired.apply, desired: desired.resources, present: present, renaming: renaming)
        let consent = guards.reasons(for: changes)
        let access = Self.access(desired, present, changes, sight: observed == nil ? .git : .target)
        var plan = Plan(
            environment: desired.environment, target: desired.target, settings: desired.apply, changes: changes,
            findings: desired.findings + renaming.findings + comparison.findings + (refreshed?.findings ?? [])
                + DocumentationVersions.findings(changes) + StillNamed.findings(changes, desired)
                + AccessFindings(changes, kinds: kinds).diagnostics
                + (access?.warnings ?? []) + consent.map(\.finding),
            needsConsent: consent,
            digest: PlanDigest.of(environment: desired.environment, target: desired.target, changes: changes))
        plan.access = access
        return plan
    }

    /// Nil where no change says who may do what: then nothing is read or compared.
    private static func access(
        _ desired: DesiredGraph, _ present: [RecordedObject], _ changes: [Change], sight: AccessReport.Sight
    ) -> AccessReport? {
        let changed = Set(changes.lazy.filter(AccessReport.concerns).map(\.address))
        guard !changed.isEmpty else { return nil }
        let home = AccessHome(target: desired.target)
        let ids = Dictionary(present.lazy.map { ($0.address, $0.identity.physicalID) }) { first, _ in first }
        return AccessReport(
            before: AccessWorld(home: home, objects: present.map { ($0.address, $0.document) }, ids: ids),
            after: AccessWorld(home: home, objects: desired.resources.map { ($0.address, $0.document) }, ids: ids),
            changed: changed, sight: sight)
    }
}

extension [RecordedObject] {
    /// In the order of their addresses; at no cost when they are already.
    var sortedByAddress: [RecordedObject] {
        let isSorted = zip(self, dropFirst()).allSatisfy { $0.address < $1.address }
        return isSorted ? self : sorted { $0.address < $1.address }
    }
}

extension Planner {
    /// The plan between two commits, with no state and no target: what `diff` shows.
    ///
    /// Where nothing drifted and `base` is what is applied, it has the digest of the plan against the recorded state.
    package static func plan(from base: DesiredGraph, to head: DesiredGraph) -> Plan {
        plan(from: base, to: head, kinds: .standard)
    }

    static func plan(from base: DesiredGraph, to head: DesiredGraph, kinds: KindLookup) -> Plan {
        let recorded = Deployments.derived(in: base).resources.map {
            RecordedObject(
                address: $0.address, identity: Identity(physicalID: ""), document: $0.document,
                dependencies: $0.dependencies)
        }
        var plan = plan(desired: head, recorded: recorded, former: base.renames, kinds: kinds)
        let archives = Dictionary((base.code + head.code).map { ($0.hash, $0.bytes) }) { first, _ in first }
        plan.addCode { archives[$0] }
        return plan
    }
}
