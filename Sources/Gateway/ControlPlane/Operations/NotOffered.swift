/// Operations of the service that the engine does not have: each answers an error that names it.
enum NotOffered {
    static let operations: [Operation] = table.map { name, method, path in
        Operation(name, method, path, status: 200, members: nil) { (_, _) throws(ServiceError) in
            throw .badRequest("The operation \(name) is not supported by this engine")
        }
    }

    private static let table: [(name: String, method: String, path: String)] = [
        ("CreateDomainNameAccessAssociation", "POST", "/domainnameaccessassociations"),
        ("GetDomainNameAccessAssociations", "GET", "/domainnameaccessassociations"),
        ("DeleteDomainNameAccessAssociation", "DELETE", "/domainnameaccessassociations/{id+}"),
        ("RejectDomainNameAccessAssociation", "POST", "/rejectdomainnameaccessassociations"),
        ("GetSdk", "GET", "/restapis/{api}/stages/{id}/sdks/{type}"), ("GetSdkTypes", "GET", "/sdktypes"),
        ("GetSdkType", "GET", "/sdktypes/{id}"),
    ]
}
