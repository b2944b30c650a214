import DataPlane
import Functions
import IAMPolicy
import JSON
import NIOCore
import SigV4

/// Finds a function, asks whether it may be invoked, and has it run: for integrations, authorizers and `Invoke` alike.
struct FunctionRunner: FunctionInvoker {
    let service: FunctionService
    /// What is durable at the moment.
    let state: @Sendable () -> EngineState
    let roles: RoleRegistry
    let authorization: Authorization
    let region: String
    let milliseconds: @Sendable () -> Int64

    private var accountID: String { authorization.accountID }

    // MARK: For the data plane

    func invoke(_ call: FunctionCall, on eventLoop: any EventLoop) -> EventLoopFuture<FunctionReply> {
        do throws(ServiceError) {
            let name = try FunctionName(call.function, accountID: accountID, region: region)
            let target = try target(name, state())
            try check(call.authority, name, target)
            guard let host = service.host else {
                return eventLoop.makeSucceededFuture(.unavailable(FunctionService.off))
            }
            var invocation = Invocation(
                event: call.event.isEmpty ? Array("{}".utf8) : call.event, invokedARN: arn(name),
                requestID: call.requestID)
            invocation.traceID = call.traceID
            let specification = try specification(of: target)
            if call.isAsynchronous {
                return host.submit(specification, invocation, on: eventLoop)
                    .map { FunctionReply.accepted }
                    .flatMapErrorThrowing { .refused(ServiceError(refusing: $0)) }
            }
            return host.start(specification, invocation, on: eventLoop)
                .map { .answered(payload: $0.payload, functionError: $0.isError ? "Unhandled" : nil) }
                .flatMapErrorThrowing { .refused(ServiceError(refusing: $0)) }
        } catch {
            return eventLoop.makeSucceededFuture(.refused(error))
        }
    }

    // MARK: For Invoke

    /// - Throws: What the service answers for a function that was not run.
    func answer(
        _ call: FunctionInvocation, _ principal: Principal, _ environment: CallEnvironment
    ) async throws(ServiceError) -> (status: Int, answer: InvocationAnswer?, version: String) {
        let state = state()
        // Whoever may not invoke it does not learn whether it is there.
        let row = state.account[.function, call.name.name]
        try check(
            principal.caller(accountID), authorization.layers(of: principal, state.identity),
            environment.context.adding(factsOf: principal, state.identity), isRoot: principal == .root, call.name, row)
        let target = try target(call.name, state)
        if call.isDryRun { return (204, nil, target.version) }
        guard let host = service.host else { throw .forbidden("AccessDeniedException", FunctionService.off) }
        var invocation = Invocation(event: call.event, invokedARN: arn(call.name))
        invocation.clientContext = call.clientContext
        let specification = try specification(of: target)
        do throws(FunctionsFailure) {
            if call.isAsynchronous {
                try await host.submit(specification, invocation)
                return (202, nil, target.version)
            }
            return (200, try await host.invoke(specification, invocation), target.version)
        } catch {
            throw ServiceError(refusing: error)
        }
    }

    // MARK: Which

    private struct Target {
        var row: JSONObject
        var record: FunctionRecord
        var name: String
        var version: String
    }

    private func target(_ name: FunctionName, _ state: EngineState) throws(ServiceError) -> Target {
        guard let row = state.account[.function, name.name],
            let (record, version) = FunctionTables(account: state.account).find(name)
        else { throw .unknownFunction(arn(name)) }
        return Target(row: row, record: record, name: name.name, version: version)
    }

    private func arn(_ name: FunctionName) -> String { name.arn(accountID: accountID, region: region) }

