import JSON

/// Functions: made, read, changed, removed.
///
/// A change is in force when its answer is sent: there is no state but `Active`.
enum LambdaFunctions {
    private static let settings: [Shape.Member] = [
        .optional("Role"), .optional("Handler", .text(.init(max: 128))),
        .optional("Description", .text(.init(max: 256))),
        .optional("Timeout", .number(1...900)), .optional("MemorySize", .number(128...10_240)),
        .optional("Runtime", .enumeration(runtimes)),
        .optional("Environment", .structure([.optional("Variables", .map(.string))])),
        .optional("TracingConfig", .structure([.optional("Mode", .enumeration(["Active", "PassThrough"]))])),
        .optional("EphemeralStorage", .structure([.required("Size", .number(512...10_240))])),
        .optional("RevisionId"),
    ]

    static let operations: [Operation] = [
        Operation(
            "CreateFunction", "POST", LambdaOperations.functions, status: 201,
            members: [
                .required("FunctionName"), .required("Code", .structure([.optional("ZipFile")])),
                .optional("Publish", .boolean), .optional("PackageType", .enumeration(["Zip", "Image"])),
                .optional("Tags", .map(.string)),
                .optional("Architectures", .list(.enumeration(["x86_64", "arm64"]))),
            ] + settings.filter { $0.name != "Role" } + [.required("Role")],
            handler: create),
        Operation("ListFunctions", "GET", LambdaOperations.functions, status: 200, handler: list),
        Operation("GetFunction", "GET", LambdaOperations.one, status: 200, handler: get),
        Operation(
            "GetFunctionConfiguration", "GET", LambdaOperations.one + "/configuration", status: 200,
            handler: getConfiguration),
        Operation(
            "UpdateFunctionCode", "PUT", LambdaOperations.one + "/code", status: 200,
            members: [
                .optional("ZipFile"), .optional("Publish", .boolean), .optional("DryRun", .boolean),
                .optional("RevisionId"), .optional("Architectures", .list(.enumeration(["x86_64", "arm64"]))),
            ], handler: updateCode),
        Operation(
            "UpdateFunctionConfiguration", "PUT", LambdaOperations.one + "/configuration", status: 200,
            members: settings, handler: updateConfiguration),
        Operation("DeleteFunction", "DELETE", LambdaOperations.one, status: 200, handler: delete),
        Operation(
            LambdaOperations.invoke, "POST", LambdaOperations.one + "/invocations", status: 200, members: nil,
            effect: .read, handler: invoke),
    ]

    /// Those that the service still creates, and those that it still runs.
    private static let runtimes = [
        "nodejs16.x", "nodejs18.x", "nodejs20.x", "nodejs22.x", "nodejs24.x", "java8.al2", "java11", "java17", "java21",
        "java25", "python3.8", "python3.9", "python3.10", "python3.11", "python3.12", "python3.13", "python3.14",
        "dotnet6", "dotnet8", "dotnet10", "ruby3.2", "ruby3.3", "ruby3.4", "go1.x", "provided", "provided.al2",
        "provided.al2023",
    ]

    // MARK: Made

    private static func create(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let name = try FunctionName(call.body.string("FunctionName") ?? "", call.environment).unqualified
        guard workspace.account[.function, name.name] == nil else {
            throw .resourceConflict("Function already exist: \(name.name)")
        }
        guard call.body.string("PackageType") ?? "Zip" == "Zip" else {
            throw .invalidParameter("Functions from images are not offered by this engine: PackageType must be Zip")
        }
        guard let code = call.code else { throw .invalidParameter("Please provide a source for function code.") }
        guard call.body.string("Runtime") != nil, call.body.string("Handler") != nil else {
            throw .invalidParameter(
                "Runtime and Handler are mandatory parameters for functions created with deployment packages.")
        }
        var configuration: JSONObject = [
            "Description": "", "Timeout": 3, "MemorySize": 128, "PackageType": "Zip",
            "Architectures": call.body["Architectures"] ?? ["x86_64"], "TracingConfig": ["Mode": "PassThrough"],
            "EphemeralStorage": ["Size": 512],
        ]
        configuration.take(settingNames, from: call.body)
        var record = FunctionRecord(
            configuration: configuration, variables: try variables(call.body["Environment"]) ?? [:], codeHash: "")
        put(code, in: &record, call.environment)
        var row = JSONObject()
        let tags = call.body["Tags"]?.object ?? [:]
        try Tags.check(tags, call.environment)
        if !tags.isEmpty { row["tags"] = .object(tags) }
        record.write(to: &row)
        workspace.put(.function, name.name, row)
        guard call.body["Publish"]?.bool == true else {
            return .json(record.answer(name, version: "$LATEST", call.environment))
        }
        return .json(try FunctionVersions.publish(name, in: &workspace, call.environment))
    }

