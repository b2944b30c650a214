import JSON

/// `endpointConfiguration` with the service's defaults.
struct EndpointConfiguration: Sendable {
    /// In the order in which the service prints them.
    static let types = ["PRIVATE", "EDGE", "REGIONAL"]
    static let addressTypes = ["ipv4", "dualstack"]

    var type: String
    var addressType: String
    var vpcEndpointIDs: [String]

    init() {
        type = "EDGE"
        addressType = "ipv4"
        vpcEndpointIDs = []
    }

    /// From a request whose shape is right.
    init(_ input: JSONObject) throws(ServiceError) {
        self.init()
        if let types = input["types"]?.array {
            guard let first = types.first?.string else {
                throw .badRequest("REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.")
            }
            guard types.count == 1 else { throw .badRequest("Cannot create an api with multiple Endpoint Types.") }
            type = first
        }
        addressType = input.string("ipAddressType") ?? (type == "PRIVATE" ? "dualstack" : "ipv4")
        vpcEndpointIDs = (input["vpcEndpointIds"]?.array ?? []).compactMap(\.string)
        try check()
    }

    /// What ``document`` made.
    init(stored: JSONObject) {
        type = stored["types"]?[0]?.string ?? "EDGE"
        addressType = stored.string("ipAddressType") ?? "ipv4"
        vpcEndpointIDs = (stored["vpcEndpointIds"]?.array ?? []).compactMap(\.string)
    }

    func check() throws(ServiceError) {
        if type == "PRIVATE", addressType == "ipv4" {
            throw .badRequest("Only dualstack ipAddressType is supported for Private APIs.")
        }
    }

    var document: JSONObject {
        var document: JSONObject = ["types": [.string(type)], "ipAddressType": .string(addressType)]
        if !vpcEndpointIDs.isEmpty { document["vpcEndpointIds"] = .array(vpcEndpointIDs.map { .string($0) }) }
        return document
    }
}
