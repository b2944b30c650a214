import IAMPolicy
import JSON

/// Instance profiles: the wrapping in which a machine gets a role, one at most. The role's id is the owner.
enum InstanceProfiles {
    private static let name = Shape.Member.required("InstanceProfileName", .name128)
    private static let role = Shape.Member.required("RoleName", .name64)
    private static let named = QueryTarget.named(.instanceProfile, "InstanceProfileName")

    static let operations: [QueryOperation] = [
        QueryOperation("CreateInstanceProfile", on: named, [name, .path, .tags], create),
        QueryOperation("GetInstanceProfile", on: named, [name]) { (workspace, call) throws(ServiceError) in
            let profile = try workspace.existing(.instanceProfile, call)
            return ["InstanceProfile": .object(document(profile, workspace.identity, call))]
        },
        QueryOperation("ListInstanceProfiles", [.pathPrefix] + .page) { (workspace, call) throws(ServiceError) in
            let prefix = call["PathPrefix"] ?? "/"
            let identity = workspace.identity
            let profiles = identity.all(.instanceProfile).filter { $0.path.hasPrefix(prefix) }
            return try QueryPaging.page("InstanceProfiles", profiles, call) {
                document($0, identity, call).without("Tags")
            }
        },
        QueryOperation("ListInstanceProfilesForRole", on: .named(.role, "RoleName"), [role] + .page) {
            (workspace, call) throws(ServiceError) in
            let identity = workspace.identity
            let profiles = identity.profiles(ofRole: try workspace.existing(.role, call).id)
            return try QueryPaging.page("InstanceProfiles", profiles, call) {
                document($0, identity, call).without("Tags")
            }
        },
        QueryOperation("DeleteInstanceProfile", on: named, [name]) { (workspace, call) throws(ServiceError) in
            let profile = try workspace.existing(.instanceProfile, call)
            guard profile.owner == nil else {
                throw .deleteConflict("Cannot delete entity, must remove roles from instance profile first.")
            }
            workspace.identity.remove(profile)
            return nil
        },
        QueryOperation("AddRoleToInstanceProfile", on: named, [name, role]) { (workspace, call) throws(ServiceError) in
            var profile = try workspace.existing(.instanceProfile, call)
            let role = try workspace.modifiable(.role, call)
            var context = call.environment.context
            context.set("iam:PassedToService", "ec2.amazonaws.com")
            try call.authorization.check(
                call.caller, "iam:PassRole", on: [role.arn(call.accountID)], context, workspace.identity)
            guard profile.owner == nil else {
                throw .limitExceeded("InstanceSessionsPerInstanceProfile", 1)
            }
            profile.owner = role.id
            workspace.identity.put(profile)
            return nil
        },
        QueryOperation("RemoveRoleFromInstanceProfile", on: named, [name, role]) {
            (workspace, call) throws(ServiceError) in
            var profile = try workspace.existing(.instanceProfile, call)
            let role = try workspace.existing(.role, call)
            guard profile.owner == role.id else {
                throw .noSuchEntity("Role \(role.name) in Instance Profile \(profile.name) cannot be found.")
            }
            profile.owner = nil
            workspace.identity.put(profile)
            return nil
        },
    ]

    private static func create(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let name = call.text("InstanceProfileName")
        try workspace.check(isFree: name, .instanceProfile)
        try workspace.check(call.quotas.instanceProfiles, "InstanceProfilesPerAccount", of: .instanceProfile)
        var profile = Entity(.instanceProfile, name: name, path: call["Path"] ?? "/", created: call.now)
        profile.tags = try EntityTags.read(call)
        workspace.identity.put(profile)
        return ["InstanceProfile": .object(document(profile, workspace.identity, call))]
    }

    static func document(_ profile: Entity, _ identity: IdentityDirectory, _ call: QueryCall) -> JSONObject {
        let role = profile.owner.flatMap { identity.entity(id: $0) }
        var document: JSONObject = [
            "Path": .string(profile.path), "InstanceProfileName": .string(profile.name),
            "InstanceProfileId": .string(profile.id), "Arn": .string(profile.arn(call.accountID)),
            "CreateDate": .string(EntityNames.timestamp(profile.created)),
            "Roles": .array(role.map { [.object(Roles.summary($0, identity, call))] } ?? []),
        ]
        document["Tags"] = EntityTags.documents(profile)
        return document
    }
}
