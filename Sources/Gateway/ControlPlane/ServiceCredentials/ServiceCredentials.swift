import JSON

/// User names and passwords for one service. The password is shown once and kept sealed.
enum ServiceCredentials {
    private static let id = Shape.Member.required("ServiceSpecificCredentialId", .text(20, 128, .word))
    private static let services = ["codecommit.amazonaws.com", "cassandra.amazonaws.com", "bedrock.amazonaws.com"]

    static let operations: [QueryOperation] = [
        QueryOperation(
            "CreateServiceSpecificCredential", on: .named(.user, "UserName"),
            [
                .required("UserName", .name64), .required("ServiceName"),
                .optional("CredentialAgeDays", .number(1...36600)),
            ], create),
        QueryOperation(
            "ListServiceSpecificCredentials", on: .userOrCaller,
            [.user, .optional("ServiceName"), .optional("AllUsers", .boolean)] + .page
        ) { (workspace, call) throws(ServiceError) in
            let identity = workspace.identity
            let user = call.flag("AllUsers") ? nil : try workspace.userOrCaller(call)
            let all = identity.all(.serviceCredential).filter { credential in
                (user.map { credential.owner == $0.id } ?? true)
                    && (call["ServiceName"].map { credential.detail("service") == $0 } ?? true)
            }
            return try QueryPaging.page("ServiceSpecificCredentials", all, call) { document($0, identity) }
        },
        QueryOperation(
            "UpdateServiceSpecificCredential", on: .userOrCaller, [.user, id, .required("Status", .status)]
        ) { (workspace, call) throws(ServiceError) in
            var credential = try find(workspace, call)
            credential.details["status"] = .string(call.text("Status"))
            workspace.identity.put(credential)
            return nil
        },
        QueryOperation("ResetServiceSpecificCredential", on: .userOrCaller, [.user, id]) {
            (workspace, call) throws(ServiceError) in
            var credential = try find(workspace, call)
            let password = try renew(&credential, call)
            workspace.identity.put(credential)
            return ["ServiceSpecificCredential": .object(shown(credential, password, workspace.identity))]
        },
        QueryOperation("DeleteServiceSpecificCredential", on: .userOrCaller, [.user, id]) {
            (workspace, call) throws(ServiceError) in
            workspace.identity.remove(try find(workspace, call))
            return nil
        },
    ]

    private static func find(_ workspace: Workspace, _ call: QueryCall) throws(ServiceError) -> Entity {
        try workspace.owned(
            .serviceCredential, call.text("ServiceSpecificCredentialId"), by: workspace.userOrCaller(call))
    }

    private static func create(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let user = try workspace.existing(.user, call)
        let service = call.text("ServiceName")
        guard services.contains(service) else {
            throw .query(
                404, "NotSupportedService", "Service \(service) does not support service specific credentials.")
        }
        let own = workspace.identity.all(.serviceCredential, ownedBy: user.id)
        guard own.count(where: { $0.detail("service") == service }) < 2 else {
            throw .limitExceeded("ServiceSpecificCredentialsPerUser", 2)
        }
        let id = EntityNames.id(.serviceCredential)
        var credential = Entity(.serviceCredential, id: id, name: id, created: call.now)
        credential.owner = user.id
        credential.details["service"] = .string(service)
        credential.details["status"] = "Active"
        credential.details["userName"] = .string("\(user.name)-at-\(call.accountID)")
        if let days = call.input["CredentialAgeDays"]?.int {
            credential.details["expires"] = .number(JSONNumber(call.now + days * 86_400))
        }
        let password = try renew(&credential, call)
        workspace.identity.put(credential)
        return ["ServiceSpecificCredential": .object(shown(credential, password, workspace.identity))]
    }

    private static func renew(_ credential: inout Entity, _ call: QueryCall) throws(ServiceError) -> String {
        let password = EntityNames.secret()
        credential.details["password"] = .string(try call.sealing.seal(Array(password.utf8), for: credential.id))
        return password
    }

    private static func shown(_ credential: Entity, _ password: String, _ identity: IdentityDirectory) -> JSONObject {
        var document = document(credential, identity)
        document["ServicePassword"] = .string(password)
        return document
    }

    private static func document(_ credential: Entity, _ identity: IdentityDirectory) -> JSONObject {
        let user = credential.owner.flatMap { identity.entity(id: $0) }
        var document: JSONObject = [
            "UserName": .string(user?.name ?? ""), "Status": credential.details["status"] ?? "Inactive",
            "ServiceUserName": credential.details["userName"] ?? "",
            "CreateDate": .string(EntityNames.timestamp(credential.created)),
            "ServiceSpecificCredentialId": .string(credential.name),
            "ServiceName": credential.details["service"] ?? "",
        ]
        if let seconds = credential.details["expires"]?.int {
            document["ExpirationDate"] = .string(EntityNames.timestamp(seconds))
        }
        return document
    }
}
