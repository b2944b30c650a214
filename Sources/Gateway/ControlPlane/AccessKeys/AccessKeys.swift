import JSON

/// Access keys of users. A secret is shown once, when it is made, and kept sealed.
enum AccessKeys {
    private static let keyID = Shape.Member.required("AccessKeyId", .keyID)

    static let operations: [QueryOperation] = [
        QueryOperation("CreateAccessKey", on: .userOrCaller, [.user], create),
        QueryOperation("ListAccessKeys", on: .userOrCaller, [.user] + .page, list),
        QueryOperation("UpdateAccessKey", on: .userOrCaller, [.user, keyID, .required("Status", .status)], update),
        QueryOperation("DeleteAccessKey", on: .userOrCaller, [.user, keyID]) { (workspace, call) throws(ServiceError) in
            let key = try find(workspace, call)
            workspace.identity.remove(key)
            call.lastUses.forget(key.name, &workspace)
            return nil
        },
        QueryOperation("GetAccessKeyLastUsed", [keyID]) { (workspace, call) throws(ServiceError) in
            let key = try workspace.existing(.accessKey, call.text("AccessKeyId"))
            let name = key.owner.flatMap { workspace.identity.entity(id: $0)?.name } ?? ""
            var document: JSONObject = ["ServiceName": "N/A", "Region": "N/A"]
            if let use = call.lastUses[key.name] {
                document = ["ServiceName": .string(use.service), "Region": .string(use.region)]
                document["LastUsedDate"] = .string(EntityNames.timestamp(use.date))
            }
            return ["UserName": .string(name), "AccessKeyLastUsed": .object(document)]
        },
        QueryOperation("GetAccessKeyInfo", of: .sts, [keyID]) { (workspace, call) throws(ServiceError) in
            ["Account": .string(call.accountID)]
        },
    ]

    static func purpose(_ keyID: String) -> String { "access key \(keyID)" }

    static func isActive(_ key: Entity) -> Bool { key.detail("status") == "Active" }

    private static func create(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let user = try workspace.userOrCaller(call)
        let most = call.quotas.accessKeysPerUser
        guard workspace.identity.all(.accessKey, ownedBy: user.id).count < most else {
            throw .limitExceeded("AccessKeysPerUser", most)
        }
        let id = EntityNames.id(.accessKey)
        let secret = EntityNames.secret()
        var key = Entity(.accessKey, id: id, name: id, created: call.now)
        key.owner = user.id
        key.details["status"] = "Active"
        key.details["secret"] = .string(try call.sealing.seal(Array(secret.utf8), for: purpose(id)))
        workspace.identity.put(key)
        var result = document(key, of: user)
        result["SecretAccessKey"] = .string(secret)
        return ["AccessKey": .object(result)]
    }

    private static func document(_ key: Entity, of user: Entity) -> JSONObject {
        [
            "UserName": .string(user.name), "AccessKeyId": .string(key.name),
            "Status": .string(key.detail("status") ?? "Inactive"),
            "CreateDate": .string(EntityNames.timestamp(key.created)),
        ]
    }

    private static func list(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let user = try workspace.userOrCaller(call)
        return try QueryPaging.page(
            "AccessKeyMetadata", workspace.identity.all(.accessKey, ownedBy: user.id), call
        ) { document($0, of: user) }
    }

    private static func update(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        var key = try find(workspace, call)
        key.details["status"] = .string(call.text("Status"))
        workspace.identity.put(key)
        return nil
    }

    private static func find(_ workspace: Workspace, _ call: QueryCall) throws(ServiceError) -> Entity {
        try workspace.owned(.accessKey, call.text("AccessKeyId"), by: workspace.userOrCaller(call))
    }
}

extension Workspace {
    /// What is called so and belongs to the user.
    func owned(_ kind: EntityKind, _ name: String, by user: Entity) throws(ServiceError) -> Entity {
        guard let entity = identity[kind, name], entity.owner == user.id else { throw kind.missing(name) }
        return entity
    }
}
