package import JSON

/// What `TestInvokeMethod` is asked: a method of an API that need not be deployed.
package struct TestInvocation: Sendable {
    /// The undeployed API; its stage name is what `$context.stage` shows (`test-invoke-stage`).
    package var definition: StageDefinition
    package var resourcePath: String
    /// The method to run, as called by the client; a resource with ANY serves every one.
    package var httpMethod: String
    /// Nil: the resource's own path with its placeholders.
    package var pathWithQueryString: String?
    package var body: String?
    package var headers: [(name: String, value: String)]
    /// These win over the definition's variables.
    package var stageVariables: [String: String]

    package init(
        definition: StageDefinition, resourcePath: String, httpMethod: String, pathWithQueryString: String? = nil,
        body: String? = nil, headers: [(name: String, value: String)] = [], stageVariables: [String: String] = [:]
    ) {
        self.definition = definition
        self.resourcePath = resourcePath
        self.httpMethod = httpMethod
        self.pathWithQueryString = pathWithQueryString
        self.body = body
        self.headers = headers
        self.stageVariables = stageVariables
    }
}

/// What `TestInvokeMethod` answers.
package struct TestInvocationResult: Sendable {
    package var status: Int
    package var body: String
    package var headers: [(name: String, value: String)]
    package var multiValueHeaders: [(name: String, values: [String])]
    /// Lines as the service writes them; ends with a newline.
    package var log: String
    /// Milliseconds.
    package var latency: Int

    /// The members of the operation's answer.
    package var document: JSONObject {
        [
            "status": .number(JSONNumber(status)),
            "body": .string(body),
            "headers": .object(JSONObject(headers.map { ($0.name, .string($0.value)) })),
            "multiValueHeaders": .object(
                JSONObject(multiValueHeaders.map { ($0.name, .array($0.values.map(JSONValue.string))) })),
            "log": .string(log),
            "latency": .number(JSONNumber(latency)),
        ]
    }
}
