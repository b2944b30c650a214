import ArgumentParser
import JSON
import Manifests
import Persistence
import Reconciling
import Resources

/// `gatewright history`: which commits were applied, by whom, and how it ended.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "List the revisions of an environment, the newest first.")

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @OptionGroup var repository: RepositoryOptions

    @Option(help: "At most so many, up to 100000.")
    var limit = 20

    @Option(help: ArgumentHelp("Only revisions older than this one: the next page.", valueName: "revision"))
    var before: Int?

    @Option(help: "Only revisions that changed this object, or for an API anything in it, such as RestApi/petstore.")
    var address: String?

    @Flag(help: "List what happened to the environment rather than its revisions: holds, refusals, recoveries.")
    var events = false

    @Option(help: "How the list is printed.")
    var format: Format = .text

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if !(1...100_000).contains(limit) { throw ValidationError("--limit is from 1 to 100000") }
        if let before, before < 1 { throw ValidationError("--before is the number of a revision, from 1") }
        if let address, Address(text: address) == nil {
            throw ValidationError("`\(address)` is no address such as RestApi/petstore")
        }
        if events, before != nil || address != nil {
            throw ValidationError("--before and --address are about revisions, not about --events")
        }
    }

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            let session = try await Session.open(repository, global, isReading: true)
            let environment = try await EnvironmentName.find(repository, session)
            if events {
                try await printEvents(environment, session, terminal)
            } else {
                try await printRevisions(environment, session, terminal)
            }
            return .done
        }
    }

    /// LIMIT: revisions that are read at once.
    private static let pageMax = 500

    private func printRevisions(_ environment: String, _ session: Session, _ terminal: Terminal) async throws {
        if format == .text, before == nil, let hold = try await session.pipeline.hold(of: environment) {
            terminal.say("`\(environment)` is \(hold.sentence)")
        }
        var documents: [JSONValue] = []
        var rest = limit
        var before = before
        while rest > 0 {
            let page = try await page(environment, before, min(rest, Self.pageMax), session)
            for revision in page {
                switch format {
                case .json: documents.append(.object(RevisionText.document(revision)))
                case .text: terminal.say(RevisionText.line(revision))
                }
            }
            rest -= page.count
            before = page.last?.number ?? before
            if page.count < Self.pageMax { break }
        }
        if format == .json { return terminal.say(JSONValue.array(documents).text(.pretty)) }
        if rest == limit {
            let isAny = address == nil && self.before == nil
            return terminal.say("environment `\(environment)` has no \(isAny ? "revision yet" : "such revision")")
        }
        if rest == 0, let before, before > 1 { terminal.note("older ones: --before \(before)") }
    }

    private func page(
        _ environment: String, _ before: Int?, _ limit: Int, _ session: Session
    ) async throws -> [Revision] {
        guard let address = address.flatMap({ Address(text: $0) }) else {
            return try await session.stores.revisions(environment: environment, before: before, limit: limit)
        }
        return try await session.stores.revisions(
            environment: environment, changing: address, before: before, limit: limit)
    }

    private func printEvents(_ environment: String, _ session: Session, _ terminal: Terminal) async throws {
        let events = try await session.stores.events(environment: environment, limit: limit)
        switch format {
        case .json: terminal.say(JSONValue.array(events.map { RevisionText.document($0) }).text(.pretty))
        case .text where events.isEmpty: terminal.say("environment `\(environment)` has no event yet")
        case .text: for event in events { terminal.say(RevisionText.line(event)) }
        }
    }
}

/// The environment that a command is about when it reads only what is recorded.
enum EnvironmentName {
    /// - Throws: What loading the working tree's environments throws; `manifest` diagnostics are not printed here.
    static func find(_ repository: RepositoryOptions, _ session: Session) async throws -> String {
        if let name = repository.environment { return name }
        let recorded = try await session.stores.environments()
        if recorded.count == 1 { return recorded[0] }
        if recorded.count > 1 {
            throw CommandFailure(
                .environmentNeeded,
                "the data directory has several environments: " + recorded.map { "`\($0)`" }.joined(separator: ", ")
                    + "; name one with `--environment`")
        }
        let found = try await repository.loader().environments(in: WorkingTree(repository.location))
        guard found.names.count == 1 else {
            throw CommandFailure(
                .environmentNeeded,
                found.names.isEmpty
                    ? "nothing was applied from here yet"
                    : "there are several environments: " + found.names.map { "`\($0)`" }.joined(separator: ", ")
                        + "; name one with `--environment`")
        }
        return found.names[0]
    }
}