    private static let settingNames = [
        "Role", "Handler", "Description", "Timeout", "MemorySize", "Runtime", "TracingConfig", "EphemeralStorage",
    ]

    private static func put(_ code: FunctionCode, in record: inout FunctionRecord, _ environment: CallEnvironment) {
        record.codeHash = code.hash
        record.configuration["CodeSha256"] = .string(code.sha256)
        record.configuration["CodeSize"] = .number(JSONNumber(code.size))
        stamp(&record, environment)
    }

    /// - Note: Source: Lambda API reference, `LastModified`: ISO 8601 with milliseconds and an offset.
    private static func stamp(_ record: inout FunctionRecord, _ environment: CallEnvironment) {
        let time = EntityNames.timestamp(environment.now).dropLast() + ".000+0000"
        record.configuration["LastModified"] = .string(String(time))
        record.configuration["RevisionId"] = .string(RandomNames.requestID())
    }

    /// Names that the service keeps for itself.
    ///
    /// - Note: Source: Lambda developer guide, "Defined runtime environment variables".
    private static let reserved: Set<String> = [
        "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API",
        "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
    ]

    /// - Returns: Nil where the request says nothing of them.
    private static func variables(_ environment: JSONValue?) throws(ServiceError) -> [String: String]? {
        guard let environment, !environment.isNull else { return nil }
        var variables: [String: String] = [:]
        for (name, value) in environment["Variables"]?.object ?? [:] {
            guard let first = name.utf8.first, (0x61...0x7A).contains(first | 0x20), name.utf8.count > 1,
                name.utf8.allSatisfy({
                    (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
                })
            else {
                throw .validation([
                    "Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: "
                        + "[Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]"
                ])
            }
            guard !reserved.contains(name) else {
                throw .invalidParameter(
                    "Lambda was unable to configure your environment variables because the environment variables you "
                        + "have provided contains reserved keys that are currently not supported for modification. "
                        + "Reserved keys used in this request: \(name)")
            }
            variables[name] = value.string ?? ""
        }
        let size = variables.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        guard size <= Limits.functionVariableBytesMax else {
            throw .invalidParameter(
                "Lambda was unable to configure your environment variables because the environment variables you have "
                    + "provided exceeded the 4KB limit.")
        }
        guard !variables.values.contains(where: { $0.utf8.contains(0) }) else {
            throw .invalidParameter("A value of an environment variable has a NUL in it")
        }
        return variables
    }

    // MARK: Read

    private static func list(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let tables = FunctionTables(account: workspace.account)
        let all = call.query("FunctionVersion") == "ALL"
        var items: [Paging.Item] = []
        for (key, row) in workspace.account.all(.function) {
            var name = try FunctionName(key, call.environment)
            if all { name.qualifier = "$LATEST" }
            items.append(
                .init(
                    key: key, document: FunctionRecord(row: row).answer(name, version: "$LATEST", call.environment)))
            guard all else { continue }
            for (number, row) in tables.versions(of: key) {
                name.qualifier = "\(number)"
                items.append(
                    .init(
                        key: "\(key):\(Paging.key(number))",
                        document: FunctionRecord(row: row).answer(name, version: "\(number)", call.environment)))
            }
        }
        return try FunctionPaging.page("Functions", items.sorted { $0.key < $1.key }, call)
    }

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let name = try call.functionName()
        let tables = FunctionTables(account: workspace.account)
        let (record, version) = try tables.found(name, call.environment)
        let row = try tables.row(name, call.environment)
        var answer: JSONObject = [
            "Configuration": .object(record.answer(name, version: version, call.environment)),
            // The engine has no address to fetch code from; whoever deployed it has it in git.
            "Code": ["RepositoryType": "S3"],
        ]
        if let tags = row["tags"] { answer["Tags"] = tags }
        if let count = row["concurrency"] { answer["Concurrency"] = ["ReservedConcurrentExecutions": count] }
        return .json(answer)
    }

