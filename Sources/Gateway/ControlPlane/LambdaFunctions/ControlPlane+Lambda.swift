import Bytes
import Functions
import HTTPTypes
import IAMPolicy
import JSON

extension ControlPlane {
    /// One request to Lambda.
    func manageFunctions(
        _ exchange: Exchange, _ principal: Principal, _ environment: CallEnvironment
    ) async throws(ServiceError) -> Exchange.Answer {
        guard let runner, let codeKeeper else { throw .notServed("lambda") }
        let (operation, path) = try find(exchange, in: LambdaOperations.table)
        var call = try Call(exchange, operation: operation, path: path, environment)
        let permission = FunctionPermission(principal, call, operation, authorization)
        // The function's own policy counts for its invocation: the runner asks both.
        if operation.name != LambdaOperations.invoke { try permission.check(registry.state.identity) }
        switch operation.name {
        case "CreateFunction": call.code = try await codeKeeper.keep(call.body["Code"]?.object ?? [:])
        case "UpdateFunctionCode": call.code = try await codeKeeper.keep(call.body)
        default: break
        }
        let ended = operation.name == "DeleteFunction" ? try versions(of: call) : []
        let reply = try await handle(operation, call) { [call, sealing] (identity) throws(ServiceError) in
            try permission.check(identity)
            try permission.checkRole(call, identity, sealing)
        }
        if case .invocation(let name) = reply {
            return try await invoke(exchange, name, runner, principal, environment)
        }
        // Their processes end after what they are doing, and what waits for them is forgotten.
        for arn in ended { configuration.functions?.host?.retire(arn) }
        return exchange.response(operation.status, reply)
    }

    /// ARNs of what a deletion takes away: one version, or `$LATEST` and all of them.
    private func versions(of call: Call) throws(ServiceError) -> [String] {
        var name = try call.functionName()
        if name.qualifier != nil { return [name.arn(call.environment)] }
        let numbers = FunctionTables(account: registry.state.account).versions(of: name.name).map { "\($0.number)" }
        return (["$LATEST"] + numbers).map { version in
            name.qualifier = version
            return name.arn(call.environment)
        }
    }

    private func invoke(
        _ exchange: Exchange, _ name: FunctionName, _ runner: FunctionRunner, _ principal: Principal,
        _ environment: CallEnvironment
    ) async throws(ServiceError) -> Exchange.Answer {
        var invocation = FunctionInvocation(name: name, event: exchange.body)
        let headers = exchange.request.headerFields
        switch HTTPField.Name("X-Amz-Invocation-Type").flatMap({ headers[$0] }) ?? "RequestResponse" {
        case "RequestResponse": break
        case "Event": invocation.isAsynchronous = true
        case "DryRun": invocation.isDryRun = true
        case let other:
            throw .validation([
                "Value '\(other)' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value "
                    + "set: [Event, RequestResponse, DryRun]"
            ])
        }
        invocation.wantsLog = HTTPField.Name("X-Amz-Log-Type").flatMap { headers[$0] } == "Tail"
        if let text = HTTPField.Name("X-Amz-Client-Context").flatMap({ headers[$0] }) {
            guard let bytes = Base64.decoded(text), let context = String(validating: bytes, as: UTF8.self) else {
                throw ServiceError(
                    status: 400, type: "InvalidRequestContentException",
                    message: "Client context must be a valid Base64-encoded JSON object.")
            }
            invocation.clientContext = context
        }
        if invocation.event.isEmpty {
            invocation.event = Array("{}".utf8)
        } else {
            do { _ = try JSONValue(parsing: invocation.event) } catch {
                throw ServiceError(
                    status: 400, type: "InvalidRequestContentException",
                    message: "Could not parse request body into json: \(error.message)")
            }
        }
        let (status, found, version) = try await runner.answer(invocation, principal, environment)
        guard let found else { return exchange.answer(status, contentType: nil, body: []) }
        var answer = exchange.answer(status, contentType: "application/json", body: found.payload)
        answer.response.headerFields.set("X-Amz-Executed-Version", version)
        if found.isError { answer.response.headerFields.set("X-Amz-Function-Error", "Unhandled") }
        if invocation.wantsLog {
            answer.response.headerFields.set("X-Amz-Log-Result", Base64.text(of: found.logTail))
        }
        return answer
    }
}

/// What a caller of Lambda's own API must be allowed: the operation on the function, and passing the role that is saved.
///
/// - Note: Source: service authorization reference, "Actions defined by AWS Lambda".
struct FunctionPermission: Sendable {
    private let principal: Principal
    private let action: String
    private let resource: String
    private let environment: CallEnvironment
    private let authorization: Authorization

    init(_ principal: Principal, _ call: Call, _ operation: Operation, _ authorization: Authorization) {
        self.principal = principal
        self.authorization = authorization
        environment = call.environment
        action = LambdaOperations.action(operation.name)
        let text = call.path["name"] ?? call.body.string("FunctionName")
        do throws(ServiceError) {
            resource =
                try text.map { (text) throws(ServiceError) in
                    try FunctionName(text, extra: call.query("Qualifier"), call.environment).arn(call.environment)
                } ?? "*"
        } catch {
            // A name that is none is refused when the operation reads it.
            resource = "*"
        }
    }

    func check(_ identity: IdentityDirectory) throws(ServiceError) {
        try authorization.check(principal, action, on: [resource], environment.context, identity)
    }

    /// A role that is saved must be the caller's to pass, and must trust the service.
    func checkRole(_ call: Call, _ identity: IdentityDirectory, _ sealing: Sealing) throws(ServiceError) {
        guard let arn = call.body.string("Role") else { return }
        var context = environment.context
        context.set("iam:PassedToService", "lambda.amazonaws.com")
        try authorization.check(principal, "iam:PassRole", on: [arn], context, identity)
        do {
            try AccountRoles(sealing: sealing, authorization: authorization, identity: identity).checkTrust(
                inRole: arn, of: "lambda.amazonaws.com", source: resource, environment.now)
        } catch {
            throw .invalidParameter("The role defined for the function cannot be assumed by Lambda.")
        }
    }
}
