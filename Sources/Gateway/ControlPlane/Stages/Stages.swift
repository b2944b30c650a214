import JSON

/// `Stage`: a deployment under a name, with settings of its own.
enum Stages {
    private static let one = "/restapis/{api}/stages/{id}"

    static let operations: [Operation] = [
        Operation("GetStages", "GET", "/restapis/{api}/stages", status: 200, handler: list),
        Operation(
            "CreateStage", "POST", "/restapis/{api}/stages", status: 201,
            members: [
                .required("stageName"), .required("deploymentId"), .optional("description"),
                .optional("cacheClusterEnabled", .boolean), .optional("cacheClusterSize", .enumeration(cacheSizes)),
                .optional("variables", .map(.string)), .optional("documentationVersion"),
                .optional(
                    "canarySettings",
                    .structure([
                        .optional("percentTraffic", .double), .optional("deploymentId"),
                        .optional("stageVariableOverrides", .map(.string)), .optional("useStageCache", .boolean),
                    ])),
                .optional("tracingEnabled", .boolean), .optional("tags", .map(.string)),
            ], handler: create),
        Operation("GetStage", "GET", one, status: 200, handler: get),
        Operation("UpdateStage", "PATCH", one, status: 200, members: .patch, handler: update),
        Operation("DeleteStage", "DELETE", one, status: 202, handler: delete),
    ]

    static let cacheSizes = ["0.5", "1.6", "6.1", "13.5", "28.4", "58.2", "118", "237"]

