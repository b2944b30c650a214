import Applying
import Diagnostics
package import JSON
package import Planning
package import Resources

/// The recorded state of an environment as the target tells it.
package struct Survey: Sendable {
    package var environment: String
    /// What it was read from.
    package var target: JSONValue
    /// In the order of their addresses.
    package var objects: [RecordedObject]
    /// Objects that are as no known commit wants them: recorded as they are.
    package var drifted: [Address]
    /// What carries another environment's marker, a damaged one, or one that is there twice; a sentence each.
    package var skipped: [String]
    /// Markers name them, and the repository does not have them.
    package var missingCommits: [String]
}

extension Pipeline {
    /// Reads the whole target of an environment and makes a recorded state of it. Writes nothing.
    ///
    /// A document is recorded as a commit wrote it wherever that, resolved, is what the target has: first the commits that
    /// the markers name, then the head.
    ///
    /// - Parameters:
    ///   - head: What the environment is to be; says which target it is.
    ///   - graph: What a commit wants; nil for one that cannot be read.
    package func survey(
        _ head: DesiredGraph, graph: (_ commit: String) async -> DesiredGraph?
    ) async throws(ReconcilingFailure) -> Survey {
        let environment = head.environment
        let provider = try await provider(for: head.target, environment: environment)
        do {
            let kinds = Set(head.resources.map(\.address.kind)).union([.restAPI])
            let owned = Ownership(try await provider.owned(of: kinds), environment: environment)
            var survey = Survey(
                environment: environment, target: head.target, objects: [], drifted: [], skipped: owned.skipped,
                missingCommits: [])
            var graphs: [DesiredGraph] = []
            for commit in owned.commits {
                guard let known = await graph(commit), known.environment == environment else {
                    survey.missingCommits.append(commit)
                    continue
                }
                graphs.append(Deployments.derived(in: known))
            }
            graphs.append(Deployments.derived(in: head))
            let wanted = graphs.flatMap { $0.resources.map(\.address) }
            let roots = Set((wanted + owned.identities.keys).filter { !$0.kind.isObjectOfItsOwn }.map(\.root))
            let observation = Observation(
                addresses: Set(wanted).union(owned.identities.keys).sorted(), identities: owned.identities, roots: roots
            )
            let observed = ObservedState(observation, objects: try await provider.observe(observation))
            survey.take(observed, graphs, head)
            return survey
        } catch {
            throw ReconcilingFailure(
                .targetUnreadable, "the target of `\(environment)` could not be read", cause: error)
        }
    }
}

extension Survey {
    /// Chooses the commit's document for each object, and records what was observed.
    fileprivate mutating func take(_ observed: ObservedState, _ graphs: [DesiredGraph], _ head: DesiredGraph) {
        let identities = observed.objects.mapValues(\.identity)
        let wanted = graphs.map { graph in
            Dictionary(graph.resources.map { ($0.address, $0) }) { first, _ in first }
        }
        var chosen: [DesiredResource] = []
        for (address, object) in observed.objects {
            let candidates = wanted.compactMap { $0[address] }
            if let exact = candidates.first(where: { object.matches($0.document, of: address.kind, identities) }) {
                chosen.append(exact)
            } else {
                if let first = candidates.first { chosen.append(first) }
                if !candidates.isEmpty || address.kind.isPartOfDefinition { drifted.append(address) }
            }
        }
        drifted.sort()
        let merged = DesiredGraph(
            environment: head.environment, target: head.target, apply: head.apply, resources: chosen)
        objects = RecordedState.refreshed([], desired: merged, observed: observed).objects
    }
}

/// What the markers on a target say about one environment.
private struct Ownership {
    var identities: [Address: Identity] = [:]
    /// The likeliest first, each once.
    var commits: [String] = []
    var skipped: [String] = []

    init(_ owned: [OwnedObject], environment: String) {
        var seen: Set<String> = []
        // Of two that say to be the same the one that also names a commit is ours.
        for object in owned.filter(\.namesCommits) + owned.filter({ !$0.namesCommits }) {
            let name = "`\(object.name)` (\(object.physicalID))"
            switch object.marker {
            case .damaged(let reason): skipped.append("\(name) has a damaged marker: \(reason)")
            case .of(let other, let address, _) where other != environment:
                skipped.append("\(name) is `\(address)` of the environment `\(other)`")
            case .of(_, let address, _) where identities[address] != nil:
                skipped.append(
                    "\(name) says to be `\(address)`, as \(identities[address]?.physicalID ?? "") does: delete one of them"
                )
            case .of(_, let address, let named):
                identities[address] = Identity(physicalID: object.physicalID)
                commits += named.filter { seen.insert($0).inserted }
            }
        }
    }
}

extension OwnedObject {
    fileprivate var namesCommits: Bool { if case .of(_, _, let commits) = marker { !commits.isEmpty } else { false } }
}
