import JSON

/// The patch paths of an API.
struct RestAPIPatch {
    private var document: JSONObject
    private var endpoint: EndpointConfiguration
    private var setsAddressType = false

    init(_ document: JSONObject) {
        self.document = document
        endpoint = EndpointConfiguration(stored: document["endpointConfiguration"]?.object ?? [:])
    }

    func finished() throws(ServiceError) -> JSONObject {
        var document = document
        var endpoint = endpoint
        if endpoint.type == "PRIVATE", !setsAddressType { endpoint.addressType = "dualstack" }
        try endpoint.check()
        document["endpointConfiguration"] = .object(endpoint.document)
        return document
    }

    mutating func apply(
        _ operation: PatchOperation, api: String, _ environment: CallEnvironment
    ) throws(ServiceError) {
        switch (operation.parts.first, operation.parts.count) {
        case ("name", 1):
            try operation.require(.replace)
            guard let name = operation.value, !name.isEmpty else { throw .badRequest("API name cannot be blank") }
            document["name"] = .string(name)
        case ("description", 1), ("version", 1):
            try operation.require(.replace)
            try operation.setText(operation.parts[0], in: &document)
        case ("minimumCompressionSize", 1): try setCompression(operation)
        case ("apiKeySource", 1):
            try operation.require(.replace)
            guard let source = operation.value, RestAPIs.apiKeySources.contains(source) else {
                throw .badRequest("Invalid API key source specified. Must be one of: [HEADER, AUTHORIZER]")
            }
            document["apiKeySource"] = .string(source)
        case ("policy", 1):
            try operation.require(.replace)
            let text = operation.value ?? ""
            document["policy"] = text.isEmpty ? JSONValue?.none : try ResourcePolicy.stored(text, api: api, environment)
        case ("disableExecuteApiEndpoint", 1):
            try operation.require(.replace)
            document["disableExecuteApiEndpoint"] = .bool(try operation.flag())
        case ("endpointConfiguration", _): try setEndpoint(operation)
        case ("binaryMediaTypes", 2): try setBinaryMediaType(operation)
        default: throw operation.unknownPath
        }
    }

    private mutating func setCompression(_ operation: PatchOperation) throws(ServiceError) {
        try operation.require(.replace)
        guard let text = operation.value, !text.isEmpty else {
            document["minimumCompressionSize"] = nil
            return
        }
        let size = Int(text) ?? -1
        try RestAPIs.checkCompression(size)
        document["minimumCompressionSize"] = .number(JSONNumber(size))
    }

    private mutating func setEndpoint(_ operation: PatchOperation) throws(ServiceError) {
        let value = operation.value ?? ""
        switch (operation.parts.dropFirst().first, operation.parts.count) {
        case ("types", 3):
            try operation.require(.replace)
            let named = operation.parts[2]
            guard named == "0" || named == endpoint.type else { throw operation.unknownPath }
            guard EndpointConfiguration.types.contains(value) else {
                throw .badRequest("Invalid endpoint type specified. Must be one of: [REGIONAL, EDGE, PRIVATE]")
            }
            endpoint.type = value
        case ("ipAddressType", 2):
            try operation.require(.replace)
            guard EndpointConfiguration.addressTypes.contains(value) else {
                throw .badRequest("Invalid IP address type specified. Must be one of: [ipv4, dualstack]")
            }
            endpoint.addressType = value
            setsAddressType = true
        case ("vpcEndpointIds", 2):
            try operation.require(.add, .remove)
            endpoint.vpcEndpointIDs.removeAll { $0 == value }
            if operation.kind == .add, !value.isEmpty { endpoint.vpcEndpointIDs.append(value) }
        default: throw operation.unknownPath
        }
    }

    /// The segment after `/binaryMediaTypes` is the media type; the value matters to a replacement only.
    private mutating func setBinaryMediaType(_ operation: PatchOperation) throws(ServiceError) {
        try operation.require(.add, .remove, .replace)
        let type = operation.parts[1]
        var types = (document["binaryMediaTypes"]?.array ?? []).compactMap(\.string)
        switch operation.kind {
        case .add: if !types.contains(type) { types.append(type) }
        case .remove: types.removeAll { $0 == type }
        default:
            guard let position = types.firstIndex(of: type) else { throw operation.unknownPath }
            types[position] = operation.value.flatMap { $0.isEmpty ? nil : $0 } ?? type
        }
        document["binaryMediaTypes"] = types.isEmpty ? JSONValue?.none : .array(types.map { .string($0) })
    }
}
