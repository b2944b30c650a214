import JSON

/// Versions of functions: `$LATEST` as it was at one moment.
enum FunctionVersions {
    private static let all = LambdaOperations.one + "/versions"

    static let operations: [Operation] = [
        Operation(
            "PublishVersion", "POST", all, status: 201,
            members: [
                .optional("CodeSha256"), .optional("Description", .text(.init(max: 256))), .optional("RevisionId"),
            ], handler: publish),
        Operation("ListVersionsByFunction", "GET", all, status: 200, handler: list),
    ]

    /// The member of a function's row that counts the versions that there ever were.
    private static let countMember = "published"

    private static func publish(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let name = try call.functionName().unqualified
        let record = FunctionRecord(row: try FunctionTables(account: workspace.account).row(name, call.environment))
        if let revision = call.body.string("RevisionId"), revision != record.configuration.string("RevisionId") {
            throw .staleRevision()
        }
        if let sha256 = call.body.string("CodeSha256"), sha256 != record.configuration.string("CodeSha256") {
            throw .invalidParameter(
                "CodeSHA256 (\(sha256)) is different from current CodeSHA256 in $LATEST "
                    + "(\(record.configuration.string("CodeSha256") ?? "")). Please try again with the CodeSHA256 in $LATEST."
            )
        }
        return .json(
            try publish(
                name, description: call.body.string("Description"), in: &workspace, call.environment))
    }

    /// - Returns: The configuration of the version: the last one, if `$LATEST` has not changed since.
    static func publish(
        _ name: FunctionName, description: String? = nil, in workspace: inout Workspace, _ environment: CallEnvironment
    ) throws(ServiceError) -> JSONObject {
        let tables = FunctionTables(account: workspace.account)
        var row = try tables.row(name, environment)
        var record = FunctionRecord(row: row)
        var name = name
        if let (number, last) = tables.versions(of: name.name).last, same(FunctionRecord(row: last), record) {
            name.qualifier = "\(number)"
            return FunctionRecord(row: last).answer(name, version: "\(number)", environment)
        }
        let number = (row[countMember]?.int ?? 0) + 1
        row[countMember] = .number(JSONNumber(number))
        workspace.put(.function, name.name, row)
        if let description { record.configuration["Description"] = .string(description) }
        record.configuration["RevisionId"] = .string(RandomNames.requestID())
        var version = JSONObject()
        record.write(to: &version)
        name.qualifier = "\(number)"
        workspace.put(.functionVersion, FunctionTables.key(name), version)
        return record.answer(name, version: "\(number)", environment)
    }

    private static func same(_ version: FunctionRecord, _ latest: FunctionRecord) -> Bool {
        func essence(_ record: FunctionRecord) -> FunctionRecord {
            var record = record
            for member in ["RevisionId", "LastModified", "Description"] { record.configuration[member] = nil }
            return record
        }
        return essence(version) == essence(latest)
    }

    private static func list(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        var name = try call.functionName().unqualified
        let tables = FunctionTables(account: workspace.account)
        let latest = FunctionRecord(row: try tables.row(name, call.environment))
        name.qualifier = "$LATEST"
        var items = [Paging.Item(key: "", document: latest.answer(name, version: "$LATEST", call.environment))]
        for (number, row) in tables.versions(of: name.name) {
            name.qualifier = "\(number)"
            items.append(
                .init(
                    key: Paging.key(number),
                    document: FunctionRecord(row: row).answer(name, version: "\(number)", call.environment)))
        }
        return try FunctionPaging.page("Versions", items, call)
    }
}
