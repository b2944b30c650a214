import Functions
import JSON

/// A function as it is kept: what `$LATEST` or a version runs.
struct FunctionRecord: Sendable, Equatable {
    /// The members of `FunctionConfiguration` that do not follow from anything else.
    var configuration: JSONObject
    var variables: [String: String]
    /// Of ``CodeStore``.
    var codeHash: String

    init(configuration: JSONObject, variables: [String: String], codeHash: String) {
        self.configuration = configuration
        self.variables = variables
        self.codeHash = codeHash
    }

    private static let configurationMember = "configuration"
    /// A text, since rows show it sealed.
    static let variablesMember = "variables"
    private static let codeMember = "code"

    init(row: JSONObject) {
        configuration = row[Self.configurationMember]?.object ?? [:]
        codeHash = row.string(Self.codeMember) ?? ""
        variables = [:]
        do {
            let members = try row.string(Self.variablesMember).map { try JSONValue(parsing: $0).object } ?? nil
            for (name, value) in members ?? [:] { variables[name] = value.string }
        } catch {
            // A row that was written by this program holds what it wrote.
            variables = [:]
        }
    }

    /// Writes its part into a row.
    func write(to row: inout JSONObject) {
        row[Self.configurationMember] = .object(configuration)
        row[Self.codeMember] = .string(codeHash)
        row[Self.variablesMember] = .string(Self.object(variables).text(.compact))
    }

    static func object(_ variables: [String: String]) -> JSONValue {
        .object(JSONObject(variables.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    }

    /// `FunctionConfiguration`, as answered for `name` with its qualifier.
    func answer(_ name: FunctionName, version: String, _ environment: CallEnvironment) -> JSONObject {
        var answer = configuration
        answer["FunctionName"] = .string(name.name)
        answer["FunctionArn"] = .string(name.arn(environment))
        answer["Version"] = .string(version)
        if !variables.isEmpty { answer["Environment"] = ["Variables": Self.object(variables)] }
        // Not what was once sent: whoever compares it with what he has sees that it must be sent again.
        if !environment.hasCode(codeHash) { answer["CodeSha256"] = "" }
        answer["State"] = "Active"
        answer["LastUpdateStatus"] = "Successful"
        return answer
    }

    /// What a process of it is started with, its role's credentials aside.
    ///
    /// - Parameter arn: With the version.
    func specification(arn: String, name: String, version: String, codeRoot: String) -> FunctionSpecification {
        var specification = FunctionSpecification(
            arn: arn, name: name, version: version, runtime: configuration.string("Runtime") ?? "",
            handler: configuration.string("Handler") ?? "", codeFolder: codeRoot + "/" + codeHash)
        specification.environment = variables
        specification.memoryMegabytes = configuration["MemorySize"]?.int ?? 128
        specification.timeout = .seconds(configuration["Timeout"]?.int ?? 3)
        return specification
    }
}

/// Where functions, their versions and aliases are among the account's tables.
struct FunctionTables {
    let account: AccountTables

    /// The row of a function: ``FunctionRecord``, and what all its versions share.
    func row(_ name: FunctionName, _ environment: CallEnvironment) throws(ServiceError) -> JSONObject {
        guard let row = account[.function, name.name] else { throw .unknownFunction(name.arn(environment)) }
        return row
    }

    /// What `name` runs, and the number of it. An alias with weights is resolved anew each time.
    func find(_ name: FunctionName) -> (record: FunctionRecord, version: String)? {
        guard let row = account[.function, name.name] else { return nil }
        var version = name.qualifier ?? "$LATEST"
        if let alias = account[.functionAlias, FunctionTables.key(name)] {
            version = FunctionAliases.version(of: alias)
        }
        if version == "$LATEST" { return (FunctionRecord(row: row), version) }
        guard let row = account[.functionVersion, "\(name.name):\(version)"] else { return nil }
        return (FunctionRecord(row: row), version)
    }

    func found(
        _ name: FunctionName, _ environment: CallEnvironment
    ) throws(ServiceError) -> (record: FunctionRecord, version: String) {
        guard let found = find(name) else { throw .unknownFunction(name.arn(environment)) }
        return found
    }

    /// Keys of the versions, lowest first.
    func versions(of name: String) -> [(number: Int, row: JSONObject)] {
        own(.functionVersion, name).compactMap { item in Int(item.suffix).map { ($0, item.row) } }
            .sorted { $0.0 < $1.0 }
    }

    func aliases(of name: String) -> [(name: String, row: JSONObject)] {
        own(.functionAlias, name).map { ($0.suffix, $0.row) }.sorted { $0.0 < $1.0 }
    }

    private func own(_ kind: ObjectKind, _ name: String) -> [(suffix: String, row: JSONObject)] {
        let prefix = name + ":"
        return account.table(kind).sorted.filter { $0.key.hasPrefix(prefix) }
            .map { (String($0.key.dropFirst(prefix.count)), $0.value) }
    }

    /// Of a version's or an alias's row.
    static func key(_ name: FunctionName) -> String { "\(name.name):\(name.qualifier ?? "")" }

    /// Code that some function has.
    var codeHashes: Set<String> {
        Set(
            [ObjectKind.function, .functionVersion].flatMap { kind in
                account.table(kind).values.map { FunctionRecord(row: $0).codeHash }
            })
    }
}
