import DataPlane
import JSON

/// `TestInvokeAuthorizer`: which authorizer the data plane is to ask, and with what.
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
        let api = try workspace.existing(call)
        guard api[.authorizer, call.key] != nil else { throw Authorizers.unknown }
        let compiler = StageCompiler(accountID: call.environment.accountID, region: call.environment.region)
        return .authorizerInvocation(
            AuthorizerInvocation(
                definition: compiler.testDefinition(of: api), authorizerID: call.key,
                headers: TestInvocations.headers(call), pathWithQueryString: call.body.string("pathWithQueryString"),
                stageVariables: StageCompiler.variables(call.body["stageVariables"]?.object ?? [:])))
    }
}
