import Applying
import ArgumentParser
import JSON
import Persistence
import Planning
import Reconciling
import Resources

/// `gatewright state`: what is recorded of the target, and how it is mended.
struct StateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state", abstract: "Look at the recorded state, and mend it.",
        subcommands: [
            StateListCommand.self, StateShowCommand.self, StateMoveCommand.self, StateImportCommand.self,
            StateRebuildCommand.self, StateBackupCommand.self, StateRestoreCommand.self,
        ])
}

/// `gatewright state list`
struct StateListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the recorded objects of an environment with their ids.")

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @OptionGroup var repository: RepositoryOptions

    @Option(help: "How the list is printed.")
    var format: Format = .text

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            let session = try await Session.open(repository, global, isReading: true)
            let environment = try await EnvironmentName.find(repository, session)
            let objects = try await session.stores.objects(environment: environment)
            switch format {
            case .text: for object in objects { terminal.say("\(object.address)  \(object.identity.physicalID)") }
            case .json:
                let list = objects.map { object -> JSONValue in
                    ["address": .string(object.address.description), "id": .string(object.identity.physicalID)]
                }
                terminal.say(JSONValue.array(list).text(.pretty))
            }
            return .done
        }
    }
}

/// `gatewright state show ADDRESS`
struct StateShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one recorded object as it is recorded, as JSON.")

    @Argument(help: "An address such as RestApi/petstore.")
    var address: String

    @OptionGroup var repository: RepositoryOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            let session = try await Session.open(repository, global, isReading: true)
            let environment = try await EnvironmentName.find(repository, session)
            let objects = try await session.stores.objects(environment: environment)
            guard let wanted = Address(text: address), let object = objects.first(where: { $0.address == wanted })
            else {
                throw CommandFailure(
                    .unknownObject, "`\(environment)` has no `\(address)` in its recorded state")
            }
            let page = ObjectPage(
                object: object, lastChange: nil, place: nil,
                doubt: try await session.stores.doubts(environment: environment)[wanted], urls: nil)
            terminal.say(page.document.text(.pretty))
            return .done
        }
    }
}

/// `gatewright state mv FROM TO`
struct StateMoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mv", abstract: "Record an object, with everything in it, under another address.")

    @Argument(help: "The address that is recorded, such as RestApi/petstore.")
    var from: String

    @Argument(help: "The address that it gets, such as RestApi/shop.")
    var to: String

    @OptionGroup var repository: RepositoryOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let terminal = global.terminal
        try await Reporter.run(terminal) {
            let session = try await Session.open(repository, global)
            let environment = try await EnvironmentName.find(repository, session)
            guard let from = Address(text: from), let to = Address(text: to) else {
                throw CommandFailure(
                    .cannotMove, "`\(self.from)` or `\(self.to)` is no address such as RestApi/petstore")
            }
            let count = try await session.holdingLease(of: environment) { lease in
                try await move(from, to, environment, session, lease)
            }
            let pipeline = session.pipeline
            try await pipeline.tell(
                Event(
                    .moved, environment: environment, time: Timestamp(milliseconds: WallClock.millisecondsSince1970),
                    message: "`\(from)` is recorded as `\(to)` by \(Operator.name)"))
            terminal.say("`\(from)` is recorded as `\(to)`, with \(count) changed records in all")
            await mark(to, environment, session, terminal)
            return .done
        }
    }

    private func move(
        _ from: Address, _ to: Address, _ environment: String, _ session: Session, _ lease: LeaseGrant
    ) async throws -> Int {
        guard try await session.stores.unfinished(environment: environment).isEmpty else {
            throw CommandFailure(.cannotMove, "an apply of `\(environment)` has not ended: apply once more first")
        }
        let objects = try await session.stores.objects(environment: environment)
        let doubts = try await session.stores.doubts(environment: environment)
        let changes: [StateChange]
        do throws(ObjectMove.Refusal) {
            let move = try ObjectMove(from: from, to: to)
            changes = StateChange.between(objects, try move.applied(to: objects), doubts, moved: move.moved)
        } catch {
            throw CommandFailure(.cannotMove, error.message(from, to, environment))
        }
        try await session.stores.write(changes, environment: environment, lease: lease)
        return changes.count { if case .record = $0 { true } else { false } }
    }

    /// The marker on the target says the new address too, so that a rebuild finds it there.
    private func mark(_ address: Address, _ environment: String, _ session: Session, _ terminal: Terminal) async {
        do {
            guard let target = try await session.stores.lastTarget(environment: environment),
                let object = try await session.stores.objects(environment: environment)
                    .first(where: { $0.address == address }),
                let applied = try await session.stores.lastApplied(environment: environment)
            else {
                return terminal.note("the marker on the target follows with the next apply that changes the object")
            }
            let provider = try await session.pipeline.provider(for: target, environment: environment)
            try await provider.mark([address: object.identity], commit: applied.commit)
        } catch {
            terminal.note(
                "warning: the marker on the target still says the old address, until the next apply that changes the "
                    + "object: \(error)")
        }
    }
}

extension ObjectMove.Refusal {
    func message(_ from: Address, _ to: Address, _ environment: String) -> String {
        switch self {
        case .same: "`\(from)` has that address already"
        case .kindsDiffer: "`\(from)` cannot become `\(to)`: the kinds differ"
        case .isInside:
            "`\(from)` is inside an API, where the target knows it by its name: move the API, or commit the change"
        case .missing: "`\(environment)` has no `\(from)` in its recorded state"
        case .taken: "`\(to)`, or something in it, is recorded already"
        }
    }
}

extension Session {
    /// LIMIT: of work on the recorded state that makes no call which changes the target.
    private static let leaseTTL = Duration.seconds(600)

    /// Runs `body` as the one writer of an environment.
    ///
    /// - Throws: `lease.held` when somebody applies at the same time.
    func holdingLease<Value>(
        of environment: String, _ body: (LeaseGrant) async throws -> Value
    ) async throws -> Value {
        let lease = try await stores.acquire(
            environment: environment, holder: pipeline.applier.holder, ttl: Self.leaseTTL)
        do {
            let value = try await body(lease)
            try await stores.release(lease)
            return value
        } catch {
            do { try await stores.release(lease) } catch {}
            throw error
        }
    }
}
