package import JSON

/// What a mapping template may read.
package struct TemplateInput: Sendable {
    /// The payload as text; a request without one has nil (`$input.body` then prints `{}`).
    package var body: String?
    /// Path parameters, still percent-encoded as sent.
    package var pathParameters: [(name: String, value: String)]
    /// Query parameters, decoded, repeats in order.
    package var queryParameters: [(name: String, value: String)]
    /// Headers that templates may see, with the casing as sent, repeats in order.
    package var headers: [(name: String, value: String)]
    package var stageVariables: [String: String]
    /// `$context`, overrides made so far included (`requestOverride`, `responseOverride`, own members).
    package var context: JSONObject

    package init(
        body: String?, pathParameters: [(name: String, value: String)] = [],
        queryParameters: [(name: String, value: String)] = [], headers: [(name: String, value: String)] = [],
        stageVariables: [String: String] = [:], context: JSONObject = [:]
    ) {
        self.body = body
        self.pathParameters = pathParameters
        self.queryParameters = queryParameters
        self.headers = headers
        self.stageVariables = stageVariables
        self.context = context
    }
}

/// What a mapping template made.
package struct TemplateOutput: Sendable {
    package var text: String
    /// `$context` after the template ran: ``TemplateInput/context`` with what the template set or put.
    package var context: JSONObject

    package init(text: String, context: JSONObject) {
        self.text = text
        self.context = context
    }
}
