import Crypto
import JSON

/// Signing certificates of users.
enum SigningCertificates {
    private static let id = Shape.Member.required("CertificateId", .text(24, 128, .word))

    static let operations: [QueryOperation] = [
        QueryOperation(
            "UploadSigningCertificate", on: .userOrCaller,
            [.user, .required("CertificateBody", .text(1, 16384, .latin))], upload),
        QueryOperation("ListSigningCertificates", on: .userOrCaller, [.user] + .page) {
            (workspace, call) throws(ServiceError) in
            let user = try workspace.userOrCaller(call)
            return try QueryPaging.page(
                "Certificates", workspace.identity.all(.signingCertificate, ownedBy: user.id), call
            ) { document($0, of: user) }
        },
        QueryOperation(
            "UpdateSigningCertificate", on: .userOrCaller, [.user, id, .required("Status", .status)]
        ) { (workspace, call) throws(ServiceError) in
            var certificate = try find(workspace, call)
            certificate.details["status"] = .string(call.text("Status"))
            workspace.identity.put(certificate)
            return nil
        },
        QueryOperation("DeleteSigningCertificate", on: .userOrCaller, [.user, id]) {
            (workspace, call) throws(ServiceError) in
            workspace.identity.remove(try find(workspace, call))
            return nil
        },
    ]

    private static func find(_ workspace: Workspace, _ call: QueryCall) throws(ServiceError) -> Entity {
        try workspace.owned(.signingCertificate, call.text("CertificateId"), by: workspace.userOrCaller(call))
    }

    private static func upload(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let user = try workspace.userOrCaller(call)
        let body = call.text("CertificateBody")
        try PEM.check(body, "CERTIFICATE", "Unable to parse certificate.")
        let own = workspace.identity.all(.signingCertificate, ownedBy: user.id)
        guard !own.contains(where: { $0.detail("body") == body }) else {
            throw .query(409, "DuplicateCertificate", "The certificate is already registered for the user.")
        }
        let most = call.quotas.signingCertificatesPerUser
        guard own.count < most else { throw .limitExceeded("SigningCertificatesPerUser", most) }
        var certificate = Entity(.signingCertificate, name: EntityNames.random(32), created: call.now)
        certificate.owner = user.id
        certificate.details["status"] = "Active"
        certificate.details["body"] = .string(body)
        workspace.identity.put(certificate)
        return ["Certificate": .object(document(certificate, of: user))]
    }

    private static func document(_ certificate: Entity, of user: Entity) -> JSONObject {
        [
            "UserName": .string(user.name), "CertificateId": .string(certificate.name),
            "CertificateBody": certificate.details["body"] ?? "", "Status": certificate.details["status"] ?? "Inactive",
            "UploadDate": .string(EntityNames.timestamp(certificate.created)),
        ]
    }
}
