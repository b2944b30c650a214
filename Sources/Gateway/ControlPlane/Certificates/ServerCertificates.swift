import Bytes
import JSON

/// Server certificates: kept for those who fetch them; the private key is sealed and never shown.
enum ServerCertificates {
    private static let name = Shape.Member.required("ServerCertificateName", .name128)
    private static let named = QueryTarget.named(.serverCertificate, "ServerCertificateName")

    static let operations: [QueryOperation] = [
        QueryOperation(
            "UploadServerCertificate", on: named,
            [
                .path, name, .required("CertificateBody", .text(1, 16384, .latin)),
                .required("PrivateKey", .text(1, 16384, .latin, isSecret: true)),
                .optional("CertificateChain", .text(1, 2_097_152, .latin)), .tags,
            ], upload),
        QueryOperation("GetServerCertificate", on: named, [name]) { (workspace, call) throws(ServiceError) in
            let certificate = try workspace.existing(.serverCertificate, call)
            var result: JSONObject = [
                "ServerCertificateMetadata": .object(document(certificate, call)),
                "CertificateBody": certificate.details["body"] ?? "",
            ]
            result["CertificateChain"] = certificate.details["chain"]
            result["Tags"] = EntityTags.documents(certificate)
            return ["ServerCertificate": .object(result)]
        },
        QueryOperation("ListServerCertificates", [.pathPrefix] + .page) { (workspace, call) throws(ServiceError) in
            let prefix = call["PathPrefix"] ?? "/"
            let all = workspace.identity.all(.serverCertificate).filter { $0.path.hasPrefix(prefix) }
            return try QueryPaging.page("ServerCertificateMetadataList", all, call) { document($0, call) }
        },
        QueryOperation(
            "UpdateServerCertificate", on: named,
            [
                name, .optional("NewPath", .text(1, 512, .path)), .optional("NewServerCertificateName", .name128),
            ]
        ) { (workspace, call) throws(ServiceError) in
            try Renaming.rename(
                .serverCertificate, call.text("ServerCertificateName"), to: call["NewServerCertificateName"],
                path: call["NewPath"], &workspace)
            return nil
        },
        QueryOperation("DeleteServerCertificate", on: named, [name]) { (workspace, call) throws(ServiceError) in
            workspace.identity.remove(try workspace.existing(.serverCertificate, call))
            return nil
        },
    ]

    private static func upload(_ workspace: inout Workspace, _ call: QueryCall) throws(ServiceError) -> JSONObject? {
        let name = call.text("ServerCertificateName")
        try workspace.check(isFree: name, .serverCertificate)
        try workspace.check(
            call.quotas.serverCertificates, "ServerCertificatesPerAccount", of: .serverCertificate)
        try PEM.check(call.text("CertificateBody"), "CERTIFICATE", "Unable to parse certificate.")
        try PEM.check(call.text("PrivateKey"), "PRIVATE KEY", "Unable to parse key; the body must be PEM-encoded.")
        if let chain = call["CertificateChain"] {
            try PEM.check(chain, "CERTIFICATE", "Unable to parse certificate chain.")
        }
        var certificate = Entity(.serverCertificate, name: name, path: call["Path"] ?? "/", created: call.now)
        certificate.tags = try EntityTags.read(call)
        certificate.details["body"] = .string(call.text("CertificateBody"))
        certificate.details["chain"] = call.input["CertificateChain"]
        certificate.details["key"] = .string(
            try call.sealing.seal(Array(call.text("PrivateKey").utf8), for: certificate.id))
        workspace.identity.put(certificate)
        var result: JSONObject = ["ServerCertificateMetadata": .object(document(certificate, call))]
        result["Tags"] = EntityTags.documents(certificate)
        return result
    }

    private static func document(_ certificate: Entity, _ call: QueryCall) -> JSONObject {
        [
            "Path": .string(certificate.path), "ServerCertificateName": .string(certificate.name),
            "ServerCertificateId": .string(certificate.id), "Arn": .string(certificate.arn(call.accountID)),
            "UploadDate": .string(EntityNames.timestamp(certificate.created)),
        ]
    }
}

/// The armour of certificates and keys.
enum PEM {
    /// - Throws: `MalformedCertificate` with the message.
    static func check(_ text: String, _ label: String, _ message: String) throws(ServiceError) {
        let lines = text.split(whereSeparator: \.isNewline)
        guard let first = lines.first(where: { $0.hasPrefix("-----BEGIN ") }), first.hasSuffix("\(label)-----"),
            lines.contains(where: { $0.hasPrefix("-----END ") && $0.hasSuffix("\(label)-----") }), lines.count > 2
        else { throw .query(400, "MalformedCertificate", message) }
        let body = lines.filter { !$0.hasPrefix("-----") }.joined()
        guard Base64.decoded(body) != nil else { throw .query(400, "MalformedCertificate", message) }
    }
}
