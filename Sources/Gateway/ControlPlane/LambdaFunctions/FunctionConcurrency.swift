import JSON

/// How many calls of a function may run at once.
enum FunctionConcurrency {
    private static let changed = "/2017-10-31/functions/{name}/concurrency"

    static let operations: [Operation] = [
        Operation(
            "PutFunctionConcurrency", "PUT", changed, status: 200,
            members: [.required("ReservedConcurrentExecutions", .number(0...1_000_000))], handler: put),
        Operation("DeleteFunctionConcurrency", "DELETE", changed, status: 204, handler: delete),
        Operation(
            "GetFunctionConcurrency", "GET", "/2019-09-30/functions/{name}/concurrency", status: 200, handler: get),
    ]

    static let member = "concurrency"

    private static func put(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let count = call.body["ReservedConcurrentExecutions"]
        try change(&workspace, call, to: count)
        return .json(JSONObject([("ReservedConcurrentExecutions", count ?? .null)]))
    }

    private static func delete(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        try change(&workspace, call, to: nil)
        return .empty
    }

    private static func change(
        _ workspace: inout Workspace, _ call: Call, to count: JSONValue?
    ) throws(ServiceError) {
        let name = try call.functionName()
        guard name.qualifier == nil else {
            throw .invalidParameter("Concurrency is reserved for a function, not for a version or an alias of it")
        }
        var row = try FunctionTables(account: workspace.account).row(name, call.environment)
        row[member] = count
        workspace.put(.function, name.name, row)
    }

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let row = try FunctionTables(account: workspace.account).row(try call.functionName(), call.environment)
        return .json(row[member].map { ["ReservedConcurrentExecutions": $0] } ?? [:])
    }
}
