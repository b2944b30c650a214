import JSON

/// The patch that takes one service object from one normal form to another.
///
/// SOURCE: API Gateway API reference, patch operations; the paths are those of aws-apigateway facts, sections 1.1 and 2.10.
struct PatchOperations {
    private(set) var operations: [JSONValue] = []

    var isEmpty: Bool { operations.isEmpty }
    var body: JSONValue { .object(["patchOperations": .array(operations)]) }

    mutating func add(_ op: String, _ path: String, _ value: String? = nil) {
        var operation: JSONObject = ["op": .string(op), "path": .string(path)]
        operation["value"] = value.map { .string($0) }
        operations.append(.object(operation))
    }

    /// `~` and `/` inside one segment, as JSON Pointer has them.
    static func segment(_ text: String) -> String {
        text.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
            .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
    }

    // MARK: RestApi

    static func restAPI(from before: JSONObject, to after: JSONObject) -> PatchOperations {
        var patch = Self()
        for name in ["name", "description", "apiKeySource", "disableExecuteApiEndpoint", "policy"]
        where before[name] != after[name] {
            patch.add("replace", "/\(name)", text(after[name]) ?? defaults[name] ?? "")
        }
        if before["minimumCompressionSize"] != after["minimumCompressionSize"] {
            patch.add("replace", "/minimumCompressionSize", text(after["minimumCompressionSize"]) ?? "")
        }
        patch.setMembers(
            "/binaryMediaTypes", from: before["binaryMediaTypes"], to: after["binaryMediaTypes"]
        ) { path, type in "\(path)/\(segment(type))" }
        patch.endpointConfiguration(from: before["endpointConfiguration"], to: after["endpointConfiguration"])
        return patch
    }

    private static let defaults = ["apiKeySource": "HEADER", "disableExecuteApiEndpoint": "false"]

    private mutating func endpointConfiguration(from before: JSONValue?, to after: JSONValue?) {
        let old = before?["types"]?[0]?.string ?? "EDGE"
        let new = after?["types"]?[0]?.string ?? "EDGE"
        if old != new { add("replace", "/endpointConfiguration/types/\(old)", new) }
        if before?["ipAddressType"] != after?["ipAddressType"] {
            let standard = new == "PRIVATE" ? "dualstack" : "ipv4"
            add("replace", "/endpointConfiguration/ipAddressType", after?["ipAddressType"]?.string ?? standard)
        }
        let links = "/endpointConfiguration/vpcEndpointIds"
        let gone = Self.strings(before?["vpcEndpointIds"]).subtracting(Self.strings(after?["vpcEndpointIds"]))
        let made = Self.strings(after?["vpcEndpointIds"]).subtracting(Self.strings(before?["vpcEndpointIds"]))
        for id in gone.sorted() { add("remove", links, id) }
        for id in made.sorted() { add("add", links, id) }
    }

    private mutating func setMembers(
        _ path: String, from before: JSONValue?, to after: JSONValue?, _ item: (String, String) -> String
    ) {
        let old = Self.strings(before)
        let new = Self.strings(after)
        for member in old.subtracting(new).sorted() { add("remove", item(path, member)) }
        for member in new.subtracting(old).sorted() { add("add", item(path, member)) }
    }

    private static func strings(_ value: JSONValue?) -> Set<String> { Set((value?.array ?? []).compactMap(\.string)) }

    /// A patch value is text, whatever the member's type.
    static func text(_ value: JSONValue?) -> String? {
        switch value {
        case nil, .null: nil
        case .string(let text): text
        case .some(let other): other.text(.compact)
        }
    }

    // MARK: Stage

