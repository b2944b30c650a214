import JSON
import Resources

/// What the service calls the objects of one kind that are part of no API.
struct GatewayKind: Sendable {
    let kind: ResourceKind
    /// What its calls are named after.
    let noun: String
    /// The first part of their paths; also what their ARNs have after the account.
    let collection: String
    /// The member that holds the id.
    let idMember: String
    /// Members that a create takes as the document has them.
    let creating: [String]
    /// Members of a reply that documents have.
    let told: [String]

    static func of(_ kind: ResourceKind) -> GatewayKind? { all.first { $0.kind == kind } }

    /// The account is none of these: it is always there.
    static let all = [
        GatewayKind(
            kind: .apiKey, noun: "ApiKey", collection: "apikeys", idMember: "id",
            creating: ["name", "description", "customerId", "enabled"],
            told: ["name", "description", "customerId", "enabled"]),
        GatewayKind(
            kind: .usagePlan, noun: "UsagePlan", collection: "usageplans", idMember: "id",
            creating: ["name", "description", "apiStages", "throttle", "quota"],
            told: ["name", "description", "productCode", "apiStages", "throttle", "quota"]),
        GatewayKind(
            kind: .vpcLink, noun: "VpcLink", collection: "vpclinks", idMember: "id",
            creating: ["name", "description", "targetArns"],
            told: ["name", "description", "targetArns"]),
        GatewayKind(
            kind: .domainName, noun: "DomainName", collection: "domainnames", idMember: "domainName",
            creating: domainMembers + ["certificateBody", "certificateChain", "mutualTlsAuthentication"],
            told: domainMembers + ["mutualTlsAuthentication"]),
        GatewayKind(
            kind: .clientCertificate, noun: "ClientCertificate", collection: "clientcertificates",
            idMember: "clientCertificateId",
            creating: ["description"], told: ["description"]),
    ]

    private static let domainMembers = [
        "certificateArn", "certificateName", "regionalCertificateArn", "regionalCertificateName",
        "ownershipVerificationCertificateArn", "endpointConfiguration", "securityPolicy", "endpointAccessMode",
    ]

    func path(_ id: String) -> APIPath { APIPath(collection, id) }
}
