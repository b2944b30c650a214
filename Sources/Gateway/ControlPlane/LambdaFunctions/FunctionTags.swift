import JSON

/// Tags of functions, by their ARN.
enum FunctionTags {
    private static let one = "/2017-03-31/tags/{name}"

    static let operations: [Operation] = [
        Operation("ListTags", "GET", one, status: 200, handler: list),
        Operation(
            "TagResource", "POST", one, status: 204, members: [.required("Tags", .map(.string))], handler: add),
        Operation("UntagResource", "DELETE", one, status: 204, handler: remove),
    ]

    private static let member = "tags"

    private static func row(
        _ workspace: Workspace, _ call: Call
    ) throws(ServiceError) -> (name: FunctionName, row: JSONObject) {
        guard call.path["name"]?.hasPrefix("arn:") == true else {
            throw .invalidParameter("Tags are of the ARN of a function")
        }
        let name = try call.functionName()
        guard name.qualifier == nil else {
            throw .invalidParameter(
                "Tags on function aliases and versions are not supported. Please specify a function ARN.")
        }
        return (name, try FunctionTables(account: workspace.account).row(name, call.environment))
    }

    private static func list(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        .json(["Tags": try row(workspace, call).row[member] ?? [:]])
    }

    private static func add(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        var (name, row) = try row(workspace, call)
        var tags = row[member]?.object ?? [:]
        for (key, value) in call.body["Tags"]?.object ?? [:] { tags[key] = value }
        try Tags.check(tags, call.environment)
        row[member] = .object(tags)
        workspace.put(.function, name.name, row)
        return .empty
    }

    private static func remove(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        var (name, row) = try row(workspace, call)
        guard let keys = call.query["tagKeys"], !keys.isEmpty else {
            throw .validation(["Value null at 'tagKeys' failed to satisfy constraint: Member must not be null"])
        }
        var tags = row[member]?.object ?? [:]
        for key in keys { tags[key] = JSONValue?.none }
        row[member] = tags.isEmpty ? JSONValue?.none : .object(tags)
        workspace.put(.function, name.name, row)
        return .empty
    }
}
