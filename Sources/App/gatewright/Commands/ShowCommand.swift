import ArgumentParser
import Diagnostics
import GitSource
import JSON
import Manifests
import Persistence
import Planning
import Reconciling
import Resources

/// `gatewright show REVISION|ADDRESS`
struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one revision with its changes, or one object with its id, document, URLs and last change.")

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Argument(help: "The number of a revision, or an address such as RestApi/petstore.")
    var subject: String

    @OptionGroup var repository: RepositoryOptions

    @Option(help: "How it is printed.")
    var format: Format = .text

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            let session = try await Session.open(repository, global, isReading: true)
            let environment = try await EnvironmentName.find(repository, session)
            if let number = Int(subject) {
                try await showRevision(number, environment, session, terminal)
            } else {
                try await showObject(environment, session, terminal)
            }
            return .done
        }
    }

    private func showRevision(
        _ number: Int, _ environment: String, _ session: Session, _ terminal: Terminal
    ) async throws {
        // The largest number has none after it, and no history is that long.
        let (next, isTooLarge) = number.addingReportingOverflow(1)
        let found = try await session.stores.revisions(
            environment: environment, before: isTooLarge ? nil : next, limit: 1)
        guard let revision = found.first, revision.number == number else {
            throw CommandFailure(.unknownRevision, "environment `\(environment)` has no revision \(number)")
        }
        let changes = try await session.stores.changes(of: number, environment: environment)
        switch format {
        case .text: terminal.say(RevisionText.page(revision, changes))
        case .json:
            var document = RevisionText.document(revision)
            document["changes"] = changes?["changes"]
            document["changesOmitted"] = changes?["omitted"]
            terminal.say(JSONValue.object(document).text(.pretty))
        }
    }

    private func showObject(_ environment: String, _ session: Session, _ terminal: Terminal) async throws {
        let objects = try await session.stores.objects(environment: environment)
        guard let address = Address(text: subject), let object = objects.first(where: { $0.address == address }) else {
            throw CommandFailure(.unknownObject, "`\(environment)` has no `\(subject)` in its recorded state")
        }
        let page = ObjectPage(
            object: object,
            lastChange: try await session.stores.revisions(
                environment: environment, changing: address, before: nil, limit: 1
            ).first,
            place: await place(of: address, environment, session),
            doubt: try await session.stores.doubts(environment: environment)[address],
            urls: try urls(of: object, objects, session.directory))
        switch format {
        case .text: terminal.say(page.text)
        case .json: terminal.say(page.document.text(.pretty))
        }
    }

    /// The URLs that work, on the data listener of the process that owns the data directory; nil for what has none.
    private func urls(
        of object: RecordedObject, _ objects: [RecordedObject], _ directory: DataDirectory
    ) throws -> [String]? {
        let address = object.address
        guard address.kind == .restAPI || address.kind == .stage,
            let api = objects.first(where: { $0.address == Address(.restAPI, address.root) })
        else { return nil }
        guard let data = try ListenerFile(directory: directory).url(.data) else { return [] }
        return objects.filter {
            $0.address.kind == .stage && $0.address.root == address.root
                && (address.kind == .restAPI || $0.address == address)
        }
        .map { "\(data)/_aws/execute-api/\(api.identity.physicalID)/\($0.address.key)" }
    }

    /// Where the applied commit declares it; nil where that commit cannot be read any more.
    private func place(of address: Address, _ environment: String, _ session: Session) async -> String? {
        do {
            guard let applied = try await session.stores.lastApplied(environment: environment) else { return nil }
            let git = try await repository.open(session.directory, session.configuration.git, Environment()).git
            let tree = CommitTree(git, at: try await git.resolve(applied.commit))
            let loader = try repository.loader(prefix: repository.prefix())
            let graph = try await loader.load(environment: environment, from: tree).graph
            return graph?.resources.first { $0.address == address }?.span.map {
                "\($0.file):\($0.line) of commit \(applied.commit.prefix(7))"
            }
        } catch {
            // The rest of the page is worth as much without it.
            return nil
        }
    }
}

/// What `show ADDRESS` says.
struct ObjectPage {
    let object: RecordedObject
    /// Nil if no revision of the history changed it.
    let lastChange: Revision?
    /// `FILE:LINE of commit ABC`
    let place: String?
    let doubt: String?
    /// Nil for what has none; empty while nothing listens.
    let urls: [String]?

    var text: String {
        var lines = ["\(object.address)", "  id        \(object.identity.physicalID)"]
        lines += object.identity.attributes.sorted { $0.key < $1.key }.map { "  \($0.key)  \($0.value)" }
        if let place { lines.append("  declared  \(place)") }
        if let lastChange {
            lines.append(
                "  changed   revision \(lastChange.number), commit \(lastChange.commit.prefix(7)), "
                    + "\(lastChange.started): \(lastChange.author), \(lastChange.subject)")
        }
        if let doubt { lines.append("  doubt     \(doubt): the next plan reads it first") }
        lines.append("  document  \(object.document.text(.canonical))")
        if urls?.isEmpty == true { lines.append("  no listener: start `gatewright serve` or `gatewright engine`") }
        lines += (urls ?? []).map { "  \($0)" }
        return lines.joined(separator: "\n")
    }

    var document: JSONValue {
        var document: JSONObject = [
            "address": .string(object.address.description), "id": .string(object.identity.physicalID),
            "attributes": .object(
                JSONObject(object.identity.attributes.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
            "document": object.document,
            "dependencies": .array(object.dependencies.map { .string($0.description) }),
        ]
        document["declared"] = place.map { .string($0) }
        document["revision"] = lastChange.map { .number(JSONNumber($0.number)) }
        document["commit"] = lastChange.map { .string($0.commit) }
        document["doubt"] = doubt.map { .string($0) }
        document["urls"] = urls.map { .array($0.map { .string($0) }) }
        return .object(document)
    }
}
