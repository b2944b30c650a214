import JSON

/// The patch paths of a usage plan, and what both creating and patching one must check.
struct UsagePlanPatch {
    private var plan: JSONObject
    private let id: String
    private let workspace: Workspace

    init(_ plan: JSONObject, _ workspace: Workspace) {
        self.plan = plan
        self.workspace = workspace
        id = plan.string("id") ?? ""
    }

    mutating func apply(_ operation: PatchOperation) throws(ServiceError) {
        switch (operation.parts.first, operation.parts.count) {
        case ("name", 1):
            try operation.require(.replace)
            guard let name = operation.value, !name.isEmpty else {
                throw .badRequest("Usage Plan name cannot be blank")
            }
            plan["name"] = .string(name)
        case ("description", 1), ("productCode", 1): try operation.setText(operation.parts[0], in: &plan)
        case ("apiStages", 1):
            try operation.require(.add, .remove)
            let (apiID, name) = try Self.stage(operation.value ?? "")
            if operation.kind == .add {
                try addStage(apiID: apiID, name: name)
            } else {
                try removeStage(apiID: apiID, name: name)
            }
        case ("apiStages", 4...): try setMethod(operation)
        case ("throttle", 1), ("quota", 1):
            try operation.require(.remove)
            plan[operation.parts[0]] = nil
        case ("throttle", 2): try setThrottle(operation, named: operation.parts[1])
        case ("quota", 2): try setQuota(operation)
        default: throw operation.unknownPath
        }
    }

    func finished() throws(ServiceError) -> JSONObject {
        try Self.check(plan["throttle"])
        for stage in plan["apiStages"]?.array ?? [] {
            for (_, limits) in stage["throttle"]?.object ?? [:] { try Self.check(limits) }
        }
        if let quota = plan["quota"] { try Self.check(quota: quota) }
        return plan
    }
}

// MARK: Stages

extension UsagePlanPatch {
    private static let invalidStage = ServiceError.badRequest("Invalid API Stage specified")

    private static func stage(_ text: String) throws(ServiceError) -> (apiID: String, name: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { throw invalidStage }
        return (parts[0], parts[1])
    }

    private func position(_ apiID: String, _ name: String) -> Int? {
        plan["apiStages"]?.array?.firstIndex { $0["apiId"]?.string == apiID && $0["stage"]?.string == name }
    }

    mutating func addStage(apiID: String, name: String) throws(ServiceError) {
        guard !apiID.isEmpty, !name.isEmpty else { throw Self.invalidStage }
        guard workspace.api(apiID)?[.stage, name] != nil else { throw unknownStage(apiID, name) }
        guard position(apiID, name) == nil else {
            throw .conflict("API Stage {api: \(apiID), stage: \(name)} is already part of usageplan \(id)")
        }
        // A request must find one plan for its key, so no other plan of a key may have the stage.
        for key in UsagePlanKeys.keys(of: id, in: workspace.account) {
            let others = UsagePlanKeys.plans(of: key.string("id") ?? "", in: workspace.account).filter { $0 != id }
            let isTaken = others.contains { other in
                let stages = workspace.account[.usagePlan, other]?["apiStages"]?.array ?? []
                return stages.contains { $0["apiId"]?.string == apiID && $0["stage"]?.string == name }
            }
            if isTaken { throw UsagePlanKeys.twice }
        }
        var stages = plan["apiStages"]?.array ?? []
        stages.append(["apiId": .string(apiID), "stage": .string(name)])
        plan["apiStages"] = .array(stages)
    }

    private mutating func removeStage(apiID: String, name: String) throws(ServiceError) {
        guard let position = position(apiID, name) else { throw unknownStage(apiID, name) }
        var stages = plan["apiStages"]?.array ?? []
        stages.remove(at: position)
        plan["apiStages"] = .array(stages)
    }

    private func unknownStage(_ apiID: String, _ name: String) -> ServiceError {
        .notFound("Invalid API Stage {api: \(apiID), stage: \(name)} specified for usageplan \(id)")
    }

    /// `/apiStages/{api}:{stage}/throttle/{path}/{METHOD}` and below it `/rateLimit` or `/burstLimit`.
    private mutating func setMethod(_ operation: PatchOperation) throws(ServiceError) {
        try operation.require(.add, .replace, .remove)
        var parts = operation.parts.dropFirst()
        let (apiID, name) = try Self.stage(parts.removeFirst())
        guard parts.removeFirst() == "throttle" else { throw operation.unknownPath }
        guard let position = position(apiID, name) else { throw unknownStage(apiID, name) }
        let isMember = parts.last == "rateLimit" || parts.last == "burstLimit"
        let member = isMember ? parts.removeLast() : ""
        let route = "/" + Self.parts(ofRoute: parts.joined(separator: "/")).joined(separator: "/")
        var stages = plan["apiStages"]?.array ?? []
        guard var stage = stages[position].object,
            API.httpMethods.contains(String(route.split(separator: "/").last ?? ""))
        else { throw operation.unknownPath }
        try stage.edit("throttle") { (throttle) throws(ServiceError) in
            if isMember {
                var limits = throttle[route]?.object ?? [:]
                limits[member] = operation.kind == .remove ? JSONValue?.none : try Self.limit(operation, member)
                throttle[route] = limits.isEmpty ? JSONValue?.none : .object(limits)
            } else if operation.kind == .remove {
                guard throttle[route] != nil else { throw operation.unknownPath }
                throttle[route] = nil
            } else {
                throttle[route] = .object(try Self.limits(operation))
            }
        }
        stages[position] = .object(stage)
        plan["apiStages"] = .array(stages)
    }

