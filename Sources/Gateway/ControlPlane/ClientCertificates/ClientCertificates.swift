import DataPlane
import JSON

/// `ClientCertificate`: what the engine can show to backends that ask who calls.
enum ClientCertificates {
    private static let one = "/clientcertificates/{id}"

    static let operations: [Operation] = [
        Operation(
            "GenerateClientCertificate", "POST", "/clientcertificates", status: 201,
            members: [.optional("description"), .optional("tags", .map(.string))], handler: generate),
        Operation("GetClientCertificates", "GET", "/clientcertificates", status: 200, handler: list),
        Operation("GetClientCertificate", "GET", one, status: 200, handler: get),
        Operation("UpdateClientCertificate", "PATCH", one, status: 200, members: .patch, handler: update),
        Operation("DeleteClientCertificate", "DELETE", one, status: 202, handler: delete),
    ]

    static let unknown = ServiceError.notFound("Invalid Client Certificate identifier specified")
    /// The member of a row that is never answered.
    private static let keyMember = "privateKey"
    /// Certificates are good for a year, as the service's are.
    private static let seconds = 365 * 86_400

    /// What a stage shows; nil without an id, and for one that is not there.
    static func identity(_ id: String?, _ account: AccountTables) -> ClientIdentity? {
        guard let row = id.flatMap({ account[.clientCertificate, $0] }),
            let certificate = row.string("pemEncodedCertificate"), let key = row.string(keyMember)
        else { return nil }
        return ClientIdentity(certificatePEM: certificate, privateKeyPEM: key)
    }

    private static func answer(_ certificate: JSONObject) -> JSONObject { certificate.without(keyMember) }

    private static func generate(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard workspace.account.count(.clientCertificate) < call.environment.quotas.clientCertificates else {
            throw .quota("Client Certificates", "")
        }
        let id = RandomNames.id(length: 6) { [account = workspace.account] in account[.clientCertificate, $0] == nil }
        let now = call.environment.now
        let made: SelfSignedCertificate
        do {
            made = try SelfSignedCertificate(commonName: "API Gateway \(id)", from: now, until: now + seconds)
        } catch {
            throw .internalFailure
        }
        var certificate: JSONObject = ["clientCertificateId": .string(id)]
        if let text = call.body.string("description"), !text.isEmpty { certificate["description"] = .string(text) }
        certificate["pemEncodedCertificate"] = .string(made.pem)
        certificate["createdDate"] = .number(JSONNumber(now))
        certificate["expirationDate"] = .number(JSONNumber(now + seconds))
        certificate.take(["tags"], from: call.body)
        try Tags.check(certificate["tags"]?.object ?? [:], call.environment)
        certificate[keyMember] = .string(made.privateKeyPEM)
        workspace.put(.clientCertificate, id, certificate)
        return .json(answer(certificate))
    }

    private static func list(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let items = workspace.account.all(.clientCertificate)
        return try Paging.page(items.map { Paging.Item(key: $0.key, document: answer($0.document)) }, call)
    }

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard let certificate = workspace.account[.clientCertificate, call.key] else { throw unknown }
        return .json(answer(RestAPIs.withTags(certificate)))
    }

    private static func update(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let operations = try PatchOperation.all(of: call)
        guard var certificate = workspace.account[.clientCertificate, call.key] else { throw unknown }
        for operation in operations {
            try operation.requireReplace(of: ["/description"])
            try operation.setText("description", in: &certificate)
        }
        workspace.put(.clientCertificate, call.key, certificate)
        return .json(answer(RestAPIs.withTags(certificate)))
    }

    private static func delete(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard workspace.account[.clientCertificate, call.key] != nil else { throw unknown }
        for api in workspace.state.apis.values {
            for stage in api.all(.stage) where stage.document.string("clientCertificateId") == call.key {
                throw .conflict(
                    "Client certificate \(call.key) is used by the stage \(stage.key) of the API \(api.id)")
            }
        }
        workspace.remove(.clientCertificate, call.key)
        return .empty
    }
}
