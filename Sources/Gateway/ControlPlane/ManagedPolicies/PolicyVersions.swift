import JSON

/// Versions of a managed policy: at most five, one of them in force.
enum PolicyVersions {
    private static let version = Shape.Member.required("VersionId", .text(0, 64, .versionID))
    private static let target = QueryTarget.arn("PolicyArn")

    static let operations: [QueryOperation] = [
        QueryOperation(
            "CreatePolicyVersion", on: target,
            [.policyARN, .required("PolicyDocument", .document), .optional("SetAsDefault", .boolean)], create),
        QueryOperation("GetPolicyVersion", on: target, [.policyARN, version]) {
            (workspace, call) throws(ServiceError) in
            let policy = try ManagedPolicies.find(workspace, call)
            return ["PolicyVersion": document(try find(call, in: policy), of: policy, withText: true)]
        },
        QueryOperation("ListPolicyVersions", on: target, [.policyARN] + .page) {
            (workspace, call) throws(ServiceError) in
            let policy = try ManagedPolicies.find(workspace, call)
            // The newest first; pages follow their places.
            let items = all(policy).reversed().enumerated().map { (key: "\($0.offset)", version: $0.element) }
            return try QueryPaging.page("Versions", items, call, key: \.key) {
                document($0.version, of: policy, withText: false)
            }
        },
        QueryOperation("SetDefaultPolicyVersion", on: target, [.policyARN, version]) {
            (workspace, call) throws(ServiceError) in
            var policy = try ManagedPolicies.modifiable(workspace, call)
            policy.details["default"] = .string(try find(call, in: policy).id)
            policy.details["updated"] = .number(JSONNumber(call.now))
            workspace.identity.put(policy)
            return nil
        },
        QueryOperation("DeletePolicyVersion", on: target, [.policyARN, version], delete),
    ]

    struct Version: Sendable, Equatable {
        var id: String
        /// As it was written.
        var text: String
        /// Seconds since 1970.
        var created: Int
    }

    /// In the order in which they were made.
    static func all(_ policy: Entity) -> [Version] {
        (policy.details["versions"]?.array ?? []).map { value in
            Version(
                id: value["id"]?.string ?? "", text: value["document"]?.string ?? "",
                created: value["created"]?.int ?? policy.created)
        }
    }

    /// The document in force.
    static func current(_ policy: Entity) -> Version? {
        all(policy).first { $0.id == policy.detail("default") }
    }

    @discardableResult
    static func add(_ text: String, to policy: inout Entity, asDefault: Bool, now: Int) -> Version {
        let number = policy.details["next"]?.int ?? 1
        let version = Version(id: "v\(number)", text: text, created: now)
        policy.details["next"] = .number(JSONNumber(number + 1))
        var versions = policy.details["versions"]?.array ?? []
        versions.append(["id": .string(version.id), "document": .string(text), "created": .number(JSONNumber(now))])
        policy.details["versions"] = .array(versions)
        if asDefault { policy.details["default"] = .string(version.id) }
        return version
    }

    private static func create(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        var policy = try ManagedPolicies.modifiable(workspace, call)
        try ManagedPolicies.check(call.text("PolicyDocument"))
        let most = call.quotas.versionsPerPolicy
        guard all(policy).count < most else {
            throw .limitExceeded(
                "A managed policy can have up to \(most) versions. Before you create a new version, you must delete "
                    + "an existing version.")
        }
        let version = add(
            call.text("PolicyDocument"), to: &policy, asDefault: call.flag("SetAsDefault"), now: call.now)
        policy.details["updated"] = .number(JSONNumber(call.now))
        workspace.identity.put(policy)
        return ["PolicyVersion": document(version, of: policy, withText: false)]
    }

    private static func delete(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        var policy = try ManagedPolicies.modifiable(workspace, call)
        let version = try find(call, in: policy)
        guard version.id != policy.detail("default") else {
            throw .deleteConflict("Cannot delete the default version of a policy.")
        }
        let rest = (policy.details["versions"]?.array ?? []).filter { $0["id"]?.string != version.id }
        policy.details["versions"] = .array(rest)
        workspace.identity.put(policy)
        return nil
    }

    private static func find(_ call: QueryCall, in policy: Entity) throws(ServiceError) -> Version {
        guard let version = all(policy).first(where: { $0.id == call["VersionId"] }) else {
            throw .noSuchEntity(
                "Policy \(call.text("PolicyArn")) version \(call.text("VersionId")) does not exist or is not "
                    + "attachable.")
        }
        return version
    }

    static func document(_ version: Version, of policy: Entity, withText: Bool) -> JSONValue {
        var document: JSONObject = [:]
        if withText { document["Document"] = PolicyDocuments.encoded(version.text) }
        document["VersionId"] = .string(version.id)
        document["IsDefaultVersion"] = .bool(version.id == policy.detail("default"))
        document["CreateDate"] = .string(policy.detail("updated") ?? EntityNames.timestamp(version.created))
        return .object(document)
    }
}
