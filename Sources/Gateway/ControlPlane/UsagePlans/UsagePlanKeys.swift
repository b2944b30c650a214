import JSON

/// `UsagePlanKey`: an API key in a usage plan.
enum UsagePlanKeys {
    private static let all = "/usageplans/{plan}/keys"

    static let operations: [Operation] = [
        Operation(
            "CreateUsagePlanKey", "POST", all, status: 201, members: [.required("keyId"), .required("keyType")],
            handler: create),
        Operation("GetUsagePlanKeys", "GET", all, status: 200, handler: list),
        Operation("GetUsagePlanKey", "GET", all + "/{id}", status: 200, handler: get),
        Operation("DeleteUsagePlanKey", "DELETE", all + "/{id}", status: 202, handler: delete),
    ]

    static let unknown = ServiceError.notFound("Invalid Usage Plan Key identifier specified")
    static let twice = ServiceError.conflict(
        "This API key is already subscribed to a plan with a restapi and stage that this plan has")

    /// The member of a row that names its plan; never answered.
    static let planMember = "usagePlanId"

    private static func rowKey(_ plan: String, _ key: String) -> String { "\(plan) \(key)" }

    /// With the key's name and value as they are now.
    private static func answer(_ member: JSONObject, _ account: AccountTables) -> JSONObject {
        let id = member.string("id") ?? ""
        let key = account[.apiKey, id] ?? [:]
        var answer: JSONObject = ["id": .string(id), "type": "API_KEY"]
        answer["value"] = key["value"]
        answer["name"] = key["name"]
        return answer
    }

    /// The plans that a key is in.
    static func plans(of key: String, in account: AccountTables) -> [String] {
        account.table(.usagePlanKey).values.filter { $0.string("id") == key }.compactMap { $0.string(planMember) }
    }

    /// The members of a plan.
    static func keys(of plan: String, in account: AccountTables) -> [JSONObject] {
        account.table(.usagePlanKey).values.filter { $0.string(planMember) == plan }
    }

    private static func list(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let account = workspace.account
        let name = call.query("name")
        let members = keys(of: call.path["plan"] ?? "", in: account).filter { member in
            guard let name else { return true }
            return (account[.apiKey, member.string("id") ?? ""]?.string("name") ?? "").hasPrefix(name)
        }
        return try Paging.page(Paging.newestFirst(members) { answer($0, account) }, call)
    }

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let plan = call.path["plan"] ?? ""
        guard workspace.account[.usagePlan, plan] != nil else { throw UsagePlans.unknown }
        guard let member = workspace.account[.usagePlanKey, rowKey(plan, call.key)] else { throw unknown }
        return .json(answer(member, workspace.account))
    }

    private static func create(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard call.body.string("keyType") == "API_KEY" else {
            throw .badRequest("Invalid Usage Plan Key type specified. Must be one of: [API_KEY]")
        }
        let member = try add(call.body.string("keyId") ?? "", to: call.path["plan"] ?? "", in: &workspace)
        return .json(answer(member, workspace.account))
    }

    static func add(
        _ key: String, to plan: String, in workspace: inout Workspace
    ) throws(ServiceError) -> JSONObject {
        let account = workspace.account
        guard let document = account[.usagePlan, plan] else { throw UsagePlans.unknown }
        guard account[.apiKey, key] != nil else { throw APIKeys.unknown }
        guard account[.usagePlanKey, rowKey(plan, key)] == nil else {
            throw .conflict("API Key \(key) is already part of Usage Plan \(plan)")
        }
        let stages = document["apiStages"]?.array ?? []
        for other in plans(of: key, in: account) {
            for taken in account[.usagePlan, other]?["apiStages"]?.array ?? [] {
                let isSame = stages.contains { $0["apiId"] == taken["apiId"] && $0["stage"] == taken["stage"] }
                if isSame { throw twice }
            }
        }
        let member: JSONObject = [
            "id": .string(key), planMember: .string(plan), AccountTables.sequenceMember: account.nextSequence,
        ]
        workspace.put(.usagePlanKey, rowKey(plan, key), member)
        workspace.publishKeys()
        return member
    }

    static func remove(_ key: String, from plan: String, in workspace: inout Workspace) {
        workspace.remove(.usagePlanKey, rowKey(plan, key))
        workspace.remove(.usage, rowKey(plan, key))
        workspace.publishKeys()
    }

    /// What the key spent of the plan is kept while it is a member.
    static func keep(_ usage: JSONObject, of key: String, in plan: String, _ workspace: inout Workspace) {
        guard workspace.account[.usagePlanKey, rowKey(plan, key)] != nil else { return }
        workspace.put(.usage, rowKey(plan, key), usage)
    }

    private static func delete(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let plan = call.path["plan"] ?? ""
        guard workspace.account[.usagePlan, plan] != nil else { throw UsagePlans.unknown }
        guard workspace.account[.usagePlanKey, rowKey(plan, call.key)] != nil else { throw unknown }
        remove(call.key, from: plan, in: &workspace)
        return .empty
    }
}