    private func specification(of target: Target) throws(ServiceError) -> FunctionSpecification {
        var specification = target.record.specification(
            arn: "arn:aws:lambda:\(region):\(accountID):function:\(target.name):\(target.version)", name: target.name,
            version: target.version, codeRoot: service.code.root)
        specification.reservedConcurrency = target.row[FunctionConcurrency.member]?.int
        let role = target.record.configuration.string("Role") ?? ""
        do throws(RoleRefusal) {
            let keys = try roles.credentials(
                ofRole: role, service: "lambda.amazonaws.com",
                source: "arn:aws:lambda:\(region):\(accountID):function:\(target.name)", at: milliseconds()
            ).signing
            specification.environment["AWS_ACCESS_KEY_ID"] = keys.accessKeyID
            specification.environment["AWS_SECRET_ACCESS_KEY"] = keys.secretAccessKey
            specification.environment["AWS_SESSION_TOKEN"] = keys.sessionToken
        } catch {
            throw ServiceError(
                status: 403, type: "AccessDeniedException",
                message: "The role defined for the function cannot be assumed by Lambda: \(error.message)")
        }
        return specification
    }

    // MARK: Who may

    private func check(
        _ authority: FunctionCall.Authority, _ name: FunctionName, _ target: Target
    ) throws(ServiceError) {
        switch authority {
        case .service(let sourceARN, let sourceAccount):
            let context: RequestContext = ["aws:SourceArn": sourceARN, "aws:SourceAccount": sourceAccount]
            let policy = FunctionPermissions.text(of: name, in: target.row)
                .map { authorization.cache.set($0, as: .resource) }
            try decide(
                PolicyLayers(resource: policy ?? PolicySet([]), resourceMustAllow: true),
                .service("apigateway.amazonaws.com"), context, name)
        case .role(let arn, let sourceARN):
            let credentials: TemporaryCredentials
            do {
                credentials = try roles.credentials(
                    ofRole: arn, service: "apigateway.amazonaws.com", source: sourceARN, at: milliseconds())
            } catch {
                throw .forbidden("AccessDeniedException", error.message)
            }
            try check(credentials.holder, name, target)
        case .caller(let caller): try check(caller, name, target)
        }
    }

    private func check(_ caller: KnownCaller, _ name: FunctionName, _ target: Target) throws(ServiceError) {
        let isRoot = caller.caller == Principal.root.caller(accountID)
        try check(caller.caller, caller.layers, caller.facts, isRoot: isRoot, name, target.row)
    }

    private func check(
        _ caller: Caller, _ layers: PolicyLayers, _ context: RequestContext, isRoot: Bool, _ name: FunctionName,
        _ row: JSONObject?
    ) throws(ServiceError) {
        guard !isRoot else { return }
        var layers = layers
        if let text = row.flatMap({ FunctionPermissions.text(of: name, in: $0) }) {
            layers.resource = authorization.cache.set(text, as: .resource)
        }
        try decide(layers, caller, context, name)
    }

    private func decide(
        _ layers: PolicyLayers, _ caller: Caller, _ context: RequestContext, _ name: FunctionName
    ) throws(ServiceError) {
        let request = AccessRequest(
            caller: caller, action: LambdaOperations.action(LambdaOperations.invoke), resource: arn(name),
            resourceAccount: accountID, context: context)
        let decision = layers.decision(request)
        guard decision.isAllowed else { throw .accessDenied(caller.arn, request.action, request.resource, decision) }
    }
}

extension FunctionReply {
    fileprivate static func refused(_ error: ServiceError) -> Self {
        .refused(status: error.status, type: error.type, message: error.message)
    }
}

extension ServiceError {
    /// A function that was not run, as Invoke says it.
    init(refusing failure: any Error) {
        guard let failure = failure as? FunctionsFailure else {
            self = .internalFailure
            return
        }
        switch failure.code {
        case .throttled, .eventsFull:
            self.init(status: 429, type: "TooManyRequestsException", message: "Rate Exceeded.")
        case .eventTooLarge: self.init(status: 413, type: "RequestTooLargeException", message: failure.message)
        case .runtimeUnknown: self.init(status: 502, type: "InvalidRuntimeException", message: failure.message)
        case .startRefused: self.init(status: 502, type: "InvalidZipFileException", message: failure.message)
        case .stopped: self.init(status: 500, type: "ServiceException", message: failure.message)
        case .archiveInvalid, .archiveTooLarge, .codeNotKept: self = .internalFailure
        }
    }
}

/// What a request to `Invoke` asks for.
struct FunctionInvocation: Sendable {
    var name: FunctionName
    var event: [UInt8]
    var isAsynchronous = false
    var isDryRun = false
    var wantsLog = false
    var clientContext: String?
}
