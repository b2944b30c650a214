import DataPlane
import JSON

/// Makes the definition that a stage serves, from its deployment's snapshot and its own settings.
struct StageCompiler: Sendable {
    var accountID: String
    var region: String

    /// The stage that `TestInvokeMethod` runs in.
    static let testStage = "test-invoke-stage"

    /// Nil when the stage is not there.
    func definition(of stageName: String, in api: API, _ account: AccountTables) -> StageDefinition? {
        guard let stage = api[.stage, stageName], let deployment = stage.string("deploymentId"),
            let snapshot = api.snapshots[deployment]
        else { return nil }
        var definition = definition(of: snapshot, api: api.id, stage: stageName, deployment: deployment)
        definition.identity = ClientCertificates.identity(stage.string("clientCertificateId"), account)
        definition.variables = Self.variables(stage["variables"]?.object ?? [:])
        definition.methodSettings = stage["methodSettings"]?.object ?? [:]
        definition.isPrivate = Self.isPrivate(snapshot.api)
        definition.isDefaultEndpointDisabled = snapshot.api["disableExecuteApiEndpoint"] == true
        return definition
    }

    /// The API as it is now, deployed or not.
    func testDefinition(of api: API) -> StageDefinition {
        definition(of: DeploymentSnapshot(of: api), api: api.id, stage: Self.testStage, deployment: "")
    }

    private static func isPrivate(_ api: JSONObject) -> Bool {
        api["endpointConfiguration"]?["types"]?.array?.contains("PRIVATE") ?? false
    }

    static func variables(_ object: JSONObject) -> [String: String] {
        var variables: [String: String] = [:]
        for (name, value) in object { variables[name] = value.string }
        return variables
    }

    private func definition(
        of snapshot: DeploymentSnapshot, api: String, stage: String, deployment: String
    ) -> StageDefinition {
        let document = snapshot.api
        return StageDefinition(
            accountID: accountID, region: region, apiID: api, apiName: document.string("name") ?? "", stageName: stage,
            deploymentID: deployment,
            binaryMediaTypes: (document["binaryMediaTypes"]?.array ?? []).compactMap(\.string),
            minimumCompressionSize: document["minimumCompressionSize"]?.int,
            apiKeySource: document.string("apiKeySource") ?? "HEADER",
            // A policy that cannot be read must not be taken for none.
            policy: document.string("policy").map { ResourcePolicy.parsed($0) ?? .string($0) },
            resources: snapshot.resources, models: snapshot.models.compactMapValues { $0.string("schema") },
            requestValidators: snapshot.validators.mapValues(JSONValue.object),
            authorizers: snapshot.authorizers.mapValues(JSONValue.object),
            gatewayResponses: snapshot.gatewayResponses.mapValues(JSONValue.object))
    }
}
