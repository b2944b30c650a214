package import Applying
import Diagnostics
package import GitSource
package import JSON
package import Logging
package import Manifests
import Planning
package import Resources

/// From a tree of files to an applied commit: the one way that `plan`, `apply` and `serve` go.
///
/// It keeps nothing between two calls; what lasts is in the stores.
package struct Pipeline: Sendable {
    /// Makes the way to the target of an environment from its `spec.target`; throws `provider.unsupported` for one that
    /// it does not know.
    package typealias ProviderMaking =
        @Sendable (
            _ target: JSONValue, _ environment: String
        ) async throws(ProviderFailure) -> any ResourceProvider

    package internal(set) var loader: ManifestLoader
    package let applier: Applier
    package let revisions: any RevisionStore
    package let guards: ControllerGuards
    /// Whose signatures commits need; nil where they need none.
    package let signatures: SignaturePolicy?
    let makeProvider: ProviderMaking
    let announce: @Sendable (Announcement) -> Void
    let now: @Sendable () -> Timestamp
    let logger: Logger

    /// - Parameter announce: Called at once and in the order of what happens; it must not block.
    package init(
        loader: ManifestLoader = ManifestLoader(), applier: Applier, revisions: any RevisionStore,
        guards: ControllerGuards = ControllerGuards(), signatures: SignaturePolicy? = nil,
        provider: @escaping ProviderMaking,
        announce: @escaping @Sendable (Announcement) -> Void = { _ in },
        now: @escaping @Sendable () -> Timestamp, logger: Logger
    ) {
        self.loader = loader
        self.applier = applier
        self.revisions = revisions
        self.guards = guards
        self.signatures = signatures
        makeProvider = provider
        self.announce = announce
        self.now = now
        self.logger = logger
    }

    /// Reads what one environment of a tree wants, or everything that is wrong with it.
    ///
    /// - Parameter environment: May be nil where the tree has only one.
    package func load(_ tree: some FileTree, environment: String?) async throws(ReconcilingFailure) -> LoadResult {
        do {
            return try await loader.load(environment: environment, from: tree)
        } catch {
            throw ReconcilingFailure(.sourceUnreadable, "the files of the commit could not be read", cause: error)
        }
    }

    /// Plans against the recorded state, having read of the target what `scope` asks for. Writes nothing.
    ///
    /// - Throws: `reconciling.state-unreadable`, `reconciling.target-changed`, `reconciling.target-unusable`,
    ///   `reconciling.target-unreadable`, `reconciling.plan-impossible`.
    package func plan(
        _ graph: DesiredGraph, observing scope: ObservationScope = .whenNeeded
    ) async throws(ReconcilingFailure) -> PreparedPlan {
        try guards.check(graph)
        let written = AppliedGuards(graph)
        let applied = try await appliedGuards(of: graph.environment)
        let graph = guards.applied(to: Deployments.derived(in: graph), applied)
        let epoch = try await standing(graph.environment).settledEpoch
        let (recorded, doubts) = try await state(of: graph)
        let provider = try await provider(for: graph.target, environment: graph.environment)
        let renaming = Renaming(graph, recorded: recorded, former: applied?.renames ?? [])
        let taken = try await taken(graph, renaming, through: provider)
        let doubted = Dictionary(doubts.map { (renaming.moved($0.key), $0.value) }) { first, _ in first }
        let observed = try await observe(graph, renaming.objects, doubted, scope, taken, through: provider)
        try Self.check(taken, in: observed, graph)
        var identities = Dictionary(renaming.objects.map { ($0.address, $0.identity) }) { first, _ in first }
        for (address, object) in observed?.objects ?? [:] { identities[address] = object.identity }
        let secrets = SecretSurvey(graph, identities, through: provider.secrets)
        var plan = Planner.plan(
            desired: graph, recorded: recorded, observed: observed, former: applied?.renames ?? [],
            rotated: secrets.rotations)
        plan.findings += secrets.findings
        Self.addCode(to: &plan, graph, provider.code)
        if let error = plan.findings.first(where: { PlanFinding(rawValue: $0.code)?.isRefusal == true }) {
            let remedy = error.remedy.map { ": \($0)" } ?? ""
            let place = error.spans.first.map { "\($0): " } ?? ""
            throw ReconcilingFailure(
                .planImpossible, "\(place)\(error.message) (\(error.code))\(remedy)", recovery: .awaitCommit)
        }
        let reasons = guards.reasons(for: plan, written: written, applied: applied)
        plan.needConsent(reasons)
        plan.estimate = Self.estimate(plan, provider)
        var changes: [StateChange] = []
        if let observed {
            let refreshed = RecordedState.refreshed(renaming.objects, desired: graph, observed: observed)
            changes = Self.changes(
                from: recorded, to: refreshed.objects,
                settled: observed.addresses.union(doubts.keys.filter { renaming.moved($0) != $0 }), doubts)
        } else if !renaming.moves.isEmpty {
            changes = Self.changes(from: recorded, to: renaming.objects, settled: [], doubts)
        }
        let takeover = Takeover(graph, renaming, recorded: recorded, taken: taken)
        logger.debug(
            "planned",
            metadata: [
                "gw.environment": "\(graph.environment)", "gw.plan": "\(plan.digest)",
                "gw.changes": "\(plan.changes.count)", "gw.observed": "\(observed?.objects.count ?? 0)",
            ])
        return PreparedPlan(
            plan: plan, graph: graph, provider: provider, stateChanges: changes.filter { !takeover.has($0) },
            takeover: changes.filter(takeover.has), guards: written, appliedGuards: applied, epoch: epoch)
    }
}

