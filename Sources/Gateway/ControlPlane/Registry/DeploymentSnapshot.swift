import DataPlane
import JSON

/// The definition of an API as it was when a deployment was cut; never changes afterwards.
struct DeploymentSnapshot: Sendable {
    /// `GetRestApi` as it was.
    var api: JSONObject
    /// In the order of their paths.
    var resources: [StageDefinition.Resource]
    /// Model name to `GetModel`.
    var models: [String: JSONObject]
    var validators: [String: JSONObject]
    var authorizers: [String: JSONObject]
    /// Only the customised ones.
    var gatewayResponses: [String: JSONObject]

    init(of api: API) {
        self.api = api.document
        resources = api.resources.values.sorted { $0.path < $1.path }.map { resource in
            let methods = api.methods(of: resource.id).map { ($0.name, JSONValue.object($0.document)) }
            return StageDefinition.Resource(
                id: resource.id, path: resource.path, methods: Dictionary(methods) { $1 })
        }
        models = api.table(.model)
        validators = api.table(.validator)
        authorizers = api.table(.authorizer)
        gatewayResponses = api.table(.gatewayResponse)
    }
}

// MARK: The row

extension DeploymentSnapshot {
    var document: JSONObject {
        [
            "api": .object(api),
            "resources": .array(
                resources.map { resource in
                    [
                        "id": .string(resource.id), "path": .string(resource.path),
                        "methods": .object(Self.object(resource.methods)),
                    ]
                }),
            "models": .object(Self.object(models.mapValues(JSONValue.object))),
            "validators": .object(Self.object(validators.mapValues(JSONValue.object))),
            "authorizers": .object(Self.object(authorizers.mapValues(JSONValue.object))),
            "gatewayResponses": .object(Self.object(gatewayResponses.mapValues(JSONValue.object))),
        ]
    }

    /// What ``document`` made; nil for anything else.
    init?(document: JSONObject) {
        guard let api = document["api"]?.object, let resources = document["resources"]?.array,
            let models = Self.table(document["models"]), let validators = Self.table(document["validators"]),
            let authorizers = Self.table(document["authorizers"]),
            let responses = Self.table(document["gatewayResponses"])
        else { return nil }
        self.api = api
        self.models = models
        self.validators = validators
        self.authorizers = authorizers
        gatewayResponses = responses
        self.resources = []
        for resource in resources {
            guard let id = resource["id"]?.string, let path = resource["path"]?.string,
                let methods = Self.table(resource["methods"])
            else { return nil }
            self.resources.append(
                StageDefinition.Resource(id: id, path: path, methods: methods.mapValues(JSONValue.object)))
        }
    }

    private static func object(_ table: [String: JSONValue]) -> JSONObject {
        JSONObject(table.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    private static func table(_ value: JSONValue?) -> [String: JSONObject]? {
        guard let object = value?.object else { return nil }
        var table: [String: JSONObject] = [:]
        for (name, value) in object {
            guard let document = value.object else { return nil }
            table[name] = document
        }
        return table
    }
}
