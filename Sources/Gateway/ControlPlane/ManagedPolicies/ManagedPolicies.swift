import IAMPolicy
import JSON

/// Policies of the account that can be attached to many.
enum ManagedPolicies {
    /// Characters of one version.
    static let sizeMax = 6144

    private static let usage = Shape.Member.optional(
        "PolicyUsageFilter", .enumeration(["PermissionsPolicy", "PermissionsBoundary"]))

    static let operations: [QueryOperation] = [
        QueryOperation(
            "CreatePolicy", on: .named(.policy, "PolicyName"),
            [
                .required("PolicyName", .name128), .optional("Path", .text(1, 512, .policyPath)),
                .required("PolicyDocument", .document), .optional("Description", .text(0, 1000)), .tags,
            ], create),
        QueryOperation("GetPolicy", on: .arn("PolicyArn"), [.policyARN], get),
        QueryOperation(
            "ListPolicies",
            [
                .optional("Scope", .enumeration(["All", "AWS", "Local"])), .optional("OnlyAttached", .boolean),
                .optional("PathPrefix", .text(1, 512, .policyPath)), usage,
            ] + .page, list),
        QueryOperation("DeletePolicy", on: .arn("PolicyArn"), [.policyARN], delete),
    ]

    private static func create(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let name = call.text("PolicyName")
        let document = call.text("PolicyDocument")
        try workspace.check(isFree: name, .policy)
        try workspace.check(call.quotas.policies, "PoliciesPerAccount", of: .policy)
        try check(document)
        var policy = Entity(.policy, name: name, path: call["Path"] ?? "/", created: call.now)
        policy.tags = try EntityTags.read(call)
        if let text = call["Description"], !text.isEmpty { policy.details["description"] = .string(text) }
        policy.details["updated"] = .number(JSONNumber(call.now))
        PolicyVersions.add(document, to: &policy, asDefault: true, now: call.now)
        workspace.identity.put(policy)
        var result = summary(policy, workspace.identity, call)
        result["Tags"] = EntityTags.documents(policy)
        return ["Policy": .object(result.without("Description"))]
    }

    static func check(_ document: String) throws(ServiceError) {
        try PolicyDocuments.check(document, as: .identity)
        guard PolicyDocuments.size(document) <= sizeMax else { throw .limitExceeded("PolicySize", sizeMax) }
    }

    private static func get(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let policy = try find(workspace, call)
        var result = summary(policy, workspace.identity, call)
        result["Description"] = policy.details["description"]
        result["Tags"] = EntityTags.documents(policy)
        return ["Policy": .object(result)]
    }

    private static func list(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let prefix = call["PathPrefix"] ?? "/"
        let identity = workspace.identity
        let isBoundary = call["PolicyUsageFilter"].map { $0 == "PermissionsBoundary" }
        let counts = PolicyUse(identity)
        let isWanted = { (policy: Entity) in
            let arn = self.arn(policy, call.accountID)
            let attached = counts.attached[arn] != nil
            let bounding = counts.bounding[arn] != nil
            guard policy.path.hasPrefix(prefix) else { return false }
            switch isBoundary {
            case true?: return bounding
            case false?: return attached
            case nil: return !call.flag("OnlyAttached") || attached
            }
        }
        var policies = call["Scope"] == "AWS" ? [] : identity.all(.policy)
        if call["Scope"] != "Local" { policies += identity.awsPolicies.all }
        let items = policies.filter(isWanted).map { (key: marker(ofARN: arn($0, call.accountID)), policy: $0) }
            .sorted { $0.key < $1.key }
        return try QueryPaging.page("Policies", items, call, key: \.key) {
            .object(summary($0.policy, counts, call))
        }
    }

    private static func delete(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let policy = try modifiable(workspace, call)
        let use = PolicyUse(workspace.identity)
        let arn = policy.arn(call.accountID)
        guard use.attached[arn] == nil, use.bounding[arn] == nil else {
            throw .deleteConflict("Cannot delete a policy attached to entities.")
        }
        guard PolicyVersions.all(policy).count == 1 else {
            throw .deleteConflict(
                "This policy has more than one version. Before you delete a policy, you must delete the policy's "
                    + "versions. The default version is deleted with the policy.")
        }
        workspace.identity.remove(policy)
        return nil
    }
}