    /// - Parameter deploymentID: The deployment that the stage must serve; nil: leave it.
    static func stage(from before: JSONObject, to after: JSONObject, deploymentID: String?) -> PatchOperations {
        var patch = Self()
        for name in [
            "description", "cacheClusterEnabled", "cacheClusterSize", "clientCertificateId", "tracingEnabled",
            "documentationVersion",
        ] where before[name] != after[name] {
            let standard = name.hasSuffix("Enabled") ? "false" : ""
            patch.add("replace", "/\(name)", text(after[name]) ?? standard)
        }
        patch.variables(from: before["variables"]?.object ?? [:], to: after["variables"]?.object ?? [:])
        patch.accessLog(from: before["accessLogSettings"], to: after["accessLogSettings"])
        patch.canary(from: before["canarySettings"]?.object, to: after["canarySettings"]?.object)
        patch.methodSettings(from: before["methodSettings"]?.object ?? [:], to: after["methodSettings"]?.object ?? [:])
        // Last, so that a request sees the new variables with the new deployment or neither.
        if let deploymentID { patch.add("replace", "/deploymentId", deploymentID) }
        return patch
    }

    private mutating func variables(from before: JSONObject, to after: JSONObject) {
        for (name, _) in before where after[name] == nil { add("remove", "/variables/\(Self.segment(name))") }
        for (name, value) in after where before[name] != value {
            add("replace", "/variables/\(Self.segment(name))", Self.text(value) ?? "")
        }
    }

    private mutating func accessLog(from before: JSONValue?, to after: JSONValue?) {
        guard before != after else { return }
        guard let after else { return add("remove", "/accessLogSettings") }
        for name in ["destinationArn", "format"] where before?[name] != after[name] {
            add("replace", "/accessLogSettings/\(name)", after[name]?.string ?? "")
        }
    }

    /// No manifest has a canary: one that is on the target goes, and an undo puts it back.
    private mutating func canary(from before: JSONObject?, to after: JSONObject?) {
        guard before != after else { return }
        guard let after else { return add("remove", "/canarySettings") }
        // The percent comes first: it is what makes a canary where there is none.
        for name in ["percentTraffic", "deploymentId", "useStageCache"] where before?[name] != after[name] {
            if let value = Self.text(after[name]) { add("replace", "/canarySettings/\(name)", value) }
        }
        let old = before?["stageVariableOverrides"]?.object ?? [:]
        let new = after["stageVariableOverrides"]?.object ?? [:]
        let path = "/canarySettings/stageVariableOverrides"
        for (name, _) in old where new[name] == nil { add("remove", "\(path)/\(Self.segment(name))") }
        for (name, value) in new where old[name] != value {
            add("replace", "\(path)/\(Self.segment(name))", Self.text(value) ?? "")
        }
    }

    private mutating func methodSettings(from before: JSONObject, to after: JSONObject) {
        for (key, _) in before where after[key] == nil { add("remove", "/\(key)") }
        // `*/*` first: an entry made later starts from its values, and every setting is written out anyway.
        let keys = after.names.sorted { ($0 == "*/*" ? 0 : 1, $0) < ($1 == "*/*" ? 0 : 1, $1) }
        for key in keys where before[key] != after[key] {
            for setting in Self.settings {
                let value = Self.text(after[key]?[setting.member]) ?? setting.standard
                add("replace", "/\(key)/\(setting.path)", value)
            }
        }
    }

    /// SOURCE: recorded defaults of a method setting; `loggingLevel` is absent until set, which is `OFF`.
    private static let settings: [(member: String, path: String, standard: String)] = [
        ("metricsEnabled", "metrics/enabled", "false"),
        ("loggingLevel", "logging/loglevel", "OFF"),
        ("dataTraceEnabled", "logging/dataTrace", "false"),
        ("throttlingBurstLimit", "throttling/burstLimit", "5000"),
        ("throttlingRateLimit", "throttling/rateLimit", "10000"),
        ("cachingEnabled", "caching/enabled", "false"),
        ("cacheTtlInSeconds", "caching/ttlInSeconds", "300"),
        ("cacheDataEncrypted", "caching/dataEncrypted", "false"),
        ("requireAuthorizationForCacheControl", "caching/requireAuthorizationForCacheControl", "true"),
        (
            "unauthorizedCacheControlHeaderStrategy", "caching/unauthorizedCacheControlHeaderStrategy",
            "SUCCEED_WITH_RESPONSE_HEADER"
        ),
    ]
}
