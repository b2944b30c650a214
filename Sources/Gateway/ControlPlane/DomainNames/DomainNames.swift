import DataPlane
import JSON

/// `DomainName`: a host of the account's own that serves its APIs.
enum DomainNames {
    private static let one = "/domainnames/{domain}"

    static let operations: [Operation] = [
        Operation(
            "CreateDomainName", "POST", "/domainnames", status: 201,
            members: [
                .required("domainName"), .optional("certificateName"), .optional("certificateBody"),
                .optional("certificatePrivateKey"), .optional("certificateChain"), .optional("certificateArn"),
                .optional("regionalCertificateName"), .optional("regionalCertificateArn"),
                .optional(
                    "endpointConfiguration",
                    .structure([
                        .optional("types", .list(.enumeration(EndpointConfiguration.types))),
                        .optional("ipAddressType", .enumeration(EndpointConfiguration.addressTypes)),
                        .optional("vpcEndpointIds", .list(.string)),
                    ])),
                .optional("tags", .map(.string)), .optional("securityPolicy", .enumeration(securityPolicies)),
                .optional("endpointAccessMode", .enumeration(accessModes)),
                .optional(
                    "mutualTlsAuthentication",
                    .structure([.optional("truststoreUri"), .optional("truststoreVersion")])),
                .optional("ownershipVerificationCertificateArn"), .optional("policy"),
                .optional("routingMode", .enumeration(routingModes)),
            ], handler: create),
        Operation("GetDomainNames", "GET", "/domainnames", status: 200, handler: list),
        Operation("GetDomainName", "GET", one, status: 200, handler: get),
        Operation("UpdateDomainName", "PATCH", one, status: 200, members: .patch, handler: update),
        Operation("DeleteDomainName", "DELETE", one, status: 202, handler: delete),
    ]

    static let securityPolicies = [
        "TLS_1_0", "TLS_1_2", "SecurityPolicy_TLS13_1_3_2025_09", "SecurityPolicy_TLS13_1_3_FIPS_2025_09",
        "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09", "SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09",
        "SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09", "SecurityPolicy_TLS13_1_2_PQ_2025_09",
        "SecurityPolicy_TLS13_1_2_2021_06", "SecurityPolicy_TLS13_2025_EDGE", "SecurityPolicy_TLS12_PFS_2025_EDGE",
        "SecurityPolicy_TLS12_2018_EDGE",
    ]
    static let accessModes = ["BASIC", "STRICT"]
    private static let routingModes = [
        "BASE_PATH_MAPPING_ONLY", "ROUTING_RULE_ONLY", "ROUTING_RULE_THEN_BASE_PATH_MAPPING",
    ]

    static let unknown = ServiceError.notFound("Invalid domain name identifier specified")

    /// Names are compared without case.
    static func name(_ call: Call) -> String { (call.path["domain"] ?? "").lowercased() }

    private static func list(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        switch call.query("resourceOwner") {
        case nil, "SELF": break
        case "OTHER_ACCOUNTS": return .json(["item": []])
        case let other?:
            throw .validation([
                "Value '\(other)' at 'resourceOwner' failed to satisfy constraint: "
                    + "Member must satisfy enum value set: [SELF, OTHER_ACCOUNTS]"
            ])
        }
        let items = workspace.account.all(.domainName)
        return try Paging.page(items.map { Paging.Item(key: $0.key, document: $0.document) }, call)
    }

    private static func get(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        guard let domain = workspace.account[.domainName, name(call)] else { throw unknown }
        return .json(RestAPIs.withTags(domain))
    }

    private static func create(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let input = call.body
        let name = (input.string("domainName") ?? "").lowercased()
        guard isName(name) else {
            throw .badRequest("Invalid domain name specified: \(input.string("domainName") ?? "")")
        }
        if let mode = input.string("routingMode"), mode != routingModes[0] {
            throw .badRequest("Routing rules are not supported by this engine")
        }
        guard input["policy"]?.isNull ?? true else {
            throw .badRequest("The member policy is not supported by this engine")
        }
        guard workspace.account[.domainName, name] == nil else {
            throw .badRequest("The domain name you provided already exists.")
        }
        guard workspace.account.count(.domainName) < call.environment.quotas.domainNames else {
            throw .quota("domain names", "")
        }
        let endpoint = try EndpointConfiguration(input["endpointConfiguration"]?.object ?? [:])
        var domain: JSONObject = [
            "domainName": .string(name),
            "domainNameArn": .string("arn:aws:apigateway:\(call.environment.region)::/domainnames/\(name)"),
        ]
        domain.take(
            [
                "certificateName", "certificateArn", "regionalCertificateName", "regionalCertificateArn",
                "ownershipVerificationCertificateArn", "endpointAccessMode", "tags",
            ], from: input)
        // An uploaded certificate is not kept: what serves TLS is the engine's own configuration.
        if input.string("certificateBody") != nil || input.string("certificateArn") != nil {
            domain["certificateUploadDate"] = .number(JSONNumber(call.environment.now))
        }
        try setEndpoint(endpoint, of: &domain, call.environment)
        domain["domainNameStatus"] = "AVAILABLE"
        domain["securityPolicy"] = .string(input.string("securityPolicy") ?? "TLS_1_2")
        domain["routingMode"] = .string(routingModes[0])
        if let mutual = input["mutualTlsAuthentication"]?.object {
            domain.take(["mutualTlsAuthentication"], from: ["mutualTlsAuthentication": .object(try trust(mutual))])
        }
        try Tags.check(domain["tags"]?.object ?? [:], call.environment)
        workspace.put(.domainName, name, domain)
        workspace.publishDomains()
        return .json(domain)
    }

