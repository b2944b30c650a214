import JSON

/// `ApiKey`: a secret of a client, which usage plans give access to stages.
enum APIKeys {
    static let operations: [Operation] = [
        Operation(
            "ImportApiKeys", "POST", "/apikeys", status: 201, members: nil, isImport: true,
            handler: APIKeyImports.importKeys),
        Operation(
            "CreateApiKey", "POST", "/apikeys", status: 201,
            members: [
                .optional("name"), .optional("description"), .optional("enabled", .boolean),
                .optional("generateDistinctId", .boolean), .optional("value"),
                .optional("stageKeys", .list(.structure([.optional("restApiId"), .optional("stageName")]))),
                .optional("customerId"), .optional("tags", .map(.string)),
            ], handler: create),
        Operation("GetApiKeys", "GET", "/apikeys", status: 200, handler: list),
        Operation("GetApiKey", "GET", "/apikeys/{id}", status: 200, handler: get),
        Operation("UpdateApiKey", "PATCH", "/apikeys/{id}", status: 200, members: .patch, handler: update),
        Operation("DeleteApiKey", "DELETE", "/apikeys/{id}", status: 202, handler: delete),
    ]

    static let unknown = ServiceError.notFound("Invalid API Key identifier specified")
    private static let stageKeys = ServiceError.badRequest(
        "Stages of an API key are not supported by this engine. Add the key and the stage to a usage plan.")

    static func answer(_ key: JSONObject, withValue: Bool) -> JSONObject {
        let key = key.without(AccountTables.sequenceMember)
        return withValue ? key : key.without("value")
    }

    private static func list(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let name = call.query("name")
        let customer = call.query("customerId")
        let withValues = call.query("includeValues") == "true"
        let found = workspace.account.table(.apiKey).values.filter { key in
            (name.map { (key.string("name") ?? "").hasPrefix($0) } ?? true)
                && (customer.map { key.string("customerId") == $0 } ?? true)
        }
        return try Paging.page(Paging.newestFirst(found) { answer($0, withValue: withValues) }, call)
    }

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard let key = workspace.account[.apiKey, call.key] else { throw unknown }
        return .json(RestAPIs.withTags(answer(key, withValue: call.query("includeValue") == "true")))
    }

    private static func create(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard call.body["stageKeys"]?.array?.isEmpty ?? true else { throw stageKeys }
        var taken = values(workspace)
        let key = try add(call.body, to: &workspace, taken: &taken, call.environment)
        return .json(answer(key, withValue: true))
    }

    /// Values of all keys: no two may be the same.
    static func values(_ workspace: Workspace) -> Set<String> {
        Set(workspace.account.table(.apiKey).values.compactMap { $0.string("value") })
    }

    /// - Parameter taken: Gets the new key's value.
    static func add(
        _ input: JSONObject, to workspace: inout Workspace, taken: inout Set<String>, _ environment: CallEnvironment
    ) throws(ServiceError) -> JSONObject {
        let given = input.string("value") ?? ""
        let value = given.isEmpty ? RandomNames.secret(length: 40) : given
        try check(value)
        guard taken.insert(value).inserted else { throw .conflict("API Key already exists") }
        guard workspace.account.count(.apiKey) < environment.quotas.apiKeys else { throw .quota("API Keys", "") }
        let id = RandomNames.id(length: 10) { [account = workspace.account] in account[.apiKey, $0] == nil }
        let now = JSONValue.number(JSONNumber(environment.now))
        var key: JSONObject = ["id": .string(id), "value": .string(value)]
        for member in ["name", "customerId", "description"] {
            if let text = input.string(member), !text.isEmpty { key[member] = .string(text) }
        }
        try check(name: key.string("name"))
        key["enabled"] = input["enabled"] == true ? true : false
        key["createdDate"] = now
        key["lastUpdatedDate"] = now
        key["stageKeys"] = []
        key.take(["tags"], from: input)
        try Tags.check(key["tags"]?.object ?? [:], environment)
        key[AccountTables.sequenceMember] = workspace.account.nextSequence
        workspace.put(.apiKey, id, key)
        workspace.publishKeys()
        return key
    }

    /// - Note: Source: API Gateway developer guide, "API key file format" and "Usage plans".
    private static func check(_ value: String) throws(ServiceError) {
        guard value.utf8.count >= 20 else { throw .badRequest("API Key value should be at least 20 characters") }
        guard value.utf8.count <= 128 else { throw .badRequest("API Key value should be at most 128 characters") }
        guard value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .badRequest("API Key value can only have visible ASCII characters")
        }
    }

    private static func check(name: String?) throws(ServiceError) {
        guard (name?.unicodeScalars.count ?? 0) <= 1024 else {
            throw .badRequest("Invalid API Key name, can be at most 1024 characters.")
        }
    }

    private static func update(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let operations = try PatchOperation.all(of: call)
        guard var key = workspace.account[.apiKey, call.key] else { throw unknown }
        for operation in operations {
            if operation.kind != .replace, operation.parts.first == "stages" || operation.parts.first == "labels" {
                throw stageKeys
            }
            try operation.requireReplace(of: ["/description", "/enabled", "/name", "/customerId"])
            if operation.path == "/enabled" {
                key["enabled"] = .bool(try operation.flag())
            } else {
                try operation.setText(operation.parts[0], in: &key)
            }
        }
        try check(name: key.string("name"))
        key["lastUpdatedDate"] = .number(JSONNumber(call.environment.now))
        workspace.put(.apiKey, call.key, key)
        workspace.publishKeys()
        return .json(RestAPIs.withTags(answer(key, withValue: false)))
    }

    /// The key leaves its plans, too.
    private static func delete(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard workspace.account[.apiKey, call.key] != nil else { throw unknown }
        workspace.remove(.apiKey, call.key)
        for plan in UsagePlanKeys.plans(of: call.key, in: workspace.account) {
            UsagePlanKeys.remove(call.key, from: plan, in: &workspace)
        }
        workspace.publishKeys()
        return .empty
    }
}
