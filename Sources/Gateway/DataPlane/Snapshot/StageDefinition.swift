package import JSON

/// Everything that one deployed stage, or a test invocation of the undeployed API, is compiled from.
///
/// The documents are what the management API answers for the same object (`GetMethod`, `GetModel`, ...), so that the
/// engine stores and compiles one form.
package struct StageDefinition: Sendable {
    package var accountID: String
    package var region: String
    package var apiID: String
    package var apiName: String
    package var stageName: String
    /// Empty for a test invocation, which has no deployment.
    package var deploymentID: String
    package var variables: [String: String]
    package var binaryMediaTypes: [String]
    /// Bytes; nil: responses are not compressed.
    package var minimumCompressionSize: Int?
    /// `apiKeySource`: `HEADER` or `AUTHORIZER`.
    package var apiKeySource: String
    /// `disableExecuteApiEndpoint`: only hosts of the account's own reach the stage.
    package var isDefaultEndpointDisabled = false
    /// What the stage shows to https endpoints; nil for a stage without a client certificate.
    package var identity: ClientIdentity?
    /// The API's resource policy, parsed.
    package var policy: JSONValue?
    /// A private API serves nobody without a resource policy.
    package var isPrivate = false
    /// `methodSettings` of the stage: `path/METHOD` or `*/*` to its settings.
    package var methodSettings: JSONObject
    package var resources: [Resource]
    /// Model name to schema text.
    package var models: [String: String]
    /// Request validator id to the `GetRequestValidator` document.
    package var requestValidators: [String: JSONValue]
    /// Authorizer id to the `GetAuthorizer` document.
    package var authorizers: [String: JSONValue]
    /// Response type to the `GetGatewayResponse` document; only the customised ones.
    package var gatewayResponses: [String: JSONValue]

    package struct Resource: Sendable {
        package var id: String
        /// `/`, `/pets/{petId}`, `/{proxy+}`.
        package var path: String
        /// HTTP method or `ANY` to the `GetMethod` document, with `methodIntegration` and `methodResponses`.
        package var methods: [String: JSONValue]

        package init(id: String, path: String, methods: [String: JSONValue]) {
            self.id = id
            self.path = path
            self.methods = methods
        }
    }

    package init(
        accountID: String, region: String, apiID: String, apiName: String, stageName: String, deploymentID: String,
        variables: [String: String] = [:], binaryMediaTypes: [String] = [], minimumCompressionSize: Int? = nil,
        apiKeySource: String = "HEADER", policy: JSONValue? = nil, methodSettings: JSONObject = [:],
        resources: [Resource] = [], models: [String: String] = [:], requestValidators: [String: JSONValue] = [:],
        authorizers: [String: JSONValue] = [:], gatewayResponses: [String: JSONValue] = [:]
    ) {
        self.accountID = accountID
        self.region = region
        self.apiID = apiID
        self.apiName = apiName
        self.stageName = stageName
        self.deploymentID = deploymentID
        self.variables = variables
        self.binaryMediaTypes = binaryMediaTypes
        self.minimumCompressionSize = minimumCompressionSize
        self.apiKeySource = apiKeySource
        self.policy = policy
        self.methodSettings = methodSettings
        self.resources = resources
        self.models = models
        self.requestValidators = requestValidators
        self.authorizers = authorizers
        self.gatewayResponses = gatewayResponses
    }
}