    /// Labels of letters, digits and hyphens, two or more of them; the first may be `*`.
    private static func isName(_ name: String) -> Bool {
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.count >= 2, name.utf8.count <= 253 else { return false }
        return labels.enumerated().allSatisfy { position, label in
            if position == 0, label.elementsEqual("*".utf8) { return true }
            let hyphen = UInt8(ascii: "-")
            guard (1...63).contains(label.count), label.first != hyphen, label.last != hyphen else { return false }
            return label.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == hyphen }
        }
    }

    /// The names by which the service's own servers are reached; made when a domain first is of that type.
    static func setEndpoint(
        _ endpoint: EndpointConfiguration, of domain: inout JSONObject, _ environment: CallEnvironment
    ) throws(ServiceError) {
        guard endpoint.type != "PRIVATE" else {
            throw .badRequest("Private domain names are not supported by this engine")
        }
        domain["endpointConfiguration"] = .object(endpoint.document)
        if endpoint.type == "EDGE", domain["distributionDomainName"] == nil {
            domain["distributionDomainName"] = .string("d\(RandomNames.id(length: 13)).cloudfront.net")
            domain["distributionHostedZoneId"] = "Z2FDTNDATAQYW2"
        }
        if endpoint.type == "REGIONAL", domain["regionalDomainName"] == nil {
            domain["regionalDomainName"] = .string(
                "d-\(RandomNames.id(length: 10)).execute-api.\(environment.region).amazonaws.com")
            domain["regionalHostedZoneId"] = "Z1UJRXOUMOOFQ8"
        }
    }

    static func trust(_ input: JSONObject) throws(ServiceError) -> JSONObject {
        var trust: JSONObject = [:]
        trust.take(["truststoreUri", "truststoreVersion"], from: input)
        guard let uri = trust.string("truststoreUri") else {
            guard trust.isEmpty else { throw .badRequest("A truststoreVersion needs a truststoreUri") }
            return trust
        }
        guard uri.hasPrefix("s3://"), uri.utf8.count > 5 else {
            throw .badRequest("Invalid truststoreUri specified: \(uri). It must be of the form s3://bucket/key")
        }
        return trust
    }

    private static func update(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let operations = try PatchOperation.all(of: call)
        guard let domain = workspace.account[.domainName, name(call)] else { throw unknown }
        var patch = DomainNamePatch(domain, call.environment)
        for operation in operations { try patch.apply(operation) }
        let changed = try patch.finished()
        workspace.put(.domainName, name(call), changed)
        workspace.publishDomains()
        return .json(RestAPIs.withTags(changed))
    }

    private static func delete(_ workspace: inout Workspace, _ call: Call) throws(ServiceError) -> Reply {
        let name = name(call)
        guard workspace.account[.domainName, name] != nil else { throw unknown }
        guard BasePathMappings.mappings(of: name, in: workspace.account).isEmpty else {
            throw .conflict("Domain name \(name) has base path mappings. Please remove them before deleting it.")
        }
        workspace.remove(.domainName, name)
        workspace.publishDomains()
        return .empty
    }

    // MARK: What the data plane is told

    static func table(_ account: AccountTables) -> DomainTable {
        var table = DomainTable()
        for (name, domain) in account.all(.domainName) {
            // Without a way to check its clients' certificates, such a host serves nobody.
            let isServed = domain["mutualTlsAuthentication"] == nil
            table.add(
                name,
                isServed
                    ? BasePathMappings.mappings(of: name, in: account).map { mapping in
                        DomainTable.Mapping(
                            basePath: mapping.string(BasePathMappings.pathMember) ?? "",
                            apiID: mapping.string("restApiId") ?? "", stageName: mapping.string("stage"))
                    } : [])
        }
        return table
    }
}
