import Applying
import ArgumentParser
import Manifests
import Persistence
import Planning
import Reconciling
import Resources

/// `gatewright state import KIND/NAME ID`
struct StateImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract:
            "Record an object that is on the target already, so that the next plan changes it rather than making one.")

    @Argument(help: "The address that a manifest declares, such as RestApi/petstore.")
    var address: String

    @Argument(help: "What the target calls it, such as a1b2c3d4e5.")
    var id: String

    @OptionGroup var repository: RepositoryOptions

    @Option(help: "The commit whose manifests declare it.")
    var ref = "HEAD"

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            let session = try await Session.open(repository, global, prefix: repository.prefix())
            let source = try await Source.open(repository, ref: ref, isWorktree: false, session, terminal)
            let load = try await session.pipeline.load(source.tree, environment: repository.environment)
            guard let graph = load.graph.map({ Deployments.derived(in: $0) }), let commit = source.commit else {
                terminal.note(
                    try await DiagnosticPrinter(tree: source.tree).text(load.diagnostics, isColoured: terminal.colour))
                return .error
            }
            let address = try declared(in: graph)
            let count = try await session.holdingLease(of: graph.environment) { lease in
                try await take(address, graph, commit, session, lease, terminal)
            }
            try await session.pipeline.tell(
                Event(
                    .imported, environment: graph.environment,
                    time: Timestamp(milliseconds: WallClock.millisecondsSince1970),
                    message: "`\(address)` is \(id) from here on, says \(Operator.name)"))
            terminal.say("`\(address)` is recorded as \(id), with \(count) objects in all; the next plan:")
            let next = try await session.pipeline.plan(graph)
            terminal.write(next.plan.text(colour: terminal.colour))
            return .done
        }
    }

    private func declared(in graph: DesiredGraph) throws -> Address {
        guard let address = Address(text: address), address.key.isEmpty,
            address.kind == .restAPI || address.kind.isObjectOfItsOwn
        else {
            throw CommandFailure(
                .cannotImport, "`\(self.address)` is not the address of an API such as RestApi/petstore")
        }
        guard graph.resources.contains(where: { $0.address == address }) else {
            throw CommandFailure(
                .cannotImport, "no manifest declares `\(address)`: the next plan would delete what is imported")
        }
        return address
    }

    private func take(
        _ address: Address, _ graph: DesiredGraph, _ commit: CommitFacts, _ session: Session, _ lease: LeaseGrant,
        _ terminal: Terminal
    ) async throws -> Int {
        let environment = graph.environment
        let recorded = try await session.stores.objects(environment: environment)
        if let taken = recorded.first(where: {
            $0.address == address || ($0.identity.physicalID == id && $0.address.kind == address.kind)
        }) {
            throw CommandFailure(
                .cannotImport, "`\(taken.address)` is recorded already, as \(taken.identity.physicalID)")
        }
        let provider = try await session.pipeline.provider(for: graph.target, environment: environment)
        if let owned = try await provider.owned(of: [address.kind]).first(where: {
            $0.physicalID == id && $0.isOf(address.kind)
        }) {
            switch owned.marker {
            case .of(let other, let theirs, _) where other != environment || theirs != address:
                throw CommandFailure(
                    .cannotImport, "\(id) is `\(theirs)` of the environment `\(other)`, says its marker")
            case .damaged(let reason): terminal.note("the marker of \(id) was damaged: \(reason); it is written anew")
            case .of: break
            }
        }
        let isOwn = address.kind.isObjectOfItsOwn
        // An API with all that is inside; a function with its aliases and permissions.
        let addresses =
            [address]
            + graph.resources.map(\.address).filter { other in
                guard other != address, other.root == address.root else { return false }
                return isOwn ? address.kind == .function && other.kind.isPartOfFunction : !other.kind.isObjectOfItsOwn
            }
        let observation = Resources.Observation(
            addresses: addresses, identities: [address: Identity(physicalID: id)], roots: isOwn ? [] : [address.root])
        let observed = ObservedState(observation, objects: try await provider.observe(observation))
        guard let identity = observed.objects[address]?.identity else {
            throw CommandFailure(.cannotImport, "the target has no `\(address.kind)` with the id \(id)")
        }
        let objects = RecordedState.refreshed([], desired: graph, observed: observed).objects
        try await session.stores.write(objects.map(StateChange.record), environment: environment, lease: lease)
        try await provider.mark([address: identity], commit: commit.id)
        return objects.count
    }
}
