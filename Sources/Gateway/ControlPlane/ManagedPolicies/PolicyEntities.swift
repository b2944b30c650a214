import JSON

/// `ListEntitiesForPolicy`: who has a managed policy.
enum PolicyEntities {
    static let operations: [QueryOperation] = [
        QueryOperation(
            "ListEntitiesForPolicy", on: .arn("PolicyArn"),
            [
                .policyARN,
                .optional(
                    "EntityFilter", .enumeration(["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"])),
                .pathPrefix,
                .optional("PolicyUsageFilter", .enumeration(["PermissionsPolicy", "PermissionsBoundary"])),
            ] + .page, list)
    ]

    private static func list(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let policy = try ManagedPolicies.find(workspace, call)
        let arn = ManagedPolicies.arn(policy, call.accountID)
        let usage = call["PolicyUsageFilter"]
        var holders: [Entity] = []
        if usage != "PermissionsBoundary" { holders += workspace.identity.holders(ofPolicy: arn, asBoundary: false) }
        if usage != "PermissionsPolicy" {
            let bounded = workspace.identity.holders(ofPolicy: arn, asBoundary: true)
            holders += bounded.filter { !holders.contains($0) }
        }
        let prefix = call["PathPrefix"] ?? "/"
        let items = holders.filter { holder in
            holder.path.hasPrefix(prefix) && (call["EntityFilter"].map { $0 == holder.kind.noun } ?? true)
        }.map { (key: $0.place.description, holder: $0) }.sorted { $0.key < $1.key }
        var result = try QueryPaging.page("Page", items, call, key: \.key) { item in
            ["kind": .string(item.holder.kind.noun), "entity": document(item.holder)]
        }
        let page = result["Page"]?.array ?? []
        result["Page"] = JSONValue?.none
        for noun in ["Group", "User", "Role"] {
            result["Policy\(noun)s"] = .array(page.filter { $0["kind"]?.string == noun }.compactMap { $0["entity"] })
        }
        return result
    }

    private static func document(_ holder: Entity) -> JSONValue {
        let noun = holder.kind.noun
        return ["\(noun)Name": .string(holder.name), "\(noun)Id": .string(holder.id)]
    }
}
