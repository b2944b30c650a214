import JSON

/// Groups of users: what is attached to one counts for each of its members.
enum Groups {
    private static let name = Shape.Member.required("GroupName", .name128)
    private static let user = Shape.Member.required("UserName", .name128)
    private static let named = QueryTarget.named(.group, "GroupName")

    static let operations: [QueryOperation] = [
        QueryOperation("CreateGroup", on: named, [.path, name], create),
        QueryOperation("GetGroup", on: named, [name] + .page, get),
        QueryOperation("ListGroups", [.pathPrefix] + .page, list),
        QueryOperation(
            "UpdateGroup", on: named,
            [name, .optional("NewPath", .text(1, 512, .path)), .optional("NewGroupName", .name128)]
        ) { (workspace, call) throws(ServiceError) in
            try Renaming.rename(
                .group, call.text("GroupName"), to: call["NewGroupName"], path: call["NewPath"], &workspace)
            return nil
        },
        QueryOperation("DeleteGroup", on: named, [name], delete),
        QueryOperation("AddUserToGroup", on: named, [name, user], add),
        QueryOperation("RemoveUserFromGroup", on: named, [name, user], remove),
        QueryOperation(
            "ListGroupsForUser", on: .named(.user, "UserName"), [user] + .page
        ) { (workspace, call) throws(ServiceError) in
            let groups = workspace.identity.groups(of: try workspace.existing(.user, call))
            return try QueryPaging.page("Groups", groups, call) { document($0, call) }
        },
    ]

    static func document(_ group: Entity, _ call: QueryCall) -> JSONObject {
        [
            "Path": .string(group.path), "GroupName": .string(group.name), "GroupId": .string(group.id),
            "Arn": .string(group.arn(call.accountID)), "CreateDate": .string(EntityNames.timestamp(group.created)),
        ]
    }

    private static func create(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let name = call.text("GroupName")
        try workspace.check(isFree: name, .group)
        try workspace.check(call.quotas.groups, "GroupsPerAccount", of: .group)
        let group = Entity(.group, name: name, path: call["Path"] ?? "/", created: call.now)
        workspace.identity.put(group)
        return ["Group": .object(document(group, call))]
    }

    private static func get(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let group = try workspace.existing(.group, call)
        let members = workspace.identity.members(ofGroup: group.id)
        var result: JSONObject = ["Group": .object(document(group, call))]
        for (name, value) in try QueryPaging.page("Users", members, call, { Users.summary($0, call) }) {
            result[name] = value
        }
        return result
    }

    private static func list(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let prefix = call["PathPrefix"] ?? "/"
        let groups = workspace.identity.all(.group).filter { $0.path.hasPrefix(prefix) }
        return try QueryPaging.page("Groups", groups, call) { document($0, call) }
    }

    private static func delete(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let group = try workspace.existing(.group, call)
        guard !workspace.identity.unordered(.user).contains(where: { $0.groups.contains(group.id) }) else {
            throw .deleteConflict("Cannot delete entity, must remove users from group first.")
        }
        try Attachments.checkNone(group)
        workspace.identity.remove(group)
        return nil
    }

    private static func add(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let group = try workspace.existing(.group, call)
        var user = try workspace.existing(.user, call)
        guard !user.groups.contains(group.id) else { return nil }
        guard user.groups.count < call.quotas.groupsPerUser else {
            throw .limitExceeded("GroupsPerUser", call.quotas.groupsPerUser)
        }
        user.groups.append(group.id)
        workspace.identity.put(user)
        return nil
    }

    private static func remove(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let group = try workspace.existing(.group, call)
        var user = try workspace.existing(.user, call)
        guard user.groups.contains(group.id) else {
            throw .noSuchEntity("User \(user.name) is not in group \(group.name).")
        }
        user.groups.removeAll { $0 == group.id }
        workspace.identity.put(user)
        return nil
    }
}
