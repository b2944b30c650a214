import ArgumentParser
import JSON
import Manifests
import Persistence
import Reconciling

/// `gatewright history`: which commits were applied, by whom, and how it ended.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "List the revisions of an environment, the newest first.")

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @OptionGroup var repository: RepositoryOptions

    @Option(help: "At most so many revisions.")
    var limit = 20

    @Option(help: "How the list is printed.")
    var format: Format = .text

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            let session = try await Session.open(repository, global, isReading: true)
            let environment = try await EnvironmentName.find(repository, session)
            let revisions = try await session.stores.revisions(
                environment: environment, before: nil, limit: max(1, min(limit, 1000)))
            switch format {
            case .json: terminal.say(JSONValue.array(revisions.map(RevisionText.document)).text(.pretty))
            case .text where revisions.isEmpty: terminal.say("environment `\(environment)` has no revision yet")
            case .text: for revision in revisions { terminal.say(RevisionText.line(revision)) }
            }
            return .done
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

/// A revision for people and for programs.
enum RevisionText {
    static func line(_ revision: Revision) -> String {
        let problem = revision.problem.map { "\n        [\($0.code)] \($0.message)" } ?? ""
        return "\(padded("\(revision.number)", 5))  \(revision.started)  \(revision.commit.prefix(7))  "
            + "\(padded(revision.outcome.rawValue, 11))  \(revision.author)  \(revision.subject)\(problem)"
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    static func document(_ revision: Revision) -> JSONValue {
        let (seconds, attoseconds) = revision.duration.components
        var document: JSONObject = [
            "number": .number(JSONNumber(revision.number)), "environment": .string(revision.environment),
            "commit": .string(revision.commit), "author": .string(revision.author),
            "subject": .string(revision.subject), "outcome": .string(revision.outcome.rawValue),
            "started": .string(revision.started.description),
            "durationMilliseconds": .number(JSONNumber(Int(seconds * 1000 + attoseconds / 1_000_000_000_000_000))),
            "steps": .number(JSONNumber(revision.stepsCount)),
        ]
        document["planDigest"] = revision.planDigest.map { .string($0) }
        document["problem"] = revision.problem.map { ["code": .string($0.code), "message": .string($0.message)] }
        return .object(document)
    }
}