    /// `/pets/GET`, `pets~1{id}/GET` and `//pets/GET` mean the same kind of thing.
    static func parts(ofRoute route: String) -> [String] {
        PatchOperation.parts(of: route).flatMap { $0.split(separator: "/").map(String.init) }
    }

    mutating func setThrottle(route: String, _ limits: JSONValue, apiID: String, stage name: String) {
        guard let position = position(apiID, name), var stages = plan["apiStages"]?.array,
            var stage = stages[position].object
        else { return }
        var throttle = stage["throttle"]?.object ?? [:]
        let route = "/" + Self.parts(ofRoute: route).joined(separator: "/")
        throttle[route] = .object(Self.normalized(limits.object ?? [:]))
        stage["throttle"] = .object(throttle)
        stages[position] = .object(stage)
        plan["apiStages"] = .array(stages)
    }
}

// MARK: Limits

extension UsagePlanPatch {
    mutating func setThrottle(_ limits: JSONObject) {
        let limits = Self.normalized(limits)
        if !limits.isEmpty { plan["throttle"] = .object(limits) }
    }

    private static func normalized(_ limits: JSONObject) -> JSONObject {
        var result: JSONObject = [:]
        if let burst = limits["burstLimit"]?.int { result["burstLimit"] = .number(JSONNumber(burst)) }
        if let rate = limits["rateLimit"]?.number?.double { result["rateLimit"] = Canary.decimal(rate) }
        return result
    }

    mutating func setQuota(_ input: JSONObject) {
        var quota: JSONObject = [:]
        for member in ["limit", "offset", "period"] {
            if let value = input[member], !value.isNull { quota[member] = value }
        }
        if quota["offset"] == nil { quota["offset"] = 0 }
        plan["quota"] = .object(quota)
    }

    private mutating func setThrottle(_ operation: PatchOperation, named member: String) throws(ServiceError) {
        try operation.require(.add, .replace, .remove)
        guard member == "rateLimit" || member == "burstLimit" else { throw operation.unknownPath }
        try plan.edit("throttle") { (throttle) throws(ServiceError) in
            throttle[member] = operation.kind == .remove ? JSONValue?.none : try Self.limit(operation, member)
        }
    }

    private mutating func setQuota(_ operation: PatchOperation) throws(ServiceError) {
        try operation.require(.add, .replace)
        var quota = plan["quota"]?.object ?? ["offset": 0]
        switch operation.parts[1] {
        case "limit", "offset": quota[operation.parts[1]] = .number(JSONNumber(try operation.number()))
        case "period": quota["period"] = .string(operation.value ?? "")
        default: throw operation.unknownPath
        }
        plan["quota"] = .object(quota)
    }

    private static func limit(_ operation: PatchOperation, _ member: String) throws(ServiceError) -> JSONValue {
        guard member == "rateLimit" else { return .number(JSONNumber(try operation.number())) }
        guard let rate = operation.value.flatMap(Double.init), rate.isFinite else {
            throw .badRequest("Invalid number \(operation.value ?? "null") specified for path \(operation.path)")
        }
        return Canary.decimal(rate)
    }

    /// A whole entry, as JSON text.
    private static func limits(_ operation: PatchOperation) throws(ServiceError) -> JSONObject {
        let refusal = ServiceError.badRequest("Invalid throttle settings specified for path \(operation.path)")
        do {
            guard let object = try JSONValue(parsing: operation.value ?? "").object else { throw refusal }
            return normalized(object)
        } catch {
            throw refusal
        }
    }

    private static func check(_ throttle: JSONValue?) throws(ServiceError) {
        if let rate = throttle?["rateLimit"]?.number?.double, rate < 0 {
            throw .badRequest("Usage Plan throttle rate limit must be zero or more")
        }
        if let burst = throttle?["burstLimit"]?.int, burst < 0 || burst > Int32.max {
            throw .badRequest("Usage Plan throttle burst limit must be between zero and \(Int32.max)")
        }
    }

    /// - Note: Source: recorded CreateUsagePlan refusals as the Terraform provider repeats them.
    private static func check(quota: JSONValue) throws(ServiceError) {
        guard let limit = quota["limit"]?.int, limit > 0, limit <= Int32.max else {
            throw .badRequest("Usage Plan quota limit must be greater than zero")
        }
        let offset = quota["offset"]?.int ?? 0
        switch quota["period"]?.string {
        case "DAY":
            guard offset == 0 else { throw .badRequest("Usage Plan quota offset must be zero in the DAY period") }
        case "WEEK":
            guard (0...6).contains(offset) else {
                throw .badRequest("Usage Plan quota offset must be between zero and six inclusive in the WEEK period")
            }
        case "MONTH":
            guard (0...27).contains(offset) else {
                throw .badRequest("Usage Plan quota offset must be between zero and 27 inclusive in the MONTH period")
            }
        default: throw .badRequest("Usage Plan quota period must be one of: [DAY, WEEK, MONTH]")
        }
    }
}