// MARK: ARNs

extension ManagedPolicies {
    static func isAWS(_ arn: String) -> Bool { arn.hasPrefix("arn:aws:iam::aws:policy/") }

    static func name(ofARN arn: String) -> String { String(arn.split(separator: "/").last ?? "") }

    static func path(ofARN arn: String) -> String {
        let parts = arn.split(separator: "/", omittingEmptySubsequences: false).dropFirst().dropLast()
        return parts.reduce(into: "/") { $0 += $1 + "/" }
    }

    /// What lists are ordered by: one name can be a policy of the account and one of AWS.
    static func marker(ofARN arn: String) -> String { name(ofARN: arn).lowercased() + (isAWS(arn) ? " aws" : "") }

    static func arn(_ policy: Entity, _ accountID: String) -> String {
        policy.owner == AWSPolicies.owner ? policy.arn("aws") : policy.arn(accountID)
    }

    static func checkForm(_ arn: String) throws(ServiceError) {
        guard arn.hasPrefix("arn:"), arn.split(separator: ":", omittingEmptySubsequences: false).count >= 6 else {
            throw .invalidInput("ARN \(arn) is not valid.")
        }
    }

    static func find(_ arn: String, _ identity: IdentityDirectory, _ accountID: String) -> Entity? {
        isAWS(arn) ? identity.awsPolicies[arn] : identity.find(.policy, arn: arn, accountID)
    }

    static func exists(_ arn: String, _ identity: IdentityDirectory, _ accountID: String) -> Bool {
        find(arn, identity, accountID) != nil
    }

    static func find(_ workspace: Workspace, _ call: QueryCall) throws(ServiceError) -> Entity {
        let arn = call.text("PolicyArn")
        try checkForm(arn)
        guard let policy = find(arn, workspace.identity, call.accountID) else { throw EntityKind.policy.missing(arn) }
        return policy
    }

    /// - Throws: `AccessDenied` for a policy of AWS.
    static func modifiable(_ workspace: Workspace, _ call: QueryCall) throws(ServiceError) -> Entity {
        let policy = try find(workspace, call)
        guard policy.owner != AWSPolicies.owner else {
            throw .query(403, "AccessDenied", "Policies of AWS cannot be changed: \(call.text("PolicyArn"))")
        }
        return policy
    }

    static func summary(_ policy: Entity, _ identity: IdentityDirectory, _ call: QueryCall) -> JSONObject {
        summary(policy, PolicyUse(identity), call)
    }

    static func summary(_ policy: Entity, _ use: PolicyUse, _ call: QueryCall) -> JSONObject {
        let arn = self.arn(policy, call.accountID)
        return [
            "PolicyName": .string(policy.name), "PolicyId": .string(policy.id), "Arn": .string(arn),
            "Path": .string(policy.path), "DefaultVersionId": .string(policy.detail("default") ?? "v1"),
            "AttachmentCount": .number(JSONNumber(use.attached[arn] ?? 0)),
            "PermissionsBoundaryUsageCount": .number(JSONNumber(use.bounding[arn] ?? 0)), "IsAttachable": true,
            "CreateDate": .string(policy.detail("created") ?? EntityNames.timestamp(policy.created)),
            "UpdateDate": .string(
                policy.detail("updated")
                    ?? EntityNames.timestamp(policy.details["updated"]?.int ?? policy.created)),
        ]
    }
}

/// How often each managed policy is attached, and used as a boundary.
struct PolicyUse: Sendable {
    private(set) var attached: [String: Int] = [:]
    private(set) var bounding: [String: Int] = [:]

    init(_ identity: IdentityDirectory) {
        for kind in [EntityKind.user, .group, .role] {
            for entity in identity.unordered(kind) {
                for arn in entity.attached { attached[arn, default: 0] += 1 }
                if let boundary = entity.boundary { bounding[boundary, default: 0] += 1 }
            }
        }
    }
}
