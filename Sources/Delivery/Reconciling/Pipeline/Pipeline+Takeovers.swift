import Applying
import Diagnostics
import Planning
import Resources

/// Which changes of the recorded state count only once a plan is applied: those of objects that are taken over.
struct Takeover {
    private let roots: Set<String>
    private let rewritten: Set<Address>
    private let own: Set<Address>
    /// Names of functions.
    private let functions: Set<String>

    init(_ graph: DesiredGraph, _ renaming: Renaming, recorded: [RecordedObject], taken: [Address: Identity]) {
        let adopted = graph.adoptions.map(\.address).filter { taken[$0] != nil }
        var roots = Set(adopted.filter { !$0.kind.isObjectOfItsOwn }.map(\.root))
        own = Set(adopted + renaming.moves.flatMap { [$0.move.from, $0.move.to] }).filter(\.kind.isObjectOfItsOwn)
        functions = Set(adopted.filter { $0.kind == .function }.map(\.root))
        var rewritten: Set<Address> = []
        if !renaming.moves.isEmpty {
            for entry in renaming.moves where !entry.move.to.kind.isObjectOfItsOwn {
                roots.formUnion([entry.move.from.root, entry.move.to.root])
            }
            let before = Set(recorded)
            rewritten = Set(renaming.objects.filter { !before.contains($0) }.map(\.address))
        }
        self.roots = roots
        self.rewritten = rewritten
    }

    func has(_ change: StateChange) -> Bool {
        own.contains(change.address)
            || change.address.kind.isPartOfFunction && functions.contains(change.address.root)
            || !change.address.kind.isObjectOfItsOwn && roots.contains(change.address.root)
            || rewritten.contains(change.address)
    }
}

extension Pipeline {
    /// What the target calls the objects that the plan takes over, by their manifests or, where nothing is recorded, by
    /// the markers of objects under their former names.
    ///
    /// - Throws: `reconciling.cannot-adopt`, `reconciling.target-unreadable`.
    func taken(
        _ graph: DesiredGraph, _ renaming: Renaming, through provider: any ResourceProvider
    ) async throws(ReconcilingFailure) -> [Address: Identity] {
        var taken: [Address: Identity] = [:]
        for adoption in graph.adoptions {
            if let object = renaming.objects.first(where: { $0.address == adoption.address }) {
                guard object.identity.physicalID != adoption.physicalID else { continue }
                throw .cannotAdopt(adoption, "it is recorded as `\(object.identity.physicalID)`")
            }
            let other = renaming.objects.first {
                $0.address.kind == adoption.address.kind && $0.identity.physicalID == adoption.physicalID
            }
            if let other { throw .cannotAdopt(adoption, "that is recorded as `\(other.address)`") }
            taken[adoption.address] = Identity(physicalID: adoption.physicalID)
        }
        let lost = renaming.objects.isEmpty ? renaming.unresolved : []
        guard !taken.isEmpty || !lost.isEmpty else { return [:] }
        let owned: [OwnedObject]
        do {
            owned = try await provider.owned(of: Set(taken.keys.map(\.kind) + lost.map(\.to.kind)))
        } catch {
            throw ReconcilingFailure(
                .targetUnreadable, "the target of `\(graph.environment)` could not be read", cause: error)
        }
        for adoption in graph.adoptions where taken[adoption.address] != nil {
            let marked = owned.first { $0.physicalID == adoption.physicalID && $0.isOf(adoption.address.kind) }
            guard case .of(let environment, let address, _)? = marked?.marker,
                environment != graph.environment || address != adoption.address
            else { continue }
            throw .cannotAdopt(adoption, "it is `\(address)` of the environment `\(environment)`, says its marker")
        }
        for rename in lost {
            let former = owned.first {
                if case .of(graph.environment, rename.from, _) = $0.marker { true } else { false }
            }
            if let former { taken[rename.to] = Identity(physicalID: former.physicalID) }
        }
        return taken
    }

    /// - Throws: `reconciling.cannot-adopt` for what was looked for and is not there.
    static func check(
        _ taken: [Address: Identity], in observed: ObservedState?, _ graph: DesiredGraph
    ) throws(ReconcilingFailure) {
        for adoption in graph.adoptions
        where taken[adoption.address] != nil && observed?.objects[adoption.address] == nil {
            throw .cannotAdopt(adoption, "the target has no such object")
        }
    }
}

extension ReconcilingFailure {
    fileprivate static func cannotAdopt(_ adoption: Adoption, _ why: String) -> ReconcilingFailure {
        let place = adoption.span.map { " (\($0))" } ?? ""
        return ReconcilingFailure(
            .cannotAdopt, "`\(adoption.address)` cannot adopt `\(adoption.physicalID)`: \(why)\(place)",
            recovery: .awaitCommit)
    }
}
