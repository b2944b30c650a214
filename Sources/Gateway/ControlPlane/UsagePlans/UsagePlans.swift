import DataPlane
import JSON

/// `UsagePlan`: which stages its keys open, how fast and how often.
enum UsagePlans {
    static let operations: [Operation] = [
        Operation(
            "CreateUsagePlan", "POST", "/usageplans", status: 201,
            members: [
                .required("name"), .optional("description"),
                .optional(
                    "apiStages",
                    .list(
                        .structure([
                            .optional("apiId"), .optional("stage"),
                            .optional("throttle", .map(.structure(throttleMembers))),
                        ]))),
                .optional("throttle", .structure(throttleMembers)),
                .optional(
                    "quota",
                    .structure([
                        .optional("limit", .integer), .optional("offset", .integer),
                        .optional("period", .enumeration(["DAY", "WEEK", "MONTH"])),
                    ])),
                .optional("tags", .map(.string)),
            ], handler: create),
        Operation("GetUsagePlans", "GET", "/usageplans", status: 200, handler: list),
        Operation("GetUsagePlan", "GET", "/usageplans/{id}", status: 200, handler: get),
        Operation("UpdateUsagePlan", "PATCH", "/usageplans/{id}", status: 200, members: .patch, handler: update),
        Operation("DeleteUsagePlan", "DELETE", "/usageplans/{id}", status: 202, handler: delete),
    ]

    private static let throttleMembers: [Shape.Member] = [
        .optional("burstLimit", .integer), .optional("rateLimit", .double),
    ]

    static let unknown = ServiceError.notFound("Invalid Usage Plan ID specified")

    private static func list(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        var plans = workspace.account.all(.usagePlan)
        if let key = call.query("keyId") {
            let ids = Set(UsagePlanKeys.plans(of: key, in: workspace.account))
            plans = plans.filter { ids.contains($0.key) }
        }
        return try Paging.page(plans.map { Paging.Item(key: $0.key, document: $0.document) }, call)
    }

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard let plan = workspace.account[.usagePlan, call.key] else { throw unknown }
        return .json(RestAPIs.withTags(plan))
    }

    private static func create(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let input = call.body
        guard let name = input.string("name"), !name.isEmpty else {
            throw .badRequest("Usage Plan name cannot be blank")
        }
        let quotas = call.environment.quotas
        guard workspace.account.count(.usagePlan) < quotas.usagePlans else { throw .quota("Usage Plans", "") }
        let id = RandomNames.id(length: 6) { [account = workspace.account] in account[.usagePlan, $0] == nil }
        var plan: JSONObject = ["id": .string(id), "name": .string(name)]
        if let text = input.string("description"), !text.isEmpty { plan["description"] = .string(text) }
        plan["apiStages"] = []
        var patch = UsagePlanPatch(plan, workspace)
        for stage in input["apiStages"]?.array ?? [] {
            let (apiID, name) = (stage["apiId"]?.string ?? "", stage["stage"]?.string ?? "")
            try patch.addStage(apiID: apiID, name: name)
            for (route, limits) in stage["throttle"]?.object ?? [:] {
                patch.setThrottle(route: route, limits, apiID: apiID, stage: name)
            }
        }
        if let throttle = input["throttle"]?.object { patch.setThrottle(throttle) }
        if let quota = input["quota"]?.object { patch.setQuota(quota) }
        plan = try patch.finished()
        plan.take(["tags"], from: input)
        try Tags.check(plan["tags"]?.object ?? [:], call.environment)
        workspace.put(.usagePlan, id, plan)
        return .json(plan)
    }

    private static func update(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let operations = try PatchOperation.all(of: call)
        guard let plan = workspace.account[.usagePlan, call.key] else { throw unknown }
        var patch = UsagePlanPatch(plan, workspace)
        for operation in operations { try patch.apply(operation) }
        let changed = try patch.finished()
        workspace.put(.usagePlan, call.key, changed)
        workspace.publishKeys()
        return .json(RestAPIs.withTags(changed))
    }

    private static func delete(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard let plan = workspace.account[.usagePlan, call.key] else { throw unknown }
        guard plan["apiStages"]?.array?.isEmpty ?? true else {
            throw .badRequest(
                "Cannot delete Usage Plan \(call.key) because there are API Stages associated with it. "
                    + "Please disassociate these API Stages before deleting this Usage Plan.")
        }
        workspace.remove(.usagePlan, call.key)
        for key in UsagePlanKeys.keys(of: call.key, in: workspace.account) {
            UsagePlanKeys.remove(key.string("id") ?? "", from: call.key, in: &workspace)
        }
        workspace.publishKeys()
        return .empty
    }

    /// Plans lose the stages that are gone.
    ///
    /// - Parameter stage: Nil for all stages of the API.
    static func forget(api: String, stage: String?, in workspace: inout Workspace) {
        for (id, document) in workspace.account.all(.usagePlan) {
            let stages = document["apiStages"]?.array ?? []
            let kept = stages.filter { $0["apiId"]?.string != api || (stage != nil && $0["stage"]?.string != stage) }
            guard kept.count < stages.count else { continue }
            var plan = document
            plan["apiStages"] = .array(kept)
            workspace.put(.usagePlan, id, plan)
            workspace.publishKeys()
        }
    }
}

// MARK: What the data plane is told

extension UsagePlans {
    static func table(_ account: AccountTables) -> APIKeyTable {
        var keys: [String: [String]] = [:]
        for member in account.table(.usagePlanKey).values {
            keys[member.string(UsagePlanKeys.planMember) ?? "", default: []].append(member.string("id") ?? "")
        }
        return APIKeyTable(
            keys: account.table(.apiKey).values.map { key in
                APIKeyTable.Key(
                    id: key.string("id") ?? "", value: key.string("value") ?? "", isEnabled: key["enabled"] == true)
            },
            plans: account.all(.usagePlan).map { id, plan in
                APIKeyTable.Plan(
                    id: id, stages: (plan["apiStages"]?.array ?? []).map(stage),
                    throttle: plan["throttle"].map(throttle), quota: quota(plan), keys: keys[id] ?? [])
            })
    }

    private static func stage(_ stage: JSONValue) -> APIKeyTable.Stage {
        var methods: [String: APIKeyTable.Throttle] = [:]
        for (route, limits) in stage["throttle"]?.object ?? [:] {
            methods[UsagePlanPatch.parts(ofRoute: route).joined(separator: "/")] = throttle(limits)
        }
        return APIKeyTable.Stage(
            apiID: stage["apiId"]?.string ?? "", stageName: stage["stage"]?.string ?? "", methods: methods)
    }

    private static func throttle(_ limits: JSONValue) -> APIKeyTable.Throttle {
        APIKeyTable.Throttle(
            rate: limits["rateLimit"]?.number?.double, burst: limits["burstLimit"]?.number?.double)
    }

    static func quota(_ plan: JSONObject) -> APIKeyTable.Quota? {
        guard let quota = plan["quota"], let limit = quota["limit"]?.int else { return nil }
        let period = quota["period"]?.string.flatMap(APIKeyTable.Quota.Period.init(rawValue:)) ?? .day
        return APIKeyTable.Quota(limit: limit, period: period, offset: quota["offset"]?.int ?? 0)
    }
}
