import JSON
import Planning
import Resources

/// What is known before the first write: the plan's steps, the recorded state, and the target as it is.
struct Preparation {
    let request: ApplyRequest
    let steps: [Step]
    /// What the plan was made from: with what is taken over.
    let recorded: [Address: RecordedObject]
    /// Before anything is taken over.
    private let original: [Address: RecordedObject]

    init(_ request: ApplyRequest, steps: [Step], recorded: [RecordedObject]) {
        self.request = request
        self.steps = steps
        original = Dictionary(recorded.map { ($0.address, $0) }) { _, later in later }
        var known = original
        for change in request.takeover {
            switch change {
            case .record(let object): known[object.address] = object
            case .remove(let address): known[address] = nil
            case .doubt: break
            }
        }
        self.recorded = known
    }

    /// What is read before the first write.
    var scope: TargetScope {
        let touched = steps.flatMap(\.effects).map(\.address)
        return TargetScope(touched + adopted.map(\.address), roots: TargetScope.roots(of: steps))
    }

    /// Objects that are taken over without a call.
    private var adopted: [Change] {
        let touched = Set(steps.flatMap(\.effects).map(\.address))
        return request.plan.changes.filter { $0.action == .adopt && !touched.contains($0.address) }
    }

    var identities: [Address: Identity] { recorded.mapValues(\.identity) }

    /// Where the target is not what the plan was made from.
    func stale(_ observed: [Address: ObservedObject]) -> [StaleObject] {
        let known = identities.merging(observed.mapValues(\.identity)) { _, new in new }
        let scope = scope
        var expected =
            scope.roots.isEmpty ? [:] : recorded.filter { scope.contains($0.key) }.mapValues { Optional($0.document) }
        var seen: Set<Address> = []
        for effect in steps.lazy.flatMap(\.effects) where seen.insert(effect.address).inserted {
            expected[effect.address] = .some(effect.before)
        }
        for change in request.plan.changes where change.action == .adopt {
            expected[change.address] = .some(change.before ?? change.after)
            // What is taken over may be anything, but it must be there.
            if change.before == nil, seen.contains(change.address), let found = observed[change.address] {
                expected[change.address] = .some(found.document)
            }
        }
        for address in observed.keys where scope.contains(address) && expected[address] == nil {
            expected[address] = .some(nil)
        }
        return missing(observed)
            + expected.compactMap { address, document in
                let found = observed[address]
                guard let document else { return found.map { StaleObject(address, expected: nil, found: $0.document) } }
                if let found, found.matches(document, of: address.kind, known) { return nil }
                return StaleObject(
                    address, expected: document.resolved(with: known, as: address.kind), found: found?.document)
            }
            .sorted { $0.address < $1.address }
    }

    /// What the plan's objects build on, without touching it, and what is not there any more: another apply, or the
    /// recovery of one, took it away after the plan was made.
    private func missing(_ observed: [Address: ObservedObject]) -> [StaleObject] {
        let effects = steps.lazy.flatMap(\.effects)
        var made: Set<Address> = []
        for effect in effects { made.insert(effect.address) }
        var missing: Set<Address> = []
        for effect in effects {
            effect.after?.forEachReference { reference in
                let address = reference.address
                if !made.contains(address), recorded[address] == nil, observed[address] == nil {
                    missing.insert(address)
                }
            }
        }
        return missing.sorted().map { StaleObject($0, expected: .object(JSONObject()), found: nil) }
    }

    /// What is journaled before the first step.
    ///
    /// - Parameters:
    ///   - propagation: How long what a step granted may still be refused.
    ///   - isProbed: Stages are asked after the flips.
    func header(
        _ observed: [Address: ObservedObject], propagation: (Step) -> Duration = { _ in .zero }, isProbed: Bool = false
    ) -> ApplyHeader {
        let plan = request.plan
        let layout = StageLayout(steps, changes: plan.changes, propagation: propagation, isProbed: isProbed)
        let scope = scope
        let known = identities.merging(observed.mapValues(\.identity)) { _, new in new }
        let touched = Set(steps.flatMap(\.effects).map(\.address))
        let dependencies = dependencies(of: touched)
        var header = ApplyHeader(
            id: request.id, environment: plan.environment, commit: request.commit, planDigest: plan.digest,
            target: plan.target, parallelism: plan.settings.parallelism, onFailure: plan.settings.onFailure,
            steps: steps, stages: layout.stages, gates: layout.gates,
            identities: IdentityLedger(known).identities(for: steps, dependencies: dependencies),
            recorded: recorded.merging(original) { _, before in before }.filter { touched.contains($0.key) },
            dependencies: dependencies, recordings: recordings(observed, touched), roots: scope.roots)
        header.taken = touched.filter { original[$0] == nil && recorded[$0] != nil }.sorted()
        header.observed = TargetHash(
            of: observed.filter { touched.contains($0.key) || scope.contains($0.key) }, symbolic: header.symbolic,
            identities: known)
        return header
    }

    private func dependencies(of touched: Set<Address>) -> [Address: [Address]] {
        var dependencies: [Address: [Address]] = [:]
        for change in request.plan.changes where change.after != nil {
            dependencies[change.address] =
                request.dependencies[change.address]
                ?? Set(change.dependencies).union(recorded[change.address]?.dependencies ?? []).sorted()
        }
        return dependencies
    }

    /// Recorded state that changes without a call.
    private func recordings(_ observed: [Address: ObservedObject], _ touched: Set<Address>) -> [StateChange] {
        let forgotten = request.plan.changes.filter { $0.action == .forget }.map { StateChange.remove($0.address) }
        // What steps touch is recorded by them.
        let taken = request.takeover.filter { !touched.contains($0.address) }
        let known = Set(taken.map(\.address))
        // A rule of ours changed, and nothing on the target.
        let silent = request.plan.changes.compactMap { change -> StateChange? in
            guard change.action == .update, !touched.contains(change.address), var object = recorded[change.address],
                let document = change.after
            else { return nil }
            object.document = document
            object.dependencies = request.dependencies[change.address] ?? object.dependencies
            return .record(object)
        }
        return forgotten + taken + silent
            + adopted.filter { !known.contains($0.address) }.flatMap { change -> [StateChange] in
                guard let document = change.after, let found = observed[change.address] else { return [] }
                let object = RecordedObject(
                    address: change.address, identity: found.identity, document: document,
                    dependencies: request.dependencies[change.address] ?? change.dependencies)
                let isAsWanted = found.matches(document, of: change.address.kind, identities)
                return [.record(object)] + (isAsWanted ? [] : [.doubt(change.address, reason: "taken over as it was")])
            }
    }
}
