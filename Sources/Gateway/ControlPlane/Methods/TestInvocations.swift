import DataPlane
import JSON

/// `TestInvokeMethod`: what the data plane is asked to run.
enum TestInvocations {
    static let members: [Shape.Member] = [
        .optional("pathWithQueryString"), .optional("body"), .optional("headers", .map(.string)),
        .optional("multiValueHeaders", .map(.list(.string))), .optional("clientCertificateId"),
        .optional("stageVariables", .map(.string)),
    ]

    /// Those of both maps.
    static func headers(_ call: Call) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        for (name, value) in call.body["headers"]?.object ?? [:] {
            if let value = value.string { headers.append((name, value)) }
        }
        for (name, values) in call.body["multiValueHeaders"]?.object ?? [:] {
            for value in values.array ?? [] {
                if let value = value.string { headers.append((name, value)) }
            }
        }
        return headers
    }

    static func invoke(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard let api = workspace.api(call.apiID), let resource = api.resources[call.resourceID] else {
            throw .unknownResource
        }
        // ANY serves every method that has none of its own.
        let keys = [Methods.key(call), "\(call.resourceID) ANY"]
        guard keys.contains(where: { api[.method, $0] != nil }) else { throw .unknownMethod }
        let headers = headers(call)
        let compiler = StageCompiler(accountID: call.environment.accountID, region: call.environment.region)
        var definition = compiler.testDefinition(of: api)
        if let id = call.body.string("clientCertificateId"), !id.isEmpty {
            guard let identity = ClientCertificates.identity(id, workspace.account) else {
                throw ClientCertificates.unknown
            }
            definition.identity = identity
        }
        return .testInvocation(
            TestInvocation(
                definition: definition, resourcePath: resource.path, httpMethod: call.httpMethod,
                pathWithQueryString: call.body.string("pathWithQueryString"), body: call.body.string("body"),
                headers: headers, stageVariables: StageCompiler.variables(call.body["stageVariables"]?.object ?? [:])))
    }
}
