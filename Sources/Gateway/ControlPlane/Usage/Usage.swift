import DataPlane
import Diagnostics
import JSON

/// What keys have spent of usage plans: `GetUsage`, `UpdateUsage`. The data plane counts; the answers are from its
/// counters.
enum Usage {
    static let operations: [Operation] = [
        Operation("GetUsage", "GET", "/usageplans/{plan}/usage", status: 200, handler: get),
        Operation(
            "UpdateUsage", "PATCH", "/usageplans/{plan}/keys/{id}/usage", status: 200, members: .patch,
            handler: update),
    ]

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let planID = call.path["plan"] ?? ""
        guard let plan = workspace.account[.usagePlan, planID] else { throw UsagePlans.unknown }
        let (start, end) = (try day(call, "startDate"), try day(call, "endDate"))
        guard start <= end else { throw .badRequest("Invalid date range specified: startDate is after endDate") }
        guard end - start < Limits.usageRangeDaysMax else {
            throw .badRequest("Invalid date range specified, can be at most \(Limits.usageRangeDaysMax) days")
        }
        var keys = UsagePlanKeys.keys(of: planID, in: workspace.account).compactMap { $0.string("id") }.sorted()
        if let key = call.query("keyId"), !key.isEmpty {
            guard keys.contains(key) else { throw UsagePlanKeys.unknown }
            keys = [key]
        }
        let (page, position) = try Paging.slice(keys, call) { $0 }
        return .usage(
            UsageReport(
                planID: planID, keys: page, quota: UsagePlans.quota(plan), start: start, end: end, position: position))
    }

    private static func update(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let operations = try PatchOperation.all(of: call)
        let planID = call.path["plan"] ?? ""
        guard let plan = workspace.account[.usagePlan, planID] else { throw UsagePlans.unknown }
        let keys = UsagePlanKeys.keys(of: planID, in: workspace.account)
        guard keys.contains(where: { $0.string("id") == call.key }) else { throw UsagePlanKeys.unknown }
        guard let quota = UsagePlans.quota(plan) else {
            throw .badRequest("Usage Plan \(planID) has no quota, so there is no remaining usage to set")
        }
        var remaining: Int?
        for operation in operations {
            guard operation.path == "/remaining" else { throw operation.unknownPath }
            try operation.require(.replace)
            let number = try operation.number()
            guard (0...Int(Int32.max)).contains(number) else {
                throw .badRequest("Invalid number \(number) specified for path \(operation.path)")
            }
            remaining = number
        }
        let today = day(ofSecond: call.environment.now)
        var report = UsageReport(planID: planID, keys: [call.key], quota: quota, start: today, end: today)
        report.newRemaining = remaining
        return .usage(report)
    }

    static func day(ofSecond second: Int) -> Int { Int((Double(second) / 86_400).rounded(.down)) }

    private static func day(_ call: Call, _ name: String) throws(ServiceError) -> Int {
        guard let text = call.query(name), !text.isEmpty else {
            throw .badRequest("Missing required parameter \(name)")
        }
        guard let date = CivilDate(text: text) else {
            throw .badRequest("Invalid \(name) specified: \(text). Must be of the form YYYY-MM-DD")
        }
        return date.daysSince1970
    }
}

/// What is to be said of the counters once the state has been asked.
struct UsageReport: Sendable {
    var planID: String
    var keys: [String]
    var quota: APIKeyTable.Quota?
    /// Days since 1970, both included.
    var start: Int
    var end: Int
    var position: String?
    /// Set before the answer.
    var newRemaining: Int?

    func document(_ registry: APIKeyRegistry) -> JSONObject {
        var values: JSONObject = [:]
        for key in keys {
            let ledger = registry.ledger(planID: planID, keyID: key)
            values[key] = .array(
                (start...end).map { day in
                    let report = ledger.report(on: day, quota)
                    // Without a quota nothing remains and nothing is spent up.
                    return [.number(JSONNumber(report.used)), .number(JSONNumber(report.remaining ?? -1))]
                })
        }
        var document: JSONObject = [
            "usagePlanId": .string(planID), "startDate": .string(CivilDate(daysSince1970: start).text),
            "endDate": .string(CivilDate(daysSince1970: end).text), "values": .object(values),
        ]
        if let position { document["position"] = .string(position) }
        return document
    }
}

// MARK: Rows

extension Usage {
    static func document(_ usage: APIKeyRegistry.Usage) -> JSONObject {
        let ledger = usage.ledger
        func number(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
        return [
            "usagePlanId": .string(usage.planID), "keyId": .string(usage.keyID),
            "periodStart": number(ledger.periodStart), "used": number(ledger.used), "extra": number(ledger.extra),
            "days": .array(
                ledger.days.map { day in
                    [number(day.day), number(day.used), day.remaining.map(number) ?? .null]
                }),
        ]
    }

    /// Where counting goes on after a start.
    static func ledgers(_ account: AccountTables) -> [APIKeyRegistry.Usage] {
        account.table(.usage).values.map { row in
            let days = (row["days"]?.array ?? []).compactMap { day -> UsageLedger.Day? in
                guard let number = day[0]?.int, let used = day[1]?.int else { return nil }
                return UsageLedger.Day(day: number, used: used, remaining: day[2]?.int)
            }
            return APIKeyRegistry.Usage(
                planID: row.string("usagePlanId") ?? "", keyID: row.string("keyId") ?? "",
                ledger: UsageLedger(
                    periodStart: row["periodStart"]?.int ?? .min, used: row["used"]?.int ?? 0,
                    extra: row["extra"]?.int ?? 0, days: days))
        }
    }
}
