package import DataPlane
import Functions
package import HTTPTypes
import JSON
package import Logging

/// The engine's management API: API Gateway v1 as AWS has it, over the engine's own tables.
///
/// One value serves the listener and the in-process transport alike. Reads answer from memory and run side by side;
/// writes are one after the other, and each is durable before its answer.
package final class ControlPlane: Sendable {
    let configuration: EngineConfiguration
    let registry: EngineRegistry
    private let authentication: Authentication
    let authorization: Authorization
    let sealing: Sealing
    /// Nil where there are no functions.
    let runner: FunctionRunner?
    let codeKeeper: FunctionCodeKeeper?
    private let providerKeys: ProviderKeys
    private let store: DatabaseStore?
    let testInvoker: TestInvoker
    private let keys: APIKeyRegistry
    private let snapshots: SnapshotRegistry
    private let links: LinkRegistry
    private let lastUses = LastUses()
    private let usageWriter: UsageWriter
    let clock: @Sendable () -> Int
    let logger: Logger

    /// Opens the database (or none), loads what it holds, and publishes every stage.
    ///
    /// - Parameters:
    ///   - snapshots: Gets every stage that changes, compiled, before the write that changed it is answered.
    ///   - clock: Seconds since 1970; also what signatures are checked against.
    /// - Throws: `control-plane.database-unusable`, `control-plane.database-newer`, `control-plane.database-corrupt`.
    package init(
        configuration: EngineConfiguration, snapshots: SnapshotRegistry, testInvoker: TestInvoker,
        clock: @escaping @Sendable () -> Int, logger: Logger = Logger(label: "ControlPlane")
    ) async throws(EngineFailure) {
        self.configuration = configuration
        self.testInvoker = testInvoker
        self.clock = clock
        self.logger = logger
        sealing = Sealing(configuration.sealingKey)
        providerKeys = ProviderKeys(configuration.fetch)
        let authentication = Authentication(configuration, sealing, lastUses)
        let authorization = Authorization(accountID: configuration.accountID)
        let sealing = sealing
        self.authentication = authentication
        self.authorization = authorization
        if let path = configuration.databasePath { store = try await DatabaseStore(path: path) } else { store = nil }
        registry = try await EngineRegistry(
            configuration: configuration, store: store, snapshots: snapshots,
            callers: { Callers(authentication: authentication, authorization: authorization, identity: $0) },
            roles: { AccountRoles(sealing: sealing, authorization: authorization, identity: $0) },
            logger: logger)
        let registry = registry
        runner = configuration.functions.map { service in
            FunctionRunner(
                service: service, state: { registry.state }, roles: snapshots.services.roles,
                authorization: authorization, region: configuration.region,
                milliseconds: { Int64(clock()) * 1000 })
        }
        codeKeeper = configuration.functions.map { FunctionCodeKeeper($0.code) }
        snapshots.functions.publish(runner)
        let hashes = FunctionTables(account: registry.state.account).codeHashes
        await codeKeeper?.removeAll(but: hashes)
        if let store = configuration.functions?.code, case let lost = hashes.count(where: { !store.has($0) }), lost > 0
        {
            logger.warning(
                "the code of functions is gone: apply with `--refresh`",
                metadata: ["gw.folder": "\(store.root)", "gw.count": "\(lost)"])
        }
        keys = snapshots.keys
        self.snapshots = snapshots
        links = snapshots.links
        lastUses.load(registry.state.account)
        usageWriter = UsageWriter(registry: registry, keys: keys, lastUses: lastUses, logger: logger)
        try checkSealing()
        if store != nil { usageWriter.start() }
    }

    /// A key that opens none of the secrets would refuse every user without saying why.
    private func checkSealing() throws(EngineFailure) {
        for key in registry.state.identity.all(.accessKey)
        where sealing.openText(key.detail("secret"), for: AccessKeys.purpose(key.name)) == nil {
            throw EngineFailure(
                .sealingKeyWrong, "the secret of the access key `\(key.name)` was not sealed with this key")
        }
    }

    /// Writes what API keys have spent so far, and when access keys were used: part of an orderly end, once the data
    /// plane has stopped.
    package func keepUsage() async { await usageWriter.write() }

    /// Closes the database; requests that come later and write are refused.
    package func close() async {
        await usageWriter.stop()
        await store?.close()
    }

    /// Authenticates, authorizes and executes one request; every outcome is an answer as AWS gives it.
    ///
    /// - Parameter request: `path` with the query string, `authority` with the host that the caller signed.
    package func respond(
        to request: HTTPRequest, body: [UInt8], from peer: Peer = Peer()
    ) async -> (response: HTTPResponse, body: [UInt8]) {
        let exchange = Exchange(request: request, body: body)
        do throws(ServiceError) {
            let (service, principal) = try authentication.authenticate(
                request, body: body, now: clock(), registry.state.identity)
            let environment = environment(request, peer)
            switch service {
            case .apiGateway: return try await manage(exchange, principal, environment)
            case .lambda: return try await manageFunctions(exchange, principal, environment)
            case .query(let service): return try await query(exchange, service, principal, environment)
            case .other(let name): throw .notServed(name)
            }
        } catch {
            return exchange.response(error, to: Authentication.claimedService(request, body))
        }
    }

    /// One request to API Gateway.
    private func manage(
        _ exchange: Exchange, _ principal: Principal, _ environment: CallEnvironment
    ) async throws(ServiceError) -> Exchange.Answer {
        let permission = ManagementPermission(exchange, principal, environment, authorization)
        try permission.check(registry.state.identity)
        let (operation, path) = try find(exchange, in: .shared)
        var call = try Call(exchange, operation: operation, path: path, environment)
        if operation.readsDefinition { call.reading = try DefinitionImports.read(call) }
        let reply = try await run(operation, call, permission)
        return exchange.response(operation.status, reply)
    }

    /// One request to IAM or STS.
    private func query(
        _ exchange: Exchange, _ service: QueryService, _ principal: Principal, _ environment: CallEnvironment
    ) async throws(ServiceError) -> Exchange.Answer {
        let form = try QueryForm(exchange)
        let operation = try QueryTable.find(form, service)
        var call = QueryCall(
            input: try QueryInput.read(form, operation.members), caller: principal,
            environment: environment, sealing: sealing, authorization: authorization,
            lastUses: lastUses)
        if operation.name == "AssumeRoleWithWebIdentity" {
            call.webToken = try await WebIdentitySessions.proof(call, registry.state.identity, providerKeys)
        }
        let result: JSONObject?
        switch operation.effect {
        case .read:
            var workspace = Workspace(state: registry.state)
            result = try operation.run(&workspace, call)
        case .write:
            result = try await registry.write { [call] (workspace) throws(ServiceError) in
                try operation.run(&workspace, call)
            }
        }
        return exchange.queryResponse(operation, result)
    }

    private func environment(_ request: HTTPRequest, _ peer: Peer) -> CallEnvironment {
        CallEnvironment(
            accountID: configuration.accountID, region: configuration.region, quotas: configuration.quotas,
            now: clock(),
            facts: RequestFacts(
                address: peer.address, isSecure: peer.isSecure, userAgent: request.headerFields[.userAgent]),
            links: links, hasCode: { [store = configuration.functions?.code] in store?.has($0) ?? true })
    }

    func find(
        _ exchange: Exchange, in table: OperationTable
    ) throws(ServiceError) -> (operation: Operation, path: [String: String]) {
        guard let found = table.find(exchange) else {
            throw ServiceError(
                status: 404, type: "UnknownOperationException",
                message: "There is no operation \(exchange.request.method.rawValue) \(exchange.request.path ?? "/")")
        }
        return found
    }

    /// Has the operation's handler work on the state.
    ///
    /// - Parameter check: Asked again before a write: the account may have changed since the request came.
    func handle(
        _ operation: Operation, _ call: Call,
        check: @escaping @Sendable (IdentityDirectory) throws(ServiceError) -> Void
    ) async throws(ServiceError) -> Reply {
        switch operation.effect {
        case .read:
            var workspace = Workspace(state: registry.state)
            return try operation.handler(&workspace, call)
        case .write:
            return try await registry.write { (workspace) throws(ServiceError) in
                try check(workspace.identity)
                return try operation.handler(&workspace, call)
            }
        }
    }

    private func run(
        _ operation: Operation, _ call: Call, _ permission: ManagementPermission
    ) async throws(ServiceError) -> Reply {
        let reply = try await handle(operation, call) { (identity) throws(ServiceError) in
            try permission.check(identity)
            try permission.checkRoles(call, identity)
        }
        switch reply {
        case .testInvocation(let invocation):
            guard let result = await testInvoker.invoke(invocation) else { throw .unknownMethod }
            return .json(result.document)
        case .authorizerInvocation(let invocation):
            guard let result = await testInvoker.invoke(invocation) else { throw Authorizers.unknown }
            return .json(result.document)
        case .forgottenGrants(let apiID, let stageName):
            snapshots.snapshot(apiID: apiID, stageName: stageName)?.forgetGrants()
            return .empty
        case .usage(let report):
            if let remaining = report.newRemaining, let quota = report.quota {
                for key in report.keys {
                    keys.setRemaining(remaining, planID: report.planID, keyID: key, on: report.end, quota)
                }
                guard await usageWriter.write() else { throw .internalFailure }
            }
            return .json(report.document(keys))
        case .json, .empty, .payload, .invocation: return reply
        }
    }
}
