import ArgumentParser
import Manifests
import Planning
import Reconciling
import Resources

/// `gatewright export User/dev --from live`, `Role/*`, `*`: objects that are part of no API, as manifests.
extension ExportCommand {
    /// True if the subject is an API, which is written as one OpenAPI document.
    var isOfAPI: Bool { Address(text: subject).map { $0.kind == .restAPI } ?? false }

    /// - Returns: Nil when the manifests have errors; they have been printed.
    func objects(_ terminal: Terminal) async throws -> String? {
        let kinds = try kinds()
        guard from == .live else {
            throw CommandFailure(
                .unknownObject,
                "`\(subject)` is no API: what a commit wants of it is its manifest; add `--from live` for what the target has"
            )
        }
        let prefix = try worktree ? "" : repository.prefix()
        let session = try await Session.open(repository, global, prefix: prefix)
        let source = try await Source.open(repository, ref: ref, isWorktree: worktree, session, terminal)
        let result = try await session.pipeline.load(source.tree, environment: repository.environment)
        guard let graph = result.graph else {
            let printer = DiagnosticPrinter(tree: source.tree)
            terminal.note(try await printer.text(result.diagnostics, isColoured: terminal.colour))
            return nil
        }
        let provider = try await session.pipeline.provider(for: graph.target, environment: graph.environment)
        let inventory = try await provider.inventory(of: kinds)
        for kind in inventory.missing { terminal.note("note: the target does not offer \(kind): none is exported") }
        var items = inventory.items
        if let name { items = items.filter { $0.name == name || $0.object.identity.physicalID == name } }
        guard !items.isEmpty else {
            throw CommandFailure(.unknownObject, "the target of `\(graph.environment)` has no `\(subject)`")
        }
        let export = InventoryExport(items, declared: Set(graph.resources.map(\.address)))
        for note in export.notes { terminal.note("note: \(note)") }
        return export.text
    }

    /// Nil for all of the kinds.
    private var name: String? {
        guard let address = Address(text: subject), address.name != "*" else { return nil }
        return address.name
    }

    private func kinds() throws -> Set<ResourceKind> {
        // The code of a function is a folder, which no manifest can hold and no target gives back.
        let own = Set(KindTable.ownObjects.map(\.kind)).subtracting([.function])
        if let address = Address(text: subject), address.kind == .function {
            throw CommandFailure(
                .unknownObject,
                "`\(subject)` cannot be exported: its code is a folder of the repository, which the target does not give "
                    + "back; write its manifest, with `metadata.adopt` to take it over")
        }
        if subject == "*" { return own }
        guard let address = Address(text: subject), own.contains(address.kind) else {
            let all = own.sorted().map(\.rawValue).joined(separator: ", ")
            throw CommandFailure(
                .unknownObject, "`\(subject)` is not `RestApi/NAME`, `KIND/NAME`, `KIND/*` or `*`; kinds are \(all)")
        }
        return [address.kind]
    }
}
