import JSON

/// Aliases: names for versions, which may share the calls of one between two.
enum FunctionAliases {
    private static let all = LambdaOperations.one + "/aliases"
    private static let one = all + "/{id}"
    private static let routing = Shape.Member.optional(
        "RoutingConfig", .structure([.optional("AdditionalVersionWeights", .map(.double))]))

    static let operations: [Operation] = [
        Operation(
            "CreateAlias", "POST", all, status: 201,
            members: [
                .required("Name", .text(.init(min: 1, max: 128))), .required("FunctionVersion"),
                .optional("Description", .text(.init(max: 256))), routing,
            ], handler: create),
        Operation("ListAliases", "GET", all, status: 200, handler: list),
        Operation("GetAlias", "GET", one, status: 200, handler: get),
        Operation(
            "UpdateAlias", "PUT", one, status: 200,
            members: [
                .optional("FunctionVersion"), .optional("Description", .text(.init(max: 256))), routing,
                .optional("RevisionId"),
            ], handler: update),
        Operation("DeleteAlias", "DELETE", one, status: 204, handler: delete),
    ]

    /// The version that a call by the alias runs: with weights, one of two by chance.
    static func version(of alias: JSONObject) -> String {
        let version = alias.string("FunctionVersion") ?? "$LATEST"
        for (other, weight) in alias["RoutingConfig"]?["AdditionalVersionWeights"]?.object ?? [:]
        where Double.random(in: 0..<1) < weight.number?.double ?? 0 { return other }
        return version
    }

    static func uses(_ version: String, _ alias: JSONObject) -> Bool {
        alias.string("FunctionVersion") == version
            || alias["RoutingConfig"]?["AdditionalVersionWeights"]?.object?[version] != nil
    }

    private static func name(_ call: Call, _ alias: String) throws(ServiceError) -> FunctionName {
        var name = try call.functionName().unqualified
        name.qualifier = alias
        return name
    }

    private static func answer(_ name: FunctionName, _ alias: JSONObject, _ environment: CallEnvironment) -> JSONObject
    {
        var answer = alias
        answer["AliasArn"] = .string(name.arn(environment))
        answer["Name"] = .string(name.qualifier ?? "")
        return answer
    }

    private static func found(
        _ workspace: Workspace, _ call: Call
    ) throws(ServiceError) -> (name: FunctionName, alias: JSONObject) {
        let name = try name(call, call.key)
        _ = try FunctionTables(account: workspace.account).row(name.unqualified, call.environment)
        guard let alias = workspace.account[.functionAlias, FunctionTables.key(name)] else {
            throw .missingResource("Cannot find alias arn: \(name.arn(call.environment))")
        }
        return (name, alias)
    }

    private static func create(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let alias = call.body.string("Name") ?? ""
        guard FunctionName.isQualifier(alias), alias != "$LATEST", Int(alias) == nil else {
            throw .validation([
                "Value '\(alias)' at 'name' failed to satisfy constraint: Member must satisfy regular expression "
                    + "pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)"
            ])
        }
        let name = try name(call, alias)
        _ = try FunctionTables(account: workspace.account).row(name.unqualified, call.environment)
        guard workspace.account[.functionAlias, FunctionTables.key(name)] == nil else {
            throw .resourceConflict("Alias already exists: \(name.arn(call.environment))")
        }
        var row: JSONObject = ["Description": ""]
        try set(&row, call, of: name, in: workspace)
        workspace.put(.functionAlias, FunctionTables.key(name), row)
        return .json(answer(name, row, call.environment))
    }

    private static func set(
        _ row: inout JSONObject, _ call: Call, of name: FunctionName, in workspace: Workspace
    ) throws(ServiceError) {
        row.take(["FunctionVersion", "Description", "RoutingConfig"], from: call.body)
        let weights = row["RoutingConfig"]?["AdditionalVersionWeights"]?.object ?? [:]
        if weights.isEmpty { row["RoutingConfig"] = JSONValue?.none }
        guard weights.count <= 1, weights.allSatisfy({ (0...1).contains($0.1.number?.double ?? -1) }) else {
            throw .invalidParameter(
                "Number of items in AdditionalVersionWeights cannot be greater than 1, weights are 0 to 1")
        }
        for version in [row.string("FunctionVersion") ?? ""] + weights.map({ $0.0 }) {
            var target = name
            target.qualifier = version
            guard version == "$LATEST" || workspace.account[.functionVersion, FunctionTables.key(target)] != nil else {
                throw .unknownFunction(target.arn(call.environment))
            }
            guard version != "$LATEST" || weights.isEmpty else {
                throw .invalidParameter("$LATEST is not supported for an alias pointing to more than 1 version")
            }
        }
        row["RevisionId"] = .string(RandomNames.requestID())
    }

    private static func list(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let name = try call.functionName().unqualified
        let tables = FunctionTables(account: workspace.account)
        _ = try tables.row(name, call.environment)
        var items: [Paging.Item] = []
        for (alias, row) in tables.aliases(of: name.name) {
            if let version = call.query("FunctionVersion"), !uses(version, row) { continue }
            var own = name
            own.qualifier = alias
            items.append(.init(key: alias, document: answer(own, row, call.environment)))
        }
        return try FunctionPaging.page("Aliases", items, call)
    }

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let (name, alias) = try found(workspace, call)
        return .json(answer(name, alias, call.environment))
    }

    private static func update(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        var (name, alias) = try found(workspace, call)
        if let revision = call.body.string("RevisionId"), revision != alias.string("RevisionId") {
            throw .staleRevision()
        }
        try set(&alias, call, of: name, in: workspace)
        workspace.put(.functionAlias, FunctionTables.key(name), alias)
        return .json(answer(name, alias, call.environment))
    }

    private static func delete(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let name = try name(call, call.key)
        _ = try FunctionTables(account: workspace.account).row(name.unqualified, call.environment)
        workspace.remove(.functionAlias, FunctionTables.key(name))
        FunctionPermissions.forget(name, in: &workspace)
        return .empty
    }
}