extension Pipeline {
    /// The code of the commit, and that of before where it is kept here.
    static func addCode(to plan: inout Plan, _ graph: DesiredGraph, _ shelf: (any CodeShelf)?) {
        guard plan.changes.contains(where: { $0.address.kind == .function }) else { return }
        let archives = Dictionary(graph.code.map { ($0.hash, $0.bytes) }) { first, _ in first }
        plan.addCode { hash in
            if let bytes = archives[hash] { return bytes }
            do { return try shelf?.code(hash) } catch { return nil }
        }
    }

    /// What the target cannot carry out has no estimate: applying says why.
    static func estimate(_ plan: Plan, _ provider: any ResourceProvider) -> Estimate? {
        guard !plan.isEmpty else { return nil }
        do { return try provider.estimate(for: plan.changes, target: plan.target) } catch { return nil }
    }

    /// Where the environment's lease stands before something is read that is to be recorded or compared.
    func standing(_ environment: String) async throws(ReconcilingFailure) -> LeaseStanding {
        do {
            return try await applier.leases.standing(environment: environment)
        } catch {
            throw ReconcilingFailure(
                .stateUnreadable, "who is applying to `\(environment)` could not be read", cause: error)
        }
    }

    package func provider(
        for target: JSONValue, environment: String
    ) async throws(ReconcilingFailure) -> any ResourceProvider {
        do {
            return try await makeProvider(target, environment)
        } catch {
            throw ReconcilingFailure(.targetUnusable, "the environment's target cannot be used", cause: error)
        }
    }

    /// - Throws: `reconciling.target-changed` where what is recorded is about another target than that of the graph.
    func state(
        of graph: DesiredGraph
    ) async throws(ReconcilingFailure) -> (recorded: [RecordedObject], doubts: [Address: String]) {
        let environment = graph.environment
        let recorded: [RecordedObject]
        let doubts: [Address: String]
        let target: JSONValue?
        do {
            recorded = try await applier.states.objects(environment: environment)
            doubts = try await applier.states.doubts(environment: environment)
            target = recorded.isEmpty ? nil : try await applier.journal.lastTarget(environment: environment)
        } catch {
            throw ReconcilingFailure(
                .stateUnreadable, "the recorded state of `\(environment)` could not be read", cause: error)
        }
        if let target, target != graph.target {
            throw ReconcilingFailure(
                .targetChanged,
                "`\(environment)` was applied to `\(target.text(.compact))`, and its target is now "
                    + "`\(graph.target.text(.compact))`", recovery: .awaitCommit)
        }
        return (recorded, doubts)
    }

    private func observe(
        _ graph: DesiredGraph, _ recorded: [RecordedObject], _ doubts: [Address: String], _ scope: ObservationScope,
        _ taken: [Address: Identity], through provider: any ResourceProvider
    ) async throws(ReconcilingFailure) -> ObservedState? {
        let observation = Self.observation(graph, recorded, Set(doubts.keys), scope, taking: taken)
        guard let observation else { return nil }
        do {
            return ObservedState(
                observation, objects: try await provider.observe(observation), doubted: Set(doubts.keys))
        } catch {
            throw ReconcilingFailure(
                .targetUnreadable, "the target of `\(graph.environment)` could not be read", cause: error)
        }
    }

    /// Nil if nothing needs to be read.
    static func observation(
        _ graph: DesiredGraph, _ recorded: [RecordedObject], _ doubts: Set<Address>, _ scope: ObservationScope,
        taking taken: [Address: Identity] = [:]
    ) -> Observation? {
        let all = graph.resources.map(\.address) + recorded.map(\.address)
        // A state that was restored doubts all it has: the target may also have what it never knew of.
        let isEverything = scope == .everything || recorded.allSatisfy { doubts.contains($0.address) }
        var asked = (isEverything ? Set(all).union(doubts) : doubts).union(taken.keys)
        if case .touching(let addresses) = scope { asked.formUnion(addresses) }
        // A function that is taken over may have its aliases and permissions already.
        let functions = Set(taken.keys.lazy.filter { $0.kind == .function }.map(\.root))
        asked.formUnion(all.lazy.filter { $0.kind.isPartOfFunction && functions.contains($0.root) })
        guard !asked.isEmpty else { return nil }
        // What is inside an API is there only if the API is, and an import replaces all of its definition.
        let roots = Set(asked.lazy.filter { !$0.kind.isObjectOfItsOwn }.map(\.root))
        for address in all
        where !isEverything && !address.kind.isObjectOfItsOwn && roots.contains(address.root) { asked.insert(address) }
        return Observation(
            addresses: asked.sorted(),
            identities: Dictionary(recorded.map { ($0.address, $0.identity) }) { first, _ in first }
                .merging(taken) { known, _ in known }, roots: roots)
    }

    /// What makes `recorded` the state `refreshed`; also ends the doubts about what was read.
    static func changes(
        from recorded: [RecordedObject], to refreshed: [RecordedObject], settled: Set<Address>,
        _ doubts: [Address: String]
    ) -> [StateChange] {
        let before = Dictionary(recorded.map { ($0.address, $0) }) { first, _ in first }
        let after = Set(refreshed.map(\.address))
        let records = refreshed.filter {
            before[$0.address] != $0 || (doubts[$0.address] != nil && settled.contains($0.address))
        }
        let gone = Set(before.keys).union(doubts.keys.filter(settled.contains)).subtracting(after)
        return records.map(StateChange.record) + gone.sorted().map(StateChange.remove)
    }
}