    private static func getConfiguration(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let name = try call.functionName()
        let (record, version) = try FunctionTables(account: workspace.account).found(name, call.environment)
        return .json(record.answer(name, version: version, call.environment))
    }

    // MARK: Changed

    private static func updateCode(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard let code = call.code else { throw .invalidParameter("Please provide a source for function code.") }
        return try update(&workspace, call) { (record) throws(ServiceError) in
            if let architectures = call.body["Architectures"] { record.configuration["Architectures"] = architectures }
            put(code, in: &record, call.environment)
        }
    }

    private static func updateConfiguration(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        try update(&workspace, call) { (record) throws(ServiceError) in
            record.configuration.take(settingNames, from: call.body)
            if let variables = try variables(call.body["Environment"]) { record.variables = variables }
            stamp(&record, call.environment)
        }
    }

    private static func update(
        _ workspace: inout Workspace, _ call: Call, _ change: (inout FunctionRecord) throws(ServiceError) -> Void
    ) throws(ServiceError) -> Reply {
        let name = try call.functionName()
        guard name.qualifier == nil || name.qualifier == "$LATEST" else {
            throw .invalidParameter("This operation is permitted on Lambda functions only: a version does not change.")
        }
        var row = try FunctionTables(account: workspace.account).row(name, call.environment)
        var record = FunctionRecord(row: row)
        if let revision = call.body.string("RevisionId"), revision != record.configuration.string("RevisionId") {
            throw .staleRevision()
        }
        try change(&record)
        guard call.body["DryRun"]?.bool != true else {
            return .json(record.answer(name, version: "$LATEST", call.environment))
        }
        record.write(to: &row)
        workspace.put(.function, name.name, row)
        guard call.body["Publish"]?.bool == true else {
            return .json(record.answer(name.unqualified, version: "$LATEST", call.environment))
        }
        return .json(try FunctionVersions.publish(name.unqualified, in: &workspace, call.environment))
    }

    // MARK: Removed

    private static func delete(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let name = try call.functionName()
        let tables = FunctionTables(account: workspace.account)
        _ = try tables.row(name, call.environment)
        if let qualifier = name.qualifier {
            guard Int(qualifier) != nil else {
                throw .invalidParameter("$LATEST version cannot be deleted without deleting the function.")
            }
            guard workspace.account[.functionVersion, FunctionTables.key(name)] != nil else { return .empty }
            if let alias = tables.aliases(of: name.name).first(where: { FunctionAliases.uses(qualifier, $0.row) }) {
                throw .resourceConflict("Function version is referenced by an alias: \(alias.name)")
            }
            workspace.remove(.functionVersion, FunctionTables.key(name))
            FunctionPermissions.forget(name, in: &workspace)
            return .empty
        }
        for (number, _) in tables.versions(of: name.name) {
            workspace.remove(.functionVersion, "\(name.name):\(number)")
        }
        for (alias, _) in tables.aliases(of: name.name) { workspace.remove(.functionAlias, "\(name.name):\(alias)") }
        workspace.remove(.function, name.name)
        return .empty
    }

    private static func invoke(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        .invocation(try call.functionName())
    }
}