    private static func list(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let api = try workspace.existing(call)
        let deployment = call.query("deploymentId")
        let stages = api.all(.stage).filter { deployment == nil || $0.document.string("deploymentId") == deployment }
        return .json(["item": .array(stages.map { .object($0.document) })])
    }

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard let stage = try workspace.existing(call)[.stage, call.key] else { throw .unknownStage }
        return .json(stage)
    }

    private static func create(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let input = call.body
        let name = input.string("stageName") ?? ""
        let stage = try workspace.update(call) { (api) throws(ServiceError) in
            guard api[.stage, name] == nil else { throw .conflict("Stage already exists") }
            var stage = try new(name, deployment: input.string("deploymentId") ?? "", in: api, call)
            try settle(&stage, from: input, description: "description")
            if let version = input.string("documentationVersion"), !version.isEmpty {
                guard api[.documentationVersion, version] != nil else { throw DocumentationVersions.unknownVersion }
                stage["documentationVersion"] = .string(version)
            }
            stage.take(["tags"], from: input)
            try Tags.check(stage["tags"]?.object ?? [:], call.environment)
            if let canary = input["canarySettings"]?.object {
                guard let id = canary.string("deploymentId"), api[.deployment, id] != nil else {
                    throw .badRequest("Deployment id does not exist")
                }
                stage["canarySettings"] = .object(Canary.settings(canary, deployment: id))
            }
            try checkVariables(stage)
            api.put(.stage, name, stage)
            return stage
        }
        workspace.publish(call.apiID, stage: name)
        return .json(stage)
    }

    /// A stage with the service's defaults.
    private static func new(
        _ name: String, deployment: String, in api: API, _ call: Call
    ) throws(ServiceError) -> JSONObject {
        guard !name.isEmpty, name.utf8.count <= 128, name.utf8.allSatisfy(isNameByte) else {
            throw .badRequest("Stage name only allows a-zA-Z0-9_-")
        }
        guard api[.deployment, deployment] != nil else { throw .badRequest("Deployment id does not exist") }
        guard api.count(.stage) < call.environment.quotas.stagesPerAPI else { throw .quota("stages") }
        let now = JSONValue.number(JSONNumber(call.environment.now))
        return [
            "deploymentId": .string(deployment), "stageName": .string(name), "cacheClusterEnabled": false,
            "cacheClusterStatus": "NOT_AVAILABLE", "methodSettings": [:], "tracingEnabled": false,
            "createdDate": now, "lastUpdatedDate": now,
        ]
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// Members that CreateStage and CreateDeployment share.
    private static func settle(
        _ stage: inout JSONObject, from input: JSONObject, description: String
    ) throws(ServiceError) {
        if let text = input.string(description), !text.isEmpty { stage["description"] = .string(text) }
        stage.take(["variables"], from: input)
        if let flag = input["tracingEnabled"]?.bool { stage["tracingEnabled"] = .bool(flag) }
        if let size = input.string("cacheClusterSize") { stage["cacheClusterSize"] = .string(size) }
        if let flag = input["cacheClusterEnabled"]?.bool { setCache(flag, of: &stage) }
    }

    static func setCache(_ isEnabled: Bool, of stage: inout JSONObject) {
        stage["cacheClusterEnabled"] = .bool(isEnabled)
        stage["cacheClusterStatus"] = isEnabled ? "AVAILABLE" : "NOT_AVAILABLE"
        if isEnabled, stage["cacheClusterSize"] == nil { stage["cacheClusterSize"] = "0.5" }
    }

    /// - Note: Source: API Gateway developer guide, "Stage variables".
    static func checkVariables(_ stage: JSONObject) throws(ServiceError) {
        for (name, value) in stage["variables"]?.object ?? [:] {
            guard !name.isEmpty, name.utf8.count <= 64, name.utf8.allSatisfy({ isNameByte($0) && $0 != 45 }) else {
                throw .badRequest(
                    "Stage variable names can only contain alphanumeric characters and underscores: \(name)")
            }
            let allowed = Set("-._~:/?#&=,".utf8)
            let text = value.string ?? ""
            guard text.utf8.count <= 2048, text.utf8.allSatisfy({ isNameByte($0) || allowed.contains($0) }) else {
                throw .badRequest(
                    "Stage variable values must match the pattern [A-Za-z0-9-._~:/?#&=,]+: \(name) has '\(text)'")
            }
        }
    }

    /// CreateDeployment with a stage's name: makes the stage, or lets it serve the new deployment.
    static func deploy(_ deployment: String, to name: String, of api: inout API, _ call: Call) throws(ServiceError) {
        let input = call.body
        var stage: JSONObject
        if let existing = api[.stage, name] {
            stage = existing
            stage["lastUpdatedDate"] = .number(JSONNumber(call.environment.now))
            if let canary = input["canarySettings"]?.object {
                stage["canarySettings"] = .object(Canary.settings(canary, deployment: deployment))
            } else {
                stage["deploymentId"] = .string(deployment)
            }
        } else {
            if input["canarySettings"]?.object != nil {
                throw .badRequest("Deployment with canary settings requires an existing stage")
            }
            stage = try new(name, deployment: deployment, in: api, call)
        }
        try settle(&stage, from: input, description: "stageDescription")
        try checkVariables(stage)
        api.put(.stage, name, stage)
    }

    private static func update(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let operations = try PatchOperation.all(of: call)
        let account = workspace.account
        let stage = try workspace.update(call) { (api) throws(ServiceError) in
            guard let old = api[.stage, call.key] else { throw .unknownStage }
            var patch = StagePatch(old, api: api)
            try patch.apply(operations)
            var stage = patch.stage
            if let id = stage.string("clientCertificateId"), account[.clientCertificate, id] == nil,
                id != old.string("clientCertificateId")
            {
                throw .badRequest("Invalid Client Certificate identifier specified")
            }
            try checkVariables(stage)
            stage["lastUpdatedDate"] = .number(JSONNumber(call.environment.now))
            api.put(.stage, call.key, stage)
            return stage
        }
        workspace.publish(call.apiID, stage: call.key)
        return .json(stage)
    }

    private static func delete(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        try workspace.update(call) { (api) throws(ServiceError) in
            guard api[.stage, call.key] != nil else { throw .unknownStage }
            api.remove(.stage, call.key)
        }
        UsagePlans.forget(api: call.apiID, stage: call.key, in: &workspace)
        workspace.publish(call.apiID, stage: call.key)
        return .empty
    }
}
