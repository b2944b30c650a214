import ArgumentParser
import JSON
import Persistence
import Planning
import Reconciling
import Resources

/// `gatewright show REVISION|ADDRESS`
struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one revision, or one object with its id, document and URLs.")

    @Argument(help: "The number of a revision, or an address such as RestApi/petstore.")
    var subject: String

    @OptionGroup var repository: RepositoryOptions

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
        terminal.say(RevisionText.document(revision).text(.pretty))
    }

    private func showObject(_ environment: String, _ session: Session, _ terminal: Terminal) async throws {
        let objects = try await session.stores.objects(environment: environment)
        guard let address = Address(text: subject), let object = objects.first(where: { $0.address == address }) else {
            throw CommandFailure(.unknownObject, "`\(environment)` has no `\(subject)` in its recorded state")
        }
        terminal.say("\(address)")
        terminal.say("  id        \(object.identity.physicalID)")
        for (name, value) in object.identity.attributes.sorted(by: { $0.key < $1.key }) {
            terminal.say("  \(name)  \(value)")
        }
        terminal.say("  document  \(object.document.text(.canonical))")
        if address.kind == .restAPI || address.kind == .stage {
            try showURLs(of: address.root, objects, session.directory, terminal)
        }
    }

    /// The URLs that work: on the data listener of the process that owns the data directory.
    private func showURLs(
        of root: String, _ objects: [RecordedObject], _ directory: DataDirectory, _ terminal: Terminal
    ) throws {
        guard let api = objects.first(where: { $0.address == Address(.restAPI, root) }) else { return }
        guard let data = try ListenerFile(directory: directory).address(.data) else {
            terminal.say("  no listener: start `gatewright serve` or `gatewright engine`")
            return
        }
        for stage in objects where stage.address.kind == .stage && stage.address.root == root {
            let wanted = Address(text: subject)
            guard wanted?.kind == .restAPI || wanted == stage.address else { continue }
            terminal.say("  http://\(data)/_aws/execute-api/\(api.identity.physicalID)/\(stage.address.key)")
        }
    }
}
