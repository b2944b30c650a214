import DataPlane
import JSON

/// `Deployment`: an immutable copy of an API's definition.
enum Deployments {
    private static let one = "/restapis/{api}/deployments/{id}"

    static let operations: [Operation] = [
        Operation("GetDeployments", "GET", "/restapis/{api}/deployments", status: 200, handler: list),
        Operation(
            "CreateDeployment", "POST", "/restapis/{api}/deployments", status: 201,
            members: [
                .optional("stageName"), .optional("stageDescription"), .optional("description"),
                .optional("cacheClusterEnabled", .boolean),
                .optional("cacheClusterSize", .enumeration(Stages.cacheSizes)), .optional("variables", .map(.string)),
                .optional(
                    "canarySettings",
                    .structure([
                        .optional("percentTraffic", .double), .optional("stageVariableOverrides", .map(.string)),
                        .optional("useStageCache", .boolean),
                    ])),
                .optional("tracingEnabled", .boolean),
            ], handler: create),
        Operation("GetDeployment", "GET", one, status: 200, handler: get),
        Operation("UpdateDeployment", "PATCH", one, status: 200, members: .patch, handler: update),
        Operation("DeleteDeployment", "DELETE", one, status: 202, handler: delete),
    ]

    /// The newest first, as the service answers them.
    private static func list(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let api = try workspace.existing(call)
        let items = api.all(.deployment).map { deployment in
            let age = 99_999_999_999 - (deployment.document["createdDate"]?.int ?? 0)
            let digits = String(max(age, 0))
            let key = String(repeating: "0", count: max(11 - digits.count, 0)) + digits + " " + deployment.key
            return Paging.Item(key: key, document: deployment.document)
        }
        return try Paging.page(items.sorted { $0.key < $1.key }, call)
    }

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let api = try workspace.existing(call)
        guard var deployment = api[.deployment, call.key] else { throw .unknownDeployment }
        let embeds = (call.query["embed"] ?? []).contains {
            $0.lowercased().split(separator: ",").contains("apisummary")
        }
        if embeds, let snapshot = api.snapshots[call.key] { deployment["apiSummary"] = .object(summary(of: snapshot)) }
        return .json(deployment)
    }

    private static func summary(of snapshot: DeploymentSnapshot) -> JSONObject {
        var summary: JSONObject = [:]
        for resource in snapshot.resources where !resource.methods.isEmpty {
            let methods = resource.methods.sorted { $0.key < $1.key }.map { name, method in
                var document: JSONObject = [:]
                document["authorizationType"] = method["authorizationType"]
                document["apiKeyRequired"] = method["apiKeyRequired"]
                return (name, JSONValue.object(document))
            }
            summary[resource.path] = .object(JSONObject(methods))
        }
        return summary
    }

    private static func create(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let stageName = call.body.string("stageName").flatMap { $0.isEmpty ? nil : $0 }
        let deployment = try workspace.update(call) { (api) throws(ServiceError) in
            try check(api)
            guard api.count(.deployment) < call.environment.quotas.deploymentsPerAPI else {
                throw .quota("deployments")
            }
            let id = RandomNames.id(length: 6) { api[.deployment, $0] == nil }
            var deployment: JSONObject = [
                "id": .string(id), "createdDate": .number(JSONNumber(call.environment.now)),
            ]
            if let description = call.body.string("description"), !description.isEmpty {
                deployment["description"] = .string(description)
            }
            api.put(.deployment, id, deployment)
            api.put(DeploymentSnapshot(of: api), of: id)
            if let stageName { try Stages.deploy(id, to: stageName, of: &api, call) }
            return deployment
        }
        if let stageName { workspace.publish(call.apiID, stage: stageName) }
        return .json(deployment)
    }

    /// - Note: Source: recorded CreateDeployment refusals, 2025.
    private static func check(_ api: API) throws(ServiceError) {
        var methods = 0
        for resource in api.resources.values {
            for method in api.methods(of: resource.id) {
                methods += 1
                if method.document["methodIntegration"] == nil {
                    throw .badRequest("No integration defined for method")
                }
            }
        }
        if methods == 0 { throw .badRequest("The REST API doesn't contain any methods") }
    }

    private static func update(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let operations = try PatchOperation.all(of: call)
        return try workspace.update(call) { (api) throws(ServiceError) in
            guard var deployment = api[.deployment, call.key] else { throw .unknownDeployment }
            for operation in operations {
                guard operation.path == "/description" else { throw operation.unknownPath }
                try operation.require(.replace)
                try operation.setText("description", in: &deployment)
            }
            api.put(.deployment, call.key, deployment)
            return .json(deployment)
        }
    }

    private static func delete(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        try workspace.update(call) { (api) throws(ServiceError) in
            guard api[.deployment, call.key] != nil else { throw .unknownDeployment }
            let isActive = api.all(.stage).contains { stage in
                stage.document.string("deploymentId") == call.key
                    || stage.document["canarySettings"]?["deploymentId"]?.string == call.key
            }
            if isActive { throw .badRequest("Active stages pointing to this deployment must be moved or deleted") }
            api.remove(.deployment, call.key)
            api.removeSnapshot(of: call.key)
            return .empty
        }
    }
}
