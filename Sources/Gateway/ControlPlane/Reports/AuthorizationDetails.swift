import JSON

/// `GetAccountAuthorizationDetails`: everything that decides who may do what, in pages of entities.
enum AuthorizationDetails {
    static let operations: [QueryOperation] = [
        QueryOperation(
            "GetAccountAuthorizationDetails",
            [
                .optional(
                    "Filter",
                    .list(.enumeration(["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"])))
            ] + .page, get)
    ]

    /// The list of the result that an entity goes to.
    private enum List: String, CaseIterable {
        case users = "UserDetailList"
        case groups = "GroupDetailList"
        case roles = "RoleDetailList"
        case policies = "Policies"
    }

    private static func get(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let identity = workspace.identity
        let filter = Set(call.texts("Filter"))
        func wants(_ name: String) -> Bool { filter.isEmpty || filter.contains(name) }
        let use = PolicyUse(identity)
        var items: [(key: String, list: List, entity: Entity)] = []
        func add(_ list: List, _ order: Int, _ entities: [Entity]) {
            for entity in entities { items.append(("\(order) \(entity.place.key)", list, entity)) }
        }
        if wants("User") { add(.users, 0, identity.all(.user)) }
        if wants("Group") { add(.groups, 1, identity.all(.group)) }
        if wants("Role") { add(.roles, 2, identity.all(.role)) }
        if wants("LocalManagedPolicy") { add(.policies, 3, identity.all(.policy)) }
        if wants("AWSManagedPolicy") {
            // Only what is in use, as the service does.
            add(
                .policies, 4,
                identity.awsPolicies.all.filter { use.attached[$0.arn("aws")] ?? use.bounding[$0.arn("aws")] != nil })
        }
        var result = try QueryPaging.page("Page", items, call, key: \.key) { item in
            [
                "list": .string(item.list.rawValue),
                "entity": .object(document(item.entity, item.list, identity, use, call)),
            ]
        }
        let page = result["Page"]?.array ?? []
        result["Page"] = JSONValue?.none
        for list in List.allCases {
            result[list.rawValue] = .array(
                page.filter { $0["list"]?.string == list.rawValue }.compactMap { $0["entity"] })
        }
        return result
    }

    private static func document(
        _ entity: Entity, _ list: List, _ identity: IdentityDirectory, _ use: PolicyUse, _ call: QueryCall
    ) -> JSONObject {
        var document: JSONObject
        switch list {
        case .users:
            document = Users.document(entity, call)
            document["GroupList"] = .array(identity.groups(of: entity).map { .string($0.name) })
            document["UserPolicyList"] = InlinePolicies.documents(entity)
        case .groups:
            document = Groups.document(entity, call)
            document["GroupPolicyList"] = InlinePolicies.documents(entity)
        case .roles:
            document = Roles.document(entity, identity, call).without("Description", "MaxSessionDuration")
            document["RolePolicyList"] = InlinePolicies.documents(entity)
            document["InstanceProfileList"] = .array(
                identity.profiles(ofRole: entity.id).map { .object(InstanceProfiles.document($0, identity, call)) })
        case .policies:
            document = ManagedPolicies.summary(entity, use, call)
            document["Description"] = entity.details["description"]
            document["PolicyVersionList"] = .array(
                PolicyVersions.all(entity).reversed().map {
                    PolicyVersions.document($0, of: entity, withText: true)
                })
            return document
        }
        document["AttachedManagedPolicies"] = .array(entity.attached.map(Attachments.document))
        return document
    }
}
