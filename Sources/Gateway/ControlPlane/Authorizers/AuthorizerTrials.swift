import DataPlane
import JSON

/// `TestInvokeAuthorizer`: what a request with these headers would get. The engine cannot call an authorizer's function,
/// so whoever gets that far is told what a function without permission gives.
enum AuthorizerTrials {
    static let operations: [Operation] = [
        Operation(
            "TestInvokeAuthorizer", "POST", "/restapis/{api}/authorizers/{id}", status: 200,
            members: [
                .optional("headers", .map(.string)), .optional("multiValueHeaders", .map(.list(.string))),
                .optional("pathWithQueryString"), .optional("body"), .optional("stageVariables", .map(.string)),
                .optional("additionalContext", .map(.string)),
            ], effect: .read, handler: invoke)
    ]

    private static func invoke(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard let authorizer = try workspace.existing(call)[.authorizer, call.key] else { throw Authorizers.unknown }
        let request = RandomNames.requestID()
        let date = GatewayDate(secondsSince1970: Int64(call.environment.now)).logText
        var lines = ["Execution log for request \(request)"]
        lines.append("\(date) : Starting authorizer: \(call.key) for request: \(request)")
        let isComplete = identity(authorizer, call)
        let status = isComplete ? 500 : 401
        lines.append(
            isComplete
                ? "\(date) : Execution failed due to configuration error: the authorizer's function cannot be invoked"
                : "\(date) : Unauthorized request: \(request)")
        return .json([
            "clientStatus": .number(JSONNumber(status)), "log": .string(lines.joined(separator: "\n") + "\n"),
            "latency": 0,
        ])
    }

    /// True if the request has every header that identifies its caller, in the form that is asked for.
    private static func identity(_ authorizer: JSONObject, _ call: Call) -> Bool {
        let names = Set(
            ((call.body["headers"]?.object?.members ?? []) + (call.body["multiValueHeaders"]?.object?.members ?? []))
                .filter { !($0.value.string ?? $0.value[0]?.string ?? "").isEmpty }.map { $0.name.lowercased() })
        let prefix = "method.request.header."
        return (authorizer.string("identitySource") ?? "").split(separator: ",").allSatisfy { source in
            let source = source.filter { $0 != " " }
            guard source.hasPrefix(prefix) else { return true }
            return names.contains(source.dropFirst(prefix.count).lowercased())
        }
    }
}
