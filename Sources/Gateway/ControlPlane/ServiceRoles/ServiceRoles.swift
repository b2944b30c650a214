import JSON

/// Roles that a service makes for itself: trusted by it alone, under a path of its own, and not changed by hand.
enum ServiceRoles {
    static let operations: [QueryOperation] = [
        QueryOperation(
            "CreateServiceLinkedRole",
            [
                .required("AWSServiceName", .name128), .optional("Description", .description),
                .optional("CustomSuffix", .name64),
            ], create),
        QueryOperation(
            "DeleteServiceLinkedRole", on: .named(.role, "RoleName"), [.required("RoleName", .name64)]
        ) { (workspace, call) throws(ServiceError) in
            let role = try workspace.existing(.role, call)
            guard role.path.hasPrefix("/aws-service-role/") else {
                throw .invalidInput("Role \(role.name) is not a service-linked role.")
            }
            workspace.identity.remove(role)
            call.lastUses.forget(role.id, &workspace)
            return ["DeletionTaskId": .string("task\(role.path)\(role.name)/\(RandomNames.requestID())")]
        },
        QueryOperation(
            "GetServiceLinkedRoleDeletionStatus", [.required("DeletionTaskId", .text(1, 1000))]
        ) { (_, call) throws(ServiceError) in
            guard call.text("DeletionTaskId").hasPrefix("task/aws-service-role/") else {
                throw .noSuchEntity("Deletion task \(call.text("DeletionTaskId")) cannot be found.")
            }
            return ["Status": "SUCCEEDED"]
        },
    ]

    private static func create(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let service = call.text("AWSServiceName")
        guard service.hasSuffix(".amazonaws.com"), let label = service.split(separator: ".").first else {
            throw .invalidInput("Invalid service principal \(service)")
        }
        let words = label.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }
        let suffix = call["CustomSuffix"].map { "_\($0)" } ?? ""
        let name = "AWSServiceRoleFor\(words.joined())\(suffix)"
        guard !workspace.identity.isTaken(.role, name) else {
            throw .invalidInput(
                "Service role name \(name) has been taken in this account, please try a different suffix.")
        }
        try workspace.check(call.quotas.roles, "RolesPerAccount", of: .role)
        var role = Entity(.role, name: name, path: "/aws-service-role/\(service)/", created: call.now)
        let trust: JSONValue = [
            "Version": "2012-10-17",
            "Statement": [
                ["Effect": "Allow", "Principal": ["Service": .string(service)], "Action": "sts:AssumeRole"]
            ],
        ]
        role.details["trust"] = .string(trust.text(.compact))
        if let text = call["Description"], !text.isEmpty { role.details["description"] = .string(text) }
        workspace.identity.put(role)
        return ["Role": .object(Roles.document(role, workspace.identity, call))]
    }
}
