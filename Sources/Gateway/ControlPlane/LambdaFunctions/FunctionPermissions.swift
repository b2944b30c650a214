import IAMPolicy
import JSON

/// The resource-based policy of a function, of each of its versions and aliases: who else may invoke it.
enum FunctionPermissions {
    private static let all = LambdaOperations.one + "/policy"

    static let operations: [Operation] = [
        Operation(
            "AddPermission", "POST", all, status: 201,
            members: [
                .required("StatementId", .text(.init(min: 1, max: 100))), .required("Action"), .required("Principal"),
                .optional("SourceArn"), .optional("SourceAccount"), .optional("EventSourceToken"),
                .optional("PrincipalOrgID"), .optional("RevisionId"),
            ], handler: add),
        Operation("GetPolicy", "GET", all, status: 200, handler: get),
        Operation("RemovePermission", "DELETE", all + "/{id}", status: 204, handler: remove),
    ]

    /// The member of a function's row: qualifier, empty for none, to `{statements, revision}`.
    private static let member = "policies"

    /// The text of the policy that decides about calls by `name`; nil where there is none.
    static func text(of name: FunctionName, in row: JSONObject) -> String? {
        guard let statements = row[member]?[name.qualifier ?? ""]?["statements"]?.array, !statements.isEmpty else {
            return nil
        }
        let document: JSONObject = [
            "Version": "2012-10-17", "Id": "default", "Statement": .array(statements),
        ]
        return JSONValue.object(document).text(.compact)
    }

    private static func add(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let (name, row) = try place(workspace, call)
        var policy = row[member]?[name.qualifier ?? ""]?.object ?? [:]
        try check(call.body.string("RevisionId"), policy)
        var statements = policy["statements"]?.array ?? []
        let id = call.body.string("StatementId") ?? ""
        guard FunctionName.isQualifier(id), id != "$LATEST" else {
            throw .validation([
                "Value '\(id)' at 'statementId' failed to satisfy constraint: Member must satisfy regular expression "
                    + "pattern: ([a-zA-Z0-9-_]+)"
            ])
        }
        guard !statements.contains(where: { $0["Sid"]?.string == id }) else {
            throw .resourceConflict(
                "The statement id (\(id)) provided already exists. Please provide a new statement id, or remove the "
                    + "existing statement.")
        }
        let statement = JSONValue.object(try statement(id, name, call))
        statements.append(statement)
        policy["statements"] = .array(statements)
        try put(policy, name, row, in: &workspace)
        return .json(["Statement": .string(statement.text(.compact))])
    }

    private static func statement(
        _ id: String, _ name: FunctionName, _ call: Call
    ) throws(ServiceError) -> JSONObject {
        let action = call.body.string("Action") ?? ""
        let verb = action.hasPrefix("lambda:") ? action.dropFirst("lambda:".count) : ""
        guard
            action == "*" || verb == "*" || !verb.isEmpty && verb.utf8.allSatisfy({ (0x61...0x7A).contains($0 | 0x20) })
        else {
            throw .validation([
                "Value '\(action)' at 'action' failed to satisfy constraint: Member must satisfy regular expression "
                    + "pattern: (lambda:[*]|lambda:[a-zA-Z]+|[*])"
            ])
        }
        var statement: JSONObject = [
            "Sid": .string(id), "Effect": "Allow", "Principal": try principal(call), "Action": .string(action),
            "Resource": .string(name.arn(call.environment)),
        ]
        var equal = JSONObject()
        if let account = call.body.string("SourceAccount") { equal["AWS:SourceAccount"] = .string(account) }
        if let token = call.body.string("EventSourceToken") { equal["lambda:EventSourceToken"] = .string(token) }
        if let organization = call.body.string("PrincipalOrgID") { equal["aws:PrincipalOrgID"] = .string(organization) }
        var condition = JSONObject()
        if !equal.isEmpty { condition["StringEquals"] = .object(equal) }
        if let source = call.body.string("SourceArn") { condition["ArnLike"] = ["AWS:SourceArn": .string(source)] }
        if !condition.isEmpty { statement["Condition"] = .object(condition) }
        return statement
    }

    private static func principal(_ call: Call) throws(ServiceError) -> JSONValue {
        let text = call.body.string("Principal") ?? ""
        if text == "*" { return "*" }
        if text.utf8.count == 12, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return ["AWS": .string("arn:aws:iam::\(text):root")]
        }
        if text.hasPrefix("arn:") { return ["AWS": .string(text)] }
        guard text.hasSuffix(".amazonaws.com"), !text.contains(where: \.isWhitespace) else {
            throw .invalidParameter("The provided principal was invalid. Please check the principal and try again.")
        }
        return ["Service": .string(text)]
    }

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let (name, row) = try place(workspace, call)
        guard let text = text(of: name, in: row) else {
            throw .missingResource("The resource you requested does not exist.")
        }
        let revision = row[member]?[name.qualifier ?? ""]?["revision"] ?? ""
        return .json(["Policy": .string(text), "RevisionId": revision])
    }

    private static func remove(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let (name, row) = try place(workspace, call)
        var policy = row[member]?[name.qualifier ?? ""]?.object ?? [:]
        var statements = policy["statements"]?.array ?? []
        guard let position = statements.firstIndex(where: { $0["Sid"]?.string == call.key }) else {
            throw .missingResource("Statement \(call.key) is not found in resource policy.")
        }
        try check(call.query("RevisionId"), policy)
        statements.remove(at: position)
        policy["statements"] = .array(statements)
        try put(policy, name, row, in: &workspace)
        return .empty
    }

    private static func place(
        _ workspace: Workspace, _ call: Call
    ) throws(ServiceError) -> (name: FunctionName, row: JSONObject) {
        let name = try call.functionName()
        let tables = FunctionTables(account: workspace.account)
        let row = try tables.row(name, call.environment)
        guard name.qualifier != "$LATEST" else {
            throw .invalidParameter("We currently do not support adding policies for $LATEST.")
        }
        _ = try tables.found(name, call.environment)
        return (name, row)
    }

    /// Takes the policy of a version or an alias that goes along: one that is made again under its name has none.
    static func forget(_ name: FunctionName, in workspace: inout Workspace) {
        guard let qualifier = name.qualifier, var row = workspace.account[.function, name.name],
            var policies = row[member]?.object, policies[qualifier] != nil
        else { return }
        policies[qualifier] = JSONValue?.none
        row[member] = .object(policies)
        workspace.put(.function, name.name, row)
    }

    private static func check(_ revision: String?, _ policy: JSONObject) throws(ServiceError) {
        guard revision == nil || revision == policy.string("revision") else { throw .staleRevision() }
    }

    private static func put(
        _ policy: JSONObject, _ name: FunctionName, _ row: JSONObject, in workspace: inout Workspace
    ) throws(ServiceError) {
        var (policy, row) = (policy, row)
        policy["revision"] = .string(RandomNames.requestID())
        var policies = row[member]?.object ?? [:]
        policies[name.qualifier ?? ""] = .object(policy)
        row[member] = .object(policies)
        if let text = text(of: name, in: row) {
            guard text.utf8.count <= Limits.functionPolicyBytesMax else {
                throw ServiceError(
                    status: 400, type: "PolicyLengthExceededException",
                    message: "The final policy size (\(text.utf8.count)) is bigger than the limit "
                        + "(\(Limits.functionPolicyBytesMax)).")
            }
            let read = PolicyDocument.read(text: text, as: .resource, sizeMax: .max)
            guard read.document != nil else {
                throw .invalidParameter("The provided statement makes a policy that cannot be read")
            }
        }
        workspace.put(.function, name.name, row)
    }
}
