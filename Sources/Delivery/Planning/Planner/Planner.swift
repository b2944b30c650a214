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
    package static func plan(
        desired: DesiredGraph, recorded: [RecordedObject], observed: ObservedState? = nil
    ) -> Plan {
        let desired = Deployments.derived(in: desired)
        let refreshed = observed.map { RecordedState.refreshed(recorded, desired: desired, observed: $0) }
        let present = (refreshed?.objects ?? recorded).sortedByAddress
        var comparison = Comparison(reasons: refreshed?.reasons ?? [:])
        comparison.compare(desired.resources, present)

        let changes = ChangeOrder.ordered(comparison.drafts)
        let guards = Guards(settings: desired.apply, desired: desired.resources, present: present)
        let consent = guards.reasons(for: changes)
        return Plan(
            environment: desired.environment, target: desired.target, settings: desired.apply, changes: changes,
            findings: desired.findings + (refreshed?.findings ?? []) + consent.map(\.finding),
            needsConsent: consent,
            digest: PlanDigest.of(environment: desired.environment, target: desired.target, changes: changes))
    }
}

/// A change before its place among the others is known.
struct Draft {
    var change: Change
    /// Everything that must exist for the object as it will be.
    var required: [Address] = []
    /// Everything that had to exist for the object as it was before.
    var requiredBefore: [Address] = []
    /// The object needs a segment of its own at the end: it goes and comes back, or cannot come back at all.
    var isLast: Bool { !change.isReversible }
}

/// Which objects differ, and how; their order is ``ChangeOrder``'s.
struct Comparison {
    /// Why an object is not as it was applied, where the target was read.
    let reasons: [Address: String]
    private(set) var drafts: [Draft] = []

    init(reasons: [Address: String]) { self.reasons = reasons }

    /// - Parameters: Both in the order of their addresses.
    mutating func compare(_ desired: [DesiredResource], _ present: [RecordedObject]) {
        var unwanted: [RecordedObject] = []
        var wantedRoots: Set<String> = []
        var next = present.startIndex
        for position in desired.indices {
            let address = desired[position].address
            if address.kind == .restAPI { wantedRoots.insert(address.root) }
            while next < present.endIndex, present[next].address != address, present[next].address < address {
                unwanted.append(present[next])
                next += 1
            }
            guard next < present.endIndex, present[next].address == address else {
                create(desired[position])
                continue
            }
            if desired[position].document != present[next].document { update(present[next], to: desired[position]) }
            next += 1
        }
        unwanted += present[next...]
        for object in unwanted { remove(object, rootStays: wantedRoots.contains(object.address.root)) }
        followReplacements(desired, present)
    }

    private mutating func create(_ resource: DesiredResource) {
        let change = Change(
            .create, resource.address, before: nil, after: resource.document,
            visibility: resource.address.kind.visibility(from: nil, to: resource.document),
            reason: reasons[resource.address], span: resource.span)
        drafts.append(Draft(change: change, required: resource.dependencies))
    }

    private mutating func update(_ object: RecordedObject, to resource: DesiredResource) {
        let kind = resource.address.kind
        var change = Change(
            .update, resource.address, before: object.document, after: resource.document,
            visibility: kind.visibility(from: object.document, to: resource.document),
            reason: reasons[resource.address], span: resource.span)
        if kind == .deployment {
            // A deployment never changes: the next one is made beside it, and the stages move over.
            change.reason = "the definition changed"
        } else if let field = kind.immutableField(changedFrom: object.document, to: resource.document) {
            change.reason = "`\(field)` cannot change in place"
            // An import makes the parts of a definition again by itself, and puts them back too.
            if !kind.isPartOfDefinition {
                change.action = .replace
                change.isReversible = false
            }
        }
        drafts.append(Draft(change: change, required: resource.dependencies, requiredBefore: object.dependencies))
    }

    private mutating func remove(_ object: RecordedObject, rootStays: Bool) {
        let kind = object.address.kind
        // While its API stays, an unused deployment is left to the pruning after an apply.
        if kind == .deployment, rootStays { return }
        let goesWithRoot = kind.belongsToAPI && !rootStays
        var change = Change(
            .delete, object.address, before: object.document, after: nil,
            visibility: kind.isPartOfDefinition && rootStays ? .hidden : .delete,
            isReversible: !goesWithRoot && kind.isReversibleToDelete, reason: reasons[object.address])
        if goesWithRoot, kind != .restAPI { change.reason = "goes with `RestApi/\(object.address.root)`" }
        drafts.append(Draft(change: change, requiredBefore: object.dependencies))
    }

    /// What refers to an object that is replaced gets its new identity, although its own document stays as it is.
    private mutating func followReplacements(_ desired: [DesiredResource], _ present: [RecordedObject]) {
        let replaced = Set(drafts.lazy.filter { $0.change.action == .replace }.map(\.change.address))
        guard !replaced.isEmpty else { return }
        let changed = Set(drafts.map(\.change.address))
        let before = Dictionary(present.map { ($0.address, $0) }) { first, _ in first }
        for resource in desired where !changed.contains(resource.address) {
            guard let object = before[resource.address] else { continue }
            let named = resource.document.references.map(\.address) + resource.dependencies
            guard let cause = named.first(where: replaced.contains) else { continue }
            let isInside = resource.address.kind.belongsToAPI && cause == Address(.restAPI, resource.address.root)
            let change = Change(
                isInside ? .replace : .update, resource.address, before: object.document, after: resource.document,
                visibility: resource.address.kind.visibility(from: object.document, to: resource.document),
                isReversible: !isInside, reason: "`\(cause)` is replaced", span: resource.span)
            drafts.append(
                Draft(change: change, required: resource.dependencies, requiredBefore: object.dependencies))
        }
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
        let recorded = Deployments.derived(in: base).resources.map {
            RecordedObject(
                address: $0.address, identity: Identity(physicalID: ""), document: $0.document,
                dependencies: $0.dependencies)
        }
        return plan(desired: head, recorded: recorded)
    }
}
