/// Operations of the service that the engine does not have: each answers an error that names it.
enum NotOffered {
    static let operations: [Operation] = table.map { name, method, path in
        Operation(name, method, path, status: 200, members: nil) { (_, _) throws(ServiceError) in
            throw .badRequest("The operation \(name) is not supported by this engine")
        }
    }

    private static let table: [(name: String, method: String, path: String)] = [
        ("CreateVpcLink", "POST", "/vpclinks"), ("GetVpcLinks", "GET", "/vpclinks"),
        ("GetVpcLink", "GET", "/vpclinks/{id}"), ("UpdateVpcLink", "PATCH", "/vpclinks/{id}"),
        ("DeleteVpcLink", "DELETE", "/vpclinks/{id}"),
        ("CreateDomainName", "POST", "/domainnames"), ("GetDomainNames", "GET", "/domainnames"),
        ("GetDomainName", "GET", "/domainnames/{id}"), ("UpdateDomainName", "PATCH", "/domainnames/{id}"),
        ("DeleteDomainName", "DELETE", "/domainnames/{id}"),
        ("CreateBasePathMapping", "POST", "/domainnames/{id}/basepathmappings"),
        ("GetBasePathMappings", "GET", "/domainnames/{id}/basepathmappings"),
        ("GetBasePathMapping", "GET", "/domainnames/{id}/basepathmappings/{key}"),
        ("UpdateBasePathMapping", "PATCH", "/domainnames/{id}/basepathmappings/{key}"),
        ("DeleteBasePathMapping", "DELETE", "/domainnames/{id}/basepathmappings/{key}"),
        ("CreateDomainNameAccessAssociation", "POST", "/domainnameaccessassociations"),
        ("GetDomainNameAccessAssociations", "GET", "/domainnameaccessassociations"),
        ("DeleteDomainNameAccessAssociation", "DELETE", "/domainnameaccessassociations/{id+}"),
        ("RejectDomainNameAccessAssociation", "POST", "/rejectdomainnameaccessassociations"),
        ("GenerateClientCertificate", "POST", "/clientcertificates"),
        ("GetClientCertificates", "GET", "/clientcertificates"),
        ("GetClientCertificate", "GET", "/clientcertificates/{id}"),
        ("UpdateClientCertificate", "PATCH", "/clientcertificates/{id}"),
        ("DeleteClientCertificate", "DELETE", "/clientcertificates/{id}"),
        ("UpdateAccount", "PATCH", "/account"),
        ("TestInvokeAuthorizer", "POST", "/restapis/{api}/authorizers/{id}"),
        ("FlushStageCache", "DELETE", "/restapis/{api}/stages/{id}/cache/data"),
        ("FlushStageAuthorizersCache", "DELETE", "/restapis/{api}/stages/{id}/cache/authorizers"),
        ("GetSdk", "GET", "/restapis/{api}/stages/{id}/sdks/{type}"), ("GetSdkTypes", "GET", "/sdktypes"),
        ("GetSdkType", "GET", "/sdktypes/{id}"),
        ("GetModelTemplate", "GET", "/restapis/{api}/models/{id}/default_template"),
    ]
}
