import DataPlane
import Diagnostics
import JSON
import Logging
import Synchronization

/// The state, and the one place where it changes.
///
/// A write is computed on a copy of the newest state (requests that are not durable yet included), its rows join the
/// next transaction, and it is answered when that is durable. So the disk is asked once for many writes, and readers
/// only ever see what is durable. When a transaction fails, every write computed on top of it fails with it.
actor EngineRegistry {
    private let store: (any EngineStore)?
    private let snapshots: SnapshotRegistry
    private let compiler: StageCompiler
    private let callers: @Sendable (IdentityDirectory) -> any CallerDirectory
    private let roles: @Sendable (IdentityDirectory) -> any RoleCredentials
    private let logger: Logger
    private nonisolated let durable: Mutex<EngineState>
    private var newest: EngineState
    private var waiting: [Waiting] = []
    private var isFlushing = false

    private struct Waiting {
        var rows: [RowChange]
        var state: EngineState
        var publications: [Publication]
        var continuation: CheckedContinuation<Bool, Never>
    }

    init(
        configuration: EngineConfiguration, store: (any EngineStore)?, snapshots: SnapshotRegistry,
        callers: @escaping @Sendable (IdentityDirectory) -> any CallerDirectory,
        roles: @escaping @Sendable (IdentityDirectory) -> any RoleCredentials, logger: Logger
    ) async throws(EngineFailure) {
        self.store = store
        self.snapshots = snapshots
        self.callers = callers
        self.roles = roles
        self.logger = logger
        compiler = StageCompiler(accountID: configuration.accountID, region: configuration.region)
        var state = try EngineState(
            rows: try await store?.load() ?? [], sealing: configuration.sealingKey.map { Sealing($0) })
        try await Self.seal(&state.account, in: store)
        state.identity = try IdentityDirectory(rows: try await store?.loadEntities() ?? [])
        state.identity.otherAWSPolicies = configuration.managedPolicies.map { AWSPolicies($0) }
        newest = state
        durable = Mutex(state)
        publish(.callers, from: state)
        publish(.keys, from: state)
        publish(.domains, from: state)
        publish(.links, from: state)
        let links = VPCLinks.table(state.account).sorted { $0.key < $1.key }
        for (id, link) in links where !snapshots.links.knows(link.targetARN) {
            logger.warning(
                "nothing is known behind a private link: its routes answer 500",
                metadata: ["gw.link": "\(id)", "gw.resource": "\(link.targetARN)"])
        }
        for api in state.apis.values {
            for stage in api.all(.stage) { publish(.stage(apiID: api.id, name: stage.key), from: state) }
        }
    }

    /// Writes rows again that were written before there was a key to close their secrets with.
    private static func seal(
        _ account: inout AccountTables, in store: (any EngineStore)?
    ) async throws(EngineFailure) {
        let rows: [RowChange]
        do {
            rows = try account.rowsToSeal()
        } catch {
            throw EngineFailure(.databaseUnusable, "secrets of the engine's database cannot be sealed", cause: error)
        }
        if !rows.isEmpty { try await store?.write(rows) }
    }

    /// What readers answer from.
    nonisolated var state: EngineState { durable.withLock { $0 } }

    /// Runs one write; it is durable and published when this returns a reply.
    func write<Answer: Sendable>(
        _ handler: @Sendable (inout Workspace) throws(ServiceError) -> Answer
    ) async throws(ServiceError) -> Answer {
        var workspace = Workspace(state: newest)
        let reply = try handler(&workspace)
        let rows = try workspace.takeRows()
        let state = workspace.state
        newest = state
        guard store != nil, !rows.isEmpty else {
            // INVARIANT: with a store, a write without rows may still be computed on writes that are not durable, so it
            // must not publish `state`; it has nothing to publish either.
            if store == nil { settle(state, workspace.publications) }
            return reply
        }
        let publications = workspace.publications
        let isDurable = await withCheckedContinuation { continuation in
            waiting.append(
                Waiting(rows: rows, state: state, publications: publications, continuation: continuation))
            startFlushing()
        }
        guard isDurable else { throw .internalFailure }
        return reply
    }

    private func startFlushing() {
        guard !isFlushing else { return }
        isFlushing = true
        // UNSTRUCTURED: awaited by the continuations of the writes whose rows it writes.
        Task { await flush() }
    }

    private func flush() async {
        defer { isFlushing = false }
        guard let store else { return }
        while !waiting.isEmpty {
            let batch = Array(waiting.prefix(Limits.groupCommitRequestsMax))
            waiting.removeFirst(batch.count)
            do {
                try await store.write(batch.flatMap(\.rows))
                if let last = batch.last { settle(last.state, batch.flatMap(\.publications)) }
                for write in batch { write.continuation.resume(returning: true) }
            } catch {
                logger.error(
                    "writes are lost",
                    metadata: [
                        "gw.code": "\(error.code.rawValue)", "gw.cause": "\(error)", "gw.count": "\(batch.count)",
                    ])
                newest = state
                let rest = waiting
                waiting = []
                for write in batch + rest { write.continuation.resume(returning: false) }
            }
        }
    }

    private func settle(_ state: EngineState, _ publications: [Publication]) {
        durable.withLock { $0 = state }
        for publication in Set(publications) { publish(publication, from: state) }
    }

    private nonisolated func publish(_ publication: Publication, from state: EngineState) {
        switch publication {
        case .stage(let apiID, let name): publish(apiID, stage: name, from: state)
        case .callers:
            snapshots.callers.publish(callers(state.identity))
            snapshots.services.roles.publish(roles(state.identity))
        case .links: snapshots.links.publish(VPCLinks.table(state.account))
        case .domains: snapshots.publish(DomainNames.table(state.account))
        case .keys: snapshots.keys.publish(UsagePlans.table(state.account), usage: Usage.ledgers(state.account))
        }
    }

    private nonisolated func publish(_ apiID: String, stage name: String, from state: EngineState) {
        guard let api = state.apis[apiID], let definition = compiler.definition(of: name, in: api, state.account)
        else {
            snapshots.remove(apiID: apiID, stageName: name)
            return
        }
        let snapshot = StageSnapshot(
            compiling: definition, keys: snapshots.keys, callers: snapshots.callers, links: snapshots.links,
            services: snapshots.services)
        for problem in snapshot.problems {
            logger.warning(
                "a route is not served",
                metadata: [
                    "gw.code": "\(problem.code)", "gw.problem": "\(problem.message)",
                    "gw.resource": "\(apiID)/\(name)",
                ])
        }
        snapshots.publish(snapshot)
    }
}
