import JSON

/// The patch paths of a stage.
struct StagePatch {
    private(set) var stage: JSONObject
    private let api: API

    init(_ stage: JSONObject, api: API) {
        self.stage = stage
        self.api = api
    }

    mutating func apply(_ operations: [PatchOperation]) throws(ServiceError) {
        // A batch that sets the canary's traffic makes the canary before anything is promoted from it.
        let setsTraffic = operations.contains { $0.kind == .replace && $0.path == "/canarySettings/percentTraffic" }
        if setsTraffic, stage["canarySettings"] == nil {
            stage["canarySettings"] = .object(Canary.settings([:], deployment: stage.string("deploymentId") ?? ""))
        }
        for operation in operations { try apply(operation) }
    }

    private mutating func apply(_ operation: PatchOperation) throws(ServiceError) {
        if operation.kind == .copy { return try promote(operation) }
        let parts = operation.parts
        switch (parts.first, parts.count) {
        case ("deploymentId", 1):
            try operation.require(.replace)
            guard let id = operation.value, api[.deployment, id] != nil else {
                throw .badRequest("Deployment id does not exist")
            }
            stage["deploymentId"] = .string(id)
        case ("description", 1), ("clientCertificateId", 1):
            try operation.setText(parts[0], in: &stage)
        case ("cacheClusterEnabled", 1):
            try operation.require(.replace)
            Stages.setCache(try operation.flag(), of: &stage)
        case ("cacheClusterSize", 1):
            try operation.require(.replace)
            guard let size = operation.value, Stages.cacheSizes.contains(size) else {
                throw .badRequest("Invalid cache cluster size specified. Must be one of: \(Stages.cacheSizes)")
            }
            stage["cacheClusterSize"] = .string(size)
        case ("tracingEnabled", 1):
            try operation.require(.replace)
            stage["tracingEnabled"] = .bool(try operation.flag())
        case ("documentationVersion", 1): try setDocumentationVersion(operation)
        case ("accessLogSettings", 1), ("accessLogSettings", 2): try setAccessLog(operation)
        case ("variables", 2): try setVariable(operation)
        case ("canarySettings", 1), ("canarySettings", 2), ("canarySettings", 3): try setCanary(operation)
        default: try MethodSettings.apply(operation, to: &stage)
        }
    }

    private mutating func setVariable(_ operation: PatchOperation) throws(ServiceError) {
        try operation.require(.add, .replace, .remove)
        try stage.edit("variables") { (variables) in
            variables[operation.parts[1]] = operation.kind == .remove ? JSONValue?.none : .string(operation.value ?? "")
        }
    }

    private mutating func setDocumentationVersion(_ operation: PatchOperation) throws(ServiceError) {
        try operation.require(.replace)
        if let version = operation.value, !version.isEmpty, api[.documentationVersion, version] == nil {
            throw DocumentationVersions.unknownVersion
        }
        try operation.setText("documentationVersion", in: &stage)
    }

    private mutating func setAccessLog(_ operation: PatchOperation) throws(ServiceError) {
        try operation.require(.replace, .add, .remove)
        let parts = operation.parts
        guard parts.count == 2 else {
            guard operation.kind == .remove else { throw MethodSettings.unknownPath(operation.path) }
            stage["accessLogSettings"] = nil
            return
        }
        guard ["destinationArn", "format"].contains(parts[1]) else { throw MethodSettings.unknownPath(operation.path) }
        try stage.edit("accessLogSettings") { (settings) in
            let text = operation.kind == .remove ? "" : operation.value ?? ""
            settings[parts[1]] = text.isEmpty ? JSONValue?.none : .string(text)
        }
    }
}

// MARK: Canary

extension StagePatch {
    private mutating func setCanary(_ operation: PatchOperation) throws(ServiceError) {
        let parts = operation.parts
        if parts.count == 1 {
            guard operation.kind == .remove else { throw MethodSettings.unknownPath(operation.path) }
            stage["canarySettings"] = nil
            return
        }
        guard var canary = stage["canarySettings"]?.object else {
            throw .badRequest("Canary settings cannot be updated. Canary does not exist.")
        }
        switch (parts[1], parts.count) {
        case ("percentTraffic", 2):
            try operation.require(.replace)
            guard let percent = operation.value.flatMap(Double.init), (0...100).contains(percent) else {
                throw .badRequest("Invalid percentTraffic specified, must be between 0.0 and 100.0")
            }
            canary["percentTraffic"] = Canary.decimal(percent)
        case ("deploymentId", 2):
            try operation.require(.replace)
            guard let id = operation.value, api[.deployment, id] != nil else {
                throw .badRequest("Deployment id does not exist")
            }
            canary["deploymentId"] = .string(id)
        case ("useStageCache", 2):
            try operation.require(.replace)
            canary["useStageCache"] = .bool(try operation.flag())
        case ("stageVariableOverrides", 3):
            try operation.require(.replace, .add, .remove)
            try canary.edit("stageVariableOverrides") { (overrides) in
                overrides[parts[2]] = operation.kind == .remove ? JSONValue?.none : .string(operation.value ?? "")
            }
        default: throw MethodSettings.unknownPath(operation.path)
        }
        stage["canarySettings"] = .object(canary)
    }

    /// The canary stays, with its percent.
    private mutating func promote(_ operation: PatchOperation) throws(ServiceError) {
        let from = operation.from ?? ""
        switch (operation.path, from) {
        case ("/deploymentId", "/canarySettings/deploymentId"):
            stage["deploymentId"] = try canary()["deploymentId"]
        case ("/variables", "/canarySettings/stageVariableOverrides"):
            let overrides = try canary()["stageVariableOverrides"]?.object ?? [:]
            try stage.edit("variables") { (variables) in
                for (name, value) in overrides { variables[name] = value }
            }
        default:
            throw .badRequest(
                "Invalid copy operation with path: \(operation.path) and from \(from). Valid copy:path are "
                    + "[/deploymentId, /variables] and valid copy:from are "
                    + "[/canarySettings/deploymentId, /canarySettings/stageVariableOverrides]"
            )
        }
    }

    private func canary() throws(ServiceError) -> JSONObject {
        guard let canary = stage["canarySettings"]?.object else {
            throw .badRequest("Promotion not available. Canary does not exist.")
        }
        return canary
    }
}

/// `canarySettings` of a stage.
enum Canary {
    static func settings(_ input: JSONObject, deployment: String) -> JSONObject {
        var settings: JSONObject = [
            "percentTraffic": decimal(input["percentTraffic"]?.number?.double ?? 0),
            "deploymentId": .string(deployment),
        ]
        settings.take(["stageVariableOverrides"], from: input)
        settings["useStageCache"] = .bool(input["useStageCache"]?.bool ?? false)
        return settings
    }

    /// Answers have a fraction, also of whole numbers.
    static func decimal(_ value: Double) -> JSONValue { .number(JSONNumber(text: "\(value)")) }
}
