import JSON

/// The patch paths of a domain name.
struct DomainNamePatch {
    private var domain: JSONObject
    private var endpoint: EndpointConfiguration
    private let environment: CallEnvironment

    init(_ domain: JSONObject, _ environment: CallEnvironment) {
        self.domain = domain
        self.environment = environment
        endpoint = EndpointConfiguration(stored: domain["endpointConfiguration"]?.object ?? [:])
    }

    func finished() throws(ServiceError) -> JSONObject {
        var domain = domain
        try endpoint.check()
        try DomainNames.setEndpoint(endpoint, of: &domain, environment)
        if let mutual = domain["mutualTlsAuthentication"]?.object {
            let trust = try DomainNames.trust(mutual)
            domain["mutualTlsAuthentication"] = trust.isEmpty ? JSONValue?.none : .object(trust)
        }
        return domain
    }

    mutating func apply(_ operation: PatchOperation) throws(ServiceError) {
        let value = operation.value ?? ""
        switch operation.path {
        case "/certificateName", "/certificateArn", "/regionalCertificateName", "/regionalCertificateArn",
            "/ownershipVerificationCertificateArn":
            try operation.require(.replace)
            try operation.setText(operation.parts[0], in: &domain)
        case "/securityPolicy":
            try operation.require(.replace)
            domain["securityPolicy"] = try Self.known(value, "security policy", DomainNames.securityPolicies)
        case "/endpointAccessMode":
            try operation.require(.replace)
            domain["endpointAccessMode"] = try Self.known(value, "endpoint access mode", DomainNames.accessModes)
        case "/mutualTlsAuthentication/truststoreUri", "/mutualTlsAuthentication/truststoreVersion":
            try operation.require(.replace)
            try domain.edit("mutualTlsAuthentication") { (trust) throws(ServiceError) in
                try operation.setText(operation.parts[1], in: &trust)
                // Without a store there is nothing to have a version of.
                if trust["truststoreUri"] == nil { trust = [:] }
            }
        case "/endpointConfiguration/ipAddressType":
            try operation.require(.replace)
            guard EndpointConfiguration.addressTypes.contains(value) else {
                throw .badRequest("Invalid IP address type specified. Must be one of: [ipv4, dualstack]")
            }
            endpoint.addressType = value
        default: try setType(operation, value)
        }
    }

    /// `/endpointConfiguration/types/{type or 0}`
    private mutating func setType(_ operation: PatchOperation, _ value: String) throws(ServiceError) {
        let parts = operation.parts
        guard parts.count == 3, parts[0] == "endpointConfiguration", parts[1] == "types",
            parts[2] == "0" || parts[2] == endpoint.type
        else { throw operation.unknownPath }
        try operation.require(.replace)
        guard EndpointConfiguration.types.contains(value) else {
            throw .badRequest("Invalid endpoint type specified. Must be one of: [REGIONAL, EDGE, PRIVATE]")
        }
        endpoint.type = value
    }

    private static func known(_ value: String, _ noun: String, _ allowed: [String]) throws(ServiceError) -> JSONValue {
        guard allowed.contains(value) else {
            throw .badRequest("Invalid \(noun) specified. Must be one of: [\(allowed.joined(separator: ", "))]")
        }
        return .string(value)
    }
}
