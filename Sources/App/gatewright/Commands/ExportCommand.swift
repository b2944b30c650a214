import ArgumentParser
import Glibc
import JSON
import Manifests
import OpenAPI
import Persistence
import Planning
import Reconciling
import Resources
import YAML

/// `gatewright export RestApi/NAME`: the document of an API, as a commit wants it or as the target has it; of other kinds
/// the manifests of what the target has.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write an API as one OpenAPI document, or what else the target has as manifests.",
        discussion: """
            With --from live, User/dev, 'Role/*' and '*' (all kinds but RestApi) are written as manifests that take the \
            objects over. Secrets are never read: a manifest names the variable they belong in.
            """)

    enum Origin: String, ExpressibleByArgument, CaseIterable { case desired, live }

    enum Version: String, ExpressibleByArgument, CaseIterable {
        case oas30, oas20

        var format: ExportOptions.Format { self == .oas30 ? .openAPI30 : .swagger20 }
    }

    enum Notation: String, ExpressibleByArgument, CaseIterable { case yaml, json }

    @Argument(help: "RestApi/NAME; with --from live also KIND/NAME, KIND/* or *.")
    var subject: String

    @OptionGroup var repository: RepositoryOptions

    @Option(help: "What is written: what the commit wants, or what the target has.")
    var from: Origin = .desired

    @Option(help: "The commit: a branch, a tag, a full or short id.")
    var ref = "HEAD"

    @Flag(help: "Read the files as they are, committed or not.")
    var worktree = false

    @Option(help: "The version of OpenAPI: oas30 or oas20.")
    var format: Version = .oas30

    @Option(help: "How the document is written; by the name of --out, else yaml.")
    var notation: Notation?

    @Option(help: "The file to write instead of standard output.")
    var out: String?

    @Flag(help: "Write over a file that is there.")
    var force = false

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            guard isOfAPI else {
                guard let text = try await objects(terminal) else { return .error }
                return try deliver(text, terminal)
            }
            guard let definition = try await definition(terminal) else { return .error }
            let losses = OpenAPIWriter.losses(of: definition, in: format.format)
            for loss in losses { terminal.note("note: not in the document: \(loss)") }
            let document = OpenAPIWriter.export(definition, ExportOptions(format: format.format))
            let written = notation ?? (out?.hasSuffix(".json") == true ? .json : .yaml)
            let text = written == .json ? document.text(.pretty) + "\n" : YAMLWriter.text(document)
            return try deliver(text, terminal)
        }
    }

    private func deliver(_ text: String, _ terminal: Terminal) throws -> ExitStatus {
        guard let out else {
            terminal.write(text)
            return .done
        }
        if !force, access(out, F_OK) == 0 {
            throw CommandFailure(.fileExists, "`\(out)` is there already: nothing was written")
        }
        try FileText.write(text, to: out, mode: 0o644)
        return .done
    }
}

extension ExportCommand {
    /// - Returns: Nil when the manifests have errors; they have been printed.
    private func definition(_ terminal: Terminal) async throws -> APIDefinition? {
        guard let address = Address(text: subject), address.key.isEmpty else {
            throw CommandFailure(.unknownObject, "`\(subject)` is no API: write `RestApi/NAME`")
        }
        let prefix = try worktree ? "" : repository.prefix()
        let session = try await Session.open(repository, global, prefix: prefix, isReading: from == .desired)
        let source = try await Source.open(repository, ref: ref, isWorktree: worktree, session, terminal)
        if from == .desired { return try await desired(address, source, session, terminal) }
        guard
            let prepared = try await Planned.make(
                source, repository.environment, session, observing: .whenNeeded, terminal)
        else { return nil }
        let recorded = try await session.stores.objects(environment: prepared.graph.environment)
        let identities = Dictionary(recorded.map { ($0.address, $0.identity) }) { first, _ in first }
        let observed = try await prepared.provider.observe(
            Resources.Observation(addresses: [address], identities: identities, roots: [address.root]))
        let documents = Dictionary(uniqueKeysWithValues: observed.map { ($0.key, $0.value.document) })
        guard let definition = APIDefinition(of: address, documents) else {
            throw CommandFailure(
                .unknownObject, "the target of `\(prepared.graph.environment)` has no `\(address)`")
        }
        return definition
    }

    private func desired(
        _ address: Address, _ source: Source, _ session: Session, _ terminal: Terminal
    ) async throws -> APIDefinition? {
        let result = try await session.pipeline.load(source.tree, environment: repository.environment)
        guard let graph = result.graph else {
            let printer = DiagnosticPrinter(tree: source.tree)
            terminal.note(try await printer.text(result.diagnostics, isColoured: terminal.colour))
            return nil
        }
        let documents = graph.resources.filter { $0.address.root == address.root }.map { ($0.address, $0.document) }
        guard let definition = APIDefinition(of: address, Dictionary(documents) { first, _ in first }) else {
            let names = graph.resources.filter { $0.address.kind == .restAPI }.map { "`\($0.address)`" }
            throw CommandFailure(
                .unknownObject,
                "`\(graph.environment)` has no `\(address)`"
                    + (names.isEmpty ? "" : ", only \(names.joined(separator: ", "))"))
        }
        return definition
    }
}

extension APIDefinition {
    /// The definition of the API at `address`; nil when it is not among the documents.
    init?(of address: Address, _ documents: [Address: JSONValue]) {
        guard var attributes = documents[address]?.object else { return nil }
        attributes["tags"] = nil
        let objects = documents.filter { $0.key.root == address.root && $0.key.kind.isPartOfDefinition }
        self.init(
            attributes: attributes,
            objects: objects.map { DefinitionObject(kind: $0.key.kind, key: $0.key.key, document: $0.value) },
            documentationVersion: DocumentationVersions.current(of: address.root, in: documents))
    }
}
